"""Faults on demand: what a client meets when the service is slow, fails, or is gone."""

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
SENT_ONCE = RetryPolicy(attempts=1)


def client_of(deployment: Deployment, *, in_process: bool = True) -> TalonClient:
    """A client that tries each call once."""
    transport = InProcessTransport(create_app(deployment)) if in_process else None
    url = "http://localhost" if in_process else deployment.url
    return TalonClient(url, api_key=deployment.api_key, retry=SENT_ONCE, transport=transport)


async def statuses(deployment: Deployment, count: int) -> list[int]:
    """The statuses of a number of session updates."""
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
async def test_an_error_takes_the_place_of_an_answer(
    status: int, error: type[Exception], message: str
) -> None:
    """A call that is hits is answered in the service's own form, and does nothing."""
    deployment = checked_deployment()
    async with client_of(deployment) as talon:
        with deployment.faults.add(Fault(status=status)) as fault, pytest.raises(error, match=message):
            await talon.sessions.update("cart-1", shoes_and_socks())
        assert fault.hits == 1
        assert not deployment.sessions
        assert not deployment.store.stored_responses
        await talon.sessions.update("cart-1", shoes_and_socks())
    assert deployment.sessions["cart-1"].session.update_count == 1


async def test_a_fault_strikes_what_it_is_for(talon: TalonClient, deployment: Deployment) -> None:
    """A fault can be for one operation, and for a number of calls; the first one that fits decides."""
    deployment.faults.add(Fault(operation=UPDATE, status=503, times=2))
    general = deployment.faults.add(Fault(status=500, times=3))
    patient = talon.with_options(retry=SENT_ONCE)
    for status in (503, 503, 500):
        with pytest.raises(ServerError) as failed:
            await patient.sessions.update("cart-1", shoes_and_socks())
        assert failed.value.status == status
    with pytest.raises(ServerError):
        await patient.events.track(IntegrationEventV2Request(profile_id="customer-7", type="shared"))
    general.remove()
    general.remove()
    assert len(deployment.faults) == 0
    await patient.sessions.update("cart-1", shoes_and_socks())
    deployment.faults.add(Fault(status=500))
    deployment.faults.clear()
    await patient.sessions.update("cart-1", shoes_and_socks())


async def test_rates_come_from_the_seed() -> None:
    """The same calls meet the same faults under the same seed, also after a reset; another seed differs."""
    first, same, other = checked_deployment(seed=1), checked_deployment(seed=1), checked_deployment(seed=2)
    met: list[list[int]] = []
    for deployment in (first, same, other, first):
        deployment.reset()
        deployment.faults.clear()
        deployment.faults.add(Fault(status=503, rate=0.3))
        met.append(await statuses(deployment, 200))
    assert met[0] == met[1] == met[3] != met[2]
    assert 30 < met[0].count(503) < 90
    first.faults.clear()
    first.faults.add(Fault(status=503, rate=0))
    assert set(await statuses(first, 20)) == {200}


async def test_calls_can_be_slow() -> None:
    """Latency is a number of seconds or a range that the seed draws from; several add up."""
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


async def test_latency_passes_before_the_error() -> None:
    """A fault can be slow and fail; a latency and an error of two faults meet in one call as well."""
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
    """A connection is dropped before the call or after it, over a socket as in process; the next works."""
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
    """A dropped connection takes no other with it."""
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


async def test_an_answer_that_was_lost_comes_again_under_its_key() -> None:
    """The call whose answer was lost is told its effects when it is repeated, and gives points once."""
    deployment = checked_deployment()
    deployment.faults.add(Fault(reset="after", times=1))
    cart = shoes_and_socks(coupon_codes=["WELCOME10"], state="closed")
    async with client_of(deployment) as client:
        talon = client.with_options(idempotency_key="key-1")
        with pytest.raises(ServiceConnectionError):
            await talon.sessions.update("cart-1", cart)
        answer = await talon.sessions.update("cart-1", cart)
    assert [effect.effect_type for effect in answer.effects or ()] == [
        "acceptCoupon",
        "setDiscount",
        "addLoyaltyPoints",
    ]
    assert deployment.store.points.balance("customer-7", deployment.clock.now()).active == 100.0


async def test_what_is_refused_anyway_meets_no_fault() -> None:
    """Calls without a key, for no operation, or that break the contract do not use a fault up."""
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
def test_faults_that_make_no_sense_are_refused(field: str, values: dict[str, Any]) -> None:
    """A fault says at once which of its values cannot be."""
    with pytest.raises(ValueError, match="expected a latency" if field == "nothing" else f"^{field}: "):
        Fault(**values)
