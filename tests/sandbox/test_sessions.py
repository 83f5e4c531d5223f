"""Sessions: updates, totals, profiles, and state transitions."""

from datetime import timedelta
from typing import Any

import pytest

from talon_async import (
    UNSET,
    AdditionalCost,
    BadRequestError,
    CartItem,
    ExperimentVariantAllocation,
    NewCustomerSessionV2,
    TalonClient,
)
from talon_async.sandbox import Deployment
from tests.sandbox.support import (
    profile_of,
    session_of,
    shoes_and_socks,
)

SESSION = ["customerSession"]
VARIANT = ExperimentVariantAllocation(experiment_id=1, variant_id=2)


async def test_a_session_is_created_and_read(talon: TalonClient) -> None:
    """`get` returns the session that `update` returned."""
    response = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=SESSION)
    read = await talon.sessions.get("cart-1")
    assert session_of(read) == session_of(response)
    assert session_of(read).integration_id == "cart-1"
    assert session_of(read).profile_id == "customer-7"


async def test_totals_exclude_discounts(talon: TalonClient) -> None:
    """Items, their additional costs and those of the session have separate totals before discounts."""
    sneakers = CartItem(
        sku="S-1", quantity=3, price=9.99, additional_costs={"engraving": AdditionalCost(price=1.1)}
    )
    given = shoes_and_socks(
        cart_items=[sneakers, CartItem(sku="FREE", quantity=1, price=0.0)],
        additional_costs={"shipping": AdditionalCost(price=20.0), "gift wrap": AdditionalCost(price=2.5)},
        coupon_codes=["WELCOME10"],
    )
    session = session_of(await talon.sessions.update("cart-1", given, response_content=SESSION))
    assert session.cart_item_total == 29.97
    assert session.cart_item_additional_cost_total == 3.3
    assert session.additional_cost_total == 22.5
    assert session.total == 55.77


async def test_items_have_computed_fields(talon: TalonClient) -> None:
    """Items have their position, and their returned and remaining quantities."""
    _, item = session_of(
        await talon.sessions.update("cart-1", shoes_and_socks(), response_content=SESSION)
    ).cart_items
    assert (item.position, item.returned_quantity, item.remaining_quantity) == (1, 0, 2)


async def test_an_item_needs_a_price(talon: TalonClient, deployment: Deployment) -> None:
    """An item with no price, and none in a catalog, is refused, and nothing is stored."""
    given = shoes_and_socks(
        cart_items=[CartItem(sku="A", quantity=1, price=1.0), CartItem(sku="B", quantity=4)]
    )
    with pytest.raises(BadRequestError) as refused:
        await talon.sessions.update("cart-1", given)
    assert [(e.title, e.pointer) for e in refused.value.errors] == [("required", "/cartItems/1/price")]
    assert (deployment.sessions, deployment.profiles, deployment.store.last_numbers.get("session")) == (
        {},
        {},
        None,
    )


async def test_an_update_keeps_omitted_fields(talon: TalonClient) -> None:
    """An update changes only the fields it has. Attributes are merged."""
    first = shoes_and_socks(
        coupon_codes=["WELCOME10"], referral_code="FRIEND", attributes={"a": 1, "b": 1}, identifiers=["x"]
    )
    await talon.sessions.update("cart-1", first)
    change = NewCustomerSessionV2(attributes={"b": 2})
    session = session_of(await talon.sessions.update("cart-1", change, response_content=SESSION))
    assert session.attributes == {"a": 1, "b": 2}
    assert session.coupon_codes == ["WELCOME10"]
    assert session.referral_code == "FRIEND"
    assert session.identifiers == ["x"]
    assert session.cart_item_total == 100.0
    assert session.profile_id == "customer-7"


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        ("coupon_codes", [], []),
        ("coupon_codes", None, []),
        ("coupon_codes", UNSET, ["WELCOME10"]),
        ("referral_code", "", ""),
        ("referral_code", None, ""),
        ("referral_code", UNSET, "FRIEND"),
        ("cart_items", [], []),
        ("profile_id", "", ""),
        ("profile_id", None, ""),
        ("store_integration_id", None, None),
        ("loyalty_cards", [], []),
        ("identifiers", [], []),
        ("identifiers", UNSET, ["10.0.0.1"]),
        ("additional_costs", {}, {}),
        ("experiment_variant_allocations", [], []),
        ("experiment_variant_allocations", UNSET, [VARIANT]),
    ],
)
async def test_empty_null_and_omitted_differ(
    talon: TalonClient, field: str, given: Any, expected: Any
) -> None:
    """An empty value or `null` clears a field. An omitted field keeps its value."""
    first = shoes_and_socks(
        coupon_codes=["WELCOME10"],
        referral_code="FRIEND",
        store_integration_id="store-1",
        identifiers=["10.0.0.1"],
        additional_costs={"shipping": AdditionalCost(price=5.0)},
        experiment_variant_allocations=[VARIANT],
    )
    await talon.sessions.update("cart-1", first)
    change = NewCustomerSessionV2(**{field: given})
    session = session_of(await talon.sessions.update("cart-1", change, response_content=SESSION))
    assert getattr(session, field) == expected


async def test_cart_items_are_replaced_as_a_list(talon: TalonClient) -> None:
    """A new list of items replaces the old one, with the attributes of items."""
    before = [CartItem(sku="A", quantity=1, price=1.0, attributes={"color": "red"})]
    await talon.sessions.update("cart-1", shoes_and_socks(cart_items=before))
    change = NewCustomerSessionV2(cart_items=[CartItem(sku="A", quantity=2, price=1.0)])
    (item,) = session_of(await talon.sessions.update("cart-1", change, response_content=SESSION)).cart_items
    assert (item.quantity, item.attributes) == (2, {})


async def test_updates_are_counted_from_one(talon: TalonClient, deployment: Deployment) -> None:
    """The first update has count 1, each update adds 1, and `updated` follows the clock."""
    first = session_of(await talon.sessions.update("cart-1", shoes_and_socks(), response_content=SESSION))
    deployment.clock.advance(hours=1)
    second = session_of(
        await talon.sessions.update("cart-1", NewCustomerSessionV2(), response_content=SESSION)
    )
    assert (first.update_count, second.update_count) == (1, 2)
    assert second.updated - first.updated == timedelta(hours=1)
    assert second.created == first.created


async def test_first_session_is_stable(talon: TalonClient) -> None:
    """`first_session` is true on each update of a profile's first session, and if anonymous."""

    async def is_first(session_id: str, **fields: Any) -> bool:
        response = await talon.sessions.update(
            session_id, shoes_and_socks(**fields), response_content=SESSION
        )
        return session_of(response).first_session

    assert await is_first("cart-1")
    assert not await is_first("cart-2")
    assert await is_first("cart-1")
    assert await is_first("cart-3", profile_id="")
    assert await is_first("cart-4", profile_id="")


async def test_an_open_session_can_change_its_profile(talon: TalonClient, deployment: Deployment) -> None:
    """A guest's cart moves to the customer who signs in, and no longer counts for the guest."""
    await talon.sessions.update("cart-1", shoes_and_socks(profile_id="guest-1"))
    response = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(profile_id="customer-7", state="closed"), response_content=SESSION
    )
    assert (session_of(response).profile_id, session_of(response).first_session) == ("customer-7", True)
    assert profile_of(deployment).total_sales == 100.0
    assert profile_of(deployment, "guest-1").closed_sessions == 0
    second = await talon.sessions.update(
        "cart-2", shoes_and_socks(profile_id="guest-1"), response_content=SESSION
    )
    assert session_of(second).first_session


async def test_unknown_profiles_are_created(talon: TalonClient, deployment: Deployment) -> None:
    """A session creates its profile. An anonymous session creates none."""
    await talon.sessions.update("cart-1", shoes_and_socks())
    await talon.sessions.update("cart-2", shoes_and_socks(profile_id=""))
    assert list(deployment.profiles) == ["customer-7"]


async def test_a_profile_counts_closed_sessions(talon: TalonClient, deployment: Deployment) -> None:
    """A closed session counts with its total before discounts, until it is cancelled."""
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"], state="closed"))
    await talon.sessions.update("cart-2", shoes_and_socks(state="closed"))
    assert (profile_of(deployment).closed_sessions, profile_of(deployment).total_sales) == (2, 200.0)
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert (profile_of(deployment).closed_sessions, profile_of(deployment).total_sales) == (1, 100.0)


async def test_activity_follows_the_clock(talon: TalonClient, deployment: Deployment) -> None:
    """A request that runs rules updates the profile's last activity. A dry run does not."""
    await talon.sessions.update("cart-1", shoes_and_socks())
    begun = profile_of(deployment).last_activity
    deployment.clock.advance(minutes=5)
    await talon.sessions.update("cart-1", shoes_and_socks(), dry=True)
    assert profile_of(deployment).last_activity == begun
    await talon.sessions.update("cart-1", NewCustomerSessionV2())
    assert profile_of(deployment).last_activity == begun + timedelta(minutes=5)


PATHS: dict[str | None, list[str]] = {
    None: [],
    "open": ["open"],
    "closed": ["open", "closed"],
    "cancelled": ["open", "cancelled"],
}


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        (None, UNSET, "talon_session_created"),
        (None, "open", "talon_session_created"),
        (None, "closed", "talon_session_created"),
        ("open", UNSET, "talon_session_updated"),
        ("open", "open", "talon_session_updated"),
        ("open", "closed", "talon_session_closed"),
        ("open", "cancelled", "talon_session_cancelled"),
        ("closed", "cancelled", "talon_session_revoked"),
    ],
)
async def test_valid_state_transitions(
    talon: TalonClient, before: str | None, after: Any, event: str
) -> None:
    """Each documented transition succeeds and creates its built-in event."""
    for state in PATHS[before]:
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state=state))
    response = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state=after), response_content=["event", "customerSession"]
    )
    assert response.event
    assert (response.event.type, response.event.session_id) == (event, "cart-1")
    assert session_of(response).state == (after or "open")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "cancelled"),
        (None, "partially_returned"),
        ("open", "partially_returned"),
        ("closed", UNSET),
        ("closed", "open"),
        ("closed", "closed"),
        ("closed", "partially_returned"),
        ("cancelled", UNSET),
        ("cancelled", "open"),
        ("cancelled", "closed"),
        ("cancelled", "cancelled"),
    ],
)
async def test_invalid_state_transitions_are_refused(
    talon: TalonClient, deployment: Deployment, before: str | None, after: Any
) -> None:
    """Any other transition is refused at `/state` and changes nothing."""
    for state in PATHS[before]:
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state=state))
    stored = deployment.sessions["cart-1"].session if before else None
    with pytest.raises(BadRequestError) as refused:
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state=after, attributes={"a": 1}))
    (error,) = refused.value.errors
    assert error.pointer == "/state"
    assert (deployment.sessions["cart-1"].session if before else None) == stored


async def test_cancelling_a_closed_session_ignores_other_fields(talon: TalonClient) -> None:
    """An update that cancels a closed session changes only its state."""
    await talon.sessions.update("cart-1", shoes_and_socks(state="closed"))
    response = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="cancelled", cart_items=[]), response_content=SESSION
    )
    assert session_of(response).cart_item_total == 100.0


@pytest.mark.parametrize("call", ["get", "reopen", "return_items"])
async def test_unknown_sessions_are_refused(talon: TalonClient, call: str) -> None:
    """Reading, reopening or returning from an unknown session gives 400 and names it."""
    arguments: list[Any] = [[]] if call == "return_items" else []
    with pytest.raises(BadRequestError, match="'cart-9'"):
        await getattr(talon.sessions, call)("cart-9", *arguments)
