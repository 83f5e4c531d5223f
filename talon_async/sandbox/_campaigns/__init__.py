"""Promotions of a sandbox: campaigns whose rule is plain Python, and some that are ready to use."""

from talon_async.sandbox._campaigns.campaign import Campaign as Campaign
from talon_async.sandbox._campaigns.campaign import EvaluationContext as EvaluationContext
from talon_async.sandbox._campaigns.campaign import Rule as Rule
from talon_async.sandbox._campaigns.presets import bundle as bundle
from talon_async.sandbox._campaigns.presets import buy_x_get_y as buy_x_get_y
from talon_async.sandbox._campaigns.presets import default_campaigns as default_campaigns
from talon_async.sandbox._campaigns.presets import fixed_coupon as fixed_coupon
from talon_async.sandbox._campaigns.presets import free_item as free_item
from talon_async.sandbox._campaigns.presets import free_shipping as free_shipping
from talon_async.sandbox._campaigns.presets import giveaway as giveaway
from talon_async.sandbox._campaigns.presets import notification as notification
from talon_async.sandbox._campaigns.presets import percentage_coupon as percentage_coupon
from talon_async.sandbox._campaigns.presets import percentage_on_items as percentage_on_items
from talon_async.sandbox._campaigns.presets import points_per_unit as points_per_unit
from talon_async.sandbox._campaigns.presets import referral_reward as referral_reward
from talon_async.sandbox._campaigns.presets import rejected_coupon as rejected_coupon
from talon_async.sandbox._campaigns.presets import tier_upgrade as tier_upgrade
