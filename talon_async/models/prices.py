"""Best prior prices: the best that items were priced at before. The operation is experimental."""

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
"""Whether a price has no target or is for an audience."""
TimeframeEndDateType: TypeAlias = Literal["strict", "price", "sale"]
"""Where the time to look at ends: at the given date, the current price or the current sale."""


@attrs.define(kw_only=True, eq=False, repr=False)
class BestPriorTarget(Model):
    """Whose prices to look at.

    Attributes:
        audience_id: The audience; goes with `AUDIENCE` only.
    """

    target_type: PriceTargetType | str
    audience_id: Annotated[Omittable[int], Wire("audienceID")] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class BestPriorPriceRequest(Model):
    """The question that `bestPriorPrice` answers.

    Attributes:
        skus: At least one.
        timeframe_end_date: No price after this moment counts.
        timeframe: How many days to look back, as a string such as `30`.
        timeframe_end_date_type: Where the days end: `strict` at `timeframe_end_date`, `price` before the
            current price began, `sale` before the current context, such as a sale, began.
    """

    skus: Annotated[list[str], Limit(min_length=1)]
    timeframe_end_date: datetime
    timeframe: str
    timeframe_end_date_type: TimeframeEndDateType | str
    target: Omittable[BestPriorTarget] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class InfluencingCampaignDetails(Model):
    """A campaign that had a part in a price.

    Attributes:
        discount_value: What the campaign took off.
    """

    campaign_id: int
    discount_value: float


@attrs.define(kw_only=True, eq=False, repr=False)
class AdjustmentDetails(Model):
    """The price adjustment that was applied.

    Attributes:
        reference_id: The one given when the adjustment was added to the catalog.
        selected_price_type: The kind of price that was chosen for the item.
    """

    reference_id: str
    selected_price_type: str
    value: float


@attrs.define(kw_only=True, eq=False, repr=False)
class BestPriorPriceMetadata(Model):
    """How a price came about."""

    influencing_campaign_details: list[InfluencingCampaignDetails]
    adjustment_details: AdjustmentDetails | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class AudienceReference(Model):
    """The audience that a price is for.

    Attributes:
        integration: The platform that it comes from.
        integration_id: Its identifier on that platform.
    """

    id: int
    integration: str | None = None
    integration_id: StoreIntegrationId | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LabelTarget(Model):
    """Whom a price is for.

    Attributes:
        audience: Comes with `AUDIENCE` only.
    """

    type: PriceTargetType | str
    audience: AudienceReference | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class BestPriorPrice(Model):
    """The best earlier price of an item, from `bestPriorPrice`.

    Attributes:
        observed_at: When the item had this price.
        context_ids: The contexts at that time, of adjustments and of campaigns with a part in the price.
        context_id: Deprecated. See `context_ids`.
        price: In the Application's currency.
    """

    id: int
    sku: str
    observed_at: datetime
    context_ids: list[str]
    context_id: str | None = None
    price: float
    metadata: BestPriorPriceMetadata
    target: LabelTarget
