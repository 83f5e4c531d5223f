"""The fixtures, in test-suites as users have them: each is run by a pytest of its own."""

import re
from pathlib import Path
from typing import Final

import pytest

PAGE: Final = Path(__file__).parents[2] / "docs" / "testing.md"

CART: Final = """
    from talon_async import CartItem, NewCustomerSessionV2

    CART = NewCustomerSessionV2(
        profile_id="customer-7",
        cart_items=[CartItem(name="Shoes", sku="SHOES", quantity=1, price=60.0)],
        coupon_codes=["WELCOME10"],
    )
"""
SUITE: Final = """
    import httpx
    import pytest
    from talon_async import TalonClient
    from talon_async.testing import last_sent, sent
    from cart import CART

    MARK
    async def test_a_coupon_is_taken(talon_client, talon_deployment):
        state = await talon_client.sessions.update("cart-1", CART)
        assert "setDiscount" in [effect.effect_type for effect in state.effects]
        call = last_sent(talon_deployment, "updateCustomerSessionV2")
        assert call.arguments == {"customer_session_id": "cart-1"}
        assert call.body.customer_session.coupon_codes == ["WELCOME10"]
        assert call.status == 200

    MARK
    async def test_nothing_is_left_of_other_tests(talon_client, talon_deployment):
        assert talon_deployment.sessions == {}
        assert sent(talon_deployment) == []
        with pytest.raises(AssertionError, match="getCustomerSession was not sent; what was sent: nothing"):
            last_sent(talon_deployment, "getCustomerSession")

    MARK
    @pytest.mark.parametrize("talon_transport", ["in-process", "http"])
    async def test_either_transport_will_do(talon_client, talon_deployment):
        await talon_client.sessions.update("cart-1", CART)
        await talon_client.sessions.get("cart-1")
        assert [call.operation for call in sent(talon_deployment)] == [
            "updateCustomerSessionV2", "getCustomerSession",
        ]

    MARK
    async def test_code_may_make_its_own_client(talon_sandbox, talon_deployment):
        async with TalonClient(talon_sandbox.url, api_key=talon_sandbox.api_key) as talon:
            await talon.sessions.update("cart-1", CART)
        assert "cart-1" in talon_deployment.sessions

    def test_a_test_without_a_loop_sees_the_sandbox_too(talon_sandbox):
        assert httpx.get(talon_sandbox.url + "/v2/customer_sessions/cart-1").status_code == 401
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder for a user's test-suite, in which warnings are errors."""
    pytester.makepyfile(cart=CART)
    return pytester


def run(suite: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run the suite in a process of its own."""
    if "no:asyncio" not in options:
        options = ("-o", "asyncio_default_fixture_loop_scope=function", *options)
    return suite.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error", *options)


@pytest.mark.parametrize(
    ("options", "mark"),
    [
        (["-o", "asyncio_mode=auto"], ""),
        (["-o", "asyncio_mode=strict"], "@pytest.mark.asyncio"),
        (["-o", "asyncio_mode=strict"], '@pytest.mark.asyncio(loop_scope="module")'),
        (["-o", "asyncio_mode=auto", "-o", "asyncio_default_test_loop_scope=session"], ""),
        (
            ["-p", "no:asyncio"],
            '@pytest.mark.parametrize("anyio_backend", ["asyncio"])\n    @pytest.mark.anyio',
        ),
        (["-o", "asyncio_mode=auto", "-n", "2"], ""),
    ],
    ids=["auto", "strict", "a loop for a module", "a loop for all", "anyio", "xdist"],
)
def test_the_fixtures_suit_any_suite(suite: pytest.Pytester, options: list[str], mark: str) -> None:
    """Whatever runs the tests, on whatever loops: each has its own deployment, and leaves nothing open."""
    suite.makepyfile(test_shop=SUITE.replace("MARK", mark))
    run(suite, *options).assert_outcomes(passed=6)


def test_a_suite_sets_up_its_own_deployment(suite: pytest.Pytester) -> None:
    """A suite that overrides `talon_deployment` gets its campaigns, in every test."""
    suite.makeconftest(
        """
        import pytest
        from talon_async.sandbox import Deployment, percentage_coupon

        @pytest.fixture
        def talon_deployment():
            return Deployment(campaigns=[percentage_coupon("SUMMER", 50)])
        """
    )
    suite.makepyfile(
        """
        import attrs, pytest
        from cart import CART

        @pytest.mark.parametrize("talon_transport", ["in-process", "http"])
        async def test_summer(talon_client):
            state = await talon_client.sessions.update("cart-1", attrs.evolve(CART, coupon_codes=["SUMMER"]))
            assert [e.props.value for e in state.effects] == ["SUMMER", 30.0]
        """
    )
    run(suite, "-o", "asyncio_mode=auto").assert_outcomes(passed=2)


def test_respx_holds_a_default_client(suite: pytest.Pytester) -> None:
    """Respx with its default settings answers a `TalonClient`, and lets no call reach the network."""
    suite.makepyfile(
        """
        import httpx, pytest, respx
        from respx.models import AllMockedAssertionError
        from talon_async import IntegrationStateV2, RateLimitError, RetryPolicy, TalonClient
        from talon_async.testing import make, to_json
        from cart import CART

        URL = "https://shop.invalid"
        STATE = to_json(make(IntegrationStateV2))

        def client():
            return TalonClient(URL, api_key="key", retry=RetryPolicy(attempts=1))

        @respx.mock
        async def test_as_a_decorator():
            route = respx.put(f"{URL}/v2/customer_sessions/cart-1").respond(json=STATE)
            async with client() as talon:
                assert (await talon.sessions.update("cart-1", CART)).effects == []
            assert route.calls.last.request.headers["authorization"] == "ApiKey-v1 key"
            assert b"WELCOME10" in route.calls.last.request.content

        async def test_as_a_fixture(respx_mock):
            respx_mock.put(path__startswith="/v2/").respond(429, json={"message": "slow down"})
            async with client() as talon:
                with pytest.raises(RateLimitError, match="slow down"):
                    await talon.sessions.update("cart-1", CART)

        async def test_as_a_context_manager():
            async with client() as talon:
                with respx.mock(base_url=URL) as router:
                    router.put("/v2/customer_sessions/cart-1").mock(side_effect=httpx.ReadTimeout)
                    with pytest.raises(TimeoutError):
                        await talon.sessions.update("cart-1", CART)

        @respx.mock
        async def test_what_is_not_mocked_goes_nowhere():
            async with client() as talon:
                with pytest.raises(AllMockedAssertionError):
                    await talon.sessions.update("cart-1", CART)

        @respx.mock
        async def test_what_passes_through_reaches_the_sandbox(talon_sandbox):
            respx.route(host="127.0.0.1").pass_through()
            async with TalonClient(talon_sandbox.url, api_key=talon_sandbox.api_key) as talon:
                assert (await talon.sessions.update("cart-1", CART)).effects != []

        async def test_nothing_is_held_afterwards(talon_sandbox):
            async with TalonClient(talon_sandbox.url, api_key=talon_sandbox.api_key) as talon:
                assert (await talon.sessions.update("cart-1", CART)).effects != []
        """
    )
    run(suite, "-o", "asyncio_mode=auto").assert_outcomes(passed=6)


def test_the_examples_of_the_documentation_run(suite: pytest.Pytester) -> None:
    """What `docs/testing.md` shows is a test-suite that passes."""
    test, override, mock = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    suite.makepyfile(test_shop=test, test_override=override, test_mock=mock)
    run(suite, "-o", "asyncio_mode=auto").assert_outcomes(passed=2)


def test_a_suite_that_does_not_use_it_pays_nothing(suite: pytest.Pytester) -> None:
    """Until a fixture is used, the plugin brings in neither HTTP libraries nor the sandbox."""
    suite.makepyfile(
        """
        import sys

        def test_nothing():
            heavy = {"httpx", "aiohttp", "starlette", "attrs", "cattrs", "respx", "talon_async.sandbox"}
            assert heavy & sys.modules.keys() == set()
        """
    )
    others = ("asyncio", "respx", "anyio", "hypothesispytest")
    run(suite, *(part for name in others for part in ("-p", f"no:{name}"))).assert_outcomes(passed=1)
