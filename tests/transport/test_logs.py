"""Logs: enough to follow a call, nothing about the customer."""

import logging

import pytest

from talon_async import CallError, NewCustomerSessionV2, TalonClient
from tests.transport.server import answer, read, send, serving
from tests.transport.support import KEY, Naps, client_of, refusing, rewired, url_of

PRIVATE = NewCustomerSessionV2(profile_id="customer-7-private", coupon_codes=["WELCOME10-private"])
STATE = b'{"effects":[],"createdCoupons":[],"createdReferrals":[],"news":"answer-private"}'


async def test_a_call_is_logged_by_operation_status_attempt_and_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """At level DEBUG each answer is one line: operation, status, time, attempt."""
    caplog.set_level(logging.DEBUG, "talon_async")
    times = iter([100.0, 100.25])
    async with (
        serving([read, send(answer(STATE))]) as server,
        rewired(client_of(server), clock=lambda: next(times)) as talon,
    ):
        await talon.sessions.update("cart-1-private", PRIVATE)
    assert [record.message for record in caplog.records if record.name.startswith("talon_async")] == [
        "updateCustomerSessionV2: HTTP 200 after 0.250 s, attempt 1"
    ]


async def test_a_failed_attempt_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At level DEBUG each attempt that got no answer is one line: operation, what happened, attempt."""
    caplog.set_level(logging.DEBUG, "talon_async")
    with refusing() as held:
        async with rewired(TalonClient(url_of(held), api_key=KEY), sleep=Naps()) as talon:
            with pytest.raises(CallError):
                await talon.sessions.update("cart-1-private", PRIVATE)
    assert [record.message for record in caplog.records if record.name.startswith("talon_async")] == [
        f"updateCustomerSessionV2: ConnectError, attempt {attempt}" for attempt in (1, 2, 3)
    ]


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "502 Bad Gateway"])
async def test_no_log_names_the_customer(status: str, caplog: pytest.LogCaptureFixture) -> None:
    """No logger at all, ours or a library's, tells identifiers, codes, bodies or the key, at any level."""
    caplog.set_level(logging.DEBUG)
    async with serving([read, send(answer(STATE, status=status))]) as server, client_of(server) as talon:
        if status == "200 OK":
            await talon.sessions.update("cart-1-private", PRIVATE)
        else:
            with pytest.raises(CallError):
                await talon.sessions.update("cart-1-private", PRIVATE)
    text = "\n".join(f"{record.name}: {record.getMessage()} {record.args}" for record in caplog.records)
    assert "private" not in text
    assert KEY not in text
