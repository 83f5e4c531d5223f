"""Presets: each function makes a campaign that is ready to run."""

from collections.abc import Callable, Mapping
from typing import Final

from talon_async.sandbox._campaigns.campaign import Campaign
from talon_async.sandbox._campaigns.presets import discounts, rewards

PRESETS: Final[Mapping[str, Callable[..., Campaign]]] = {
    "percentage_coupon": discounts.percentage_coupon,
    "fixed_coupon": discounts.fixed_coupon,
    "percentage_on_items": discounts.percentage_on_items,
    "buy_x_get_y": discounts.buy_x_get_y,
    "free_shipping": discounts.free_shipping,
    "free_item": discounts.free_item,
    "bundle": discounts.bundle,
    "points_per_unit": rewards.points_per_unit,
    "referral_reward": rewards.referral_reward,
    "tier_upgrade": rewards.tier_upgrade,
    "giveaway": rewards.giveaway,
    "notification": rewards.notification,
    "rejected_coupon": rewards.rejected_coupon,
}
"""The presets by name, as a configuration file names them."""


def default_campaigns() -> list[Campaign]:
    """The campaigns of a deployment without own ones: ``WELCOME10``, and a point per currency unit."""
    return [discounts.percentage_coupon("WELCOME10", 10), rewards.points_per_unit()]
