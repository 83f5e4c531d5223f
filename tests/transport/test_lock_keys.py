"""Calls that change the same coupon, audience, card or catalog are queued: no retry undoes a later call."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import pytest

from talon_async import (
    AddItemCatalogAction,
    CatalogAction,
    CustomerProfileAudienceRequestItem,
    CustomerProfileIntegrationRequestV2,
    MultipleCustomerProfileIntegrationRequestItem,
    TalonClient,
)
from talon_async._operations import OPERATIONS
from talon_async.sandbox import Fault, create_app, percentage_coupon
from talon_async.testing import InProcessTransport
from tests.sandbox.checked import checked_deployment
from tests.transport.service import Call, open_service
from tests.transport.support import rewired, settled


def members(audience_id: int, name: str) -> Call:
    """Adds a customer to an audience."""
    change = CustomerProfileAudienceRequestItem(
        action="add", profile_integration_id=name, audience_id=audience_id
    )
    return lambda talon: talon.audiences.update_members([change])


def sync(catalog_id: int) -> Call:
    """Adds an item to a catalog."""
    actions = [CatalogAction(type="ADD", payload=AddItemCatalogAction(sku="S-1", price=9.0))]
    return lambda talon: talon.catalogs.sync(catalog_id, actions)


CALLS: Final[Mapping[str, tuple[Call, Call]]] = {
    "createCouponReservation": (
        lambda talon: talon.coupons.reserve("WELCOME10", ["customer-1"]),
        lambda talon: talon.coupons.reserve("SUMMER20", ["customer-1"]),
    ),
    "deleteCouponReservation": (
        lambda talon: talon.coupons.release("WELCOME10", ["customer-1"]),
        lambda talon: talon.coupons.release("SUMMER20", ["customer-1"]),
    ),
    "updateAudienceV2": (
        lambda talon: talon.audiences.rename(5, "VIP"),
        lambda talon: talon.audiences.rename(6, "VIP"),
    ),
    "deleteAudienceV2": (lambda talon: talon.audiences.delete(5), lambda talon: talon.audiences.delete(6)),
    "deleteAudienceMembershipsV2": (
        lambda talon: talon.audiences.clear(5),
        lambda talon: talon.audiences.clear(6),
    ),
    "updateAudienceCustomersAttributes": (
        lambda talon: talon.audiences.update_attributes(5, {"Color": "red"}),
        lambda talon: talon.audiences.update_attributes(6, {"Color": "red"}),
    ),
    "updateCustomerProfileAudiences": (members(5, "customer-2"), members(6, "customer-3")),
    "linkLoyaltyCardToProfile": (
        lambda talon: talon.loyalty.cards(1, "CARD-1").link("customer-4"),
        lambda talon: talon.loyalty.cards(1, "CARD-2").link("customer-5"),
    ),
    "unlinkLoyaltyCardFromProfile": (
        lambda talon: talon.loyalty.cards(1, "CARD-1").unlink("customer-6"),
        lambda talon: talon.loyalty.cards(1, "CARD-2").unlink("customer-7"),
    ),
    "syncCatalog": (sync(1), sync(2)),
}
"""For each operation with such a key, a call for one object and a call for another."""


def kind_of(operation_id: str) -> str:
    """The kind of object that an operation changes."""
    return next(kind for kind in OPERATIONS[operation_id].lock_keys if kind not in ("session", "profile"))


PAIRS: Final = [
    pytest.param(first, second, id=f"{first} {second}")
    for first in CALLS
    for second in CALLS
    if kind_of(first) == kind_of(second)
]


def test_every_operation_with_other_lock_keys_is_tested() -> None:
    """Each operation that locks something other than sessions and profiles has its calls above."""
    assert set(CALLS) == {
        row.id for row in OPERATIONS.values() if row.lock_keys.keys() - {"session", "profile"}
    }


@pytest.mark.parametrize(("first", "second"), PAIRS)
async def test_calls_for_one_object_are_queued(first: str, second: str) -> None:
    """A call waits for a call in flight that changes the same object, not for one that changes another."""
    async with open_service() as (service, talon):
        same, other = CALLS[second]
        await service.begin(talon, first=CALLS[first][0], same=same, other=other)
        assert service.received == ["first", "other"]
        await service.end("first")
        assert service.received == ["first", "other", "same"]
        await service.end("other")
        await service.end("same")


async def test_profiles_in_a_tuple_are_queued() -> None:
    """A call for many profiles waits for a call for one of them, also if they are given as a tuple."""
    profiles: Any = (MultipleCustomerProfileIntegrationRequestItem(integration_id="customer-7"),)
    async with open_service() as (service, talon):
        await service.begin(
            talon,
            one=lambda talon: talon.profiles.update("customer-7", CustomerProfileIntegrationRequestV2()),
            many=lambda talon: talon.profiles.update_many(profiles),
        )
        assert service.received == ["one"]
        await service.end("one")
        assert service.received == ["one", "many"]


async def test_a_retry_does_not_undo_a_later_call() -> None:
    """A reservation made while a release is retried persists, in the order of the calls."""
    deployment = checked_deployment(campaigns=[percentage_coupon("WELCOME10", 10)])
    transport = InProcessTransport(create_app(deployment))

    async def pause(_seconds: float) -> None:
        await settled()

    async with TalonClient("http://localhost", api_key=deployment.api_key, transport=transport) as client:
        talon = rewired(client, sleep=pause)
        await talon.coupons.reserve("WELCOME10", ["customer-7"])
        deployment.faults.add(Fault(operation="deleteCouponReservation", reset="after", times=1))
        release = asyncio.create_task(talon.coupons.release("WELCOME10", ["customer-7"]))
        await asyncio.sleep(0)
        await talon.coupons.reserve("WELCOME10", ["customer-7"])
        await release
        customers = await talon.coupons.reserved_customers("WELCOME10")
    assert [customer.integration_id for customer in customers] == ["customer-7"]
