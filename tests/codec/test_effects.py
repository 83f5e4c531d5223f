"""Effects: each type has its properties, and unknown types are preserved."""

import inspect
from typing import Any, get_args

import orjson
import pytest

from talon_async import (
    EFFECT_PROPS,
    Drift,
    Effect,
    EffectProps,
    Model,
    ReopenSessionResponse,
    ResponseDecodeError,
    SetDiscountEffectProps,
    TriggerWebhookEffectProps,
    UnknownEffectProps,
    UpdateAttributeEffectProps,
    models,
)
from talon_async._codec.converter import RESPONSES
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._operations.sessions import REOPEN_CUSTOMER_SESSION, UPDATE_CUSTOMER_SESSION
from talon_async.models import EffectType
from tests.codec.mutations import text_of
from tests.contract import effect_props
from tests.instances import fullest

TYPED = sorted(tag for tag, cls in EFFECT_PROPS.items() if cls is not None)
WITHOUT_PROPS = sorted(tag for tag, cls in EFFECT_PROPS.items() if cls is None)
MISSING: Any = object()


def document_of(effect_type: Any, props: Any = MISSING) -> dict[str, Any]:
    """A response with one effect."""
    effect = {
        "campaignId": 1,
        "rulesetId": 2,
        "ruleIndex": 0,
        "ruleName": "Ten percent",
        "effectType": effect_type,
    }
    return {"effects": [effect if props is MISSING else effect | {"props": props}]}


def decode(document: dict[str, Any]) -> tuple[ReopenSessionResponse, list[tuple[str, str]]]:
    """Decode a response; return the model, and the path and kind of each drift."""
    drifts: list[Drift] = []
    reporter = DriftReporter(hook=drifts.append)
    model = REOPEN_CUSTOMER_SESSION.decode(200, orjson.dumps(document), reporter=reporter)
    return model, [(drift.path, drift.kind) for drift in drifts]


@pytest.mark.parametrize("effect_type", TYPED)
def test_every_type_has_its_properties(effect_type: str) -> None:
    """The properties of each known type decode to its class and encode to the same JSON."""
    document = document_of(effect_type, fullest(effect_props(effect_type)))
    model, drifts = decode(document)
    assert drifts == []
    (effect,) = model.effects
    assert type(effect) is Effect
    assert type(effect.props) is EFFECT_PROPS[effect_type]
    assert isinstance(effect.props, Model)
    assert effect.props.extra is None
    assert text_of(RESPONSES.unstructure(model)) == text_of(document)


@pytest.mark.parametrize(
    ("effect_type", "cls"),
    [
        ("callApi", TriggerWebhookEffectProps),
        ("triggerWebhook", TriggerWebhookEffectProps),
        ("set", UpdateAttributeEffectProps),
        ("updateAttribute", UpdateAttributeEffectProps),
    ],
)
def test_both_names_of_two_types_are_decoded(effect_type: str, cls: type) -> None:
    """The names in the contract and in the provider's newer clients decode to the same class."""
    model, drifts = decode(document_of(effect_type, fullest(effect_props(effect_type))))
    assert type(model.effects[0].props) is cls
    assert model.effects[0].effect_type == effect_type
    assert drifts == []


@pytest.mark.parametrize("effect_type", WITHOUT_PROPS)
def test_types_without_properties_decode_to_none(effect_type: str) -> None:
    """For newer types without properties, `props` is `None` and there is no drift."""
    document = document_of(effect_type)
    model, drifts = decode(document)
    assert model.effects[0].props is None
    assert drifts == []
    assert RESPONSES.unstructure(model) == document


@pytest.mark.parametrize("effect_type", WITHOUT_PROPS)
def test_unexpected_properties_are_preserved(effect_type: str) -> None:
    """Properties of a type that should have none are preserved and reported."""
    document = document_of(effect_type, {"points": 7})
    model, drifts = decode(document)
    assert model.effects[0].props == UnknownEffectProps(effect_type, {"points": 7})
    assert drifts == [("$.effects[0].props", "unknown type")]
    assert RESPONSES.unstructure(model) == document


@pytest.mark.parametrize("props", [{"reward": {"id": 7}}, {}, [1, 2], "text", 7, None])
def test_an_unknown_type_preserves_its_properties(props: Any) -> None:
    """The properties of an unknown type are preserved as sent."""
    document = document_of("newestType", props)
    model, drifts = decode(document)
    assert model.effects[0].props == UnknownEffectProps("newestType", props)
    assert model.effects[0].effect_type == "newestType"
    assert drifts == [("$.effects[0].props", "unknown type")]
    assert RESPONSES.unstructure(model) == document


def test_an_unknown_type_may_have_no_properties() -> None:
    """An effect of an unknown type without properties is decoded."""
    model, drifts = decode(document_of("newestType"))
    assert model.effects[0].props == UnknownEffectProps("newestType", None)
    assert [kind for _, kind in drifts] == ["unknown type"]


@pytest.mark.parametrize(("props", "kind"), [([1], "type"), ("text", "type"), (7, "type"), (None, "null")])
def test_properties_that_are_not_an_object_are_preserved(props: Any, kind: str) -> None:
    """Properties of a known type that are not an object decode to `UnknownEffectProps` and are reported."""
    document = document_of("setDiscount", props)
    model, drifts = decode(document)
    assert model.effects[0].props == UnknownEffectProps("setDiscount", props)
    assert drifts == [("$.effects[0].props", kind)]
    assert RESPONSES.unstructure(model) == document


def test_missing_properties_of_a_known_type_are_reported() -> None:
    """Missing properties of a known type are reported."""
    model, drifts = decode(document_of("setDiscount"))
    assert model.effects[0].props == UnknownEffectProps("setDiscount", None)
    assert drifts == [("$.effects[0].props", "missing")]


@pytest.mark.parametrize("props", [{"name": "n", "value": 1}, None, MISSING])
@pytest.mark.parametrize("effect_type", [None, 7, True, [], ["setDiscount"], {}, {"setDiscount": 1}])
def test_a_type_that_is_not_a_string_is_decoded(effect_type: Any, props: Any) -> None:
    """Whatever JSON value the type is, the response is decoded, and type and properties are preserved."""
    model, drifts = decode(document_of(effect_type, props))
    raw = None if props is MISSING else props
    assert model.effects[0].effect_type == effect_type
    assert model.effects[0].props == UnknownEffectProps(effect_type, raw)
    assert drifts[0] == ("$.effects[0].effectType", "null" if effect_type is None else "type")


def test_properties_can_be_matched_by_class() -> None:
    """`match` distinguishes the properties by class, including unknown ones."""
    effects = [
        document_of(kind, props)["effects"][0]
        for kind, props in (
            ("setDiscount", {"name": "ten percent", "value": 9.99}),
            ("newestType", {"a": 1}),
            ("joinLoyaltyProgram", None),
        )
    ]
    matched: list[Any] = []
    for effect in decode({"effects": effects})[0].effects:
        match effect.props:
            case SetDiscountEffectProps(name=name, value=value):
                matched.append((name, value))
            case UnknownEffectProps(effect_type=effect_type, raw=raw):
                matched.append((effect_type, raw))
            case None:
                matched.append(effect.effect_type)
            case _:
                matched.append("another")
    assert matched == [("ten percent", 9.99), ("newestType", {"a": 1}), "joinLoyaltyProgram"]


def test_the_union_of_properties_is_complete() -> None:
    """`EffectProps` contains each class of properties once, so that a `match` can be exhaustive."""
    union = get_args(EffectProps)
    assert len(set(union)) == len(union)
    assert set(union) == {cls for cls in EFFECT_PROPS.values() if cls} | {UnknownEffectProps}
    defined = {
        name
        for name in dir(models)
        if name.endswith("EffectProps") and inspect.isclass(getattr(models, name))
    }
    assert {cls.__name__ for cls in union} == defined


def with_event(effects: list[Any]) -> dict[str, Any]:
    """A response with an event that has effects."""
    event = {"id": 1, "created": "2026-05-01T12:00:00Z", "applicationId": 2, "type": "visit"}
    return {
        "effects": [],
        "createdCoupons": [],
        "createdReferrals": [],
        "event": {**event, "attributes": {}, "effects": effects},
    }


@pytest.mark.parametrize("effects", [[[1, {"a": 2}], []], []])
def test_the_effects_of_an_event_may_be_arrays(effects: list[Any]) -> None:
    """Arrays in the effects of an event, as in the contract, are preserved."""
    document = with_event(effects)
    model = UPDATE_CUSTOMER_SESSION.decode(200, orjson.dumps(document), reporter=DriftReporter(strict=True))
    assert model.event is not None
    assert model.event.effects == effects
    assert RESPONSES.unstructure(model) == document


def test_the_effects_of_an_event_may_be_effects() -> None:
    """Effects of an event, as in the provider's client, decode to `Effect` and are checked for drift."""
    effect = document_of("setDiscount", {"name": "n", "value": 1})["effects"][0]
    document = with_event([effect])
    strict = DriftReporter(strict=True)
    model = UPDATE_CUSTOMER_SESSION.decode(200, orjson.dumps(document), reporter=strict)
    assert model.event is not None
    (decoded,) = model.event.effects
    assert isinstance(decoded, Effect)
    assert decoded.props == SetDiscountEffectProps(name="n", value=1)
    assert RESPONSES.unstructure(model) == document
    del effect["campaignId"]
    with pytest.raises(ResponseDecodeError) as caught:
        UPDATE_CUSTOMER_SESSION.decode(200, orjson.dumps(document), reporter=strict)
    assert caught.value.path == "$.event.effects[0].campaignId"


def test_effect_types_are_the_supported_ones() -> None:
    """`EffectType`, by which editors complete `Effect.effect_type`, names each type once and no other."""
    assert list(get_args(EffectType)) == list(EFFECT_PROPS)
    annotation, *_ = get_args(inspect.get_annotations(Effect)["effect_type"])
    assert get_args(annotation) == (EffectType, str)


@pytest.mark.parametrize("effect_type", ["setDiscuont", ""])
def test_an_unknown_effect_type_is_one_drift(effect_type: str) -> None:
    """A type that is not supported is reported at the properties alone; the type itself may be any text."""
    model, drifts = decode(document_of(effect_type, {}))
    assert drifts == [("$.effects[0].props", "unknown type")]
    assert [effect.effect_type for effect in model.effects] == [effect_type]
