"""Responses that quote the request: errors redact the key."""

import html
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import httpx2
import pytest

from talon_async import CallError, ResponseDecodeError, ServiceConnectionError, StatusError, TalonClient
from tests.security.leaks import failure_of, leakable_text
from tests.transport.server import close, http_response, read, send, serving
from tests.transport.support import KEY, ONE_ATTEMPT, client_of, refusing, url_of

QUOTE = b"Authorization: ApiKey-v1 " + KEY.encode()
ERROR = {"title": KEY, "details": KEY, "source": {"pointer": KEY, "parameter": KEY}}
ERROR_BODY = json.dumps({"message": f"no {KEY}", "errors": [ERROR]}).encode()
STRICT = {"strict": True}
QUOTES: dict[str, tuple[type[CallError], bytes, dict[str, Any]]] = {
    "in a page": (StatusError, http_response(b"<pre>" + QUOTE + b"</pre>", status="502 No"), {}),
    "in JSON": (StatusError, http_response(ERROR_BODY, status="400 No"), {}),
    "in a header": (
        StatusError,
        http_response(status="400 No", fields={"X-Request": QUOTE.decode()}),
        {},
    ),
    "in a header name": (StatusError, http_response(status="400 No", fields={KEY: "x"}), {}),
    "in the status line": (StatusError, http_response(status=f"400 {KEY}"), {}),
    "in a page with status 200": (ResponseDecodeError, http_response(b"<pre>" + QUOTE + b"</pre>"), {}),
    "in a field with status 200": (ResponseDecodeError, http_response(b'{"%b":1}' % KEY.encode()), STRICT),
    "in a header with status 200": (
        ResponseDecodeError,
        http_response(b"7", fields={"X-Request": QUOTE.decode()}),
        {},
    ),
    "in a malformed header": (ServiceConnectionError, b"HTTP/1.1 200 OK\r\n\x01" + QUOTE + b"\r\n\r\n", {}),
    "in a malformed status line": (ServiceConnectionError, QUOTE + b"\r\n\r\n", {}),
    "in a header that is too long": (
        ServiceConnectionError,
        b"HTTP/1.1 200 OK\r\nX: " + QUOTE * 5000 + b"\r\n\r\n",
        {},
    ),
}


@pytest.mark.parametrize(
    "make_transport",
    [lambda: None, httpx.AsyncHTTPTransport, httpx2.AsyncHTTPTransport],
    ids=["the client's transport", "httpx's transport", "httpx2's transport"],
)
@pytest.mark.parametrize(("cls", "reply", "settings"), QUOTES.values(), ids=QUOTES.keys())
async def test_an_error_redacts_the_key(
    cls: type[CallError], reply: bytes, settings: dict[str, Any], make_transport: Callable[[], Any]
) -> None:
    """Errors redact the key wherever the response quotes it, also in an HTTP library's messages."""
    async with (
        serving([read, send(reply), close]) as server,
        client_of(server, retry=ONE_ATTEMPT, transport=make_transport(), **settings) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert isinstance(failure, cls)
    assert KEY not in leakable_text(failure)
    assert (failure.attempts, failure.sent) == (1, True)


@pytest.mark.parametrize(
    "reply",
    [
        http_response(QUOTE, status="400 No"),
        http_response(QUOTE),
        http_response(b'{"x":"%b"}' % KEY.encode()),
    ],
)
async def test_with_raw_response_redacts_the_key(reply: bytes) -> None:
    """With `with_raw_response` too, no variable in the traceback has the key."""
    async with (
        serving([read, send(reply)]) as server,
        client_of(server, strict=True, retry=ONE_ATTEMPT) as talon,
    ):
        failure = await failure_of(talon.with_raw_response(talon.sessions.get)("cart-1"))
    assert KEY not in leakable_text(failure)


@pytest.mark.parametrize(
    "reply",
    [
        b"customer-7 is not HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncustomer-7\x01: y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"customer-7" * 7000 + b"\r\n\r\n",
    ],
)
async def test_malformed_http_is_not_quoted(reply: bytes) -> None:
    """The error of a malformed response has the reason, and nothing of the request or response."""
    async with (
        serving([read, send(reply), close]) as server,
        client_of(server, retry=ONE_ATTEMPT) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert re.search("Bad status line|Invalid header|more than 65536 bytes", str(failure))
    assert "customer-7" not in str(failure)
    assert "cart-1" not in str(failure)


async def test_only_the_key_is_redacted() -> None:
    """Only the key is redacted; the rest of the response is unchanged in every attribute."""
    reply = http_response(ERROR_BODY, status="400 No", fields={"X-Request": QUOTE.decode(), "Via": "edge-7"})
    async with serving([read, send(reply), close]) as server, client_of(server) as talon:
        with pytest.raises(StatusError) as caught:
            await talon.sessions.get("cart-1")
    error = caught.value
    assert error.reason == "no [API key]"
    assert error.headers["x-request"] == "Authorization: ApiKey-v1 [API key]"
    assert error.headers["via"] == "edge-7"
    assert error.body == ERROR_BODY.replace(KEY.encode(), b"[API key]")
    (entry,) = error.errors
    assert {entry.title, entry.details, entry.pointer, entry.parameter} == {"[API key]"}
    assert str(error).startswith("getCustomerSession: HTTP 400: no [API key]; [API key]: [API key]")


@pytest.mark.parametrize("before", range(170, 206, 3))
async def test_a_truncated_excerpt_has_no_part_of_the_key(before: int) -> None:
    """An excerpt that is truncated within the key does not end with the start of the key."""
    page = b"x" * before + KEY.encode()
    async with (
        serving([read, send(http_response(page, status="502 No")), close]) as server,
        client_of(server, retry=ONE_ATTEMPT) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert f"x{KEY[:4]}" not in leakable_text(failure)


ODD_KEY = 'k3y"<that>&/nobody\\may+see='


def spelled(*spellings: str) -> str:
    """Replace the special characters of the key by these spellings, in the order below."""
    forms = {ord(character): spelling for character, spelling in zip('"<>&/\\+=', spellings, strict=True)}
    return ODD_KEY.translate(forms)


FORMS = {
    "unescaped": ODD_KEY,
    "JSON of Python": json.dumps(ODD_KEY)[1:-1],
    "JSON of Go": spelled(r"\"", r"\u003c", r"\u003e", r"\u0026", "/", r"\\", "+", "="),
    "JSON of PHP": spelled(r"\"", "<", ">", "&", r"\/", r"\\", "+", "="),
    "JSON of .NET": spelled(r"\u0022", r"\u003C", r"\u003E", r"\u0026", "/", r"\\", r"\u002B", "="),
    "HTML of Python": html.escape(ODD_KEY),
    "HTML in decimals": spelled("&#34;", "&#60;", "&#062;", "&#38;", "&#47;", "\\", "&#43;", "&#61;"),
    "HTML in hexadecimals": spelled("&#x22;", "&lt;", "&gt;", "&amp;", "&#x2F;", "\\", "+", "&#x3D;"),
    "HTML in names": spelled("&quot;", "&LT;", "&gt;", "&amp", "&sol;", "&bsol;", "&plus;", "&equals;"),
    "URL": quote(ODD_KEY, safe=""),
    "URL in lower case": quote(ODD_KEY, safe="/+=").replace("%3C", "%3c"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
async def test_an_escaped_key_is_redacted(form: str) -> None:
    """The key is redacted as text, and as escaped for JSON, HTML and URLs."""
    reply = http_response(b"_" * 80 + form.encode(), status="400 No", fields={"X-Request": form})
    async with (
        serving([read, send(reply)]) as server,
        TalonClient(server.url, api_key=ODD_KEY) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert isinstance(failure, StatusError)
    assert failure.body == b"_" * 80 + b"[API key]"
    assert failure.headers["x-request"] == "[API key]"
    assert form not in leakable_text(failure)


@pytest.mark.parametrize("before", range(164, 198, 3))
async def test_a_truncated_excerpt_has_no_part_of_an_escaped_key(before: int) -> None:
    """An excerpt that is truncated within an escaped key does not end with its start."""
    page = "x" * before + r"k3y-\u0026-\u003c-nobody"
    async with (
        serving([read, send(http_response(page.encode(), status="502 No")), close]) as server,
        TalonClient(server.url, api_key="k3y-&-<-nobody", retry=ONE_ATTEMPT) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert "xk3y-" not in leakable_text(failure)


@pytest.mark.parametrize("key", ["a", "400", "key", "session"])
async def test_a_short_key_does_not_garble_errors(key: str) -> None:
    """A placeholder such as ``a`` or ``400`` is redacted as credentials only; other text stays readable."""
    page = {
        "message": f"a session key is 400, and ApiKey-v1 {key} is not; ApiKey-v1 {key}ed",
        "escaped": [f"ApiKey-v1%20{key}", f"ApiKey-v1&#32;{key}", f"ApiKey-v1+{key}"],
    }
    reply = http_response(
        json.dumps(page).encode(), status="400 No", fields={"X-Request": f"ApiKey-v1 {key}"}
    )
    async with (
        serving([read, send(reply), close]) as server,
        TalonClient(server.url, api_key=key) as talon,
    ):
        with pytest.raises(StatusError) as caught:
            await talon.sessions.get("cart-1")
    error = caught.value
    assert error.reason == f"a session key is 400, and ApiKey-v1 [API key] is not; ApiKey-v1 {key}ed"
    escaped = ["ApiKey-v1%20[API key]", "ApiKey-v1&#32;[API key]", "ApiKey-v1+[API key]"]
    assert json.loads(error.body)["escaped"] == escaped
    assert error.headers["x-request"] == "ApiKey-v1 [API key]"
    assert error.headers["content-type"] == "application/json"


async def test_a_short_key_does_not_garble_connection_errors() -> None:
    """The text of a connection error stays readable with a key of one letter."""
    with refusing() as held:
        async with TalonClient(url_of(held), api_key="c", retry=ONE_ATTEMPT) as talon:
            with pytest.raises(ServiceConnectionError, match="ConnectError: cannot connect to 127"):
                await talon.sessions.get("cart-1")


@pytest.mark.parametrize("key", ["k3y-7", "k3y-78", "k3y-789", "k3y-7890"])
async def test_a_key_of_any_length_is_redacted_in_a_quoted_request(key: str) -> None:
    """A quoted request has no key of any length; from 8 characters on, no text has it."""
    quote = f"Authorization: ApiKey-v1 {key}\nKey: {key}".encode()
    async with (
        serving([read, send(http_response(quote, status="502 No")), close]) as server,
        TalonClient(server.url, api_key=key, retry=ONE_ATTEMPT) as talon,
    ):
        failure = await failure_of(talon.sessions.get("cart-1"))
    assert isinstance(failure, StatusError)
    remaining = "[API key]" if len(key) >= 8 else key
    assert failure.body == f"Authorization: ApiKey-v1 [API key]\nKey: {remaining}".encode()
