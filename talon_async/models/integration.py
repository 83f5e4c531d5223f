"""Requests and responses of the operations that run the Rule Engine, and the customer inventory."""

from typing import Any, Literal, TypeAlias

import attrs

from talon_async.models.achievements import AchievementProgressWithDefinition, CustomerAchievement
from talon_async.models.base import UNSET, Model, Omittable
from talon_async.models.campaigns import Campaign
from talon_async.models.coupons import Coupon, IntegrationCoupon, InventoryCoupon
from talon_async.models.effects import Effect
from talon_async.models.eligibility import CampaignEligibility, RuleFailureReason
from talon_async.models.events import Event, EventV3
from talon_async.models.giveaways import Giveaway
from talon_async.models.loyalty import Loyalty
from talon_async.models.profiles import CustomerProfile
from talon_async.models.referrals import InventoryReferral, Referral
from talon_async.models.sessions import CustomerSessionV2, NewCustomerSessionV2, NewReturn, Return

__all__ = [
    "CustomerInventory",
    "CustomerProfileIntegrationResponseV2",
    "IntegrationCustomerSessionResponse",
    "IntegrationEventV2Response",
    "IntegrationEventV3Response",
    "IntegrationRequest",
    "IntegrationResponse",
    "IntegrationStateV2",
    "ReopenSessionResponse",
    "ReturnIntegrationRequest",
    "ReturnResponseContent",
    "SessionResponseContent",
]

SessionResponseContent: TypeAlias = Literal[
    "customerSession",
    "customerProfile",
    "coupons",
    "triggeredCampaigns",
    "referral",
    "loyalty",
    "event",
    "awardedGiveaways",
    "ruleFailureReasons",
    "previousReturns",
    "campaignEligibility",
    "achievements",
]
"""What `updateCustomerSessionV2` can return in addition to the effects."""
ReturnResponseContent: TypeAlias = Literal[
    "customerSession",
    "customerProfile",
    "coupons",
    "triggeredCampaigns",
    "referral",
    "loyalty",
    "event",
    "previousReturns",
]
"""What `returnCartItems` can return in addition to the effects."""


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationRequest(Model):
    """A session to update and the content of the response.

    Sent by `updateCustomerSessionV2`.

    Attributes:
        customer_session: The session to create or update.
        response_content: What the response includes in addition to the effects. Loyalty card details need a
            card in the session; ``campaignEligibility`` needs a dry request.
    """

    customer_session: NewCustomerSessionV2
    response_content: Omittable[list[SessionResponseContent | str]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class ReturnIntegrationRequest(Model):
    """A return to create and the content of the response.

    Sent by `returnCartItems`.

    Attributes:
        return_: The items to return; ``return`` in JSON.
        response_content: What the response includes in addition to the effects.
    """

    return_: NewReturn
    response_content: Omittable[list[ReturnResponseContent | str]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationResponse(Model):
    """The common part of Rule Engine responses.

    `effects`, `created_coupons` and `created_referrals` are always present; ``responseContent`` requests the
    rest.

    Attributes:
        customer_profile: The customer's profile.
        loyalty: The customer's loyalty data.
        triggered_campaigns: The campaigns that the request triggered.
        campaign_eligibility: How each campaign was evaluated. Only in dry requests. The provider advises
            against requesting ``triggeredCampaigns`` or ``ruleFailureReasons`` with it, which duplicate it.
        effects: The effects of the rules, to apply in your system.
        rule_failure_reasons: Why rules failed.
        created_coupons: Coupons that the request created.
        created_referrals: Referral codes that the request created.
        awarded_giveaways: Giveaways that the request awarded.
        achievements: The customer's progress in achievements.
    """

    customer_profile: CustomerProfile | None = None
    loyalty: Loyalty | None = None
    triggered_campaigns: list[Campaign] | None = None
    campaign_eligibility: list[CampaignEligibility] | None = None
    effects: list[Effect]
    rule_failure_reasons: list[RuleFailureReason] | None = None
    created_coupons: list[Coupon]
    created_referrals: list[Referral]
    awarded_giveaways: list[Giveaway] | None = None
    achievements: list[CustomerAchievement] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationStateV2(IntegrationResponse):
    """The response to a session update or a return.

    Returned by `updateCustomerSessionV2` and `returnCartItems`. `IntegrationResponse` documents the inherited
    attributes.

    Attributes:
        referral: The referral code of the session.
        coupons: The coupons of the session.
        event: The event that the request generated.
        advanced_event: The advanced event as stored, if there is one.
        customer_session: The session after the request.
        return_: The return that was created; ``return`` in JSON.
        previous_returns: Earlier returns of the session.
    """

    referral: InventoryReferral | None = None
    coupons: list[IntegrationCoupon] | None = None
    event: Event | None = None
    advanced_event: EventV3 | None = None
    customer_session: CustomerSessionV2 | None = None
    return_: Return | None = None
    previous_returns: list[Return] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ReopenSessionResponse(Model):
    """The response to reopening a session.

    Returned by `reopenCustomerSession`.

    Attributes:
        effects: The rollbacks of the effects of closing. Free items, giveaways, created coupons and referral
            codes, coupon reservations, custom effects and attribute updates are not rolled back.
    """

    effects: list[Effect]


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationCustomerSessionResponse(Model):
    """A stored session with its current effects.

    Returned by `getCustomerSession`.

    Attributes:
        customer_session: The session.
        effects: The current effects, without effects that were rolled back and their rollbacks.
    """

    customer_session: CustomerSessionV2 | None = None
    effects: list[Effect] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfileIntegrationResponseV2(Model):
    """The response to a profile update.

    Returned by `updateCustomerProfileV2`. Without ``runRuleEngine``, the effects are empty and
    ``responseContent`` has no effect. The contract accepts ``achievements`` in ``responseContent`` but
    defines no field for them.

    Attributes:
        customer_profile: The profile after the update.
        event: The event that the update generated.
        loyalty: The customer's loyalty data.
        triggered_campaigns: The campaigns that the request triggered.
        rule_failure_reasons: Why rules failed.
        campaign_eligibility: How each campaign was evaluated. Only in dry requests.
        awarded_giveaways: Giveaways that the request awarded.
        effects: The effects of the rules, to apply in your system.
        created_coupons: Coupons that the request created.
        created_referrals: Referral codes that the request created.
    """

    customer_profile: CustomerProfile | None = None
    event: Event | None = None
    loyalty: Loyalty | None = None
    triggered_campaigns: list[Campaign] | None = None
    rule_failure_reasons: list[RuleFailureReason] | None = None
    campaign_eligibility: list[CampaignEligibility] | None = None
    awarded_giveaways: list[Giveaway] | None = None
    effects: list[Effect]
    created_coupons: list[Coupon]
    created_referrals: list[Referral]


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationEventV2Response(IntegrationResponse):
    """The response to a tracked event.

    Returned by `trackEventV2` with ``silent=no``; otherwise the response has no body. `IntegrationResponse`
    documents the inherited attributes.

    Attributes:
        event: The event as stored, if ``responseContent`` contains ``event``.
    """

    event: Event | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationEventV3Response(IntegrationResponse):
    """The response to an advanced event.

    Returned by `trackEventV3` with ``silent=no``. `IntegrationResponse` documents the inherited attributes.

    Attributes:
        advanced_event: The event as stored, if ``responseContent`` contains ``advancedEvent``.
        referral: The referral of the event, if ``responseContent`` contains ``referral``. Since API version
            26.17.
    """

    advanced_event: EventV3 | None = None
    referral: InventoryReferral | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerInventory(Model):
    """A customer's profile, loyalty data, codes, giveaways and achievements.

    Returned by `getCustomerInventory`; each part is present only if its query parameter requests it.

    Attributes:
        profile: The customer's profile.
        loyalty: Points and loyalty cards.
        referrals: The customer's referral codes.
        coupons: Coupons reserved for the customer, hard or soft, including redeemed ones.
        giveaways: Giveaways awarded to the customer.
        achievements: The customer's progress in achievements, with their definitions.
        rewards: Rewards that the customer has unlocked and not used, as JSON: the provider's client does not
            define them. Since API version 26.17.
    """

    profile: CustomerProfile | None = None
    loyalty: Loyalty | None = None
    referrals: list[InventoryReferral] | None = None
    coupons: list[InventoryCoupon] | None = None
    giveaways: list[Giveaway] | None = None
    achievements: list[AchievementProgressWithDefinition] | None = None
    rewards: list[Any] | None = None
