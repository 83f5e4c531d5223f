"""What calls that run the rules send and answer: the effects, and the entities asked for with them."""

from typing import Literal, TypeAlias

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
"""What an answer of `updateCustomerSessionV2` can include besides the effects."""
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
"""What an answer of `returnCartItems` can include besides the effects."""


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationRequest(Model):
    """A session to evaluate, and what to answer with.

    Sent by `updateCustomerSessionV2`.

    Attributes:
        response_content: The parts to include in the answer. Details of a loyalty card come only if the
            session names the card; `campaignEligibility` needs a dry call.
    """

    customer_session: NewCustomerSessionV2
    response_content: Omittable[list[SessionResponseContent | str]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class ReturnIntegrationRequest(Model):
    """A return to make, and what to answer with.

    Sent by `returnCartItems`.

    Attributes:
        return_: The items to return; `return` in JSON.
        response_content: The parts to include in the answer.
    """

    return_: NewReturn
    response_content: Omittable[list[ReturnResponseContent | str]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationResponse(Model):
    """What answers of rule evaluations share.

    Effects, created coupons and created referrals always come; the rest is optional and asked for in
    `response_content`.

    Attributes:
        loyalty: The customer's loyalty data.
        triggered_campaigns: The campaigns whose rules took effect.
        campaign_eligibility: How each campaign fared. For dry calls only; do not ask for `triggeredCampaigns`
            or `ruleFailureReasons` along with it, as they say the same.
        effects: What the rules decided, for you to carry out.
        rule_failure_reasons: Why rules did not apply.
        created_coupons: Coupons that this call brought into being.
        created_referrals: Referrals that this call brought into being.
        awarded_giveaways: Giveaways that this call handed out.
        achievements: How far the customer is in achievements.
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
    """The outcome of a session update or of a return.

    Answers `updateCustomerSessionV2` and `returnCartItems`.

    Attributes:
        referral: The referral that was used.
        coupons: The coupons that were handled.
        event: The event that the call gave rise to.
        advanced_event: The advanced event that was handled.
        return_: The return that was made; `return` in JSON.
        previous_returns: Returns made before.
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
    """The outcome of reopening a session.

    Answers `reopenCustomerSession`.

    Attributes:
        effects: The rollbacks of what the closing had granted. Free items, giveaways, created coupons and
            referrals, reservations, custom effects and attribute updates are not undone.
    """

    effects: list[Effect]


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationCustomerSessionResponse(Model):
    """A stored session and the effects that hold for it.

    Answers `getCustomerSession`.

    Attributes:
        effects: The effects still in force: those rolled back are left out, and so are their rollbacks.
    """

    customer_session: CustomerSessionV2 | None = None
    effects: list[Effect] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfileIntegrationResponseV2(Model):
    """The outcome of a profile update.

    Answers `updateCustomerProfileV2`. Unless the call ran the rules (`runRuleEngine`), the effects are empty
    and no other part can be asked for. The contract has no field for `achievements`, though they may be asked
    for.

    Attributes:
        event: The event that the update gave rise to.
        loyalty: The customer's loyalty data.
        triggered_campaigns: The campaigns whose rules took effect.
        rule_failure_reasons: Why rules did not apply.
        campaign_eligibility: How each campaign fared. For dry calls only.
        awarded_giveaways: Giveaways that this call handed out.
        effects: What the rules decided, for you to carry out.
        created_coupons: Coupons that this call brought into being.
        created_referrals: Referrals that this call brought into being.
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
    """The outcome of a tracked event.

    Answers `trackEventV2` with `silent=no`; otherwise that call answers without a body.

    Attributes:
        event: The event as recorded; ask for `event` to get it.
    """

    event: Event | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationEventV3Response(IntegrationResponse):
    """The outcome of an advanced event.

    Answers `trackEventV3`.

    Attributes:
        advanced_event: The event as recorded; ask for `advancedEvent` to get it.
    """

    advanced_event: EventV3 | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerInventory(Model):
    """What a customer has: loyalty, codes, giveaways and achievements.

    Answers `getCustomerInventory`; each part comes only if the call's parameter for it says so.

    Attributes:
        referrals: Referral codes of the customer.
        coupons: Coupons reserved for the customer, hard or soft; redeemed ones are among them.
        giveaways: Giveaways of the customer.
        achievements: Achievements, each with its definition and the customer's progress.
    """

    profile: CustomerProfile | None = None
    loyalty: Loyalty | None = None
    referrals: list[InventoryReferral] | None = None
    coupons: list[InventoryCoupon] | None = None
    giveaways: list[Giveaway] | None = None
    achievements: list[AchievementProgressWithDefinition] | None = None
