"""Campaigns: which ones exist or fired, whether a customer may benefit from them, and why a rule failed."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import attrs

from talon_async.models.base import Limit, Model

__all__ = [
    "Campaign",
    "CampaignBudget",
    "CampaignFeature",
    "CampaignFrontendState",
    "CampaignState",
    "CampaignType",
    "CodeGeneratorSettings",
    "IntegrationCampaign",
    "IntegrationCampaignBase",
    "LimitConfig",
    "LimitEntity",
    "LimitPeriod",
    "RevisionFrontendState",
    "RuleMetadata",
    "RunningCampaignFeature",
    "RunningCampaignState",
]

LimitPeriod: TypeAlias = Literal["daily", "weekly", "monthly", "yearly"]
"""How often a limit starts afresh."""
LimitEntity: TypeAlias = Literal["Coupon", "Referral", "Profile", "Identifier", "Store", "Session"]
"""What a limit is counted for."""
CampaignState: TypeAlias = Literal["enabled", "disabled", "archived"]
"""Disabled campaigns are evaluated only if a request names them, archived ones never."""
CampaignFeature: TypeAlias = Literal[
    "coupons", "referrals", "loyalty", "giveaways", "strikethrough", "achievements", "advancedEvents"
]
"""A part of the product that a campaign has switched on."""
CampaignType: TypeAlias = Literal["cartItem", "advanced"]
"""Whether effects reach only cart items (`cartItem`) or sessions as well (`advanced`)."""
CampaignFrontendState: TypeAlias = Literal[
    "expired", "scheduled", "running", "disabled", "archived", "staged"
]
"""The state that the Campaign Manager shows for a campaign."""
RevisionFrontendState: TypeAlias = Literal["revised", "pending"]
"""The state that the Campaign Manager shows for a campaign's revision."""
RunningCampaignState: TypeAlias = Literal["enabled"]
"""The state of a running campaign."""
RunningCampaignFeature: TypeAlias = Literal[
    "coupons", "referrals", "loyalty", "giveaways", "strikethrough", "achievements"
]
"""A part of the product that a running campaign has switched on."""


@attrs.define(kw_only=True, eq=False, repr=False)
class LimitConfig(Model):
    """A cap on one kind of action, set on a campaign or on a coupon.

    Attributes:
        action: What is capped, such as `setDiscount`, `setDiscountEffect`, `redeemCoupon` or `createCoupon`.
    """

    action: str
    limit: Annotated[float, Limit(minimum=0)]
    period: LimitPeriod | str | None = None
    entities: list[LimitEntity | str]


@attrs.define(kw_only=True, eq=False, repr=False)
class CodeGeneratorSettings(Model):
    """How a campaign makes up new codes.

    Attributes:
        valid_characters: What each `#` of the pattern is drawn from.
        coupon_pattern: The shape of a code, such as `SUMMER-####`: letters, digits and ``._%+@#-``.
    """

    valid_characters: list[str]
    coupon_pattern: Annotated[str, Limit(min_length=3, max_length=100, pattern=r"^[A-Za-z0-9._%+@#-]+$")]


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignBudget(Model):
    """A budget that a campaign defines, with its use so far.

    Attributes:
        action: What is capped, such as `setDiscount`, `setDiscountEffect`, `redeemCoupon` or `createCoupon`.
        counter: How often the action has taken place in the campaign.
    """

    action: str
    limit: Annotated[float, Limit(minimum=0)]
    counter: Annotated[float, Limit(minimum=0)]


@attrs.define(kw_only=True, eq=False, repr=False)
class Campaign(Model):
    """A campaign that fired, with its settings.

    Comes from `updateCustomerSessionV2`, `returnCartItems`, `updateCustomerProfileV2`, `trackEventV2` and
    `trackEventV3` where `responseContent` names `triggeredCampaigns`.

    Attributes:
        attributes: Custom attributes by name.
        active_ruleset_id: The rules that sessions are evaluated against.
        reevaluate_on_return: Whether `returnCartItems` may evaluate it anew.
        linked_store_ids: Where set, only sessions that name one of these stores evaluate the campaign.
        budgets: Only those that are defined; use is counted from their definition on.
        coupon_redemption_count: Deprecated. As all counts here, replaced by `budgets`.
        referral_redemption_count: Deprecated. Referral codes redeemed.
        discount_count: Deprecated. The amount given as discounts.
        discount_effect_count: Deprecated. How many discounts were given.
        coupon_creation_count: Deprecated. Only coupons that rules made.
        custom_effect_count: Deprecated.
        referral_creation_count: Deprecated. Only referrals that rules made.
        add_free_item_effect_count: Deprecated. The contract calls this how often the effect can occur.
        awarded_giveaways_count: Deprecated.
        created_loyalty_points_count: Deprecated. Points added.
        created_loyalty_points_effect_count: Deprecated. How often points were added.
        redeemed_loyalty_points_count: Deprecated. Points spent.
        redeemed_loyalty_points_effect_count: Deprecated. How often points were spent.
        call_api_effect_count: Deprecated. Webhooks triggered.
        reservecoupon_effect_count: Deprecated.
        updated: When its own settings last changed; changes to its coupons or collections do not count.
        stores_imported: Whether the linked stores came from a CSV file.
        active_revision_id: The revision activated last.
        version: How many revisions were activated; 0 for a new campaign.
        current_revision_id: The revision that is being edited.
        stage_revision: Whether requests with a staging key see the revision being edited.
    """

    id: int
    created: datetime
    application_id: int
    user_id: int
    name: Annotated[str, Limit(min_length=1)]
    description: str
    start_time: datetime | None = None
    end_time: datetime | None = None
    attributes: dict[str, Any] | None = None
    state: CampaignState | str
    active_ruleset_id: int | None = None
    tags: Annotated[list[Annotated[str, Limit(min_length=1, max_length=50)]], Limit(max_length=50)]
    reevaluate_on_return: bool
    features: list[CampaignFeature | str]
    coupon_settings: CodeGeneratorSettings | None = None
    referral_settings: CodeGeneratorSettings | None = None
    limits: list[LimitConfig]
    campaign_groups: list[int] | None = None
    type: CampaignType | str
    linked_store_ids: list[int] | None = None
    coupon_attributes: dict[str, Any] | None = None
    budgets: list[CampaignBudget] | None = None
    coupon_redemption_count: int | None = None
    referral_redemption_count: int | None = None
    discount_count: float | None = None
    discount_effect_count: int | None = None
    coupon_creation_count: int | None = None
    custom_effect_count: int | None = None
    referral_creation_count: int | None = None
    add_free_item_effect_count: int | None = None
    awarded_giveaways_count: int | None = None
    created_loyalty_points_count: float | None = None
    created_loyalty_points_effect_count: int | None = None
    redeemed_loyalty_points_count: float | None = None
    redeemed_loyalty_points_effect_count: int | None = None
    call_api_effect_count: int | None = None
    reservecoupon_effect_count: int | None = None
    last_activity: datetime | None = None
    updated: datetime | None = None
    created_by: str | None = None
    updated_by: str | None = None
    template_id: int | None = None
    frontend_state: CampaignFrontendState | str
    stores_imported: bool
    value_maps_ids: list[int] | None = None
    experiment_id: int | None = None
    revision_frontend_state: RevisionFrontendState | str | None = None
    active_revision_id: int | None = None
    active_revision_version_id: int | None = None
    version: int | None = None
    current_revision_id: int | None = None
    current_revision_version_id: int | None = None
    stage_revision: bool | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationCampaignBase(Model):
    """What a running campaign and a verdict on a campaign share."""

    application_id: int
    id: int
    name: Annotated[str, Limit(min_length=1)]
    description: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    attributes: dict[str, Any] | None = None
    state: RunningCampaignState | str
    tags: Annotated[list[Annotated[str, Limit(min_length=1, max_length=50)]], Limit(max_length=50)]
    features: list[RunningCampaignFeature | str]


@attrs.define(kw_only=True, eq=False, repr=False)
class RuleMetadata(Model):
    """What to tell customers about a rule.

    Attributes:
        display_description: The text to show to customers, for instance the terms.
        related_data: Free text for your own use, for instance the URL of a picture or a CMS key.
    """

    title: str
    display_name: str | None = None
    display_description: str | None = None
    related_data: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationCampaign(IntegrationCampaignBase):
    """A running campaign, as listed by `integrationGetAllCampaigns`."""

    rules: list[RuleMetadata]
    linked_store_ids: list[int] | None = None
    linked_audience_ids: list[int] | None = None
