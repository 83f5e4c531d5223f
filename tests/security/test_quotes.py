"""Answers that quote the request: the key is taken out of what an error tells of them."""

import html
import json
import re
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from talon_async import CallError, ResponseDecodeError, ServiceConnectionError, StatusError, TalonClient
from tests.security.revealing import failure_of, revelations
from tests.transport.server import answer, close, read, send, serving
from tests.transport.support import KEY, ONE_ATTEMPT, client_of

QUOTE = b"Authorization: ApiKey-v1 " + KEY.encode()
ERROR = {"title": KEY, "details": KEY, "source": {"pointer": KEY, "parameter": KEY}}
REFUSAL = json.dumps({"message": f"no {KEY}", "errors": [ERROR]}).encode()
STRICT = {"strict": True}
QUOTING: dict[str, tuple[type[CallError], bytes, dict[str, Any]]] = {
    "in a page": (StatusError, answer(b"<pre>" + QUOTE + b"</pre>", status="502 No"), {}),
    "in JSON": (StatusError, answer(REFUSAL, status="400 No"), {}),
    "in a header field": (StatusError, answer(status="400 No", fields={"X-Request": QUOTE.decode()}), {}),
    "in the name of one": (StatusError, answer(status="400 No", fields={KEY: "x"}), {}),
    "in the status line": (StatusError, answer(status=f"400 {KEY}"), {}),
    "in a page for a model": (ResponseDecodeError, answer(b"<pre>" + QUOTE + b"</pre>"), {}),
    "in a field for a model": (ResponseDecodeError, answer(b'{"%b":1}' % KEY.encode()), STRICT),
    "in a header field of one": (ResponseDecodeError, answer(b"7", fields={"X-Request": QUOTE.decode()}), {}),
    "in no header field": (ServiceConnectionError, b"HTTP/1.1 200 OK\r\n\x01" + QUOTE + b"\r\n\r\n", {}),
    "in no status line": (ServiceConnectionError, QUOTE + b"\r\n\r\n", {}),
    "in a line too long": (
        ServiceConnectionError,
        b"HTTP/1.1 200 OK\r\nX: " + QUOTE * 5000 + b"\r\n\r\n",
        {},
    ),
}


@pytest.mark.parametrize("own", [False, True], ids=["the client's transport", "httpx's transport"])
@pytest.mark.parametrize(("cls", "reply", "settings"), QUOTING.values(), ids=QUOTING.keys())
async def test_an_answer_that_quotes_the_key_is_told_without_it(
    cls: type[CallError], reply: bytes, settings: dict[str, Any], own: bool
) -> None:
    """Whatever an error tells of the answer, also in the words of an HTTP library, is without the key."""
    transport = httpx.AsyncHTTPTransport() if own else None
    async with (
        serving([read, send(reply), close]) as server,
        client_of(server, retry=ONE_ATTEMPT, transport=transport, **settings) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert isinstance(failure, cls)
    assert KEY not in revelations(failure)
    assert (failure.attempts, failure.sent) == (1, True)


@pytest.mark.parametrize(
    "reply", [answer(QUOTE, status="400 No"), answer(QUOTE), answer(b'{"x":"%b"}' % KEY.encode())]
)
async def test_a_call_for_the_raw_answer_does_not_keep_one_that_failed(reply: bytes) -> None:
    """With `with_raw_response` too, no variable of the call holds an answer that ended in an error."""
    async with (
        serving([read, send(reply)]) as server,
        client_of(server, strict=True, retry=ONE_ATTEMPT) as talon,
    ):
        failure = await failure_of(talon.with_raw_response(talon.sessions.get)("cart-1"))
    assert KEY not in revelations(failure)


@pytest.mark.parametrize(
    "reply",
    [
        b"customer-7 is no HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncustomer-7\x01: y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"customer-7" * 7000 + b"\r\n\r\n",
    ],
)
async def test_what_cannot_be_read_is_not_quoted(reply: bytes) -> None:
    """The text of a broken answer's error says what is wrong, and nothing of what was sent or came."""
    async with (
        serving([read, send(reply), close]) as server,
        client_of(server, retry=ONE_ATTEMPT) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert re.search("Bad status line|Invalid header|more than 65536 bytes", str(failure))
    assert "customer-7" not in str(failure)
    assert "cart-1" not in str(failure)


async def test_all_else_is_told_as_it_came() -> None:
    """Only the key is replaced; the rest of the answer stays, on every attribute."""
    reply = answer(REFUSAL, status="400 No", fields={"X-Request": QUOTE.decode(), "Via": "edge-7"})
    async with serving([read, send(reply), close]) as server, client_of(server) as talon:
        with pytest.raises(StatusError) as caught:
            await talon.sessions.get("cart-1")
    error = caught.value
    assert error.reason == "no [API key]"
    assert error.headers["x-request"] == "Authorization: ApiKey-v1 [API key]"
    assert error.headers["via"] == "edge-7"
    assert error.body == REFUSAL.replace(KEY.encode(), b"[API key]")
    (entry,) = error.errors
    assert {entry.title, entry.details, entry.pointer, entry.parameter} == {"[API key]"}
    assert str(error).startswith("getCustomerSession: HTTP 400: no [API key]; [API key]: [API key]")


@pytest.mark.parametrize("before", range(170, 206, 3))
async def test_an_excerpt_that_ends_amid_the_key_tells_no_part_of_it(before: int) -> None:
    """Where the text of an error is cut off, it does not end with the beginning of the key."""
    page = b"x" * before + KEY.encode()
    async with (
        serving([read, send(answer(page, status="502 No")), close]) as server,
        client_of(server, retry=ONE_ATTEMPT) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert f"x{KEY[:4]}" not in revelations(failure)


ODD_KEY = 'k3y"<that>&/nobody\\may+see='


def spelled(*spellings: str) -> str:
    """Spell the odd characters of the key in these ways; the first is the one of ``"``, and so on."""
    forms = {ord(character): spelling for character, spelling in zip('"<>&/\\+=', spellings, strict=True)}
    return ODD_KEY.translate(forms)


FORMS = {
    "as it is": ODD_KEY,
    "JSON of Python": json.dumps(ODD_KEY)[1:-1],
    "JSON of Go": spelled(r"\"", r"\u003c", r"\u003e", r"\u0026", "/", r"\\", "+", "="),
    "JSON of PHP": spelled(r"\"", "<", ">", "&", r"\/", r"\\", "+", "="),
    "JSON of .NET": spelled(r"\u0022", r"\u003C", r"\u003E", r"\u0026", "/", r"\\", r"\u002B", "="),
    "HTML of Python": html.escape(ODD_KEY),
    "HTML in decimals": spelled("&#34;", "&#60;", "&#062;", "&#38;", "&#47;", "\\", "&#43;", "&#61;"),
    "HTML in hexadecimals": spelled("&#x22;", "&lt;", "&gt;", "&amp;", "&#x2F;", "\\", "+", "&#x3D;"),
    "HTML in names": spelled("&quot;", "&LT;", "&gt;", "&amp", "&sol;", "&bsol;", "&plus;", "&equals;"),
    "an address": quote(ODD_KEY, safe=""),
    "an address in small letters": quote(ODD_KEY, safe="/+=").replace("%3C", "%3c"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
async def test_a_key_that_is_quoted_in_another_form_is_not_told(form: str) -> None:
    """The key is recognized as text, and escaped for JSON, HTML and addresses in the ways that are in use."""
    reply = answer(b"_" * 80 + form.encode(), status="400 No", fields={"X-Request": form})
    async with (
        serving([read, send(reply)]) as server,
        TalonClient(server.url, api_key=ODD_KEY) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert isinstance(failure, StatusError)
    assert failure.body == b"_" * 80 + b"[API key]"
    assert failure.headers["x-request"] == "[API key]"
    assert form not in revelations(failure)


@pytest.mark.parametrize("before", range(164, 198, 3))
async def test_an_excerpt_that_ends_amid_an_escaped_key_tells_no_part_of_it(before: int) -> None:
    """The beginning of the key is recognized in its other forms too, also where an escape is cut off."""
    page = "x" * before + r"k3y-\u0026-\u003c-nobody"
    async with (
        serving([read, send(answer(page.encode(), status="502 No")), close]) as server,
        TalonClient(server.url, api_key="k3y-&-<-nobody", retry=ONE_ATTEMPT) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert "xk3y-" not in revelations(failure)
