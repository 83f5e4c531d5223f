"""Suites that mock HTTP with other plugins run with our plugin as without it."""

import json
import subprocess
import sys
from typing import Final

import pytest

from tests.testing.suites import Suite

# No resolver knows a name below `.invalid` (RFC 2606), so a call that is not mocked fails.
RESPX: Final = """
    import httpx
    import pytest
    import respx
    from respx.models import AllMockedAssertionError

    URL = "https://shop.invalid/"

    @respx.mock
    def test_decorator():
        route = respx.get(URL) % 204
        assert httpx.get(URL).status_code == 204
        assert route.call_count == 1

    @pytest.mark.respx(base_url=URL)
    async def test_fixture(respx_mock):
        respx_mock.get("/path").respond(json={"id": 1})
        async with httpx.AsyncClient() as client:
            assert (await client.get(URL + "path")).json() == {"id": 1}

    def test_nested_routers():
        with respx.mock() as outer:
            outer.get(URL) % 201
            with respx.mock() as inner:
                inner.post(URL) % 202
                assert (httpx.get(URL).status_code, httpx.post(URL).status_code) == (201, 202)

    @respx.mock
    def test_unmatched_request():
        with pytest.raises(AllMockedAssertionError):
            httpx.get(URL)

    @respx.mock(using="httpx")
    def test_client_mocker(respx_mock):
        respx_mock.get(URL) % 204
        assert httpx.get(URL).status_code == 204

    def test_nothing_stays_mocked():
        assert not any(mocker.routers or mocker._patches for mocker in respx.mocks.Mocker.registry.values())
        with pytest.raises(httpx.ConnectError):
            httpx.get(URL)
"""
PYTEST_HTTPX2: Final = """
    import httpx
    import httpx2
    import pytest
    import respx

    URL = "https://shop.invalid/"

    def test_fixture(httpx2_mock):
        route = httpx2_mock.get(URL) % 204
        assert httpx2.get(URL).status_code == 204
        assert route.called

    @pytest.mark.httpx2(base_url=URL, assert_all_mocked=False)
    def test_marker(httpx2_mock):
        httpx2_mock.get("/path") % 204
        assert httpx2.get(URL + "path").status_code == 204
        assert httpx2.get(URL).status_code == 200

    async def test_async_client(httpx2_mock):
        httpx2_mock.get(URL).respond(json={"id": 1})
        async with httpx2.AsyncClient() as client:
            assert (await client.get(URL)).json() == {"id": 1}

    def test_beside_respx(httpx2_mock, respx_mock):
        httpx2_mock.get(URL) % 204
        respx_mock.get(URL) % 202
        assert (httpx2.get(URL).status_code, httpx.get(URL).status_code) == (204, 202)

    def test_nothing_stays_mocked():
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(URL)
"""
PYTEST_HTTPX: Final = """
    import httpx
    import pytest

    URL = "https://shop.invalid/"

    def test_fixture(httpx_mock):
        httpx_mock.add_response(url=URL, status_code=204)
        assert httpx.get(URL).status_code == 204

    async def test_async_client(httpx_mock):
        httpx_mock.add_response(json={"id": 1})
        async with httpx.AsyncClient() as client:
            assert (await client.get(URL)).json() == {"id": 1}

    @pytest.mark.httpx_mock(assert_all_requests_were_expected=False)
    def test_unmatched_request(httpx_mock):
        with pytest.raises(httpx.TimeoutException):
            httpx.get(URL)

    def test_nothing_stays_mocked():
        with pytest.raises(httpx.ConnectError):
            httpx.get(URL)
"""


@pytest.mark.parametrize("installed", [True, False], ids=["with our plugin", "without"])
@pytest.mark.parametrize(
    ("code", "tests"),
    [(RESPX, 6), (PYTEST_HTTPX2, 5), (PYTEST_HTTPX, 4)],
    ids=["respx", "pytest-httpx2", "pytest-httpx"],
)
def test_a_mocked_suite_runs_as_without_the_plugin(
    suite: Suite, code: str, tests: int, installed: bool
) -> None:
    """Mocked calls stay mocked and unmatched calls fail, with our plugin and without it."""
    suite.add(test_shop=code)
    options = ["-o", "asyncio_mode=auto", "-o", "markers=httpx2"]  # pytest-httpx2 1.0 does not register it
    if not installed:
        options += ["-p", "no:talon_async"]
    assert suite.run(*options) == {"passed": tests}


def test_the_plugin_implements_no_hook(suite: Suite) -> None:
    """The plugin only offers fixtures and implements no hook."""
    suite.add(
        test_hooks="""
        from talon_async.testing import plugin

        def test_hooks(pytestconfig):
            assert pytestconfig.pluginmanager.is_registered(plugin)
            assert not pytestconfig.pluginmanager.get_hookcallers(plugin)
        """
    )
    assert suite.run() == {"passed": 1}


def test_loading_the_plugin_imports_few_modules() -> None:
    """Loading the plugin imports only a few small modules of this package."""
    program = """if True:
        import json, sys
        import pytest
        before = set(sys.modules)
        import talon_async.testing.plugin
        print(json.dumps(sorted(sys.modules.keys() - before)))
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == [
        "talon_async",
        "talon_async._lazy",
        "talon_async._version",
        "talon_async.models",
        "talon_async.testing",
        "talon_async.testing.plugin",
    ]
