"""Customer sessions, from the open cart to the closed order, and returns of their items."""

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
"""The state of a session; `NewCustomerSessionV2.state` documents the transitions."""


@attrs.define(kw_only=True, eq=False, repr=False)
class Product(Model):
    """The product that a cart item belongs to.

    Attributes:
        name: The product's name.
    """

    name: str


@attrs.define(kw_only=True, eq=False, repr=False)
class AdditionalCost(Model):
    """A cost on top of the item prices, such as shipping.

    Attributes:
        price: The amount, in the Application's currency.
    """

    price: float


@attrs.define(kw_only=True, eq=False, repr=False)
class PriceDetail(Model):
    """One price of a cart item and the price adjustment it comes from, if any.

    Attributes:
        price: The price, in the Application's currency.
        adjustment_context_id: The context of the price adjustment.
        adjustment_reference_id: The reference ID of the price adjustment selected for the SKU.
        adjustment_effective_from: When the adjustment takes effect.
        adjustment_effective_until: When the adjustment ends.
    """

    price: float | None = None
    adjustment_context_id: str | None = None
    adjustment_reference_id: str | None = None
    adjustment_effective_from: datetime | None = None
    adjustment_effective_until: datetime | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CartItem(Model):
    """A line item of the cart.

    Sent with `updateCustomerSessionV2`. Attributes marked as set by the service come back in responses and
    are never sent.

    Attributes:
        name: The item's name.
        sku: The item's SKU.
        quantity: The number of units, at least 1. The Rule Engine evaluates each unit as an item of its own,
            so per-item effects occur once per unit.
        returned_quantity: The number of units returned so far. Set by the service.
        remaining_quantity: The number of units that were not returned. Set by the service.
        price: The price of one unit, in the Application's currency. Required unless the item is in a catalog;
            overrides the catalog's price.
        category: The type, group or model of the item.
        product: The product that the item belongs to.
        weight: The weight in grams.
        height: The height in millimeters.
        width: The width in millimeters.
        length: The length in millimeters.
        position: The item's index in the cart. Set by the service.
        attributes: Custom attributes by name, which must exist in the Campaign Manager. The map replaces the
            earlier one: an attribute that is not in it is removed.
        additional_costs: Additional costs of this item by name; the names must exist in the Campaign Manager.
        catalog_item_id: The ID of the catalog item. Set by the service.
        selected_price_type: The key in `prices` of the price that applies. Set by the service.
        adjustment_reference_id: The price adjustment that the price comes from, if any. Set by the service.
        adjustment_effective_from: When that adjustment takes effect, if it has a start. Set by the service.
        adjustment_effective_until: When that adjustment ends, if it has an end. Set by the service.
        prices: The item's prices by price type. Set by the service.
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
    """Assigns a session to a variant of an experiment.

    Attributes:
        experiment_id: The experiment.
        variant_id: The variant.
    """

    experiment_id: Annotated[int, Wire("experimentID")]
    variant_id: Annotated[int, Wire("variantID")]


@attrs.define(kw_only=True, eq=False, repr=False)
class NewCustomerSessionV2(Model):
    """The session to create or update.

    Sent by `updateCustomerSessionV2`, inside `IntegrationRequest`. Each update builds on the earlier ones. A
    dry request is evaluated on its own data alone and stores nothing.

    Attributes:
        profile_id: The integration ID of the customer's profile. The service creates a profile that does not
            exist. An empty string makes the session anonymous; the provider advises a guest ID instead.
        store_integration_id: The integration ID of the store. Campaigns linked to stores are evaluated only
            if it is one of theirs.
        evaluable_campaign_ids: The campaigns to evaluate in a dry request, disabled ones included.
        coupon_codes: The coupon codes entered. In a request that is not dry, `UNSET` keeps the earlier codes
            and `[]` removes them. A campaign with a coupon budget needs a code in the session when it closes.
        referral_code: The referral code entered. In a request that is not dry, `UNSET` keeps the earlier code
            and an empty string removes it. A campaign with a referral budget needs a code in the session when
            it closes.
        loyalty_cards: The identifier of the loyalty card used, as a list of at most one.
        state: ``open`` (default) or ``closed`` for a new session. Updates can close an open session and can
            cancel a session in any state but ``cancelled``. Only `returnCartItems` sets
            ``partially_returned``, and only `reopenCustomerSession` reopens a closed session.
        cart_items: At most 1000 items; their quantities add up to at most 10,000.
        experiment_variant_allocations: The experiment variants to assign to the session.
        additional_costs: Additional costs of the session as a whole by name; the names must exist in the
            Campaign Manager.
        identifiers: At most 5 custom identifiers, such as a hashed IP address, for rules and limits. A
            campaign with coupons or a budget per identifier needs one in the session when it closes.
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
    """A session as stored by the service.

    Returned by `getCustomerSession`, and by `updateCustomerSessionV2` and `returnCartItems` if
    ``responseContent`` contains ``customerSession``. Totals are in the Application's currency, before
    discounts.

    Attributes:
        id: Talon.One's ID of the session.
        created: When the session was created.
        integration_id: The integration ID of the session.
        application_id: The Application of the session.
        profile_id: The integration ID of the customer's profile; empty if the session is anonymous.
        store_integration_id: The integration ID of the store.
        evaluable_campaign_ids: As in the request.
        coupon_codes: The coupon codes entered.
        referral_code: The referral code entered.
        loyalty_cards: The identifier of the loyalty card used, as a list of at most one.
        state: The state of the session.
        cart_items: The items of the cart.
        experiment_variant_allocations: The experiment variants assigned to the session.
        additional_costs: Additional costs of the session as a whole by name.
        identifiers: The custom identifiers for rules and limits.
        attributes: Built-in and custom attributes by name.
        first_session: Whether this is the profile's first session; always `True` if the session is anonymous.
        update_count: 1 for a new session; each update adds 1.
        total: The sum of the three other totals.
        cart_item_total: The total of the items.
        additional_cost_total: The total of the session's own additional costs.
        cart_item_additional_cost_total: The total of the items' additional costs.
        updated: When the session last received an event.
    """

    # The contract also requires `coupon` and `referral`, and does not define them.

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
    """Units of one cart item to return.

    Attributes:
        position: The index of the item in the session's `cart_items`.
        quantity: The number of units to return.
        sku: The SKU of the item.
    """

    position: Omittable[int] = UNSET
    quantity: Omittable[int] = UNSET
    sku: Omittable[Annotated[str, Limit(min_length=1)]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class NewReturn(Model):
    """The items to return from a closed session.

    Sent by `returnCartItems`, inside `ReturnIntegrationRequest`.

    Attributes:
        returned_cart_items: The items to return.
    """

    returned_cart_items: list[ReturnedCartItem]


@attrs.define(kw_only=True, eq=False, repr=False)
class Return(Model):
    """A return as stored by the service.

    Returned by `returnCartItems`, and as an earlier return of a session.

    Attributes:
        id: Talon.One's ID of the return.
        created: When the return was created.
        application_id: The Application of the session.
        account_id: The Talon.One account.
        returned_cart_items: The items returned.
        event_id: The event that the return generated.
        session_id: Talon.One's ID of the session.
        session_integration_id: The integration ID of the session.
        profile_id: Talon.One's ID of the customer's profile.
        profile_integration_id: The integration ID of the customer's profile.
        created_by: The ID of the user who requested the return.
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
