"""A local Talon.One deployment over real HTTP, to try, test and demonstrate an integration.

``async with Sandbox() as deployment:`` serves the Integration API on ``deployment.url`` for the key
``deployment.api_key``. Its promotions are `Campaign` values, whose rules are plain Python.
"""

from talon_async.sandbox.achievements import Achievement as Achievement
from talon_async.sandbox.attributes import AttributeDeclarations as AttributeDeclarations
from talon_async.sandbox.calls import Call as Call
from talon_async.sandbox.catalogs import CartItemCatalog as CartItemCatalog
from talon_async.sandbox.clock import Clock as Clock
from talon_async.sandbox.codes import CouponTerms as CouponTerms
from talon_async.sandbox.deployment import Deployment as Deployment
from talon_async.sandbox.faults import Fault as Fault
from talon_async.sandbox.giveaways import GiveawayPool as GiveawayPool
from talon_async.sandbox.loyalty.programs import LoyaltyProgram as LoyaltyProgram
from talon_async.sandbox.loyalty.programs import LoyaltyTier as LoyaltyTier
from talon_async.sandbox.promotions import Campaign as Campaign
from talon_async.sandbox.promotions import Occasion as Occasion
from talon_async.sandbox.promotions import Rule as Rule
from talon_async.sandbox.promotions import bundle as bundle
from talon_async.sandbox.promotions import buy_x_get_y as buy_x_get_y
from talon_async.sandbox.promotions import default_campaigns as default_campaigns
from talon_async.sandbox.promotions import fixed_coupon as fixed_coupon
from talon_async.sandbox.promotions import free_item as free_item
from talon_async.sandbox.promotions import free_shipping as free_shipping
from talon_async.sandbox.promotions import giveaway as giveaway
from talon_async.sandbox.promotions import notification as notification
from talon_async.sandbox.promotions import percentage_coupon as percentage_coupon
from talon_async.sandbox.promotions import percentage_on_items as percentage_on_items
from talon_async.sandbox.promotions import points_per_unit as points_per_unit
from talon_async.sandbox.promotions import referral_reward as referral_reward
from talon_async.sandbox.promotions import rejected_coupon as rejected_coupon
from talon_async.sandbox.promotions import tier_upgrade as tier_upgrade
from talon_async.sandbox.server import Sandbox as Sandbox
