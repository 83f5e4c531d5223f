"""Properties of effects on discounts, items, giveaways, notifications, webhooks and attributes.

`talon_async.models.effects` maps effect types to these classes. Amounts are in the Application's currency.
Positions are indexes into the cart items; sub-positions are indexes into the units of a line item. A
``desired_`` value is the value without the limit of a budget; only an Application with partial rewards
enabled returns it.
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
    """A discount on the session. It replaces an earlier discount of the same name.

    Attributes:
        name: The name of the discount.
        value: The amount of the discount.
        scope: What is discounted: ``cartItems``, ``additionalCosts`` or ``sessionTotal``. Returned only with
            cascading discounts.
        desired_value: The amount without the limit of a budget.
    """

    name: str
    value: float
    scope: str | None = None
    desired_value: float | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class SetDiscountPerItemEffectProps(Model):
    """A discount on a cart item, or on one unit of it.

    The rule effect determines which attributes are set: individual items, pro rata, or items in bundles.

    Attributes:
        name: The name of the discount; it can end in ``#`` and the position.
        value: The amount of the discount on this item.
        position: The cart item.
        sub_position: The unit of the line item.
        desired_value: The amount on this item without the limit of a budget.
        scope: What is discounted: ``price``, ``additionalCosts``, or ``itemTotal`` for both.
        total_discount: The amount on all items together. Only for pro rata discounts.
        desired_total_discount: The amount on all items without the limit of a budget. Only for pro rata
            discounts.
        bundle_index: The index of the bundle among those of `bundle_name`.
        bundle_name: The bundle definition.
        targeted_item_position: The item of the bundle that the discount is calculated from.
        targeted_item_sub_position: The unit of that item.
        excluded_from_price_history: Whether the item's price history excludes the discount.
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
    """A discount on an additional cost of the session.

    Attributes:
        name: The name of the discount.
        additional_cost_id: The ID of the additional cost.
        additional_cost: The API name of the additional cost.
        value: The amount of the discount.
        desired_value: The amount without the limit of a budget.
    """

    name: str
    additional_cost_id: int
    additional_cost: str
    value: float
    desired_value: float | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class SetDiscountPerAdditionalCostPerItemEffectProps(Model):
    """A discount on an additional cost of one cart item.

    The rule fails unless every item of the cart has that additional cost.

    Attributes:
        name: The name of the discount, followed by ``#`` and the position.
        additional_cost_id: The ID of the additional cost.
        value: The amount of the discount.
        position: The cart item.
        sub_position: The unit of the line item.
        additional_cost: The API name of the additional cost.
        desired_value: The amount without the limit of a budget.
    """

    name: str
    additional_cost_id: int
    value: float
    position: float
    sub_position: float | None = None
    additional_cost: str
    desired_value: float | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RollbackDiscountEffectProps(Model):
    """A discount that is rolled back because its session was cancelled or its items were returned.

    Attributes:
        name: The name of the discount.
        value: The amount rolled back.
        cart_item_position: The cart item that had the discount, or whose additional cost had it.
        cart_item_sub_position: The unit of the line item.
        additional_cost_id: The ID of the additional cost. Only for discounts on additional costs.
        additional_cost: The API name of that additional cost.
        scope: As in `SetDiscountEffectProps` or, for an item, in `SetDiscountPerItemEffectProps`.
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
    """A free item for your system to add to the cart at price 0.

    Attributes:
        sku: The SKU of the item.
        name: The name of the effect, not of the item.
        desired_quantity: The quantity before a partial reward reduced it.
    """

    sku: str
    name: str
    desired_quantity: int | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ShowBundleMetadataEffectProps(Model):
    """Deprecated. The cart items that a bundle rule discounts.

    Attributes:
        description: The description of the bundle.
        bundle_attributes: The cart item attributes that determine the bundle.
        items_indices: The positions of the bundled items.
    """

    description: str
    bundle_attributes: list[str]
    items_indices: list[float]


@attrs.define(kw_only=True, eq=False, repr=False)
class ShowNotificationEffectProps(Model):
    """A message for the customer, from a rule that passed or failed.

    Attributes:
        notification_type: ``Info``, ``Offer``, ``Error`` or ``Misc``; some published samples use lower case.
        title: The title of the message.
        body: The text of the message.
    """

    notification_type: str
    title: str
    body: str


@attrs.define(kw_only=True, eq=False, repr=False)
class AwardGiveawayEffectProps(Model):
    """A giveaway code awarded to a profile. Returned only when the session is closed.

    Attributes:
        pool_id: The giveaway pool.
        pool_name: The name of the pool.
        recipient_integration_id: The integration ID of the profile that receives the giveaway.
        giveaway_id: The giveaway.
        code: The giveaway code.
    """

    pool_id: int
    pool_name: str
    recipient_integration_id: IntegrationId
    giveaway_id: int
    code: str


@attrs.define(kw_only=True, eq=False, repr=False)
class WillAwardGiveawayEffectProps(Model):
    """A giveaway that closing the session would award. The service keeps its code secret until then.

    Attributes:
        pool_id: The giveaway pool.
        pool_name: The name of the pool.
        recipient_integration_id: The integration ID of the profile that would receive the giveaway.
    """

    pool_id: int
    pool_name: str
    recipient_integration_id: IntegrationId


@attrs.define(kw_only=True, eq=False, repr=False)
class TriggerWebhookEffectProps(Model):
    """A webhook that a rule triggered, for information; effect type ``callApi`` or ``triggerWebhook``.

    Attributes:
        webhook_id: The webhook.
        webhook_name: The name of the webhook.
    """

    webhook_id: float
    webhook_name: str


@attrs.define(kw_only=True, eq=False, repr=False)
class UpdateAttributeEffectProps(Model):
    """A new attribute value for your system to store; effect type ``set`` or ``updateAttribute``.

    Attributes:
        path: The entity and the attribute, such as ``Session.Attributes.ShippingMethod``.
        value: The new value, of any JSON type.
    """

    path: str
    value: Any


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomEffectProps(Model):
    """A custom effect that is defined in the Campaign Manager, from a rule that passed or failed.

    Attributes:
        effect_id: The definition of the effect.
        name: The type of custom effect.
        cart_item_position: The cart item that the effect is for.
        cart_item_sub_position: The unit of the line item.
        bundle_index: The index of the bundle among those of `bundle_name`.
        bundle_name: The bundle definition.
        payload: The JSON object that the definition produces.
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
    """An error in the evaluation of rules, for information.

    Attributes:
        message: The error message.
    """

    message: str
