"""Errors: one tree whose errors can be pickled and copied and never contain the key."""

import asyncio
import copy
import functools
import inspect
import logging
import pickle
import re
import ssl
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from talon_async import (
    CallError,
    CallTimeoutError,
    CertificateError,
    CircuitOpenError,
    ClientClosedError,
    ClientStateError,
    ConfigurationError,
    DeadlineExceededError,
    Drift,
    ErrorDetail,
    InvalidRequestError,
    ResponseDecodeError,
    ResponseTooLargeError,
    ServiceConnectionError,
    ServiceUnavailableError,
    StatusError,
    TalonClient,
    TalonError,
    errors,
)
from talon_async._transport.settings import Settings
from tests.transport.server import Script, close, http_response, read, send, serving, stall
from tests.transport.support import KEY, ONE_ATTEMPT, SESSION, FakeSleep, client_of, refusing, rewired, url_of

CLASSES = [
    value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, TalonError)
]
STATUSES = {
    400: "BadRequestError",
    401: "AuthenticationError",
    402: "StatusError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    405: "StatusError",
    409: "ConflictError",
    418: "StatusError",
    429: "RateLimitError",
    500: "ServerError",
    502: "ServerError",
    503: "ServerError",
    504: "ServerError",
    599: "ServerError",
    302: "StatusError",
}


def example(cls: type[TalonError]) -> TalonError:
    """An error with every attribute set to a value other than its default."""
    makers: dict[type[TalonError], Callable[[], TalonError]] = {
        InvalidRequestError: lambda: InvalidRequestError("customer_session.state", "expected text"),
        CallError: lambda: CallError("lost", operation="trackEventV2", sent=False, attempts=3),
        ServiceConnectionError: lambda: ServiceConnectionError(
            "refused", operation="trackEventV2", sent=False, attempts=3
        ),
        ServiceUnavailableError: lambda: ServiceUnavailableError(
            "no response", operation="trackEventV2", sent=False, attempts=3
        ),
        CertificateError: lambda: CertificateError(
            "expired", operation="trackEventV2", sent=False, attempts=3
        ),
        CircuitOpenError: lambda: CircuitOpenError(
            "not tried", operation="trackEventV2", sent=False, attempts=3, retry_after=7.5
        ),
        ClientClosedError: lambda: ClientClosedError(
            "closed", operation="trackEventV2", sent=False, attempts=3
        ),
        CallTimeoutError: lambda: CallTimeoutError(
            "too slow", operation="trackEventV2", phase="pool", sent=False, attempts=3
        ),
        DeadlineExceededError: lambda: DeadlineExceededError(
            "not done", operation="trackEventV2", sent=False, attempts=3, last_status=503
        ),
        ResponseTooLargeError: lambda: ResponseTooLargeError(operation="trackEventV2", limit=10, attempts=3),
        ResponseDecodeError: lambda: ResponseDecodeError(
            "drifts",
            operation="trackEventV2",
            status=200,
            body=b"{}",
            headers={"via": "edge-7"},
            path="$.effects",
            drifts=(Drift("IntegrationStateV2", "effects", "$.effects", "missing", "array", "nothing"),),
        ),
    }
    if issubclass(cls, StatusError):
        return cls(
            operation="trackEventV2",
            status=409,
            reason="busy",
            errors=(ErrorDetail("Busy", "wait", pointer="/profileId", parameter="dry"),),
            body=b"{}",
            headers={"via": "edge-7"},
        )
    return makers[cls]() if cls in makers else cls("no such thing")


def attributes(error: TalonError) -> dict[str, Any]:
    """All public attributes of an error."""
    return {"class": type(error), "str": str(error), "args": error.args, **vars(error)}


def through_pickle(protocol: int, error: TalonError) -> TalonError:
    """The error as another process receives it."""
    arrived: TalonError = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301  pickled by this test
    return arrived


PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
COPIERS: dict[str, Callable[[TalonError], TalonError]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle {protocol}": functools.partial(through_pickle, protocol) for protocol in PROTOCOLS},
}


@pytest.mark.parametrize("copier", COPIERS.values(), ids=COPIERS.keys())
@pytest.mark.parametrize("cls", CLASSES)
def test_errors_survive_pickle_and_copy(
    cls: type[TalonError], copier: Callable[[TalonError], TalonError]
) -> None:
    """A pickled or copied error has the same class, text and attributes."""
    error = example(cls)
    error.add_note("while pricing a cart")
    assert attributes(copier(error)) == attributes(error)


@pytest.mark.parametrize("cls", CLASSES)
def test_examples_set_every_attribute(cls: type[TalonError]) -> None:
    """The errors that these tests copy have a value for each documented attribute."""
    documented: set[str] = set()
    for ancestor in cls.__mro__:
        if ancestor in CLASSES:
            documented |= set(re.findall(r"^ {4}(\w+): ", inspect.getdoc(ancestor) or "", re.MULTILINE))
    assert documented == set(vars(example(cls)))


def test_the_documented_tree_is_complete() -> None:
    """The tree in the errors module's docstring has exactly the classes, each under its parent."""
    documented: dict[str, str] = {}
    ancestors: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"    ([\s│├└─]*)(\w+Error)\b", line):
            depth = len(found[1])
            ancestors = [(other, name) for other, name in ancestors if other < depth]
            documented[found[2]] = ancestors[-1][1] if ancestors else "Exception"
            ancestors.append((depth, found[2]))
    assert documented == {cls.__name__: cls.__bases__[0].__name__ for cls in CLASSES}


@pytest.mark.parametrize("name", ["Drift", "ErrorDetail", *(cls.__name__ for cls in CLASSES)])
def test_tracebacks_name_the_public_module(name: str) -> None:
    """A traceback, and a pickle, names an error by the module that it is imported from."""
    assert getattr(errors, name).__module__ == "talon_async.errors"


def test_the_documented_builtin_bases_are_right() -> None:
    """If the tree says that an error is also a builtin error, `except` with the builtin catches it."""
    documented = dict(re.findall(r"(\w+Error)\b.*\(also an? (\w+)\)", errors.__doc__ or ""))
    assert documented == {
        cls.__name__: cls.__bases__[1].__name__ for cls in CLASSES if len(cls.__bases__) > 1
    }


@pytest.mark.parametrize(("status", "name"), STATUSES.items())
async def test_statuses_have_classes(status: int, name: str) -> None:
    """Each unsuccessful status raises its class, with the details of the response."""
    body = b'{"message":"no","errors":[{"title":"Odd","details":"very","source":{"pointer":"/state"}}]}'
    reply = http_response(body, status=f"{status} No", fields={"X-Request-Id": "r-1"})
    async with serving([read, send(reply)]) as server, client_of(server, retry=ONE_ATTEMPT) as talon:
        with pytest.raises(StatusError) as caught:
            await talon.sessions.update("cart-1", SESSION)
    error = caught.value
    assert type(error).__name__ == name
    assert (error.status, error.reason, error.body) == (status, "no", body)
    assert error.errors == (ErrorDetail("Odd", "very", pointer="/state"),)
    assert error.headers["x-request-id"] == "r-1"
    assert (error.operation, error.attempts, error.sent) == ("updateCustomerSessionV2", 1, True)
    assert str(error) == f"updateCustomerSessionV2: HTTP {status}: no; Odd: very (/state)"


def leakable_text(error: BaseException) -> str:
    """Everything that a log, an error tracker or another process can read from an error."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    documented = "".join([*shown.format(), repr(error), str(error), repr(vars(error))])
    if isinstance(error, TalonError):
        documented += pickle.dumps(error, 0).decode("latin-1")
    return documented


UNAUTHORIZED = send(http_response(b'{"message":"invalid key","StatusCode":401}', status="401 Unauthorized"))
FAILURES: dict[str, tuple[type[TalonError], Script, dict[str, Any]]] = {
    "401": (StatusError, [read, UNAUTHORIZED], {}),
    "a broken connection": (ServiceConnectionError, [read], {}),
    "a broken response": (ServiceConnectionError, [read, send(b"HTTP/1.1 200 OK\r\nX: y")], {}),
    "a timeout": (CallTimeoutError, [read, stall], {"timeout": 0.05}),
    "the deadline": (DeadlineExceededError, [read, stall], {"deadline": 0.05}),
    "not JSON": (ResponseDecodeError, [read, send(http_response(b"<html>"))], {}),
    "drift": (ResponseDecodeError, [read, send(http_response(b"{}"))], {"strict": True}),
    "a large response": (ResponseTooLargeError, [read, send(http_response())], {"max_response_bytes": 10}),
    "a failed handshake": (ServiceConnectionError, [], {"ssl_context": ssl.create_default_context()}),
}


@pytest.mark.parametrize(("cls", "script", "settings"), FAILURES.values(), ids=FAILURES.keys())
async def test_errors_of_calls_hide_the_key(
    cls: type[TalonError], script: Script, settings: dict[str, Any]
) -> None:
    """No error of a call contains the key, not even in a traceback with the variables of each frame."""
    async with serving(*[[*script, close]] * 3) as server:
        url = server.url.replace("http:", "https:") if "ssl_context" in settings else server.url
        async with rewired(TalonClient(url, api_key=KEY, **settings), sleep=FakeSleep()) as talon:
            with pytest.raises(cls) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert KEY not in leakable_text(caught.value)


async def test_refused_connections_hide_the_key() -> None:
    """The error of a refused connection does not contain the key."""
    with refusing() as held:
        async with rewired(TalonClient(url_of(held), api_key=KEY), sleep=FakeSleep()) as talon:
            with pytest.raises(ServiceConnectionError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert KEY not in leakable_text(caught.value)


async def test_refused_requests_hide_the_key() -> None:
    """The error of a refused request does not contain the key."""
    async with serving() as server, client_of(server) as talon:
        with pytest.raises(InvalidRequestError) as refused:
            await talon.sessions.get("")
        await talon.aclose()
        with pytest.raises(ClientStateError) as closed:
            await talon.sessions.get("cart-1")
    assert KEY not in leakable_text(refused.value)
    assert KEY not in leakable_text(closed.value)


async def test_a_callers_own_timeout_hides_the_key() -> None:
    """The traceback of a caller's own timeout does not contain the key."""
    async with serving([read, stall]) as server, client_of(server) as talon:
        with pytest.raises(TimeoutError) as caught:
            async with asyncio.timeout(0.05):
                await talon.sessions.update("cart-1", SESSION)
    assert not isinstance(caught.value, TalonError)
    assert KEY not in leakable_text(caught.value)


@pytest.mark.parametrize(
    "key", [f"{KEY}\r\nX: y", f"{KEY} ", f"{KEY}\n", f" {KEY}", f"{KEY}\u00e9", f"{KEY}\0"]
)
def test_an_invalid_key_is_not_quoted(key: str) -> None:
    """The error for an invalid key names the setting and does not quote the key."""
    with pytest.raises(ConfigurationError, match="api_key") as caught:
        TalonClient("https://shop.invalid", api_key=key)
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value)


def test_settings_hide_the_key() -> None:
    """Neither a client nor its settings show the key or the proxy's password."""
    proxy = "http://user:passw0rd@proxy.invalid"
    settings = Settings(base_url="https://shop.invalid", api_key=KEY, proxy=proxy)
    talon = TalonClient("https://shop.invalid", api_key=KEY, proxy=proxy)
    shown = f"{settings!r} {settings} {talon!r} {talon} {talon.sessions!r} {vars(talon)!r}"
    assert KEY not in shown
    assert "passw0rd" not in shown
    assert "https://shop.invalid" in repr(talon)


async def test_logs_hide_the_key(caplog: pytest.LogCaptureFixture) -> None:
    """No logger writes the key at any level, for successes and failures."""
    caplog.set_level(logging.DEBUG)
    script = [read, send(http_response()), read, UNAUTHORIZED, read, close]
    async with serving(script) as server, client_of(server, retry=ONE_ATTEMPT) as talon:
        await talon.sessions.update("cart-1", SESSION)
        for cls in (StatusError, ServiceConnectionError):
            with pytest.raises(cls):
                await talon.sessions.update("cart-1", SESSION)
    assert len(caplog.records) >= 3
    for record in caplog.records:
        assert KEY not in logging.Formatter().format(record)
        assert KEY not in repr(vars(record))
