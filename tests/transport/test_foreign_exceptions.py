"""No exception of another library leaves a call, a constructor or a check of a request."""

import ssl
from collections.abc import Awaitable, Callable

import anyio
import httpx
import httpx2
import pytest

from talon_async import (
    CallTimeoutError,
    CertificateError,
    CircuitBreaker,
    CircuitOpenError,
    ConfigurationError,
    InvalidRequestError,
    ServiceConnectionError,
    TalonClient,
    TalonError,
)
from tests.transport.support import KEY, ONE_ATTEMPT, mocked


class ProtocolError(Exception):
    """An exception of a library that the client has never heard of."""


FOREIGN: list[tuple[Exception, type[TalonError], bool]] = [
    (OSError(5, "Input/output error"), ServiceConnectionError, True),
    (ConnectionResetError("reset"), ServiceConnectionError, True),
    (ConnectionRefusedError("refused"), ServiceConnectionError, False),
    (ssl.SSLError(1, "record layer failure"), ServiceConnectionError, True),
    (ssl.SSLCertVerificationError("self-signed certificate"), CertificateError, False),
    (ssl.SSLError(1, "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert"), CertificateError, True),
    (TimeoutError(), CallTimeoutError, True),
    (RuntimeError("the transport failed"), ServiceConnectionError, True),
    (anyio.ClosedResourceError(), ServiceConnectionError, True),
    (anyio.BrokenResourceError(), ServiceConnectionError, True),
    (ProtocolError("stream closed"), ServiceConnectionError, True),
    (httpx.StreamClosed(), ServiceConnectionError, True),
    (httpx2.StreamClosed(), ServiceConnectionError, True),
    (httpx2.PoolTimeout("slow"), CallTimeoutError, False),  # of a transport of httpx that wraps one of httpx2
    (ExceptionGroup("tasks", [OSError("broken")]), ServiceConnectionError, True),
]


@pytest.mark.parametrize(("raised", "expected", "sent"), FOREIGN, ids=lambda value: type(value).__name__)
async def test_what_a_transport_raises_is_translated(
    raised: Exception, expected: type[TalonError], sent: bool
) -> None:
    """Whatever a transport raises is an error of ours that names its class and says whether it was sent."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise raised

    async with mocked(httpx.MockTransport(fail), retry=ONE_ATTEMPT) as talon:
        with pytest.raises(expected, match=type(raised).__name__) as caught:
            await talon.sessions.get("cart-1")
    assert type(caught.value) is expected
    assert vars(caught.value)["sent"] is sent
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


class _Breaking(httpx.AsyncByteStream):
    async def __aiter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
        yield b'{"effects":['
        raise RuntimeError("the stream failed")


async def test_what_a_stream_raises_is_translated() -> None:
    """An exception while a body is read is a broken connection, after sending."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=_Breaking()))
    async with mocked(transport, retry=ONE_ATTEMPT) as talon:
        with pytest.raises(ServiceConnectionError, match="the stream failed") as caught:
            await talon.sessions.get("cart-1")
    assert caught.value.sent is True


async def test_foreign_exceptions_open_the_circuit() -> None:
    """The circuit breaker counts them like any other broken connection."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise RuntimeError("the transport failed")

    breaker = CircuitBreaker(failures=2, open_seconds=60)
    async with mocked(httpx.MockTransport(fail), retry=ONE_ATTEMPT, circuit_breaker=breaker) as talon:
        for _ in range(2):
            with pytest.raises(ServiceConnectionError):
                await talon.sessions.get("cart-1")
        with pytest.raises(CircuitOpenError):
            await talon.sessions.get("cart-1")


LONG: dict[str, tuple[str, Callable[[TalonClient], Awaitable[object]]]] = {
    "an identifier": ("customer_session_id", lambda talon: talon.sessions.get("c" * 70_000)),
    "an identifier that grows when it is encoded": (
        "integration_id",
        lambda talon: talon.profiles.inventory("é" * 20_000),
    ),
    "a filter": (
        "customer_session_ids",
        lambda talon: anext(
            aiter(
                talon.loyalty.profiles(1, "p" * 100).transactions(
                    customer_session_ids=[f"{n:050}" for n in range(1500)]
                )
            )
        ),
    ),
}


@pytest.mark.parametrize(("field", "call"), LONG.values(), ids=LONG.keys())
async def test_a_url_that_is_too_long_is_refused(
    field: str, call: Callable[[TalonClient], Awaitable[object]]
) -> None:
    """Arguments that make the URL too long are refused by name, before anything is sent."""
    async with mocked() as talon:
        with pytest.raises(InvalidRequestError, match="at most 60000 characters") as caught:
            await call(talon)
    assert caught.value.field == field


async def test_a_long_url_is_sent() -> None:
    """A URL of almost 60,000 characters, behind the longest base URL, reaches the transport."""
    seen: list[int] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(len(str(request.url)))
        return httpx.Response(200, content=b"{}")

    base_url = "https://shop.invalid/" + "p" * 979
    async with TalonClient(base_url, api_key=KEY, transport=httpx.MockTransport(note)) as talon:
        await talon.sessions.get("c" * 59_000)
    assert seen == [1000 + len("/v2/customer_sessions/") + 59_000]


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.256",
        "1.2.3",
        "shop.5",
        "01.2.3.4",
        "a" * 64 + ".example",
        ".".join(["a" * 60] * 5),
        "xn--" + "a" * 60 + ".example",
        "shop.example/" + "p" * 1000,
    ],
)
@pytest.mark.parametrize("setting", ["base_url", "proxy"])
def test_an_address_that_no_request_can_reach_is_refused(setting: str, host: str) -> None:
    """An address that the HTTP libraries refuse is a configuration error, not a failure of the first call."""
    settings = {"base_url": "https://shop.invalid", setting: f"https://{host}"}
    with pytest.raises(ConfigurationError, match=f"^{setting}: "):
        TalonClient(**settings, api_key=KEY)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["10.0.0.255", "a" * 63 + ".example", "a_b.example", "shop.example."])
def test_an_address_that_requests_can_reach_is_accepted(host: str) -> None:
    """Every IPv4 address and every name within the limits of DNS is an address."""
    TalonClient(f"https://{host}", api_key=KEY, proxy=f"http://{host}:3128")


async def test_a_failed_assertion_of_a_mock_fails_the_test() -> None:
    """Mocks assert that they know the request: such an error is for the test, and is not retried."""
    calls: list[httpx.Request] = []

    def fail(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        raise AssertionError("not mocked")

    async with mocked(httpx.MockTransport(fail)) as talon:
        with pytest.raises(AssertionError, match="not mocked"):
            await talon.sessions.get("cart-1")
    assert len(calls) == 1
