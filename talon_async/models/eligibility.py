"""Why campaigns and rules did or did not apply to a request."""

from typing import Annotated, Literal, TypeAlias

import attrs

from talon_async.models.base import Model, Wire
from talon_async.models.campaigns import IntegrationCampaignBase, RuleMetadata

__all__ = [
    "CampaignEligibility",
    "CampaignEligibilityDetails",
    "CampaignEligibilityExperiment",
    "CampaignEligibilityFailureDetails",
    "CampaignFailureCode",
    "RuleEligibility",
    "RuleEligibilityFailureDetails",
    "RuleFailureCode",
    "RuleFailureReason",
    "RuleMetadataEligibility",
]

CampaignFailureCode: TypeAlias = Literal["ALL_RULES_FAILED", "SKIPPED", "AUDIENCE_NOT_MATCHED"]
"""Why a customer is not eligible for a campaign."""


RuleFailureCode: TypeAlias = Literal["CONDITION_NOT_MET", "EFFECT_FAILED"]
"""Whether a condition or an effect failed a rule."""


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignEligibilityFailureDetails(Model):
    """Why a customer is not eligible for a campaign.

    Attributes:
        failure_code: The kind of failure.
    """

    failure_code: CampaignFailureCode | str


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignEligibilityDetails(Model):
    """A customer's eligibility for a campaign.

    Attributes:
        passed: Whether the customer is eligible.
        coupon_code: The coupon code that was checked, if any.
        details: Why the customer is not eligible. Only if `passed` is `False`.
    """

    passed: bool
    coupon_code: str | None = None
    details: CampaignEligibilityFailureDetails | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RuleEligibilityFailureDetails(Model):
    """Why a customer is not eligible for a rule.

    Attributes:
        failure_code: The kind of failure.
        coupon_id: The ID of the coupon being evaluated.
        coupon_value: The code of that coupon.
        referral_id: The ID of the referral code being evaluated.
        referral_value: The referral code itself.
        condition_index: The index of the condition that failed the rule.
        effect_index: The index of the effect that failed the rule.
        details: Further details.
    """

    failure_code: RuleFailureCode | str
    coupon_id: Annotated[int | None, Wire("couponID")] = None
    coupon_value: str | None = None
    referral_id: Annotated[int | None, Wire("referralID")] = None
    referral_value: str | None = None
    condition_index: int | None = None
    effect_index: int | None = None
    details: str


@attrs.define(kw_only=True, eq=False, repr=False)
class RuleEligibility(Model):
    """A customer's eligibility for a rule.

    Attributes:
        passed: Whether all conditions of the rule are met.
        coupon_code: The coupon code that was checked, if any.
        details: Why the customer is not eligible. Only if `passed` is `False`.
    """

    passed: bool
    coupon_code: str | None = None
    details: RuleEligibilityFailureDetails | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RuleMetadataEligibility(RuleMetadata):
    """The customer-facing description of a rule, with the customer's eligibility.

    `RuleMetadata` documents the inherited attributes.

    Attributes:
        eligibility: The customer's eligibility for the rule.
    """

    eligibility: list[RuleEligibility]


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignEligibilityExperiment(Model):
    """The experiment of a campaign and the variant assigned to the customer profile.

    Attributes:
        id: The experiment.
        variant_id: The variant.
    """

    id: int
    variant_id: int


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignEligibility(IntegrationCampaignBase):
    """A campaign with the customer's eligibility for it and for its rules.

    Returned by dry requests of `updateCustomerSessionV2`, `updateCustomerProfileV2` and `trackEventV2` if
    ``responseContent`` contains ``campaignEligibility``. The provider advises against requesting
    ``triggeredCampaigns`` or ``ruleFailureReasons`` with it. `IntegrationCampaignBase` documents the
    inherited attributes.

    Attributes:
        eligibility: The customer's eligibility for the campaign.
        rules: The rules of the campaign, with the customer's eligibility.
        experiment: The experiment, if a variant is assigned to the profile.
    """

    eligibility: list[CampaignEligibilityDetails]
    rules: list[RuleMetadataEligibility]
    experiment: CampaignEligibilityExperiment | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RuleFailureReason(Model):
    """Why a rule failed. Returned if ``responseContent`` contains ``ruleFailureReasons``.

    Attributes:
        campaign_id: The campaign of the rule.
        campaign_name: The name of the campaign.
        ruleset_id: The ruleset of the rule.
        coupon_id: The ID of the coupon being evaluated.
        coupon_value: The code of that coupon.
        referral_id: The ID of the referral code being evaluated.
        referral_value: The referral code itself.
        rule_index: The index of the rule in the ruleset.
        rule_name: The name of the rule.
        condition_index: The index of the failed condition.
        effect_index: The index of the failed effect.
        details: Further details.
        evaluation_group_id: The evaluation group of the campaign.
        evaluation_group_mode: How the evaluation group selects campaigns, such as ``stackable``.
    """

    campaign_id: Annotated[int, Wire("campaignID")]
    campaign_name: str
    ruleset_id: Annotated[int, Wire("rulesetID")]
    coupon_id: Annotated[int | None, Wire("couponID")] = None
    coupon_value: str | None = None
    referral_id: Annotated[int | None, Wire("referralID")] = None
    referral_value: str | None = None
    rule_index: int
    rule_name: str
    condition_index: int | None = None
    effect_index: int | None = None
    details: str | None = None
    evaluation_group_id: Annotated[int | None, Wire("evaluationGroupID")] = None
    evaluation_group_mode: str | None = None
