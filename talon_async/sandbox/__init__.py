"""A local Talon.One deployment over real HTTP, to try, test and demonstrate an integration.

``async with Sandbox() as deployment:`` serves the Integration API on ``deployment.url`` for the key
``deployment.api_key``. Its promotions are `Campaign` values, whose rules are plain Python.
"""

from talon_async.sandbox._campaigns import Campaign as Campaign
from talon_async.sandbox._campaigns import EvaluationContext as EvaluationContext
from talon_async.sandbox._campaigns import Rule as Rule
from talon_async.sandbox._campaigns import bundle as bundle
from talon_async.sandbox._campaigns import buy_x_get_y as buy_x_get_y
from talon_async.sandbox._campaigns import default_campaigns as default_campaigns
from talon_async.sandbox._campaigns import fixed_coupon as fixed_coupon
from talon_async.sandbox._campaigns import free_item as free_item
from talon_async.sandbox._campaigns import free_shipping as free_shipping
from talon_async.sandbox._campaigns import giveaway as giveaway
from talon_async.sandbox._campaigns import notification as notification
from talon_async.sandbox._campaigns import percentage_coupon as percentage_coupon
from talon_async.sandbox._campaigns import percentage_on_items as percentage_on_items
from talon_async.sandbox._campaigns import points_per_unit as points_per_unit
from talon_async.sandbox._campaigns import referral_reward as referral_reward
from talon_async.sandbox._campaigns import rejected_coupon as rejected_coupon
from talon_async.sandbox._campaigns import tier_upgrade as tier_upgrade
from talon_async.sandbox._deployment.clock import Clock as Clock
from talon_async.sandbox._deployment.deployment import Deployment as Deployment
from talon_async.sandbox._deployment.faults import Fault as Fault
from talon_async.sandbox._deployment.request_log import RecordedCall as RecordedCall
from talon_async.sandbox._domain.achievements import Achievement as Achievement
from talon_async.sandbox._domain.attributes import AttributeDeclarations as AttributeDeclarations
from talon_async.sandbox._domain.catalogs import CartItemCatalog as CartItemCatalog
from talon_async.sandbox._domain.codes import CouponTerms as CouponTerms
from talon_async.sandbox._domain.giveaways import GiveawayPool as GiveawayPool
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram as LoyaltyProgram
from talon_async.sandbox._domain.loyalty.programs import LoyaltyTier as LoyaltyTier
from talon_async.sandbox._server.sandbox import Sandbox as Sandbox
