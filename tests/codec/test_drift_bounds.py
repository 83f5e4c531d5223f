"""The bounds of drift: how much a malicious or broken response can cost."""

import logging
import tracemalloc
from typing import Any

import orjson
import pytest

from talon_async import Drift, ResponseDecodeError
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.json import MAX_OBJECTS, MAX_VALUES
from talon_async._codec.shapes import ListOf, ModelOf, fields_of
from talon_async._codec.validation import MAX_DRIFTS
from talon_async._operations import OPERATIONS
from talon_async._operations.operation import Operation
from talon_async._operations.sessions import UPDATE_CUSTOMER_SESSION
from tests.codec.instructions import instructions_of

EFFECT: dict[str, Any] = {
    "campaignId": 1,
    "rulesetId": 2,
    "ruleIndex": 0,
    "ruleName": "Ten percent",
    "effectType": "setDiscount",
    "props": {"name": "ten percent", "value": 9.99},
}
STATE: dict[str, Any] = {"effects": [], "createdCoupons": [], "createdReferrals": []}


def lists_of_responses() -> list[Any]:
    """Every list of models at the top of a response, with the operation that it is a response to."""
    found: list[Any] = []
    for operation in OPERATIONS.values():
        shape = operation.response_shape
        if isinstance(shape, ListOf):
            found.append(pytest.param(operation, None, id=operation.id))
        elif isinstance(shape, ModelOf):
            found += [
                pytest.param(operation, field.wire, id=f"{operation.id}-{field.wire}")
                for field in fields_of(shape.cls)
                if isinstance(field.shape, ListOf) and isinstance(field.shape.item, ModelOf)
            ]
    return found


@pytest.mark.parametrize(("operation", "name"), lists_of_responses())
@pytest.mark.parametrize("entry", [7, None, []], ids=["number", "null", "list"])
def test_the_drifts_of_one_response_are_bounded(
    operation: Operation[..., Any], name: str | None, entry: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Only the first `MAX_DRIFTS` of a list are described; the log says that the check stopped."""
    entries = [entry] * (3 * MAX_DRIFTS)
    body = orjson.dumps(entries if name is None else {name: entries})
    operation.decode(200, body, reporter=DriftReporter())
    assert caplog.messages[-1] == "a response has 1000 drifts or more; the rest of it is not checked"
    with pytest.raises(ResponseDecodeError) as caught:
        operation.decode(200, body, reporter=DriftReporter(strict=True))
    assert len(caught.value.drifts) == MAX_DRIFTS


def instructions(effects: list[Any], reporter: DriftReporter) -> int:
    """Count the instructions that decode a response with these effects."""
    body = orjson.dumps(STATE | {"effects": effects})
    return instructions_of(lambda: UPDATE_CUSTOMER_SESSION.decode(200, body, reporter=reporter))


def once_reported(effects: list[Any], reporter: DriftReporter) -> int:
    """Count the instructions for a response whose drift is reported already."""
    instructions(effects, reporter)
    return instructions(effects, reporter)


def ignore(_drift: Drift) -> None:
    """A hook."""


def without(name: str) -> dict[str, Any]:
    """An effect without one of its fields."""
    return {key: value for key, value in EFFECT.items() if key != name}


DRIFTING: dict[str, Any] = {
    "empty object": {},
    **{f"without {name}": without(name) for name in EFFECT},
    **{f"only {name}": {name: value} for name, value in EFFECT.items()},
    "unknown field": EFFECT | {"newer": 1},
    "text for a number": EFFECT | {"ruleIndex": "first"},
    "unknown type": EFFECT | {"effectType": "newest"},
    "number for a type": EFFECT | {"effectType": 7},
    "empty properties": EFFECT | {"props": {}},
    "number for properties": EFFECT | {"props": 7},
    "null": None,
    "list": [],
    "text": "none",
}
"""Entries that drift, by what is wrong with them."""


@pytest.mark.parametrize("hooked", [False, True], ids=["log", "hook"])
@pytest.mark.parametrize("entry", DRIFTING.values(), ids=DRIFTING.keys())
def test_a_drifting_entry_takes_about_as_much_work_as_a_valid_one(entry: Any, hooked: bool) -> None:
    """Whatever an entry lacks or has too much: it costs at most 1.6 times as much as a valid one."""
    hook = ignore if hooked else None
    drifting = once_reported([entry] * 100, DriftReporter(hook=hook))
    assert drifting < 1.6 * once_reported([EFFECT] * 100, DriftReporter(hook=hook))


def test_reported_drift_costs_no_more_than_its_check() -> None:
    """With a hook, a new field that every response has makes none of them slower by a tenth."""
    valid = [EFFECT] * 100
    reporter = DriftReporter(hook=ignore)
    drifting = once_reported([*valid, EFFECT | {"newer": 1}], reporter)
    assert drifting < 1.1 * once_reported(valid, reporter)


def test_new_drift_costs_no_walk_of_what_is_valid() -> None:
    """To describe the drift of one object, the valid ones beside it are checked, and no more."""
    valid = [EFFECT] * 100
    one_drifts = instructions([*valid, EFFECT | {"newer": 1}], DriftReporter(hook=ignore))
    assert one_drifts < 2 * once_reported(valid, DriftReporter(hook=ignore))


@pytest.mark.parametrize(
    ("entry", "most"), [(b"{}", MAX_OBJECTS - 1), (b"0", MAX_VALUES - 1)], ids=["objects", "values"]
)
def test_a_response_has_a_bounded_number_of_values(entry: bytes, most: int) -> None:
    """A response of more objects or values than 64 MiB of complete ones is refused before it is decoded."""

    def body(entries: int) -> bytes:
        return b'{"effects": [], "newer": [' + b",".join([entry] * entries) + b"]}"

    assert UPDATE_CUSTOMER_SESSION.decode(200, body(most)).extra is not None
    with pytest.raises(ResponseDecodeError, match="more than 500,000 objects or 5,000,000 values") as caught:
        UPDATE_CUSTOMER_SESSION.decode(200, body(most + 1))
    assert caught.value.body == body(most + 1)


def test_unknown_fields_are_reported_in_the_order_of_the_response() -> None:
    """Of too many unknown fields, those are reported that come first in the response."""
    names = [f"newer{number}" for number in range(MAX_DRIFTS + 10)]
    drifts: list[Drift] = []
    document = STATE | dict.fromkeys(names, 1)
    UPDATE_CUSTOMER_SESSION.decode(200, orjson.dumps(document), reporter=DriftReporter(hook=drifts.append))
    assert [drift.field for drift in drifts] == names[:MAX_DRIFTS]


def test_a_response_with_fewer_drifts_is_checked_to_its_end(caplog: pytest.LogCaptureFixture) -> None:
    """One drift fewer than the bound: the whole response is checked, and the log does not say otherwise."""
    body = orjson.dumps(STATE | {"effects": [7] * (MAX_DRIFTS - 1)})
    UPDATE_CUSTOMER_SESSION.decode(200, body, reporter=DriftReporter())
    assert not [message for message in caplog.messages if "not checked" in message]


def test_long_names_are_cut_off() -> None:
    """The names of unknown fields in reports are bounded, at the top of the response and in maps."""
    drifts: list[Drift] = []
    long = "n" * 10_000
    document = STATE | {long: 1, "loyalty": {"programs": {long: {long: 1}}}}
    UPDATE_CUSTOMER_SESSION.decode(200, orjson.dumps(document), reporter=DriftReporter(hook=drifts.append))
    assert {drift.field for drift in drifts if drift.kind == "unknown field"} == {"n" * 100 + "..."}
    assert all(len(drift.path) < 400 for drift in drifts)


@pytest.mark.parametrize("name", ["a\nWARNING forged", "a\r", "a\u2028b", "\x1b[31m", "a\x00"])
def test_names_in_reports_stand_on_one_line(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """A field's name cannot add a line to a log, nor control a terminal."""
    caplog.set_level(logging.WARNING, "talon_async.drift")
    document = STATE | {name: 1, "loyalty": {"programs": {name: 7}}}
    UPDATE_CUSTOMER_SESSION.decode(200, orjson.dumps(document), reporter=DriftReporter(hook=lambda _: None))
    assert len(caplog.messages) == 2
    assert all(message.isprintable() for message in caplog.messages)


def test_a_reporter_remembers_a_bounded_number_of_names(caplog: pytest.LogCaptureFixture) -> None:
    """After 1000 different drifts nothing more is reported or kept, whatever comes."""
    reported: list[Drift] = []
    reporter = DriftReporter(hook=reported.append)
    caplog.set_level(logging.CRITICAL)

    def respond(number: int) -> None:
        document = STATE | {f"{number}-{entry}-{'n' * 1000}": 1 for entry in range(500)}
        UPDATE_CUSTOMER_SESSION.decode(200, orjson.dumps(document), reporter=reporter)

    respond(0)
    respond(1)
    assert len(reported) == 1000
    tracemalloc.start()
    try:
        for number in range(2, 12):
            respond(number)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(reported) == 1000
    assert kept < 500_000  # the names alone are 5 MB
