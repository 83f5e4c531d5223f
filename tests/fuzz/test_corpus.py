"""Answers that were found to break a promise, or come near to it, and a short run with new ones."""

from pathlib import Path
from typing import Final

import pytest

from talon_async import TalonClient
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.json import parse
from tests.fuzz.check import BrokenPromiseError, check_answer, check_message, smallest
from tests.fuzz.runs import answering, run_answers, run_messages
from tests.transport.support import KEY, ONE_ATTEMPT

CORPUS: Final = Path(__file__).parent / "corpus"
RESPONSES: Final = sorted((CORPUS / "responses").iterdir())
MESSAGES: Final = sorted((CORPUS / "messages").iterdir())


@pytest.mark.parametrize("strict", [False, True], ids=["default", "strict"])
@pytest.mark.parametrize("case", RESPONSES, ids=lambda case: case.name)
def test_an_answer_gives_a_model_or_an_error_of_ours(case: Path, strict: bool) -> None:
    """JSON of the right kind gives a model by default; nothing gives an error that is not in the tree."""
    operation_id, status, _ = case.name.split(".", 2)
    check_answer(operation_id, int(status), case.read_bytes(), DriftReporter(strict=strict))


@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: case.name)
async def test_a_message_gives_a_model_or_an_error_of_ours(case: Path) -> None:
    """Whatever comes over the socket, a call ends with a model or an error in the tree."""
    message = case.read_bytes()  # noqa: ASYNC240  small and local
    async with answering({"1": message}) as url, TalonClient(url, api_key=KEY, retry=ONE_ATTEMPT) as talon:
        await check_message(case.name.split(".")[0], talon.with_options(headers={"X-Message": "1"}))


def test_a_short_run_finds_nothing() -> None:
    """Thousands of new answers and hundreds of new messages keep the promises too."""
    run = run_answers(1, 5000)
    run.add(run_messages(1, 300))
    assert run.breaches == []
    assert {outcome.partition(": ")[2] for outcome in run.outcomes} >= {"model", "ResponseDecodeError"}


def test_a_breach_is_noticed_and_cut_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that raises what is not ours is found, and kept without what does not matter."""

    def fragile(body: bytes) -> object:
        if b"\xff" in body:
            raise KeyError("fragile")
        return parse(body)

    monkeypatch.setattr("talon_async._operations.operation.parse", fragile)
    with pytest.raises(BrokenPromiseError, match="KeyError"):
        check_answer("getCustomerSession", 200, b"\xff", DriftReporter())
    found = run_answers(1, 300).breaches
    assert found
    assert {content for _, content, _ in found} == {b"\xff"}
    assert smallest(b"abcXdef", lambda body: b"X" in body) == b"X"
