"""Queueing: calls for the same session or profile run one at a time, all others concurrently."""

import asyncio
import random
from collections import Counter
from typing import Final

import httpx
import pytest

from talon_async import (
    CartItem,
    CustomerProfileAudienceRequestItem,
    CustomerProfileIntegrationRequestV2,
    DeadlineExceededError,
    IntegrationEventV2Request,
    IntegrationEventV3Request,
    MultipleCustomerProfileIntegrationRequestItem,
    NewCustomerSessionV2,
    NewReferral,
    ServerError,
)
from talon_async._operations import OPERATIONS
from talon_async._transport.keyed_queue import KeyedQueue
from tests.transport.server import SESSION_STATE
from tests.transport.service import Call, Service, open_service
from tests.transport.support import ONE_ATTEMPT, SESSION, mocked, rewired

PROFILE: Final = CustomerProfileIntegrationRequestV2()


def session(name: str, profile: str | None = None) -> Call:
    """Make the call that updates a session, optionally with a profile."""
    content = NewCustomerSessionV2() if profile is None else NewCustomerSessionV2(profile_id=profile)
    return lambda talon: talon.sessions.update(name, content)


def profile(name: str) -> Call:
    """Make the call that updates a profile."""
    return lambda talon: talon.profiles.update(name, PROFILE)


def bulk(*names: str) -> Call:
    """Make the call that updates many profiles."""
    items = [MultipleCustomerProfileIntegrationRequestItem(integration_id=name) for name in names]
    return lambda talon: talon.profiles.update_many(items)


def v3(connected: str | None, customer: str) -> Call:
    """Make the call that tracks an event of a profile, optionally in a session."""
    event = IntegrationEventV3Request(profile_id=customer, type="Seen", integration_id="event-1")
    if connected is not None:
        event.connected_session_id = connected
    return lambda talon: talon.events.track_advanced(event)


# Each as the second call, while an update of session `cart-1` of profile `customer-7` is in flight.
QUEUED: Final[dict[str, list[Call]]] = {
    "updateCustomerSessionV2": [
        session("cart-1"),
        session("cart-1", "customer-8"),
        session("cart-2", "customer-7"),
    ],
    "returnCartItems": [lambda talon: talon.sessions.return_items("cart-1", [])],
    "reopenCustomerSession": [lambda talon: talon.sessions.reopen("cart-1")],
    "updateCustomerProfileV2": [profile("customer-7")],
    "updateCustomerProfilesV2": [bulk("customer-6", "customer-7")],
    "deleteCustomerData": [lambda talon: talon.profiles.delete_data("customer-7")],
    "trackEventV2": [
        lambda talon: talon.events.track(IntegrationEventV2Request(type="Seen", profile_id="customer-7"))
    ],
    "trackEventV3": [v3("cart-1", "customer-8"), v3(None, "customer-7")],
    "deleteLoyaltyTransactionsFromLedgers": [
        lambda talon: talon.loyalty.profiles(1, "customer-7").delete_transactions("main")
    ],
    "joinLoyaltyProgram": [lambda talon: talon.loyalty.profiles(1, "customer-7").join()],
    "linkLoyaltyCardToProfile": [lambda talon: talon.loyalty.cards(1, "CARD-7").link("customer-7")],
    "unlinkLoyaltyCardFromProfile": [lambda talon: talon.loyalty.cards(1, "CARD-7").unlink("customer-7")],
    "createReferral": [
        lambda talon: talon.referrals.create(
            NewReferral(campaign_id=3, advocate_profile_integration_id="customer-7")
        )
    ],
    "updateCustomerProfileAudiences": [
        lambda talon: talon.audiences.update_members(
            [
                CustomerProfileAudienceRequestItem(action="add", profile_integration_id=name, audience_id=5)
                for name in ("customer-6", "customer-7")
            ]
        )
    ],
}
CONCURRENT: Final[dict[str, Call]] = {
    "another session": session("cart-2"),
    "another customer": session("cart-2", "customer-8"),
    "another profile": profile("customer-8"),
    "many other profiles": bulk("customer-6", "customer-8"),
    "a profile with the session's name": profile("cart-1"),
    "an event without a profile": lambda talon: talon.events.track(IntegrationEventV2Request(type="Seen")),
    "a read of the session": lambda talon: talon.sessions.get("cart-1"),
    "a read of the profile": lambda talon: talon.profiles.inventory("customer-7", coupons=True),
    "a read of points": lambda talon: talon.loyalty.profiles(1, "customer-7").balances(),
    "a coupon": lambda talon: talon.coupons.reserve("WELCOME10", ["customer-7"]),
}


def test_every_operation_that_locks_a_customer_is_tested() -> None:
    """The operations that lock a session or profile are those that these tests queue."""
    customers = {"session", "profile"}
    assert {row.id for row in OPERATIONS.values() if row.lock_keys.keys() & customers} == set(QUEUED)


@pytest.mark.parametrize(
    "second",
    [pytest.param(call, id=f"{name} {n}") for name, calls in QUEUED.items() for n, call in enumerate(calls)],
)
async def test_calls_for_one_customer_run_one_at_a_time(second: Call) -> None:
    """A call waits for a call for the same session or profile, and runs when that one ends."""
    async with open_service() as (service, talon):
        await service.begin(talon, first=session("cart-1", "customer-7"), second=second)
        assert service.received == ["first"]
        await service.end("first")
        assert service.received == ["first", "second"]
        await service.end("second")


@pytest.mark.parametrize("second", CONCURRENT.values(), ids=CONCURRENT.keys())
async def test_other_calls_run_concurrently(second: Call) -> None:
    """Reads, calls for other customers and calls without a customer do not wait."""
    async with open_service() as (service, talon):
        await service.begin(talon, first=session("cart-1", "customer-7"), second=second)
        assert service.received == ["first", "second"]
        await service.end("second")
        await service.end("first")


async def test_calls_run_in_order() -> None:
    """Calls run in the order they were made, even if their session is free earlier."""
    calls = {
        "a": profile("customer-7"),
        "b": session("cart-1", "customer-7"),
        "c": session("cart-1"),
        "d": session("cart-2", "customer-7"),
        "e": session("cart-2"),
        "f": bulk("customer-7", "customer-8"),
        "g": profile("customer-8"),
    }
    async with open_service() as (service, talon):
        await service.begin(talon, **calls)
        assert service.received == ["a"]
        await service.end("a")
        assert service.received == ["a", "b"]
        await service.end("b")
        assert service.received == ["a", "b", "c", "d"]
        await service.end("d")
        assert service.received == ["a", "b", "c", "d", "e", "f"]
        await service.end("f")
        assert service.received == list(calls)
        for name in "ceg":
            await service.end(name)


async def test_a_bulk_update_waits_for_each_of_its_profiles() -> None:
    """A bulk update runs when all its profiles are free, and later calls for them wait for it."""
    async with open_service() as (service, talon):
        await service.begin(
            talon,
            first=profile("customer-1"),
            third=profile("customer-3"),
            many=bulk("customer-1", "customer-2", "customer-3"),
            second=profile("customer-2"),
        )
        await service.end("first")
        assert service.received == ["first", "third"]
        await service.end("third")
        assert service.received == ["first", "third", "many"]
        await service.end("many")
        assert service.received[-1] == "second"
        await service.end("second")


@pytest.mark.parametrize("call", [bulk("customer-7", "customer-7"), v3("customer-7", "customer-7")])
@pytest.mark.parametrize("width", [1, 2])
async def test_a_call_does_not_wait_for_itself(call: Call, width: int) -> None:
    """A call that names a profile twice is queued for it once."""
    async with open_service(width) as (service, talon):
        await service.begin(talon, twice=call, other=profile("customer-7"))
        assert service.received == ["twice", "other"][:width]
        await service.end("twice")
        await service.end("other")


async def test_a_queued_call_can_be_cancelled() -> None:
    """A cancelled call leaves the queue and unblocks the calls that waited only for it."""
    async with open_service() as (service, talon):
        await service.begin(
            talon,
            first=profile("customer-7"),
            second=session("cart-1", "customer-7"),
            third=profile("customer-7"),
            fourth=session("cart-1"),
        )
        await service.cancel("second")
        assert service.received == ["first", "fourth"]
        await service.end("first")
        assert service.received == ["first", "fourth", "third"]
        for name in ("third", "fourth"):
            await service.end(name)


async def test_the_next_call_runs_after_a_cancelled_or_failed_one() -> None:
    """When a call in flight is cancelled or fails, the next one runs."""
    async with open_service() as (service, talon):
        plain = talon.with_options(retry=ONE_ATTEMPT)
        service.statuses["second"] = [500]
        await service.begin(plain, **dict.fromkeys(["first", "second", "third"], profile("customer-7")))
        await service.cancel("first")
        assert service.received == ["first", "second"]
        with pytest.raises(ServerError):
            await service.end("second")
        assert service.received == ["first", "second", "third"]
        await service.end("third")


async def test_a_call_holds_its_keys_until_the_last_attempt() -> None:
    """A retried call keeps its lock keys: the next update waits until it ends."""
    async with open_service() as (service, talon):
        service.statuses["first"] = [503, 409]
        await service.begin(talon, first=profile("customer-7"), second=profile("customer-7"))
        await service.end("first")
        assert service.received == ["first", "first", "first", "second"]
        await service.end("second")


async def test_the_deadline_ends_a_queued_call() -> None:
    """Time in the queue counts towards the deadline; a call that ends there was not sent."""
    async with open_service() as (service, talon):
        await service.begin(talon, first=profile("customer-7"))
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.with_options(deadline=0.02).profiles.update("customer-7", PROFILE)
        assert (caught.value.sent, caught.value.attempts) == (False, 0)
        await service.end("first")


@pytest.mark.parametrize(("width", "in_flight"), [(1, 1), (2, 2), (3, 3), (None, 5)])
async def test_the_number_in_flight_per_key_is_configurable(width: int | None, in_flight: int) -> None:
    """`max_in_flight_per_key` calls per customer run concurrently, and any number if it is `None`."""
    service = Service()
    async with mocked(httpx.MockTransport(service.handle), max_in_flight_per_key=width) as talon:
        names = ["a", "b", "c", "d", "e"]
        await service.begin(talon, **dict.fromkeys(names, profile("customer-7")))
        assert service.received == names[:in_flight]
        for n, name in enumerate(names, 1):
            await service.end(name)
            assert service.received == names[: max(in_flight, min(n + in_flight, 5))]


async def test_many_calls_for_few_customers_all_complete() -> None:
    """For any pairing of sessions and profiles, each runs one call at a time, and all calls complete."""
    dice = random.Random(7)  # noqa: S311  no secret
    serving: Counter[str] = Counter()
    served = 0

    async def serve(request: httpx.Request) -> httpx.Response:
        nonlocal served
        keys = [request.url.path, request.content.decode()]
        serving.update(keys)
        assert {serving[key] for key in keys} == {1}
        for _ in range(dice.randrange(5)):
            await asyncio.sleep(0)
        serving.subtract(keys)
        served += 1
        return httpx.Response(200, content=SESSION_STATE)

    queue = KeyedQueue()
    async with rewired(mocked(httpx.MockTransport(serve)), queue=queue) as talon:
        calls = [session(f"cart-{dice.randrange(6)}", f"c-{dice.randrange(6)}") for _ in range(300)]
        async with asyncio.timeout(5):
            await asyncio.gather(*(call(talon) for call in calls))
    assert served == 300
    assert len(queue) == 0


async def test_calls_are_queued_by_default() -> None:
    """By default, concurrent updates of one cart run one at a time, in order."""
    quantities: list[str] = []

    async def serve(request: httpx.Request) -> httpx.Response:
        quantities.append(request.content.decode())
        await asyncio.sleep(0)
        return httpx.Response(200, content=SESSION_STATE)

    carts = [NewCustomerSessionV2(cart_items=[CartItem(sku="S-1", quantity=n)]) for n in range(1, 6)]
    async with mocked(httpx.MockTransport(serve)) as talon:
        await asyncio.gather(*(talon.sessions.update("cart-1", cart) for cart in carts))
        await talon.sessions.update("cart-1", SESSION)
    assert [text.split('"quantity":')[1][0] for text in quantities] == ["1", "2", "3", "4", "5", "1"]
