"""Customer sessions, from open cart to closed order, and the returns of their items."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import attrs

from talon_async.models.base import (
    READ_ONLY,
    UNSET,
    CouponCode,
    IntegrationId,
    Limit,
    Model,
    Omittable,
    StoreIntegrationId,
    Wire,
)

__all__ = [
    "AdditionalCost",
    "CartItem",
    "CustomerSessionV2",
    "ExperimentVariantAllocation",
    "NewCustomerSessionV2",
    "NewReturn",
    "PriceDetail",
    "Product",
    "Return",
    "ReturnedCartItem",
    "SessionState",
]

SessionState: TypeAlias = Literal["open", "closed", "partially_returned", "cancelled"]
"""Where a session stands; which moves are possible is told at `NewCustomerSessionV2.state`."""


@attrs.define(kw_only=True, eq=False, repr=False)
class Product(Model):
    """The product behind a cart item."""

    name: str


@attrs.define(kw_only=True, eq=False, repr=False)
class AdditionalCost(Model):
    """A cost on top of the goods, such as shipping.

    Attributes:
        price: In the Application's currency.
    """

    price: float


@attrs.define(kw_only=True, eq=False, repr=False)
class PriceDetail(Model):
    """One of the prices that a cart item has, and the price adjustment behind it, if any.

    Attributes:
        price: In the Application's currency.
        adjustment_context_id: Names the context that the adjustment belongs to.
        adjustment_reference_id: Names the adjustment chosen for the item's SKU.
        adjustment_effective_from: When the adjustment starts to count.
        adjustment_effective_until: When the adjustment stops counting.
    """

    price: float | None = None
    adjustment_context_id: str | None = None
    adjustment_reference_id: str | None = None
    adjustment_effective_from: datetime | None = None
    adjustment_effective_until: datetime | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CartItem(Model):
    """A line of the cart.

    Sent with `updateCustomerSessionV2`; in answers the service adds what it worked out.

    Attributes:
        quantity: How many units, at least 1. The rules see each unit as an item of its own, so that effects
            per item repeat.
        returned_quantity: Units returned so far.
        remaining_quantity: Units left after returns.
        price: Of the item, in the Application's currency. Needed unless a catalog has the item; overrides the
            catalog's price.
        category: The group, type or model the item falls under.
        weight: In grams.
        height: In millimeters.
        width: In millimeters.
        length: In millimeters.
        position: The item's place in the cart.
        attributes: Custom attributes by name, which must exist in the Campaign Manager. The map replaces the
            earlier one: a key left out is removed.
        additional_costs: Costs of this item by name; the names must exist in the Campaign Manager.
        catalog_item_id: The catalog entry behind the item.
        selected_price_type: The key in `prices` of the price in force.
        adjustment_reference_id: The price adjustment that gave the price; absent if none did.
        adjustment_effective_from: When that adjustment starts to count, if it says so.
        adjustment_effective_until: When that adjustment stops counting, if it says so.
        prices: The item's prices by price type.
    """

    name: Omittable[str] = UNSET
    sku: Annotated[str, Limit(min_length=1)]
    quantity: Annotated[int, Limit(minimum=1)]
    returned_quantity: Annotated[int | None, READ_ONLY] = None
    remaining_quantity: Annotated[int | None, READ_ONLY] = None
    price: Omittable[float] = UNSET
    category: Omittable[str] = UNSET
    product: Omittable[Product] = UNSET
    weight: Omittable[float] = UNSET
    height: Omittable[float] = UNSET
    width: Omittable[float] = UNSET
    length: Omittable[float] = UNSET
    position: Annotated[float | None, READ_ONLY] = None
    attributes: Omittable[dict[str, Any]] = UNSET
    additional_costs: Omittable[dict[str, AdditionalCost]] = UNSET
    catalog_item_id: Annotated[int | None, Wire("catalogItemID"), READ_ONLY] = None
    selected_price_type: Annotated[str | None, READ_ONLY] = None
    adjustment_reference_id: Annotated[str | None, READ_ONLY] = None
    adjustment_effective_from: Annotated[datetime | None, READ_ONLY] = None
    adjustment_effective_until: Annotated[datetime | None, READ_ONLY] = None
    prices: Annotated[dict[str, PriceDetail] | None, READ_ONLY] = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ExperimentVariantAllocation(Model):
    """The variant of an experiment that a session is put into."""

    experiment_id: Annotated[int, Wire("experimentID")]
    variant_id: Annotated[int, Wire("variantID")]


@attrs.define(kw_only=True, eq=False, repr=False)
class NewCustomerSessionV2(Model):
    """The session to create or update.

    Sent by `updateCustomerSessionV2`, inside `IntegrationRequest`. Each call builds on those before it, but
    a dry call counts only what it sends, and stores nothing.

    Attributes:
        profile_id: The customer, by your identifier. An unknown one creates the profile; an empty string
            makes the session anonymous, though an identifier of your own for guests is the better choice.
        store_integration_id: The store of the sale. Campaigns linked to stores run only if it is one of
            theirs.
        evaluable_campaign_ids: For dry calls: the campaigns to evaluate, disabled ones included.
        coupon_codes: The codes entered. `UNSET` keeps those of earlier calls, `[]` drops them (except on dry
            calls). A campaign with a coupon budget needs a code in the session by the time it closes.
        referral_code: The code entered. `UNSET` keeps the earlier one, an empty string drops it (except on
            dry calls). A campaign with a referral budget needs one by the time the session closes.
        loyalty_cards: Card identifiers, one at most.
        state: A session starts `open` (the default) or `closed`. An open one can be closed; any but a
            cancelled one can be cancelled. Only `returnCartItems` makes a closed one `partially_returned`,
            and only `reopenCustomerSession` opens it again.
        cart_items: At most 1000 items, whose quantities come to 10,000 or less.
        experiment_variant_allocations: The variants to put the session into.
        additional_costs: Costs of the session as a whole by name; the names must exist in the Campaign
            Manager.
        identifiers: Up to 5 marks, such as an IP address, that rules and limits can use; best sent hashed.
            Needed by the time the session closes if a campaign has coupons or a budget per identifier.
        attributes: Built-in and custom attributes by name; custom ones must exist in the Campaign Manager.
    """

    profile_id: Omittable[str] = UNSET
    store_integration_id: Omittable[StoreIntegrationId] = UNSET
    evaluable_campaign_ids: Omittable[list[int]] = UNSET
    coupon_codes: Omittable[list[CouponCode]] = UNSET
    referral_code: Omittable[CouponCode] = UNSET
    loyalty_cards: Omittable[Annotated[list[str], Limit(max_length=1)]] = UNSET
    state: Omittable[SessionState | str] = UNSET
    cart_items: Omittable[Annotated[list[CartItem], Limit(max_length=1000)]] = UNSET
    experiment_variant_allocations: Omittable[list[ExperimentVariantAllocation]] = UNSET
    additional_costs: Omittable[dict[str, AdditionalCost]] = UNSET
    identifiers: Omittable[Annotated[list[str], Limit(max_length=5)]] = UNSET
    attributes: Omittable[dict[str, Any]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerSessionV2(Model):
    """A session as the service holds it.

    Read by `getCustomerSession`; also in answers of `updateCustomerSessionV2` and `returnCartItems`. All
    totals are in the Application's currency and leave discounts aside. What is not listed is told at
    `NewCustomerSessionV2`.

    Attributes:
        id: The service's number for the session.
        integration_id: Your identifier for the session.
        profile_id: Your identifier for the customer.
        first_session: Whether the profile had no session before; always `True` if the session is anonymous.
        update_count: Starts at 1 and grows with each update.
        total: Items and additional costs together.
        cart_item_total: The items alone.
        additional_cost_total: The session's own additional costs.
        cart_item_additional_cost_total: The additional costs of the items.
        updated: When the session last received an event.
    """

    # The contract also requires `coupon` and `referral`, which it does not define.

    id: int
    created: datetime
    integration_id: IntegrationId
    application_id: int
    profile_id: str
    store_integration_id: StoreIntegrationId | None = None
    evaluable_campaign_ids: list[int] | None = None
    coupon_codes: list[CouponCode] | None = None
    referral_code: CouponCode | None = None
    loyalty_cards: Annotated[list[str], Limit(max_length=1)] | None = None
    state: SessionState | str
    cart_items: list[CartItem]
    experiment_variant_allocations: list[ExperimentVariantAllocation] | None = None
    additional_costs: dict[str, AdditionalCost] | None = None
    identifiers: Annotated[list[str], Limit(max_length=5)] | None = None
    attributes: dict[str, Any]
    first_session: bool
    update_count: int
    total: float
    cart_item_total: float
    additional_cost_total: float
    cart_item_additional_cost_total: float
    updated: datetime


@attrs.define(kw_only=True, eq=False, repr=False)
class ReturnedCartItem(Model):
    """Units of one cart item that come back.

    Attributes:
        position: The index of the item in the session's `cart_items`.
        quantity: How many units come back.
        sku: The item's SKU in the session.
    """

    position: Omittable[int] = UNSET
    quantity: Omittable[int] = UNSET
    sku: Omittable[Annotated[str, Limit(min_length=1)]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class NewReturn(Model):
    """The items to return from a closed session.

    Sent by `returnCartItems`, inside `ReturnIntegrationRequest`.
    """

    returned_cart_items: list[ReturnedCartItem]


@attrs.define(kw_only=True, eq=False, repr=False)
class Return(Model):
    """A return as the service recorded it.

    In answers of `returnCartItems`, and among the earlier returns of a session.

    Attributes:
        id: The service's number for the return.
        event_id: The event that the return gave rise to.
        session_id: The service's number for the session.
        session_integration_id: Your identifier for the session.
        profile_id: The service's number for the customer's profile.
        profile_integration_id: Your identifier for the customer's profile.
        created_by: The number of the user who asked for the return.
    """

    id: int
    created: datetime
    application_id: int
    account_id: int
    returned_cart_items: list[ReturnedCartItem]
    event_id: int
    session_id: int
    session_integration_id: IntegrationId
    profile_id: int | None = None
    profile_integration_id: IntegrationId | None = None
    created_by: int | None = None
