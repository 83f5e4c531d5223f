"""Logs contain no customer data and no key."""

import asyncio
import logging

import pytest

from talon_async import Attempt, NewCustomerSessionV2
from tests.transport.server import http_response, read, send, serving
from tests.transport.support import KEY, ONE_ATTEMPT, client_of

PRIVATE = NewCustomerSessionV2(profile_id="customer-7-private", coupon_codes=["WELCOME10-private"])
BODY = b'{"effects":[],"message":"no customer-7-private with key ' + KEY.encode() + b'"}'


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "502 Bad Gateway"])
async def test_logs_contain_no_customer_data(status: str, caplog: pytest.LogCaptureFixture) -> None:
    """No logger gets identifiers, codes, bodies or the key, at any level."""
    caplog.set_level(logging.DEBUG)
    reported: list[Attempt] = []
    async with (
        serving([read, send(http_response(BODY, status=status))]) as server,
        client_of(server, retry=ONE_ATTEMPT, on_attempt=reported.append) as talon,
    ):
        await asyncio.gather(talon.sessions.update("cart-1-private", PRIVATE), return_exceptions=True)
    # Some handlers store a message's arguments too.
    texts = [f"{record.name}: {record.getMessage()} {record.args}" for record in caplog.records]
    assert any(text.startswith("talon_async.calls: updateCustomerSessionV2: HTTP ") for text in texts)
    for text in (*texts, str(reported[0])):
        assert "private" not in text
        assert KEY not in text
