"""Campaigns: their settings, limits and budgets, and the customer-facing description of their rules."""

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
"""How often a limit resets."""
LimitEntity: TypeAlias = Literal["Coupon", "Referral", "Profile", "Identifier", "Store", "Session"]
"""What a limit is counted per."""
CampaignState: TypeAlias = Literal["enabled", "disabled", "archived"]
"""The state of a campaign. Disabled campaigns are evaluated only in dry requests that name them, archived
ones never.
"""
CampaignFeature: TypeAlias = Literal[
    "coupons", "referrals", "loyalty", "giveaways", "strikethrough", "achievements", "advancedEvents"
]
"""A feature that is enabled in a campaign."""
CampaignType: TypeAlias = Literal["cartItem", "advanced"]
"""Whether effects apply only to cart items (``cartItem``) or to sessions as well (``advanced``)."""
CampaignFrontendState: TypeAlias = Literal[
    "expired", "scheduled", "running", "disabled", "archived", "staged"
]
"""The state of a campaign in the Campaign Manager."""
RevisionFrontendState: TypeAlias = Literal["revised", "pending"]
"""The state of a campaign revision in the Campaign Manager."""
RunningCampaignState: TypeAlias = Literal["enabled"]
"""The state of a running campaign."""
RunningCampaignFeature: TypeAlias = Literal[
    "coupons", "referrals", "loyalty", "giveaways", "strikethrough", "achievements"
]
"""A feature that is enabled in a running campaign."""


@attrs.define(kw_only=True, eq=False, repr=False)
class LimitConfig(Model):
    """A limit of a campaign or a coupon.

    Attributes:
        action: What is limited, such as ``setDiscount``, ``setDiscountEffect``, ``redeemCoupon`` or
            ``createCoupon``.
        limit: The limit, at least 0: an amount or a count, depending on `action`.
        period: How often the limit resets; `None` for never.
        entities: What the limit is counted per.
    """

    action: str
    limit: Annotated[float, Limit(minimum=0)]
    period: LimitPeriod | str | None = None
    entities: list[LimitEntity | str]


@attrs.define(kw_only=True, eq=False, repr=False)
class CodeGeneratorSettings(Model):
    """How a campaign generates codes.

    Attributes:
        valid_characters: The characters for the random parts of a code.
        coupon_pattern: The pattern of the codes, 3 to 100 characters: letters, digits and ``._%+@#-``. Each
            ``#`` is replaced by a random character.
    """

    valid_characters: list[str]
    coupon_pattern: Annotated[str, Limit(min_length=3, max_length=100, pattern=r"^[A-Za-z0-9._%+@#-]+$")]


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignBudget(Model):
    """A budget of a campaign and its use.

    Attributes:
        action: What is limited, such as ``setDiscount``, ``setDiscountEffect``, ``redeemCoupon`` or
            ``createCoupon``.
        limit: The limit, at least 0: an amount or a count, depending on `action`.
        counter: How much of the budget is used.
    """

    action: str
    limit: Annotated[float, Limit(minimum=0)]
    counter: Annotated[float, Limit(minimum=0)]


@attrs.define(kw_only=True, eq=False, repr=False)
class Campaign(Model):
    """A campaign that a request triggered, with its settings.

    Returned by `updateCustomerSessionV2`, `returnCartItems`, `updateCustomerProfileV2`, `trackEventV2` and
    `trackEventV3` if ``responseContent`` contains ``triggeredCampaigns``. `budgets` replaces the deprecated
    counts.

    Attributes:
        id: Talon.One's ID of the campaign.
        created: When the campaign was created.
        application_id: The Application of the campaign.
        user_id: The ID of the user associated with the campaign.
        name: The name.
        description: The description.
        start_time: When the campaign starts.
        end_time: When the campaign ends.
        attributes: Custom attributes by name.
        state: Whether the campaign is enabled, disabled or archived.
        active_ruleset_id: The ruleset that sessions are evaluated with.
        tags: At most 50 tags of 1 to 50 characters each.
        reevaluate_on_return: Whether `returnCartItems` can reevaluate the campaign.
        features: The enabled features.
        coupon_settings: How the campaign generates coupon codes.
        referral_settings: How the campaign generates referral codes.
        limits: The limits of the campaign.
        campaign_groups: The IDs of the campaign groups that the campaign belongs to.
        type: Whether effects apply only to cart items.
        linked_store_ids: The linked stores, if any; only sessions that name one of them evaluate the
            campaign.
        coupon_attributes: Custom attributes of the campaign's coupons by name.
        budgets: The budgets that are defined. Use is counted from the definition on.
        coupon_redemption_count: Deprecated. How many coupons were redeemed.
        referral_redemption_count: Deprecated. How many referral codes were redeemed.
        discount_count: Deprecated. The total discount given, in the Application's currency.
        discount_effect_count: Deprecated. How many discounts were given.
        coupon_creation_count: Deprecated. How many coupons rules created.
        custom_effect_count: Deprecated. How many custom effects were triggered.
        referral_creation_count: Deprecated. How many referral codes rules created.
        add_free_item_effect_count: Deprecated. The contract describes it as how often the effect can be
            triggered.
        awarded_giveaways_count: Deprecated. How many giveaways were awarded.
        created_loyalty_points_count: Deprecated. How many points were added.
        created_loyalty_points_effect_count: Deprecated. How often points were added.
        redeemed_loyalty_points_count: Deprecated. How many points were spent.
        redeemed_loyalty_points_effect_count: Deprecated. How often points were spent.
        call_api_effect_count: Deprecated. How many webhooks were triggered.
        reservecoupon_effect_count: Deprecated. How often coupons were reserved.
        last_activity: When the campaign last received an event.
        updated: When the campaign's own settings last changed; changes of its coupons or collections do not
            count.
        created_by: The name of the user who created the campaign.
        updated_by: The name of the user who last changed the campaign.
        template_id: The template that the campaign was created from.
        frontend_state: The state in the Campaign Manager.
        stores_imported: Whether the linked stores were imported from a CSV file.
        value_maps_ids: The IDs of the campaign's value maps.
        experiment_id: The experiment that the campaign belongs to.
        revision_frontend_state: The state of the revision in the Campaign Manager.
        active_revision_id: The revision that was activated last.
        active_revision_version_id: The active version of that revision.
        version: How many revisions were activated; 0 for a new campaign.
        current_revision_id: The revision that is being edited.
        current_revision_version_id: The latest version of that revision.
        stage_revision: Whether requests with a staging API key use the revision being edited.
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
    """The common part of `IntegrationCampaign` and `CampaignEligibility`.

    Attributes:
        application_id: The Application of the campaign.
        id: Talon.One's ID of the campaign.
        name: The name.
        description: The description.
        start_time: When the campaign starts.
        end_time: When the campaign ends.
        attributes: Custom attributes by name.
        state: Always ``enabled``.
        tags: At most 50 tags of 1 to 50 characters each.
        features: The enabled features.
    """

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
    """The customer-facing description of a rule.

    Attributes:
        title: The title of the rule.
        display_name: The name to show to customers.
        display_description: The text to show to customers, such as the terms.
        related_data: Free text for your system, such as the URL of an image.
    """

    title: str
    display_name: str | None = None
    display_description: str | None = None
    related_data: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationCampaign(IntegrationCampaignBase):
    """A running campaign.

    Listed by `integrationGetAllCampaigns`. `IntegrationCampaignBase` documents the inherited attributes.

    Attributes:
        rules: The customer-facing descriptions of the rules.
        linked_store_ids: The IDs of the linked stores.
        linked_audience_ids: The IDs of the linked audiences.
    """

    rules: list[RuleMetadata]
    linked_store_ids: list[int] | None = None
    linked_audience_ids: list[int] | None = None
