"""Drift reports: what is detected, what is reported, and how often."""

import logging
from typing import Any

import orjson
import pytest

from talon_async import Drift, ResponseDecodeError
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._operations.sessions import (
    GET_CUSTOMER_SESSION,
    REOPEN_CUSTOMER_SESSION,
    UPDATE_CUSTOMER_SESSION,
)

EFFECT: dict[str, Any] = {
    "campaignId": 1,
    "rulesetId": 2,
    "ruleIndex": 0,
    "ruleName": "Ten percent",
    "effectType": "setDiscount",
    "props": {"name": "ten percent", "value": 9.99},
}
COUPON: dict[str, Any] = {
    "id": 1,
    "created": "2026-05-01T12:00:00Z",
    "campaignId": 1,
    "value": "WELCOME10",
    "usageLimit": 0,
    "usageCounter": 0,
}
STATE: dict[str, Any] = {"effects": [], "createdCoupons": [], "createdReferrals": []}


def without(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Copy a document without one of its fields."""
    return {key: value for key, value in document.items() if key != name}


def decode(document: dict[str, Any], reporter: DriftReporter) -> None:
    """Decode the response to a session update."""
    UPDATE_CUSTOMER_SESSION.decode(200, orjson.dumps(document), reporter=reporter)


def paths_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The paths of the logged drift."""
    logged = [record for record in caplog.records if record.name == "talon_async.drift"]
    assert all(record.levelno == logging.WARNING for record in logged)
    return [record.getMessage().partition(" at ")[2].partition(":")[0] for record in logged]


ALWAYS: list[Any] = [
    pytest.param({"effects": [without(EFFECT, "ruleName")]}, "$.effects[0].ruleName", id="missing string"),
    pytest.param(without(STATE, "effects"), "$.effects", id="missing list"),
    pytest.param({"effects": [without(EFFECT, "props")]}, "$.effects[0].props", id="missing properties"),
    pytest.param({"effects": None}, "$.effects", id="null for a list"),
    pytest.param({"coupons": None}, "$.coupons", id="null for an optional list"),
    pytest.param(
        {"createdCoupons": [COUPON | {"attributes": None}]},
        "$.createdCoupons[0].attributes",
        id="null for a map",
    ),
    pytest.param({"effects": [None]}, "$.effects[0]", id="null for an item"),
    pytest.param({"effects": {}}, "$.effects", id="object for a list"),
    pytest.param({"effects": "none"}, "$.effects", id="text for a list"),
    pytest.param({"effects": [["a"]]}, "$.effects[0]", id="list for an object"),
    pytest.param({"loyalty": 7}, "$.loyalty", id="number for an object"),
    pytest.param({"loyalty": {"programs": []}}, "$.loyalty.programs", id="list for a map"),
    pytest.param({"loyalty": {"programs": {"7": "gold"}}}, "$.loyalty.programs['7']", id="text in a map"),
    pytest.param({"effects": [EFFECT | {"effectType": "newest"}]}, "$.effects[0].props", id="unknown type"),
    pytest.param({"effects": [EFFECT | {"props": 7}]}, "$.effects[0].props", id="number for properties"),
]
ON_DEMAND: list[Any] = [
    pytest.param({"effects": [EFFECT | {"ruleName": 7}]}, "$.effects[0].ruleName", id="number for a text"),
    pytest.param(
        {"effects": [EFFECT | {"ruleIndex": "0"}]}, "$.effects[0].ruleIndex", id="text for a number"
    ),
    pytest.param({"effects": [EFFECT | {"ruleName": None}]}, "$.effects[0].ruleName", id="null for a text"),
    pytest.param(
        {"createdCoupons": [COUPON | {"created": "yesterday"}]},
        "$.createdCoupons[0].created",
        id="invalid timestamp",
    ),
    pytest.param({"effects": [EFFECT | {"newer": 7}]}, "$.effects[0].newer", id="unknown field"),
    pytest.param({"newer": {}}, "$.newer", id="unknown field of the response"),
    pytest.param(
        {"triggeredCampaigns": [{"state": "frozen"}]}, "$.triggeredCampaigns[0].state", id="unknown member"
    ),
]


def complete(part: dict[str, Any], path: str) -> dict[str, Any]:
    """A response that drifts only at `path`, as far as is detected without a hook."""
    return part if path == "$.effects" and "effects" not in part else {**STATE, **part}


@pytest.mark.parametrize(("part", "path"), ALWAYS)
def test_drift_found_while_decoding_is_always_reported(
    part: dict[str, Any], path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Missing fields, wrong containers and unknown effect types are logged, with a hook or without."""
    decode(complete(part, path), DriftReporter())
    assert paths_in(caplog) == [path]
    caplog.clear()
    hooked: list[Drift] = []
    decode(complete(part, path), DriftReporter(hook=hooked.append))
    assert paths_in(caplog) == [drift.path for drift in hooked] == [path]


@pytest.mark.parametrize(("part", "path"), ALWAYS)
def test_drift_is_logged_without_a_reporter(
    part: dict[str, Any], path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a reporter, drift is logged."""
    UPDATE_CUSTOMER_SESSION.decode(200, orjson.dumps(complete(part, path)))
    assert paths_in(caplog) == [path]


@pytest.mark.parametrize(("part", "path"), ON_DEMAND)
def test_scalars_and_unknown_fields_are_checked_only_with_a_hook(
    part: dict[str, Any], path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Scalars and unknown fields are checked only with a hook or strict mode, even beside other drift."""
    document = {**STATE, **part}
    decode(document, DriftReporter())
    assert path not in paths_in(caplog)
    decode(without(document, "createdReferrals"), DriftReporter())
    assert path not in paths_in(caplog)
    caplog.clear()
    hooked: list[Drift] = []
    decode(document, DriftReporter(hook=hooked.append))
    assert path in paths_in(caplog)
    assert path in [drift.path for drift in hooked]
    with pytest.raises(ResponseDecodeError) as caught:
        decode(document, DriftReporter(strict=True))
    assert path in [drift.path for drift in caught.value.drifts]


@pytest.mark.parametrize(
    "part",
    [{"loyalty": None}, {"coupons": [None]}, {"effects": [EFFECT | {"ruleName": None}]}],
    ids=["null for an optional object", "null in an optional list", "null for a text"],
)
def test_a_drift_is_reported_independently_of_others(
    part: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A drift is reported alone if, and only if, it is reported together with another one."""
    decode(STATE | part, DriftReporter())
    alone = paths_in(caplog)
    caplog.clear()
    decode(without(STATE, "createdReferrals") | part, DriftReporter())
    assert sorted(paths_in(caplog)) == sorted([*alone, "$.createdReferrals"])


def test_each_drift_is_reported_once(caplog: pytest.LogCaptureFixture) -> None:
    """Each model, field and kind is reported once, however many responses and places have it."""
    hooked: list[Drift] = []
    reporter = DriftReporter(hook=hooked.append)
    incomplete = without(EFFECT, "ruleName")
    decode(STATE | {"effects": [EFFECT, incomplete, incomplete]}, reporter)
    decode(STATE | {"effects": [incomplete]}, reporter)
    GET_CUSTOMER_SESSION.decode(200, orjson.dumps({"effects": [incomplete]}), reporter=reporter)
    assert [drift.path for drift in hooked] == ["$.effects[1].ruleName"]

    decode(STATE | {"effects": [EFFECT | {"ruleName": 7}]}, reporter)  # another kind
    decode(STATE | {"effects": [without(incomplete, "rulesetId")]}, reporter)  # another field
    REOPEN_CUSTOMER_SESSION.decode(200, b"{}", reporter=reporter)  # another model
    assert [(drift.model, drift.field, drift.kind) for drift in hooked] == [
        ("Effect", "ruleName", "missing"),
        ("Effect", "ruleName", "type"),
        ("Effect", "rulesetId", "missing"),
        ("ReopenSessionResponse", "effects", "missing"),
    ]
    assert len(paths_in(caplog)) == len(hooked)


def test_without_a_hook_each_drift_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """Without a hook, each drift is logged once, and a new one is still logged."""
    reporter = DriftReporter()
    for _ in range(3):
        decode(STATE | {"effects": [without(EFFECT, "ruleName")]}, reporter)
    decode(STATE | {"effects": [without(EFFECT, "ruleName")], "coupons": None}, reporter)
    assert paths_in(caplog) == ["$.effects[0].ruleName", "$.coupons"]


def test_without_a_hook_each_kind_of_drift_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A field that was `null` once is reported again when it is missing."""
    reporter = DriftReporter()
    decode(STATE | {"effects": None}, reporter)
    decode(without(STATE, "effects"), reporter)
    decode(STATE | {"effects": 7}, reporter)
    assert [record.getMessage().partition(", found ")[2] for record in caplog.records] == [
        "null",
        "nothing",
        "integer",
    ]


def test_reporters_are_independent() -> None:
    """Each client has its own reporter."""
    hooked: list[Drift] = []
    for _ in range(2):
        REOPEN_CUSTOMER_SESSION.decode(200, b"{}", reporter=DriftReporter(hook=hooked.append))
    assert len(hooked) == 2


def test_a_drift_has_the_expected_and_the_found_type() -> None:
    """A drift has the model, the field, the path, and the expected and the found type."""
    hooked: list[Drift] = []
    decode(
        STATE | {"effects": [without(EFFECT, "ruleName") | {"ruleIndex": "first"}]},
        DriftReporter(hook=hooked.append),
    )
    assert set(hooked) == {
        Drift("Effect", "ruleName", "$.effects[0].ruleName", "missing", "string", "nothing"),
        Drift("Effect", "ruleIndex", "$.effects[0].ruleIndex", "type", "integer", "string"),
    }
    assert str(hooked[0]) in {
        "$.effects[0].ruleIndex: expected integer, found string",
        "$.effects[0].ruleName: expected string, found nothing",
    }


def test_reports_contain_no_values(caplog: pytest.LogCaptureFixture) -> None:
    """A report contains types and paths, and no value of the response."""
    hooked: list[Drift] = []
    effect = EFFECT | {"ruleIndex": "Ada Lovelace", "effectType": "Ada Lovelace", "newer": "Ada Lovelace"}
    decode(STATE | {"effects": [effect], "coupons": "Ada Lovelace"}, DriftReporter(hook=hooked.append))
    assert len(hooked) == 4
    assert "Ada" not in repr(hooked) + caplog.text


def test_a_hook_that_raises_does_not_fail_the_call(caplog: pytest.LogCaptureFixture) -> None:
    """If the hook raises, the response is decoded, the hook gets each drift, and the errors are logged."""
    seen: list[str] = []

    def fail(drift: Drift) -> None:
        seen.append(drift.field)
        raise LookupError("the hook is broken")

    effects = [without(EFFECT, "ruleName"), without(EFFECT, "rulesetId")]
    document = orjson.dumps({"effects": effects})
    model = REOPEN_CUSTOMER_SESSION.decode(200, document, reporter=DriftReporter(hook=fail))
    assert [effect.campaign_id for effect in model.effects] == [1, 1]
    assert seen == ["ruleName", "rulesetId"]
    assert caplog.text.count("LookupError: the hook is broken") == 2


def test_strict_raises_and_reports_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Strict mode raises each time, with every drift, and neither logs nor calls the hook."""
    hooked: list[Drift] = []
    reporter = DriftReporter(strict=True, hook=hooked.append)
    body = orjson.dumps({"effects": [without(EFFECT, "ruleName") | {"newer": 1}]})
    for _ in range(2):
        with pytest.raises(ResponseDecodeError) as caught:
            REOPEN_CUSTOMER_SESSION.decode(200, body, reporter=reporter)
        assert caught.value.path == "$.effects[0].ruleName"
        assert [drift.kind for drift in caught.value.drifts] == ["missing", "unknown field"]
        assert (caught.value.body, caught.value.status) == (body, 200)
        assert "$.effects[0].ruleName: expected string, found nothing" in str(caught.value)
    assert (hooked, paths_in(caplog)) == ([], [])


def test_decoding_keeps_no_state_between_responses(caplog: pytest.LogCaptureFixture) -> None:
    """A response without drift is reported as such after one with drift, and after one that was rejected."""
    REOPEN_CUSTOMER_SESSION.decode(200, b"{}", reporter=DriftReporter())
    with pytest.raises(ResponseDecodeError):
        REOPEN_CUSTOMER_SESSION.decode(200, b"{}", reporter=DriftReporter(strict=True))
    with pytest.raises(ResponseDecodeError):
        REOPEN_CUSTOMER_SESSION.decode(200, b"[]", reporter=DriftReporter())
    caplog.clear()
    REOPEN_CUSTOMER_SESSION.decode(200, b'{"effects": []}', reporter=DriftReporter())
    assert paths_in(caplog) == []


PROFILE: dict[str, Any] = {
    "id": 7,
    "created": "2026-05-01T12:00:00Z",
    "integrationId": "customer-7",
    "attributes": {},
    "accountId": 1,
    "closedSessions": 0,
    "totalSales": 0,
    "lastActivity": "2026-05-01T12:00:00Z",
}


def test_null_allowed_by_a_description_is_not_drift() -> None:
    """`null` memberships and a `null` next tier are accepted in strict mode."""
    ledger = {"currentBalance": 0, "pendingBalance": 0, "expiredBalance": 0, "spentBalance": 0}
    ledger |= {"tentativeCurrentBalance": 0, "negativeBalance": 0}
    program = {"id": 1, "title": "Gold", "name": "gold", "ledger": {**ledger, "nextTierName": None}}
    parts = {
        "customerProfile": {**PROFILE, "loyaltyMemberships": None},
        "loyalty": {"programs": {"1": program}},
    }
    decode({**STATE, **parts}, DriftReporter(strict=True))
