"""A local Talon.One deployment over real HTTP, to try, test and demonstrate an integration.

``async with Sandbox() as deployment:`` serves the Integration API at ``deployment.url`` for the API key
``deployment.api_key``. Its promotions are `Campaign` values, with rules in plain Python.
"""

from talon_async.sandbox._campaigns.campaign import (
    Campaign,
    EvaluationContext,
    Rule,
)
from talon_async.sandbox._campaigns.presets import default_campaigns
from talon_async.sandbox._campaigns.presets.discounts import (
    bundle,
    buy_x_get_y,
    fixed_coupon,
    free_item,
    free_shipping,
    percentage_coupon,
    percentage_on_items,
)
from talon_async.sandbox._campaigns.presets.rewards import (
    giveaway,
    notification,
    points_per_unit,
    referral_reward,
    rejected_coupon,
    tier_upgrade,
)
from talon_async.sandbox._config_file import deployment_from_config
from talon_async.sandbox._deployment.clock import Clock
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._deployment.faults import Fault
from talon_async.sandbox._deployment.request_log import RecordedCall
from talon_async.sandbox._domain.achievements import Achievement
from talon_async.sandbox._domain.attributes import AttributeDeclarations
from talon_async.sandbox._domain.catalogs import CartItemCatalog
from talon_async.sandbox._domain.codes import CouponTerms
from talon_async.sandbox._domain.giveaways import GiveawayPool
from talon_async.sandbox._domain.loyalty.programs import (
    LoyaltyProgram,
    LoyaltyTier,
)
from talon_async.sandbox._http import create_app
from talon_async.sandbox._server.sandbox import Sandbox

__all__ = [
    "Achievement",
    "AttributeDeclarations",
    "Campaign",
    "CartItemCatalog",
    "Clock",
    "CouponTerms",
    "Deployment",
    "EvaluationContext",
    "Fault",
    "GiveawayPool",
    "LoyaltyProgram",
    "LoyaltyTier",
    "RecordedCall",
    "Rule",
    "Sandbox",
    "bundle",
    "buy_x_get_y",
    "create_app",
    "default_campaigns",
    "deployment_from_config",
    "fixed_coupon",
    "free_item",
    "free_shipping",
    "giveaway",
    "notification",
    "percentage_coupon",
    "percentage_on_items",
    "points_per_unit",
    "referral_reward",
    "rejected_coupon",
    "tier_upgrade",
]
