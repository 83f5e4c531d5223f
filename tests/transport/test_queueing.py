"""Order: calls that touch the same session or profile go one after another, all others side by side."""

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
    """Make the call that updates a session, maybe one of a profile."""
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
    """Make the call that tracks an event of a profile, maybe in a session."""
    event = IntegrationEventV3Request(profile_id=customer, type="Seen", integration_id="event-1")
    if connected is not None:
        event.connected_session_id = connected
    return lambda talon: talon.events.track_advanced(event)


# Each as the second call, when an update of session `cart-1` of profile `customer-7` is under way.
WAITING: Final[dict[str, list[Call]]] = {
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
GOING: Final[dict[str, Call]] = {
    "another session": session("cart-2"),
    "another customer": session("cart-2", "customer-8"),
    "another profile": profile("customer-8"),
    "many other profiles": bulk("customer-6", "customer-8"),
    "a profile with the session's name": profile("cart-1"),
    "an event of nobody": lambda talon: talon.events.track(IntegrationEventV2Request(type="Seen")),
    "a read of the session": lambda talon: talon.sessions.get("cart-1"),
    "a read of the profile": lambda talon: talon.profiles.inventory("customer-7", coupons=True),
    "a read of points": lambda talon: talon.loyalty.profiles(1, "customer-7").balances(),
    "a coupon": lambda talon: talon.coupons.reserve("WELCOME10", ["customer-7"]),
}


def test_every_operation_that_touches_a_customer_is_called_here() -> None:
    """The operations that stand in line are those that are shown here to wait."""
    assert {operation.id for operation in OPERATIONS.values() if operation.lock_keys} == set(WAITING)


@pytest.mark.parametrize(
    "second",
    [pytest.param(call, id=f"{name} {n}") for name, calls in WAITING.items() for n, call in enumerate(calls)],
)
async def test_calls_of_one_customer_go_one_after_another(second: Call) -> None:
    """A call waits for one that touches the same session or profile, and goes as soon as that ends."""
    async with open_service() as (service, talon):
        await service.begin(talon, first=session("cart-1", "customer-7"), second=second)
        assert service.taken == ["first"]
        await service.end("first")
        assert service.taken == ["first", "second"]
        await service.end("second")


@pytest.mark.parametrize("second", GOING.values(), ids=GOING.keys())
async def test_other_calls_go_side_by_side(second: Call) -> None:
    """Reads, other customers, and what names no customer do not wait."""
    async with open_service() as (service, talon):
        await service.begin(talon, first=session("cart-1", "customer-7"), second=second)
        assert service.taken == ["first", "second"]
        await service.end("second")
        await service.end("first")


async def test_nobody_is_overtaken() -> None:
    """Calls go in the order in which they were made, even past a session that is free meanwhile."""
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
        assert service.taken == ["a"]
        await service.end("a")
        assert service.taken == ["a", "b"]
        await service.end("b")
        assert service.taken == ["a", "b", "c", "d"]
        await service.end("d")
        assert service.taken == ["a", "b", "c", "d", "e", "f"]
        await service.end("f")
        assert service.taken == list(calls)
        for name in "ceg":
            await service.end(name)


async def test_a_bulk_update_waits_for_each_of_its_profiles() -> None:
    """An update of many profiles goes when all of them are free, and those behind it wait for it."""
    async with open_service() as (service, talon):
        await service.begin(
            talon,
            first=profile("customer-1"),
            third=profile("customer-3"),
            many=bulk("customer-1", "customer-2", "customer-3"),
            second=profile("customer-2"),
        )
        await service.end("first")
        assert service.taken == ["first", "third"]
        await service.end("third")
        assert service.taken == ["first", "third", "many"]
        await service.end("many")
        assert service.taken[-1] == "second"
        await service.end("second")


@pytest.mark.parametrize("call", [bulk("customer-7", "customer-7"), v3("customer-7", "customer-7")])
@pytest.mark.parametrize("width", [1, 2])
async def test_a_call_does_not_wait_for_itself(call: Call, width: int) -> None:
    """A call that names a profile twice stands in its line once."""
    async with open_service(width) as (service, talon):
        await service.begin(talon, twice=call, other=profile("customer-7"))
        assert service.taken == ["twice", "other"][:width]
        await service.end("twice")
        await service.end("other")


async def test_a_call_that_waits_can_be_given_up() -> None:
    """A cancelled call leaves the line, and frees those who waited for it alone."""
    async with open_service() as (service, talon):
        await service.begin(
            talon,
            first=profile("customer-7"),
            second=session("cart-1", "customer-7"),
            third=profile("customer-7"),
            fourth=session("cart-1"),
        )
        await service.cancel("second")
        assert service.taken == ["first", "fourth"]
        await service.end("first")
        assert service.taken == ["first", "fourth", "third"]
        for name in ("third", "fourth"):
            await service.end(name)


async def test_a_call_under_way_that_is_given_up_lets_the_next_go() -> None:
    """A call that is cancelled while it is served, or fails, passes its turn on."""
    async with open_service() as (service, talon):
        plain = talon.with_options(retry=ONE_ATTEMPT)
        service.statuses["second"] = [500]
        await service.begin(plain, **dict.fromkeys(["first", "second", "third"], profile("customer-7")))
        await service.cancel("first")
        assert service.taken == ["first", "second"]
        with pytest.raises(ServerError):
            await service.end("second")
        assert service.taken == ["first", "second", "third"]
        await service.end("third")


async def test_a_turn_lasts_until_the_last_attempt() -> None:
    """A call that is tried again keeps its turn: the next update must not come before it."""
    async with open_service() as (service, talon):
        service.statuses["first"] = [503, 409]
        await service.begin(talon, first=profile("customer-7"), second=profile("customer-7"))
        await service.end("first")
        assert service.taken == ["first", "first", "first", "second"]
        await service.end("second")


async def test_the_deadline_ends_a_call_in_line() -> None:
    """Waiting for one's turn counts: the call ends by its deadline, was not tried and had no effect."""
    async with open_service() as (service, talon):
        await service.begin(talon, first=profile("customer-7"))
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.with_options(deadline=0.02).profiles.update("customer-7", PROFILE)
        assert (caught.value.sent, caught.value.attempts) == (False, 0)
        await service.end("first")


@pytest.mark.parametrize(("width", "at_once"), [(1, 1), (2, 2), (3, 3), (None, 5)])
async def test_how_many_go_at_once_is_up_to_the_user(width: int | None, at_once: int) -> None:
    """`max_in_flight_per_key` calls touch one customer at once, and any number if it is `None`."""
    service = Service()
    async with mocked(httpx.MockTransport(service.take), max_in_flight_per_key=width) as talon:
        names = ["a", "b", "c", "d", "e"]
        await service.begin(talon, **dict.fromkeys(names, profile("customer-7")))
        assert service.taken == names[:at_once]
        for n, name in enumerate(names, 1):
            await service.end(name)
            assert service.taken == names[: max(at_once, min(n + at_once, 5))]


async def test_many_calls_of_few_customers_all_come_through() -> None:
    """However sessions and profiles are paired, each is served one call at a time, and all are served."""
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


async def test_a_client_orders_its_calls_unasked() -> None:
    """Order is the default: of five updates of one cart at once, one is served at a time, in their order."""
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
