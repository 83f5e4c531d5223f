"""Tests do not reach the deployment of another test."""

import pytest

from tests.testing.suites import Suite

STRAY = """
    import httpx
    import pytest

    urls = []

    def test_a_test_leaves_something_behind(talon_sandbox):
        urls.append(talon_sandbox.url)
        assert httpx.get(urls[0]).status_code == 200

    def test_the_next_one(talon_sandbox, talon_deployment):
        assert talon_sandbox.url == talon_sandbox.url != urls[0]
        with pytest.raises(httpx.ConnectError):
            httpx.put(f"{urls[0]}/v2/customer_sessions/stray", json={"customerSession": {}})
        assert httpx.put(f"{talon_sandbox.url}/nowhere").status_code == 401
        assert [call.target for call in talon_deployment.calls] == ["/nowhere"]
        assert talon_deployment.sessions == {}
"""

IN_FLIGHT = """
    import threading
    import httpx
    from talon_async.sandbox import Fault

    threads = []

    def test_a_call_is_in_flight_at_the_end(talon_sandbox, talon_deployment):
        talon_deployment.faults.add(Fault(latency=60))
        headers = {"authorization": f"ApiKey-v1 {talon_sandbox.api_key}"}
        url = f"{talon_sandbox.url}/v2/customer_sessions/stray"
        outcomes = []

        def call():
            try:
                httpx.put(url, json={"customerSession": {}}, headers=headers, timeout=60)
            except httpx.HTTPError as error:
                outcomes.append(error)

        threads.append((threading.Thread(target=call), outcomes))
        threads[0][0].start()

    def test_the_next_one(talon_sandbox, talon_deployment):
        assert httpx.get(talon_sandbox.url).status_code == 200
        thread, outcomes = threads[0]
        thread.join(10)
        assert len(outcomes) == 1
        assert talon_deployment.sessions == {}
        assert list(talon_deployment.calls) == []
"""


@pytest.mark.parametrize("module", [STRAY, IN_FLIGHT], ids=["stray", "in flight"])
def test_a_late_call_reaches_no_other_test(suite: Suite, module: str) -> None:
    """A call to the sandbox of an earlier test fails; the next test's deployment sees nothing of it."""
    suite.add(test_shop=module)
    assert suite.run() == {"passed": 2}
