"""User input is data: it cannot end or start a line in a request."""

from collections.abc import Callable
from typing import Any

import pytest

from talon_async import NewCustomerSessionV2, TalonClient, TalonError
from tests.transport.server import Connection, http_response, send, serving
from tests.transport.support import KEY

HARMFUL = [
    *map(chr, range(0x20)),
    "\x7f",
    "\x80",
    "\x85",
    "\xa0",
    "\u2028",
    "\uff0d",
    "\ud800",
    "\r\n",
    "\r\nX: y",
]
OK = send(
    http_response(b'{"hasMore":false,"data":[],"effects":[],"createdCoupons":[],"createdReferrals":[]}')
)


async def call(talon: TalonClient) -> object:
    """Make a call without harmful input."""
    return await talon.sessions.update("cart-1", NewCustomerSessionV2())


async def call_with_another_client(talon: TalonClient, path: str = "", key: str = KEY) -> object:
    """Make a call of another client of the same server."""
    url = repr(talon).removeprefix("<TalonClient of ").removesuffix(">")
    async with TalonClient(url + path, api_key=key) as other:
        return await call(other)


USES: dict[str, Callable[[TalonClient, str], Any]] = {
    "an identifier": lambda talon, text: talon.sessions.get(text),
    "an identifier within the path": lambda talon, text: talon.loyalty.profiles(7, text).balances(),
    "a card": lambda talon, text: talon.loyalty.cards(7, f"CARD{text}").balances(),
    "a query value": lambda talon, text: talon.loyalty.profiles(7, "c-1").balances(subledger_id=text),
    "a list in the query": lambda talon, text: (
        talon.loyalty.profiles(7, "c-1").points(subledger_ids=["a", text]).page()
    ),
    "a joined list": lambda talon, text: talon.campaigns.list(campaign_ids=["a", text]).page(),
    "an idempotency key": lambda talon, text: talon.sessions.reopen("cart-1", idempotency_key=f"a{text}b"),
    "a header value": lambda talon, text: call(talon.with_options(headers={"X-Trace": f"a{text}b"})),
    "a header name": lambda talon, text: call(talon.with_options(headers={f"X{text}Trace": "a"})),
    "the user agent": lambda talon, text: call(talon.with_options(headers={"User-Agent": f"a{text}b"})),
    "the body": lambda talon, text: talon.sessions.update(
        "c-1", NewCustomerSessionV2(profile_id=f"a{text}b")
    ),
    "an attribute": lambda talon, text: talon.sessions.update(
        "c-1", NewCustomerSessionV2(attributes={text: text})
    ),
    "the API key": lambda talon, text: call_with_another_client(talon, key=f"a{text}b"),
    "the base URL": lambda talon, text: call_with_another_client(talon, path=f"/a{text}b"),
}
"""Each place for user input, as a call."""


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
async def test_user_input_cannot_break_a_line(use: Callable[[TalonClient, str], Any]) -> None:
    """A control character in user input is refused before anything is sent, or encoded."""
    heads: list[bytes] = []

    async def respond(connection: Connection) -> None:
        while True:
            head = await connection.reader.readuntil(b"\r\n\r\n")
            heads.append(head)
            fields = dict(line.lower().split(b": ", 1) for line in head.splitlines()[1:-1])
            body = await connection.reader.readexactly(int(fields.get(b"content-length", b"0")))
            assert b"\r" not in body
            await OK(connection)

    async with serving(*[[respond]] * 100) as server, TalonClient(server.url, api_key=KEY) as talon:
        await use(talon, "x")
        (harmless,) = heads
        for text in HARMFUL:
            before = len(heads)
            try:
                await use(talon, text)
            except TalonError:
                assert len(heads) == before
    for head in heads:
        assert head.count(b"\r\n") == head.count(b"\n") == head.count(b"\r") == harmless.count(b"\r\n")
        assert all(0x20 <= byte < 0x7F for byte in head.replace(b"\r\n", b"").replace(b"\t", b""))
