"""The bounds of drift: how much a malicious or broken response can cost."""

import logging
import time
import tracemalloc
from typing import Any

import orjson
import pytest

from talon_async import Drift, ResponseDecodeError
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.shapes import ListOf, ModelOf, fields_of
from talon_async._codec.validation import MAX_DRIFTS
from talon_async._operations import OPERATIONS
from talon_async._operations.operation import Operation
from talon_async._operations.sessions import UPDATE_CUSTOMER_SESSION

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


def test_an_entry_without_its_fields_costs_no_more_than_a_whole_one() -> None:
    """A list of empty objects is read in less time than as many complete effects."""

    def seconds(effect: dict[str, Any]) -> float:
        body = orjson.dumps(STATE | {"effects": [effect] * 20_000})
        runs: list[float] = []
        for _ in range(3):
            start = time.perf_counter()
            UPDATE_CUSTOMER_SESSION.decode(200, body, reporter=DriftReporter(hook=lambda _: None))
            runs.append(time.perf_counter() - start)
        return min(runs)

    assert seconds({}) < seconds(EFFECT)


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
