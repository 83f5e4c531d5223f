"""Misspelled enum members in requests: sent, since the service may know them, and logged once."""

import asyncio
import enum
import logging
from typing import Any

import orjson
import pytest

from talon_async import (
    CartItem,
    CustomerProfileAudienceRequestItem,
    InvalidRequestError,
    NewCustomerSessionV2,
    TalonClient,
)
from tests.transport.server import http_response, read, send, serving
from tests.transport.support import KEY, SESSION, client_of, mocked

STATES = "'cancelled', 'closed', 'open', 'partially_returned'"
UNKNOWN = "is not one of the known values"


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The messages of the log, all from the logger of requests and at level WARNING."""
    assert {(record.name, record.levelno) for record in caplog.records} <= {
        ("talon_async.requests", logging.WARNING)
    }
    return caplog.messages


async def update(talon: TalonClient, state: str) -> None:
    """Update a session."""
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state=state))


async def test_a_misspelled_member_is_sent_and_named(caplog: pytest.LogCaptureFixture) -> None:
    """The log names the operation, the field, what was found and the nearest known member."""
    async with serving([read, send(http_response())]) as server, client_of(server) as talon:
        await update(talon, "closd")
    assert orjson.loads(server.requests[0].body)["customerSession"] == {"state": "closd"}
    assert warnings_in(caplog) == [
        f"updateCustomerSessionV2: customer_session.state: 'closd' {UNKNOWN}; did you mean 'closed'?"
    ]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("CLOSED", f"'CLOSED' {UNKNOWN}; did you mean 'closed'?"),
        ("partiallyReturned", f"'partiallyReturned' {UNKNOWN}; did you mean 'partially_returned'?"),
        ("void", f"'void' {UNKNOWN}, which are {STATES}"),
        ("", f"'' {UNKNOWN}, which are {STATES}"),
        ("a\nb\u2028c", rf"'a\nb\u2028c' {UNKNOWN}, which are {STATES}"),
        ("x" * 5_000_000, f"'{'x' * 100}...' {UNKNOWN}, which are {STATES}"),
        (KEY, f"'[API key]' {UNKNOWN}, which are {STATES}"),
        ("x" * 90 + KEY, f"'{'x' * 90}[API key]' {UNKNOWN}, which are {STATES}"),
    ],
    ids=["case", "camel case", "nothing near", "empty", "line breaks", "long", "key", "key at the cut"],
)
async def test_the_value_is_shown_on_one_short_line(
    state: str, shown: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With no near member the log lists the known ones. It shows no long value, no line break and no key."""
    async with mocked() as talon:
        await update(talon, state)
    assert warnings_in(caplog) == [f"updateCustomerSessionV2: customer_session.state: {shown}"]


async def test_each_field_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """Further unknown members of a field are not logged, also with concurrent calls and `with_options`."""
    async with mocked() as talon:
        await asyncio.gather(*(update(talon, f"closed{number}") for number in range(50)))
        await update(talon.with_options(deadline=5), "opn")
        assert len(caplog.records) == 1
        await talon.sessions.update("cart-1", SESSION, response_content=["copons", "loialty"])
    assert warnings_in(caplog)[1:] == [
        f"updateCustomerSessionV2: response_content[0]: 'copons' {UNKNOWN}; did you mean 'coupons'?"
    ]


async def test_a_bulk_request_logs_once(caplog: pytest.LogCaptureFixture) -> None:
    """A thousand rows with unknown members give one warning, which names the first."""
    rows = [
        CustomerProfileAudienceRequestItem(
            action="add" if number < 3 else f"ad{number}", profile_integration_id=f"c-{number}", audience_id=1
        )
        for number in range(1000)
    ]
    empty = send(http_response(b"", status="204 No Content"))
    async with serving([read, empty]) as server, client_of(server) as talon:
        await talon.audiences.update_members(rows)
    assert [row["action"] for row in orjson.loads(server.requests[0].body)["data"]] == [
        row.action for row in rows
    ]
    assert warnings_in(caplog) == [
        f"updateCustomerProfileAudiences: data[3].action: 'ad3' {UNKNOWN}; did you mean 'add'?"
    ]


@pytest.mark.parametrize("name", ["achievement_status", "current_progress_status"])
async def test_query_parameters_are_checked_too(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """The log names the parameter and the index of the value; the value is sent."""
    known = {"achievement_status": "active", "current_progress_status": "completed"}[name]
    arguments: dict[str, Any] = {name: [known, f"{known}x"]}
    page = b'{"totalResultSize":0,"data":[]}'
    async with serving([read, send(http_response(page))]) as server, client_of(server) as talon:
        await talon.profiles.achievements("customer-7", **arguments).page()
    assert server.requests[0].target.endswith(f"={known},{known}x")
    assert warnings_in(caplog) == [
        f"getCustomerAchievements: {name}[1]: '{known}x' {UNKNOWN}; did you mean '{known}'?"
    ]


class State(str, enum.Enum):  # noqa: UP042  `StrEnum` has another `str`
    """An enum of a shop."""

    CLOSED = "closed"


@pytest.mark.parametrize("state", ["open", "closed", "partially_returned", State.CLOSED, None])
async def test_known_members_are_not_logged(state: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A known member, also as a member of an enum of the user's own, and null leave the log empty."""
    async with mocked() as talon:
        await update(talon, state)
    assert warnings_in(caplog) == []


async def test_unknown_members_do_not_hide_an_error(caplog: pytest.LogCaptureFixture) -> None:
    """A request with any number of unknown members is checked to its end, and a refused one logs nothing."""
    session = NewCustomerSessionV2(cart_items=[CartItem(sku="S-1", quantity=1)])
    content = [f"newer{number}" for number in range(3000)]
    content[-1] = 7  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    async with mocked() as talon:
        with pytest.raises(InvalidRequestError, match=r"\[2999\]: expected string, found integer"):
            await talon.sessions.update("cart-1", session, response_content=content)
    assert warnings_in(caplog) == []
