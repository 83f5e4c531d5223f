"""Responses that violated the invariant, or come near to it, and a short run with new ones."""

from pathlib import Path
from typing import Final

import pytest

from talon_async import TalonClient
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.json import parse
from tests.fuzz.check import InvariantError, check_message, check_response, smallest
from tests.fuzz.runs import run_messages, run_responses, serving_messages
from tests.transport.support import KEY, ONE_ATTEMPT

CORPUS: Final = Path(__file__).parent / "corpus"
RESPONSES: Final = sorted((CORPUS / "responses").iterdir())
MESSAGES: Final = sorted((CORPUS / "messages").iterdir())


@pytest.mark.parametrize("strict", [False, True], ids=["default", "strict"])
@pytest.mark.parametrize("case", RESPONSES, ids=lambda case: case.name)
def test_a_response_gives_a_model_or_a_talon_error(case: Path, strict: bool) -> None:
    """JSON of the right type gives a model by default; everything else raises a `TalonError`."""
    operation_id, status, _ = case.name.split(".", 2)
    check_response(operation_id, int(status), case.read_bytes(), DriftReporter(strict=strict))


@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: case.name)
async def test_a_message_gives_a_model_or_a_talon_error(case: Path) -> None:
    """Whatever bytes the socket receives, a call ends with a model or a `TalonError`."""
    message = case.read_bytes()  # noqa: ASYNC240  small and local
    async with (
        serving_messages({"1": message}) as url,
        TalonClient(url, api_key=KEY, retry=ONE_ATTEMPT) as talon,
    ):
        await check_message(case.name.split(".")[0], talon.with_options(headers={"X-Message": "1"}))


def test_a_short_run_finds_no_violation() -> None:
    """Thousands of new responses and hundreds of new messages do not violate the invariant."""
    run = run_responses(1, 5000)
    run.add(run_messages(1, 300))
    assert run.violations == []
    assert {outcome.partition(": ")[2] for outcome in run.outcomes} >= {"model", "ResponseDecodeError"}


def test_a_violation_is_detected_and_minimized(monkeypatch: pytest.MonkeyPatch) -> None:
    """A response that raises another exception is found and reduced to the bytes that matter."""

    def fragile(body: bytes) -> object:
        if b"\xff" in body:
            raise KeyError("fragile")
        return parse(body)

    monkeypatch.setattr("talon_async._operations.operation.parse", fragile)
    with pytest.raises(InvariantError, match="KeyError"):
        check_response("getCustomerSession", 200, b"\xff", DriftReporter())
    found = run_responses(1, 300).violations
    assert found
    assert {content for _, content, _ in found} == {b"\xff"}
    assert smallest(b"abcXdef", lambda body: b"X" in body) == b"X"
