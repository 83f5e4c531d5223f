"""Limits that the API documents only in prose are checked before sending, with the field's name."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import attrs
import httpx
import pytest

from talon_async import (
    AddItemCatalogAction,
    AddPriceAdjustmentCatalogAction,
    CatalogAction,
    CustomerProfileAudienceRequestItem,
    IntegrationEventV2Request,
    IntegrationEventV3Request,
    InvalidRequestError,
    MultipleCustomerProfileIntegrationRequestItem,
    NewPriceAdjustment,
    NewReferralsForMultipleAdvocates,
    PatchItemCatalogAction,
    RemoveItemCatalogAction,
    RemoveManyItemsCatalogAction,
    TalonClient,
)
from tests.transport.support import mocked

Call = Callable[[TalonClient], Awaitable[object]]


@attrs.define
class Counter:
    """Responds to every request, and counts them."""

    requests: int = 0

    def __call__(self, _: httpx.Request) -> httpx.Response:
        """Respond to a request."""
        self.requests += 1
        return httpx.Response(200, content=b"{}")


async def requests_of(call: Call) -> int:
    """The number of requests that a call sends."""
    counter = Counter()
    async with mocked(httpx.MockTransport(counter)) as talon:
        await call(talon)
    return counter.requests


async def field_refused(call: Call) -> str:
    """The field for which a call is refused, before it sends anything."""
    counter = Counter()
    async with mocked(httpx.MockTransport(counter)) as talon:
        with pytest.raises(InvalidRequestError) as caught:
            await call(talon)
    assert counter.requests == 0
    return caught.value.field


def texts(count: int) -> list[str]:
    """Distinct strings."""
    return [f"text-{n}" for n in range(count)]


def update_many(count: int) -> Call:
    """Profiles to update in one request."""
    profiles = [MultipleCustomerProfileIntegrationRequestItem(integration_id=text) for text in texts(count)]
    return lambda talon: talon.profiles.update_many(profiles)


def update_members(count: int) -> Call:
    """Changes of audiences in one request."""
    changes = [
        CustomerProfileAudienceRequestItem(action="add", profile_integration_id=text, audience_id=1)
        for text in texts(count)
    ]
    return lambda talon: talon.audiences.update_members(changes)


def create_referrals(count: int) -> Call:
    """Advocates in one request."""
    referrals = NewReferralsForMultipleAdvocates(
        usage_limit=1, campaign_id=3, advocate_profile_integration_ids=texts(count)
    )
    return lambda talon: talon.referrals.create_many(referrals)


def sync(*actions: CatalogAction) -> Call:
    """Actions in one sync."""
    return lambda talon: talon.catalogs.sync(31, [*actions])


def removals(count: int) -> list[CatalogAction]:
    """Actions on different items."""
    return [CatalogAction(type="REMOVE", payload=RemoveItemCatalogAction(sku=text)) for text in texts(count)]


def remove(count: int) -> Call:
    """Actions on different items in one sync."""
    return sync(*removals(count))


def adjust(count: int) -> Call:
    """Price adjustments of one item."""
    adjustments = [NewPriceAdjustment(price_type="member", reference_id=text) for text in texts(count)]
    payload = AddPriceAdjustmentCatalogAction(sku="S-1", adjustments=adjustments)
    return sync(CatalogAction(type="ADD_PRICE_ADJUSTMENT", payload=payload))


def activate(count: int) -> Call:
    """Transactions whose points are activated in one request."""
    uuids = [str(UUID(int=n)) for n in range(count)]
    return lambda talon: talon.loyalty.program(1).activate_points(transaction_uuids=uuids)


def reserve(count: int) -> Call:
    """Customers that a coupon is reserved for in one request."""
    return lambda talon: talon.coupons.reserve("CODE", texts(count))


def release(count: int) -> Call:
    """Customers whose reservation is removed in one request."""
    return lambda talon: talon.coupons.release("CODE", texts(count))


@pytest.mark.parametrize(
    ("call", "least", "most", "field"),
    [
        (update_many, 0, 1000, "customer_profiles"),
        (update_members, 0, 1000, "data"),
        (reserve, 0, 1000, "integration_ids"),
        (release, 0, 1000, "integration_ids"),
        (create_referrals, 1, 1000, "advocate_profile_integration_ids"),
        (remove, 1, 1000, "actions"),
        (adjust, 1, 100, "actions[0].payload.adjustments"),
        (activate, 1, 50, "transaction_uuids"),
    ],
)
async def test_counts_are_limited(call: Callable[[int], Call], least: int, most: int, field: str) -> None:
    """The minimum and the maximum are sent; one less or one more is refused."""
    assert await requests_of(call(least)) == await requests_of(call(most)) == 1
    assert await field_refused(call(most + 1)) == field
    if least:
        assert await field_refused(call(least - 1)) == field


CARDS: dict[str, tuple[Callable[[str], Call], str]] = {
    "balances": (lambda card: lambda talon: talon.loyalty.cards(1, card).balances(), "loyalty_card_id"),
    "points": (lambda card: lambda talon: talon.loyalty.cards(1, card).points().page(), "loyalty_card_id"),
    "transactions": (
        lambda card: lambda talon: talon.loyalty.cards(1, card).transactions().page(),
        "loyalty_card_id",
    ),
    "link": (lambda card: lambda talon: talon.loyalty.cards(1, card).link("customer-7"), "loyalty_card_id"),
    "unlink": (
        lambda card: lambda talon: talon.loyalty.cards(1, card).unlink("customer-7"),
        "loyalty_card_id",
    ),
    "generate_card": (
        lambda card: lambda talon: talon.loyalty.program(1).generate_card(card_identifier=card),
        "card_identifier",
    ),
}


@pytest.mark.parametrize(("call", "field"), CARDS.values(), ids=CARDS.keys())
async def test_card_identifiers_are_checked(call: Callable[[str], Call], field: str) -> None:
    """In a path as in a body, a card identifier has 4 to 108 valid characters."""
    for card in ("aB3.", "_%+@-", "x" * 108):
        assert await requests_of(call(card)) == 1
    for card in ("", "abc", "x" * 109, "abc d", "abc/d", "abcd\n", "abc\u00e4"):
        assert await field_refused(call(card)) == field


async def test_duplicate_transactions_are_refused() -> None:
    """The same transaction twice is refused."""
    uuids = [str(UUID(int=1))] * 2
    refused = field_refused(lambda talon: talon.loyalty.program(1).activate_points(transaction_uuids=uuids))
    assert await refused == "transaction_uuids"


async def test_points_are_activated_by_session_or_by_transaction() -> None:
    """Both together, or neither, are refused; each alone is sent."""
    uuids = [str(UUID(int=1))]
    assert await requests_of(lambda talon: talon.loyalty.program(1).activate_points(session_id="s")) == 1
    assert await requests_of(activate(1)) == 1
    refused: list[Call] = [
        lambda talon: talon.loyalty.program(1).activate_points(),
        lambda talon: talon.loyalty.program(1).activate_points(session_id="s", transaction_uuids=uuids),
    ]
    for call in refused:
        assert await field_refused(call) == "session_id, transaction_uuids"


async def test_subledgers_are_required_where_they_are_selected() -> None:
    """Selecting subledgers needs at least one; clearing all needs none."""

    def clear(scope: str, **subledgers: list[str]) -> Call:
        return lambda talon: talon.loyalty.profiles(1, "c").delete_transactions(scope, **subledgers)

    assert await requests_of(clear("AllSubledgers")) == 1
    assert await requests_of(clear("SelectedSubledgers", subledger_ids=[""])) == 1
    assert await field_refused(clear("SelectedSubledgers")) == "subledger_ids"
    assert await field_refused(clear("SelectedSubledgers", subledger_ids=[])) == "subledger_ids"


async def test_awaits_activation_cannot_be_false() -> None:
    """`awaits_activation` may be `True` or omitted: the service responds 400 to `False`."""

    def of_profile(**arguments: Any) -> Call:
        return lambda talon: talon.loyalty.profiles(1, "customer-7").transactions(**arguments).page()

    def on_card(**arguments: Any) -> Call:
        return lambda talon: talon.loyalty.cards(1, "CARD-7").transactions(**arguments).page()

    for call in (of_profile, on_card):
        assert await requests_of(call()) == await requests_of(call(awaits_activation=True)) == 1
        assert await field_refused(call(awaits_activation=False)) == "awaits_activation"


async def test_a_sync_has_actions_of_one_type() -> None:
    """Actions of two types are refused, whatever their items."""
    add = CatalogAction(type="ADD", payload=AddItemCatalogAction(sku="S-1"))
    patch = CatalogAction(type="PATCH", payload=PatchItemCatalogAction(sku="S-2"))
    assert await field_refused(sync(add, patch)) == "actions"


async def test_a_sync_names_each_item_once() -> None:
    """The second action on an item is refused with its path; actions without an item are not counted."""
    everything = CatalogAction(type="REMOVE_MANY", payload=RemoveManyItemsCatalogAction())
    assert await requests_of(sync(everything, everything)) == 1
    first, second = removals(2)
    assert await requests_of(sync(first, second)) == 1
    assert await field_refused(sync(first, second, first)) == "actions[2].payload.sku"


V2 = IntegrationEventV2Request(type="Seen")
V3 = IntegrationEventV3Request(profile_id="customer-7", type="Seen", integration_id="event-1")


async def test_a_complete_evaluation_needs_a_dry_request() -> None:
    """`force_complete_evaluation=True` needs ``dry=True``, for both kinds of events."""

    def plain(**arguments: Any) -> Call:
        return lambda talon: talon.events.track(V2, silent=True, **arguments)

    def advanced(**arguments: Any) -> Call:
        return lambda talon: talon.events.track_advanced(V3, silent=False, **arguments)

    for call in (plain, advanced):
        assert await requests_of(call(force_complete_evaluation=True, dry=True)) == 1
        assert await requests_of(call(force_complete_evaluation=False)) == 1
        for not_dry in ({}, {"dry": False}):
            refused = call(force_complete_evaluation=True, **not_dry)
            assert await field_refused(refused) == "force_complete_evaluation"


EMPTY: list[tuple[Call, str]] = [
    (lambda talon: talon.sessions.reopen(""), "customer_session_id"),
    (lambda talon: talon.profiles.delete_data(""), "integration_id"),
    (lambda talon: talon.events.get(""), "integration_id"),
    (lambda talon: talon.coupons.reserved_customers(""), "coupon_value"),
    (lambda talon: talon.loyalty.profiles(1, "").join(), "integration_id"),
    (lambda talon: talon.loyalty.cards(1, "").balances(), "loyalty_card_id"),
]


@pytest.mark.parametrize(("call", "field"), EMPTY)
async def test_an_empty_identifier_is_refused(call: Call, field: str) -> None:
    """An empty string in a path is refused, as the request would go to another path."""
    assert await field_refused(call) == field
