"""The fixtures, in test suites as users write them."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.testing.suites import Suite

PAGE: Final = Path(__file__).parents[2] / "docs" / "testing.md"

SHOP: Final = """
    import httpx
    import pytest
    from talon_async import TalonClient
    from talon_async.testing import last_sent, sent
    from cart import CART

    MARK
    async def test_coupon(talon_client, talon_deployment):
        state = await talon_client.sessions.update("cart-1", CART)
        assert "setDiscount" in [effect.effect_type for effect in state.effects]
        call = last_sent(talon_deployment, "updateCustomerSessionV2")
        assert call.arguments == {"customer_session_id": "cart-1"}
        assert call.body.customer_session.coupon_codes == ["WELCOME10"]
        assert call.status == 200

    MARK
    async def test_isolation(talon_client, talon_deployment):
        assert talon_deployment.sessions == {}
        assert sent(talon_deployment) == []
        message = "no call of getCustomerSession was sent; operations called: none"
        with pytest.raises(AssertionError, match=message):
            last_sent(talon_deployment, "getCustomerSession")

    MARK
    @pytest.mark.parametrize("talon_transport", ["in-process", "http"])
    async def test_transports(talon_client, talon_deployment):
        await talon_client.sessions.update("cart-1", CART)
        await talon_client.sessions.get("cart-1")
        assert [call.operation for call in sent(talon_deployment)] == [
            "updateCustomerSessionV2", "getCustomerSession",
        ]

    MARK
    async def test_own_client(talon_sandbox, talon_deployment):
        async with TalonClient(talon_sandbox.url, api_key=talon_sandbox.api_key) as talon:
            await talon.sessions.update("cart-1", CART)
        assert "cart-1" in talon_deployment.sessions

    def test_no_event_loop(talon_sandbox):
        assert httpx.get(talon_sandbox.url + "/v2/customer_sessions/cart-1").status_code == 401
"""


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
    ids=["auto", "strict", "a loop per module", "one loop", "anyio", "xdist"],
)
def test_the_fixtures_work_with_any_async_plugin(suite: Suite, options: list[str], mark: str) -> None:
    """With any async plugin and loop scope, each test has its own deployment and closes everything."""
    suite.add(test_shop=SHOP.replace("MARK", mark))
    assert suite.run(*options) == {"passed": 6}


def test_a_suite_can_override_the_deployment(suite: Suite) -> None:
    """A suite that overrides `talon_deployment` gets its campaigns in every test."""
    suite.add(
        conftest="""
        import pytest
        from talon_async.sandbox import Deployment, percentage_coupon

        @pytest.fixture
        def talon_deployment():
            return Deployment(campaigns=[percentage_coupon("SUMMER", 50)])
        """,
        test_shop="""
        import attrs, pytest
        from cart import CART

        @pytest.mark.parametrize("talon_transport", ["in-process", "http"])
        async def test_summer(talon_client):
            state = await talon_client.sessions.update("cart-1", attrs.evolve(CART, coupon_codes=["SUMMER"]))
            assert [e.props.value for e in state.effects] == ["SUMMER", 30.0]
        """,
    )
    assert suite.run("-o", "asyncio_mode=auto") == {"passed": 2}


def test_an_unknown_transport_is_an_error(suite: Suite) -> None:
    """An unknown `talon_transport` fails the test with the list of valid values."""
    suite.add(
        test_shop="""
        import pytest

        @pytest.fixture
        def talon_transport():
            return "https"

        def test_refused(request):
            message = "talon_transport: expected 'in-process' or 'http', found 'https'"
            with pytest.raises(ValueError, match=message):
                request.getfixturevalue("talon_client")
        """
    )
    assert suite.run() == {"passed": 1}


def test_the_examples_of_the_documentation_run(suite: Suite) -> None:
    """Each Python example in `docs/testing.md` is a test module that passes."""
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    suite.add(**{f"test_{number}": example for number, example in enumerate(examples)})
    outcomes = suite.run("-o", "asyncio_mode=auto")
    assert outcomes.keys() == {"passed"}
    assert outcomes["passed"] >= sum(example.count("def test_") for example in examples)
