"""Best prior prices: the best earlier prices of items. The operation is experimental."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import attrs

from talon_async.models.base import UNSET, Limit, Model, Omittable, StoreIntegrationId, Wire

__all__ = [
    "AdjustmentDetails",
    "AudienceReference",
    "BestPriorPrice",
    "BestPriorPriceMetadata",
    "BestPriorPriceRequest",
    "BestPriorTarget",
    "InfluencingCampaignDetails",
    "LabelTarget",
    "PriceTargetType",
    "TimeframeEndDateType",
]

PriceTargetType: TypeAlias = Literal["NONE", "AUDIENCE"]
"""Whether a price applies to everyone (``NONE``) or to an audience."""
TimeframeEndDateType: TypeAlias = Literal["strict", "price", "sale"]
"""Where the timeframe ends: at the given date, the start of the current price, or the start of the current
sale.
"""


@attrs.define(kw_only=True, eq=False, repr=False)
class BestPriorTarget(Model):
    """The customers whose prices to search.

    Attributes:
        target_type: Everyone or an audience.
        audience_id: The audience. Only with ``AUDIENCE``.
    """

    target_type: PriceTargetType | str
    audience_id: Annotated[Omittable[int], Wire("audienceID")] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class BestPriorPriceRequest(Model):
    """The items and the timeframe to search for best prior prices.

    Sent by `bestPriorPrice`.

    Attributes:
        skus: The SKUs, at least one.
        timeframe_end_date: The latest date and time of a price.
        timeframe: The length of the timeframe in days, as a string such as ``"45"``.
        timeframe_end_date_type: Where the timeframe ends: ``strict`` at `timeframe_end_date`, ``price`` at
            the start of the current price, ``sale`` at the start of the current context, such as a sale.
        target: The customers whose prices to search.
    """

    skus: Annotated[list[str], Limit(min_length=1)]
    timeframe_end_date: datetime
    timeframe: str
    timeframe_end_date_type: TimeframeEndDateType | str
    target: Omittable[BestPriorTarget] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class InfluencingCampaignDetails(Model):
    """A campaign that influenced a price.

    Attributes:
        campaign_id: The campaign.
        discount_value: The discount of the campaign.
    """

    campaign_id: int
    discount_value: float


@attrs.define(kw_only=True, eq=False, repr=False)
class AdjustmentDetails(Model):
    """A price adjustment that was applied.

    Attributes:
        reference_id: The reference ID given when the adjustment was added to the catalog.
        selected_price_type: The price type selected for the item.
        value: The value of the adjustment.
    """

    reference_id: str
    selected_price_type: str
    value: float


@attrs.define(kw_only=True, eq=False, repr=False)
class BestPriorPriceMetadata(Model):
    """What a price results from.

    Attributes:
        influencing_campaign_details: The campaigns that influenced the price.
        adjustment_details: The price adjustment that was applied, if any.
    """

    influencing_campaign_details: list[InfluencingCampaignDetails]
    adjustment_details: AdjustmentDetails | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class AudienceReference(Model):
    """The audience that a price applies to.

    Attributes:
        id: Talon.One's ID of the audience.
        integration: The platform that the audience comes from.
        integration_id: The audience's ID on that platform.
    """

    id: int
    integration: str | None = None
    integration_id: StoreIntegrationId | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LabelTarget(Model):
    """The customers that a price applies to.

    Attributes:
        type: Everyone or an audience.
        audience: The audience. Only with ``AUDIENCE``.
    """

    type: PriceTargetType | str
    audience: AudienceReference | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class BestPriorPrice(Model):
    """The best earlier price of an item.

    Returned by `bestPriorPrice`.

    Attributes:
        id: Talon.One's ID of the price.
        sku: The SKU of the item.
        observed_at: When the item had this price.
        context_ids: The contexts of the price adjustments and campaigns that influenced the price.
        context_id: Deprecated; `context_ids` replaces it. API version 26.17 no longer returns it.
        price: The price, in the Application's currency.
        metadata: What the price results from.
        target: The customers that the price applies to.
    """

    id: int
    sku: str
    observed_at: datetime
    context_ids: list[str]
    context_id: str | None = None
    price: float
    metadata: BestPriorPriceMetadata
    target: LabelTarget
