"""Dates alone: accepted where the service reads them as midnight in UTC, and nowhere else."""

from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from talon_async import InvalidRequestError, TalonClient
from talon_async._codec.shapes import Timestamp
from talon_async._operations import OPERATIONS
from tests.transport.support import KEY

ACCEPTING = {
    ("integrationGetAllCampaigns", "startAfter"),
    ("integrationGetAllCampaigns", "startBefore"),
    ("integrationGetAllCampaigns", "endAfter"),
    ("integrationGetAllCampaigns", "endBefore"),
    ("getLoyaltyBalances", "endDate"),
    ("getLoyaltyCardBalances", "endDate"),
    ("getLoyaltyProgramProfileTransactions", "startDate"),
    ("getLoyaltyProgramProfileTransactions", "endDate"),
    ("getLoyaltyCardTransactions", "startDate"),
    ("getLoyaltyCardTransactions", "endDate"),
}
"""The parameters for which the contract gives a date alone a meaning."""

Balances = Callable[[TalonClient, Any], Coroutine[Any, Any, object]]


def test_the_parameters_of_the_contract_accept_dates() -> None:
    """A date alone is accepted at the ten parameters whose description says what it means."""
    found = {
        (operation.id, parameter.wire)
        for operation in OPERATIONS.values()
        for parameter in operation.query
        if parameter.shape == Timestamp(or_date=True)
    }
    assert found == ACCEPTING


async def _sent(end_date: Any) -> str:
    """Read balances; returns the query that was sent."""
    queries: list[str] = []

    def note(request: httpx.Request) -> httpx.Response:
        queries.append(request.url.query.decode())
        return httpx.Response(200, content=b"{}")

    async with TalonClient("https://shop.invalid", api_key=KEY, transport=httpx.MockTransport(note)) as talon:
        await talon.loyalty.profiles(1, "customer-7").balances(end_date=end_date)
    return queries[0]


@pytest.mark.parametrize(
    ("value", "query"),
    [
        (date(2026, 5, 1), "endDate=2026-05-01"),
        ("2026-05-01", "endDate=2026-05-01"),
        (datetime(2026, 5, 1, tzinfo=UTC), "endDate=2026-05-01T00%3A00%3A00Z"),
    ],
)
async def test_a_date_is_sent_as_it_is(value: Any, query: str) -> None:
    """The service, not the client, decides which moment a date begins with."""
    assert await _sent(value) == query


@pytest.mark.parametrize("value", ["2026-5-1", "2026-W18-5", "20260501", "2026-13-01", "tomorrow", 7])
async def test_what_is_no_date_is_refused(value: Any) -> None:
    """Only the form of RFC 3339 is a date."""
    with pytest.raises(InvalidRequestError, match="expected date or timestamp with an offset") as caught:
        await _sent(value)
    assert caught.value.field == "end_date"


async def test_a_date_is_refused_where_it_means_nothing() -> None:
    """Other parameters need a moment."""
    async with TalonClient("https://shop.invalid", api_key=KEY) as talon:
        history = talon.profiles.achievement_history(
            "customer-7",
            1,
            start_date=date(2026, 5, 1),  # type: ignore[arg-type]
        )
        with pytest.raises(InvalidRequestError, match="expected timestamp with an offset"):
            await anext(aiter(history))
