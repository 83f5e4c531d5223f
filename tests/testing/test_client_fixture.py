"""`talon_client`: its options, its event loops, what is recorded of its calls, and what it needs."""

import pytest

from tests.testing.suites import Suite

OPTIONS = """
    import pytest
    from talon_async import RetryPolicy, ServerError
    from talon_async.sandbox import Fault
    from cart import CART

    @pytest.fixture
    def talon_client_options():
        return {"retry": RetryPolicy(attempts=1)}

    @pytest.mark.parametrize("talon_transport", ["in-process", "http"])
    async def test_one_attempt(talon_client, talon_deployment):
        with talon_deployment.faults.add(Fault(status=503)) as fault, pytest.raises(ServerError):
            await talon_client.sessions.update("cart-1", CART)
        assert fault.hits == 1
"""

OWN_ARGUMENTS = """
    import pytest

    @pytest.fixture
    def talon_client_options():
        return {"base_url": "http://localhost", "api_key": "mine"}

    def test_it(talon_client):
        pass
"""

LOOPS = """
    import asyncio
    from hypothesis import HealthCheck, given, settings, strategies as st
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route
    from starlette.testclient import TestClient
    from cart import CART

    def test_a_loop_for_each_call(talon_client, talon_deployment):
        for _ in range(3):
            asyncio.run(talon_client.sessions.update("cart-1", CART))
        assert talon_deployment.sessions["cart-1"].session.update_count == 3

    async def test_another_loop_beside_this_one(talon_client, talon_deployment):
        await talon_client.sessions.update("cart-1", CART)

        async def checkout(request):
            await talon_client.sessions.update("cart-1", CART)
            return PlainTextResponse("done")

        with TestClient(Starlette(routes=[Route("/", checkout)])) as app:
            assert app.get("/").text == "done"
        await talon_client.sessions.update("cart-1", CART)
        assert talon_deployment.sessions["cart-1"].session.update_count == 3

    @settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(number=st.integers(0, 9))
    async def test_a_loop_for_each_example(talon_client, number):
        await talon_client.sessions.update(f"cart-{number}", CART)
        await asyncio.gather(*(talon_client.sessions.update("cart-x", CART) for _ in range(3)))
"""

HEADERS = """
    import httpx
    from talon_async.testing import last_sent
    from cart import CART

    async def test_headers(talon_client, talon_sandbox, talon_deployment):
        talon = talon_client.with_options(headers={"X-Shop": "berlin"})
        await talon.sessions.update("cart-1", CART)
        call = last_sent(talon_deployment, "updateCustomerSessionV2")
        assert call.headers["x-shop"] == "berlin"
        assert call.headers["content-type"] == "application/json"
        assert call.headers is talon_deployment.calls[-1].headers

    def test_no_key(talon_sandbox, talon_deployment):
        key = talon_sandbox.api_key
        fields = [("authorization", f"ApiKey-v1 {key}"), ("x-a", f"k={key}"), ("x-b", "1"), ("x-b", "2")]
        httpx.get(f"{talon_sandbox.url}/v2/customer_sessions/cart-1", headers=fields)
        httpx.get(f"{talon_sandbox.url}/v2/customer_sessions/cart-1", headers=fields[1:])
        with_key, without = talon_deployment.calls
        assert (with_key.headers["x-a"], with_key.headers["x-b"]) == ("k=[API key]", "1, 2")
        assert "authorization" not in with_key.headers
        assert without.headers == {}
        assert key not in repr(with_key)
"""


@pytest.mark.parametrize(
    ("module", "passed"),
    [(OPTIONS, 2), (LOOPS, 3), (HEADERS, 2)],
    ids=["options", "event loops", "headers"],
)
def test_the_client_suits_the_suite(suite: Suite, module: str, passed: int) -> None:
    """It has the suite's options, works on any event loop in process, and its calls show their headers."""
    suite.add(test_shop=module)
    assert suite.run("-o", "asyncio_mode=auto") == {"passed": passed}


def test_arguments_that_the_fixture_sets_are_refused(suite: Suite) -> None:
    """The error names the fixture and the arguments."""
    suite.add(test_shop=OWN_ARGUMENTS)
    result = suite.folder.runpytest_subprocess("-p", "no:cacheprovider")
    assert result.parseoutcomes() == {"errors": 1}
    result.stdout.fnmatch_lines(["*talon_client_options: the fixture talon_client sets api_key, base_url*"])


@pytest.mark.parametrize("fixture", ["talon_client", "talon_sandbox"])
@pytest.mark.parametrize("package", ["starlette", "uvicorn", "jinja2"])
def test_missing_packages_are_named_in_one_line(suite: Suite, fixture: str, package: str) -> None:
    """Without the extra, a fixture says what to install, without a traceback."""
    suite.add(
        conftest=f"""
            import sys
            from importlib.machinery import PathFinder

            class Hiding:
                find_distributions = PathFinder.find_distributions

                @staticmethod
                def find_spec(name, path=None, target=None):
                    return None if name == {package!r} else PathFinder.find_spec(name, path, target)

            sys.meta_path[sys.meta_path.index(PathFinder)] = Hiding
        """,
        test_shop=f"""
            def test_it({fixture}):
                pass
        """,
    )
    result = suite.folder.runpytest_subprocess("-p", "no:cacheprovider")
    assert result.parseoutcomes() == {"errors": 1}
    result.stdout.fnmatch_lines([f"{fixture} needs more packages: pip install 'talon-async[[]testing[]]'"])
    result.stdout.no_fnmatch_line("*Traceback*")
