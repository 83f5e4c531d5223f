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
"""Why a campaign was not open to the customer."""


RuleFailureCode: TypeAlias = Literal["CONDITION_NOT_MET", "EFFECT_FAILED"]
"""Whether a condition or an effect stopped a rule."""


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignEligibilityFailureDetails(Model):
    """Why a campaign was not open to the customer."""

    failure_code: CampaignFailureCode | str


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignEligibilityDetails(Model):
    """A verdict on a campaign.

    Attributes:
        coupon_code: The code that was tried, if any.
    """

    passed: bool
    coupon_code: str | None = None
    details: CampaignEligibilityFailureDetails | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RuleEligibilityFailureDetails(Model):
    """Why a rule was not open to the customer.

    Attributes:
        coupon_id: The coupon under evaluation at that moment; `coupon_value` is its code.
        referral_id: The referral under evaluation at that moment; `referral_value` is its code.
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
    """A verdict on a rule.

    Attributes:
        passed: Whether all conditions held.
        coupon_code: The code that was tried, if any.
    """

    passed: bool
    coupon_code: str | None = None
    details: RuleEligibilityFailureDetails | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RuleMetadataEligibility(RuleMetadata):
    """A rule as told to customers, with the verdicts on it."""

    eligibility: list[RuleEligibility]


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignEligibilityExperiment(Model):
    """The experiment of a campaign, and the variant that the customer profile was given."""

    id: int
    variant_id: int


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignEligibility(IntegrationCampaignBase):
    """A campaign with the verdicts on it and on its rules.

    Comes from dry runs of `updateCustomerSessionV2`, `updateCustomerProfileV2` and `trackEventV2` whose
    `responseContent` names `campaignEligibility`, best without `triggeredCampaigns` and `ruleFailureReasons`.

    Attributes:
        experiment: Only where the profile was given a variant of an experiment.
    """

    eligibility: list[CampaignEligibilityDetails]
    rules: list[RuleMetadataEligibility]
    experiment: CampaignEligibilityExperiment | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RuleFailureReason(Model):
    """Why a rule of a campaign did not fire, given where `responseContent` names `ruleFailureReasons`.

    Attributes:
        coupon_id: The coupon under evaluation at that moment; `coupon_value` is its code.
        referral_id: The referral under evaluation at that moment; `referral_value` is its code.
        rule_index: The position of the rule in its ruleset.
        evaluation_group_mode: How the group of campaigns is evaluated, such as `stackable`.
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
