"""respx with a default `TalonClient`, as in `docs/testing.md`."""

from typing import Final

from tests.testing.suites import Suite

DEFAULT_CLIENT: Final = """
    import asyncio

    import httpx
    import pytest
    import respx
    from fastapi import FastAPI
    from respx.models import AllMockedAssertionError
    from talon_async import (
        IntegrationStateV2, NotFoundError, RateLimitError, RetryPolicy, StatusError, TalonClient
    )
    from talon_async.testing import make, to_json
    from cart import CART

    URL = "https://shop.invalid"
    SESSIONS = URL + "/v2/customer_sessions/"
    STATE = to_json(make(IntegrationStateV2))

    def client():
        return TalonClient(URL, api_key="key", retry=RetryPolicy(attempts=1))

    @respx.mock(using="httpx")
    async def test_decorator(respx_mock):
        route = respx_mock.put(SESSIONS + "cart-1").respond(json=STATE)
        async with client() as talon:
            assert (await talon.sessions.update("cart-1", CART)).effects == []
        assert route.calls.last.request.headers["authorization"] == "ApiKey-v1 key"
        assert b"WELCOME10" in route.calls.last.request.content

    @pytest.mark.respx(using="httpx")
    async def test_fixture(respx_mock):
        respx_mock.put(path__startswith="/v2/").respond(429, json={"message": "slow down"})
        async with client() as talon:
            with pytest.raises(RateLimitError, match="slow down"):
                await talon.sessions.update("cart-1", CART)

    @pytest.mark.parametrize("status", [404, 500])
    @respx.mock(using="httpx")
    async def test_writes_are_not_retried_after_a_response(respx_mock, status):
        route = respx_mock.post(path__startswith="/v1/loyalty_programs/").respond(status)
        async with TalonClient(URL, api_key="key") as talon:
            with pytest.raises(StatusError) as failed:
                await talon.loyalty.program(1).generate_card()
        assert (failed.value.sent, failed.value.attempts, route.call_count) == (True, 1, 1)

    async def test_context_manager():
        async with client() as talon:
            with respx.mock(base_url=URL, using="httpx") as router:
                router.put("/v2/customer_sessions/cart-1").mock(side_effect=httpx.ReadTimeout)
                with pytest.raises(TimeoutError):
                    await talon.sessions.update("cart-1", CART)

    @respx.mock(using="httpx")
    async def test_unmatched_request():
        async with client() as talon:
            with pytest.raises(AllMockedAssertionError):
                await talon.sessions.update("cart-1", CART)

    @respx.mock(using="httpx")
    async def test_one_router_serves_all_clients(respx_mock):
        respx_mock.put(SESSIONS + "cart-1").respond(json=STATE)
        respx_mock.get("https://stock.invalid/").respond(json={"SHOES": 3})
        async with client() as talon, httpx.AsyncClient() as stock:
            await talon.sessions.update("cart-1", CART)
            assert (await stock.get("https://stock.invalid/")).json() == {"SHOES": 3}

    async def test_nested_routers():
        async with client() as talon:
            with respx.mock(using="httpx") as outer:
                outer.put(SESSIONS + "cart-1").respond(json=STATE)
                with respx.mock(using="httpx") as inner:
                    inner.put(SESSIONS + "cart-2").respond(404, json={"message": "inner"})
                    await talon.sessions.update("cart-1", CART)
                    with pytest.raises(NotFoundError, match="inner"):
                        await talon.sessions.update("cart-2", CART)
                with pytest.raises(AllMockedAssertionError):
                    await talon.sessions.update("cart-2", CART)

    @respx.mock(using="httpx")
    async def test_concurrent_calls_share_a_response(respx_mock):
        route = respx_mock.put(path__startswith="/v2/")
        route.return_value = httpx.Response(200, json=STATE)
        async with client() as talon:
            await asyncio.gather(*(talon.sessions.update(f"cart-{n}", CART) for n in range(20)))
        assert route.call_count == 20

    @respx.mock(using="httpx")
    async def test_web_app(respx_mock):
        app = FastAPI()

        @app.put("/carts/{cart}")
        async def update(cart: str) -> int:
            async with client() as talon:
                return len((await talon.sessions.update(cart, CART)).effects)

        respx_mock.route(host="testserver").pass_through()
        route = respx_mock.put(SESSIONS + "cart-1").respond(json=STATE)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as shop:
            assert (await shop.put("/carts/cart-1")).json() == 0
        assert route.called

    @respx.mock(using="httpx")
    async def test_pass_through(respx_mock, talon_sandbox):
        respx_mock.route(host="127.0.0.1").pass_through()
        async with TalonClient(talon_sandbox.url, api_key=talon_sandbox.api_key) as talon:
            assert (await talon.sessions.update("cart-1", CART)).effects != []

    async def test_nothing_stays_mocked(talon_sandbox):
        async with TalonClient(talon_sandbox.url, api_key=talon_sandbox.api_key) as talon:
            assert (await talon.sessions.update("cart-1", CART)).effects != []
"""
HTTPX_TRANSPORT: Final = """
    import httpx
    import pytest
    import respx
    from talon_async import IntegrationStateV2, TalonClient
    from talon_async.testing import make, to_json
    from cart import CART

    URL = "https://shop.invalid"
    STATE = to_json(make(IntegrationStateV2))

    @pytest.fixture(params=["transport", "http_client"])
    async def talon(request):
        own = httpx.AsyncHTTPTransport() if request.param == "transport" else httpx.AsyncClient()
        async with own, TalonClient(URL, api_key="key", **{request.param: own}) as talon:
            yield talon

    @respx.mock
    async def test_respx(talon):
        route = respx.put(URL + "/v2/customer_sessions/cart-1").respond(json=STATE)
        assert (await talon.sessions.update("cart-1", CART)).effects == []
        assert route.called

    async def test_pytest_httpx(talon, httpx_mock):
        httpx_mock.add_response(method="PUT", url=URL + "/v2/customer_sessions/cart-1", json=STATE)
        assert (await talon.sessions.update("cart-1", CART)).effects == []
"""
PYTEST_HTTPX: Final = """
    import pytest
    from talon_async import TalonClient
    from cart import CART

    @pytest.mark.httpx_mock(assert_all_responses_were_requested=False)
    async def test_default_client(httpx_mock, talon_sandbox):
        httpx_mock.add_response(status_code=404)
        async with TalonClient(talon_sandbox.url, api_key=talon_sandbox.api_key) as talon:
            assert (await talon.sessions.update("cart-1", CART)).effects != []
        assert httpx_mock.get_requests() == []
"""


def test_respx_mocks_a_default_client(suite: Suite) -> None:
    """With `using="httpx"`, respx mocks a `TalonClient`, alone or nested, and allows no real call."""
    suite.add(test_shop=DEFAULT_CLIENT)
    assert suite.run("-o", "asyncio_mode=auto") == {"passed": 12}


def test_mocks_work_with_a_given_httpx_transport(suite: Suite) -> None:
    """By default, respx and pytest-httpx mock a client on an httpx transport or `AsyncClient`."""
    suite.add(test_shop=HTTPX_TRANSPORT)
    assert suite.run("-o", "asyncio_mode=auto") == {"passed": 4}


def test_pytest_httpx_does_not_mock_a_default_client(suite: Suite) -> None:
    """The calls of a default client pass pytest-httpx by and reach the server."""
    suite.add(test_shop=PYTEST_HTTPX)
    assert suite.run("-o", "asyncio_mode=auto") == {"passed": 1}
