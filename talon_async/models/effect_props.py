"""Properties of the effects on discounts, items, giveaways and your own data.

Which class belongs to which effect type is in `talon_async.models.effects`. Amounts are in the
Application's currency. A `position` is an index into the cart items, a `sub_position` one into the units
of a line item. A `desired_value` comes only where partial rewards are enabled: it is the amount before the
budget cut it. `bundle_name` names a bundle definition, `bundle_index` one of the bundles it made.
"""

from typing import Any

import attrs

from talon_async.models.base import IntegrationId, Model

__all__ = [
    "AddFreeItemEffectProps",
    "AwardGiveawayEffectProps",
    "CustomEffectProps",
    "ErrorEffectProps",
    "RollbackDiscountEffectProps",
    "SetDiscountEffectProps",
    "SetDiscountPerAdditionalCostEffectProps",
    "SetDiscountPerAdditionalCostPerItemEffectProps",
    "SetDiscountPerItemEffectProps",
    "ShowBundleMetadataEffectProps",
    "ShowNotificationEffectProps",
    "TriggerWebhookEffectProps",
    "UpdateAttributeEffectProps",
    "WillAwardGiveawayEffectProps",
]


@attrs.define(kw_only=True, eq=False, repr=False)
class SetDiscountEffectProps(Model):
    """A discount on the session as a whole; it replaces an earlier one of the same name.

    Attributes:
        value: What to take off.
        scope: ``cartItems``, ``additionalCosts`` or ``sessionTotal``; comes only with cascading discounts.
    """

    name: str
    value: float
    scope: str | None = None
    desired_value: float | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class SetDiscountPerItemEffectProps(Model):
    """A discount on one item, or one unit of it; the kind of rule effect decides what is set.

    Attributes:
        name: May end in ``#`` and the position.
        value: What to take off this item.
        scope: ``price``, ``additionalCosts`` or ``itemTotal`` (both together).
        total_discount: For pro rata discounts, what all items together get.
        desired_total_discount: The same before the budget cut it.
        targeted_item_position: In a bundle, the item from which the discount was worked out.
        targeted_item_sub_position: The unit of that item.
        excluded_from_price_history: `True` keeps the discount out of the price history of the item.
    """

    name: str
    value: float
    position: float
    sub_position: float | None = None
    desired_value: float | None = None
    scope: str | None = None
    total_discount: float | None = None
    desired_total_discount: float | None = None
    bundle_index: int | None = None
    bundle_name: str | None = None
    targeted_item_position: float | None = None
    targeted_item_sub_position: float | None = None
    excluded_from_price_history: bool | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class SetDiscountPerAdditionalCostEffectProps(Model):
    """A discount of `value` on an additional cost, given by its ID and its API name."""

    name: str
    additional_cost_id: int
    additional_cost: str
    value: float
    desired_value: float | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class SetDiscountPerAdditionalCostPerItemEffectProps(Model):
    """A discount of `value` on an additional cost of one item; its rule needs that cost on all items."""

    name: str
    additional_cost_id: int
    value: float
    position: float
    sub_position: float | None = None
    additional_cost: str
    desired_value: float | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RollbackDiscountEffectProps(Model):
    """A discount taken back, because the session was cancelled or items were returned.

    Attributes:
        value: What was taken off and no longer is.
        cart_item_position: The item that had the discount, or whose additional cost had it.
        additional_cost_id: Set only where the discount was on an additional cost.
        scope: As in `SetDiscountEffectProps` or, for an item, `SetDiscountPerItemEffectProps`.
    """

    name: str
    value: float
    cart_item_position: float | None = None
    cart_item_sub_position: float | None = None
    additional_cost_id: int | None = None
    additional_cost: str | None = None
    scope: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class AddFreeItemEffectProps(Model):
    """An item that you put into the cart at price 0.

    Attributes:
        name: What the effect is called, not the item.
        desired_quantity: How many it was to be, where a partial reward cut that.
    """

    sku: str
    name: str
    desired_quantity: int | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ShowBundleMetadataEffectProps(Model):
    """Deprecated. The cart items behind the discounts of a bundle rule.

    Attributes:
        bundle_attributes: The cart item attributes by which the items were grouped.
        items_indices: Positions of the grouped items in the cart.
    """

    description: str
    bundle_attributes: list[str]
    items_indices: list[float]


@attrs.define(kw_only=True, eq=False, repr=False)
class ShowNotificationEffectProps(Model):
    """A message for the customer, from a rule that passed or failed.

    Attributes:
        notification_type: ``Info``, ``Offer``, ``Error`` or ``Misc``; samples also have it in lower case.
    """

    notification_type: str
    title: str
    body: str


@attrs.define(kw_only=True, eq=False, repr=False)
class AwardGiveawayEffectProps(Model):
    """A giveaway code awarded to a profile; comes only when the session is closed."""

    pool_id: int
    pool_name: str
    recipient_integration_id: IntegrationId
    giveaway_id: int
    code: str


@attrs.define(kw_only=True, eq=False, repr=False)
class WillAwardGiveawayEffectProps(Model):
    """A giveaway that closing the session would award; the code is held back until then."""

    pool_id: int
    pool_name: str
    recipient_integration_id: IntegrationId


@attrs.define(kw_only=True, eq=False, repr=False)
class TriggerWebhookEffectProps(Model):
    """A webhook that a rule set off, for your information; type ``callApi`` or ``triggerWebhook``."""

    webhook_id: float
    webhook_name: str


@attrs.define(kw_only=True, eq=False, repr=False)
class UpdateAttributeEffectProps(Model):
    """A new attribute value for you to store on your side; type ``set`` or ``updateAttribute``.

    Attributes:
        path: The entity and the attribute, such as ``Session.Attributes.loyaltyTier``.
        value: The value, of any JSON type.
    """

    path: str
    value: Any


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomEffectProps(Model):
    """An effect of your own making, from a rule that passed or failed.

    Attributes:
        effect_id: The ID of the effect's definition.
        name: The kind of custom effect.
        cart_item_position: The item it is for.
        payload: Whatever the definition says.
    """

    effect_id: int
    name: str
    cart_item_position: float | None = None
    cart_item_sub_position: float | None = None
    bundle_index: int | None = None
    bundle_name: str | None = None
    payload: dict[str, Any]


@attrs.define(kw_only=True, eq=False, repr=False)
class ErrorEffectProps(Model):
    """What went wrong while rules were evaluated; for your information."""

    message: str
