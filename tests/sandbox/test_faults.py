"""Injected faults: latency, error statuses and dropped connections."""

from typing import Any

import httpx
import pytest

from talon_async import (
    ConflictError,
    IntegrationEventV2Request,
    RateLimitError,
    RetryPolicy,
    ServerError,
    ServiceConnectionError,
    TalonClient,
)
from talon_async._transport.in_process import InProcessTransport
from talon_async.sandbox import Clock, Deployment, Fault, Sandbox, create_app
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import Gate, plain_http, shoes_and_socks

UPDATE = "updateCustomerSessionV2"
CART = "/v2/customer_sessions/cart-1"
NO_RETRY = RetryPolicy(attempts=1)


def client_of(deployment: Deployment, *, in_process: bool = True) -> TalonClient:
    """A client that does not retry."""
    transport = InProcessTransport(create_app(deployment)) if in_process else None
    url = "http://localhost" if in_process else deployment.url
    return TalonClient(url, api_key=deployment.api_key, retry=NO_RETRY, transport=transport)


async def statuses(deployment: Deployment, count: int) -> list[int]:
    """The statuses of that many session updates."""
    async with plain_http(deployment) as http:
        return [(await http.put(CART, json={"customerSession": {}})).status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (409, ConflictError, "Too many requests are updating this session at the same time"),
        (429, RateLimitError, "Too Many Requests"),
        (503, ServerError, "Service Unavailable"),
        (599, ServerError, "Status 599"),
    ],
)
async def test_an_injected_error_replaces_the_response(
    status: int, error: type[Exception], message: str
) -> None:
    """A request that a fault hits gets an error in the service's form and has no effect."""
    deployment = checked_deployment()
    async with client_of(deployment) as talon:
        with deployment.faults.add(Fault(status=status)) as fault, pytest.raises(error, match=message):
            await talon.sessions.update("cart-1", shoes_and_socks())
        assert fault.hits == 1
        assert not deployment.sessions
        assert not deployment.store.stored_responses
        await talon.sessions.update("cart-1", shoes_and_socks())
    assert deployment.sessions["cart-1"].session.update_count == 1


async def test_a_fault_hits_matching_requests(talon: TalonClient, deployment: Deployment) -> None:
    """A fault can match one operation and a number of requests. The first match applies."""
    deployment.faults.add(Fault(operation=UPDATE, status=503, times=2))
    second = deployment.faults.add(Fault(status=500, times=3))
    once = talon.with_options(retry=NO_RETRY)
    for status in (503, 503, 500):
        with pytest.raises(ServerError) as failed:
            await once.sessions.update("cart-1", shoes_and_socks())
        assert failed.value.status == status
    with pytest.raises(ServerError):
        await once.events.track(IntegrationEventV2Request(profile_id="customer-7", type="shared"))
    second.remove()
    second.remove()
    assert len(deployment.faults) == 0
    await once.sessions.update("cart-1", shoes_and_socks())
    deployment.faults.add(Fault(status=500))
    deployment.faults.clear()
    await once.sessions.update("cart-1", shoes_and_socks())


async def test_rates_come_from_the_seed() -> None:
    """The same seed hits the same requests, also after a reset. Another seed hits others."""
    first, same, other = checked_deployment(seed=1), checked_deployment(seed=1), checked_deployment(seed=2)
    runs: list[list[int]] = []
    for deployment in (first, same, other, first):
        deployment.reset()
        deployment.faults.clear()
        deployment.faults.add(Fault(status=503, rate=0.3))
        runs.append(await statuses(deployment, 200))
    assert runs[0] == runs[1] == runs[3] != runs[2]
    assert 30 < runs[0].count(503) < 90
    first.faults.clear()
    first.faults.add(Fault(status=503, rate=0))
    assert set(await statuses(first, 20)) == {200}


async def test_latency_is_injected() -> None:
    """Latency is a number of seconds or a range drawn from the seed. Several faults add up."""
    asked: list[list[float]] = []
    for seed in (1, 1, 2):
        gate = Gate(opened=True)
        deployment = checked_deployment(clock=Clock(sleep=gate.sleep), seed=seed)
        deployment.faults.add(Fault(latency=0.5))
        await statuses(deployment, 1)
        deployment.faults.add(Fault(latency=(0.1, 0.2)))
        await statuses(deployment, 20)
        asked.append(gate.asked)
    assert asked[0] == asked[1] != asked[2]
    assert asked[0][0] == 0.5
    assert all(0.6 <= seconds <= 0.7 for seconds in asked[0][1:])
    assert len(set(asked[0])) == 21


async def test_latency_comes_before_the_error() -> None:
    """Latency and error of one fault, or of two, apply to the same request."""
    gate = Gate(opened=True)
    deployment = checked_deployment(clock=Clock(sleep=gate.sleep))
    deployment.faults.add(Fault(latency=1, status=504))
    deployment.faults.add(Fault(latency=2))
    assert await statuses(deployment, 1) == [504]
    assert gate.asked == [3]


@pytest.mark.parametrize("in_process", [False, True])
@pytest.mark.parametrize(("reset", "updates"), [("before", 0), ("after", 1)])
async def test_connections_are_dropped(
    reset: Any, updates: int, in_process: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """A connection is dropped before or after the request runs. The next request succeeds."""
    async with (
        Sandbox(checked_deployment()) as deployment,
        client_of(deployment, in_process=in_process) as talon,
    ):
        deployment.faults.add(Fault(operation=UPDATE, reset=reset, times=1))
        with pytest.raises(ServiceConnectionError) as failed:
            await talon.sessions.update("cart-1", shoes_and_socks())
        assert failed.value.sent
        assert len(deployment.sessions) == updates
        await talon.sessions.update("cart-1", shoes_and_socks())
        assert deployment.sessions["cart-1"].session.update_count == updates + 1
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]


async def test_other_connections_stay() -> None:
    """A dropped connection does not affect other connections."""
    async with (
        Sandbox(checked_deployment()) as deployment,
        httpx.AsyncClient() as one,
        httpx.AsyncClient() as other,
    ):
        header = {"authorization": f"ApiKey-v1 {deployment.api_key}"}
        url = deployment.url + CART
        opened: list[str] = []

        async def trace(name: str, _info: Any) -> None:
            if name == "connection.connect_tcp.complete":
                opened.append(name)

        for http in (one, other):
            await http.put(url, json={"customerSession": {}}, headers=header, extensions={"trace": trace})
        deployment.faults.add(Fault(reset="before", times=1))
        with pytest.raises(httpx.RemoteProtocolError):
            await one.put(url, json={"customerSession": {}}, headers=header)
        for http in (one, other):
            await http.put(url, json={"customerSession": {}}, headers=header, extensions={"trace": trace})
    assert len(opened) == 3


async def test_a_lost_response_is_replayed_for_its_key() -> None:
    """A retry with the same idempotency key gets the lost response, and points are added once."""
    deployment = checked_deployment()
    deployment.faults.add(Fault(reset="after", times=1))
    cart = shoes_and_socks(coupon_codes=["WELCOME10"], state="closed")
    async with client_of(deployment) as talon:
        with pytest.raises(ServiceConnectionError):
            await talon.sessions.update("cart-1", cart, idempotency_key="key-1")
        response = await talon.sessions.update("cart-1", cart, idempotency_key="key-1")
    assert [effect.effect_type for effect in response.effects or ()] == [
        "acceptCoupon",
        "setDiscount",
        "addLoyaltyPoints",
    ]
    assert deployment.store.points.balance("customer-7", deployment.clock.now()).active == 100.0


async def test_refused_requests_hit_no_fault() -> None:
    """Requests without a key, route or valid body do not count toward a fault."""
    deployment = checked_deployment()
    fault = deployment.faults.add(Fault(status=503, times=1))
    async with plain_http(deployment) as http:
        assert (await http.put(CART, json={}, headers={"authorization": ""})).status_code == 401
        assert (await http.get("/nowhere")).status_code == 404
        assert (await http.put(CART, json={})).status_code == 400
    assert fault.hits == 0
    assert await statuses(deployment, 2) == [503, 200]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("operation", {"operation": "updateSession", "status": 503}),
        ("latency", {"latency": -1}),
        ("latency", {"latency": (2, 1)}),
        ("latency", {"latency": float("nan")}),
        ("status", {"status": 200}),
        ("rate", {"status": 503, "rate": 1.5}),
        ("times", {"status": 503, "times": 0}),
        ("status, reset", {"status": 503, "reset": "before"}),
        ("nothing", {}),
    ],
)
def test_invalid_faults_are_errors(field: str, values: dict[str, Any]) -> None:
    """An invalid fault raises `ValueError` on construction and names the argument."""
    with pytest.raises(ValueError, match="expected a latency" if field == "nothing" else f"^{field}: "):
        Fault(**values)
