"""What items cost before."""

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from talon_async._operations import BEST_PRIOR_PRICES
from talon_async.models.prices import (
    AdjustmentDetails,
    AudienceReference,
    BestPriorPrice,
    BestPriorPriceMetadata,
    BestPriorPriceRequest,
    LabelTarget,
)
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._domain.prices import PastPrice, best_prior_price
from talon_async.sandbox._errors import bad_field
from talon_async.sandbox._handlers.registry import handles

_DAYS: Final = re.compile(r"[1-9][0-9]{0,4}")


@handles(BEST_PRIOR_PRICES)
def best_prior_prices(deployment: Deployment, body: BestPriorPriceRequest) -> list[BestPriorPrice]:
    """Find the lowest price of each item in a span of days; items that had none are left out.

    The prices are those of the Application's catalog.
    """
    if not _DAYS.fullmatch(body.timeframe):
        raise bad_field("/timeframe", "expected a number of days, 1 to 99999")
    target, audience = body.target, None
    if target and target.target_type == "AUDIENCE":
        if not isinstance(target.audience_id, int):
            raise bad_field("/target/audienceID", "expected the audience", title="required")
        audience = target.audience_id
    catalog = deployment.catalog()
    applies = catalog.prices_for([] if audience is None else [audience])
    record = deployment.catalogs.get(catalog.id)
    histories = record.prices if record else {}
    found = {
        sku: best_prior_price(
            histories[sku],
            min(body.timeframe_end_date, deployment.clock.now()),
            timedelta(days=int(body.timeframe)),
            body.timeframe_end_date_type,
            applies,
        )
        for sku in dict.fromkeys(body.skus)
        if sku in histories
    }
    return [_told(sku, best, catalog.price_types, audience) for sku, best in found.items() if best]


def _told(sku: str, best: PastPrice, targeted: Collection[str], audience: int | None) -> BestPriorPrice:
    price, adjustment = best.price, best.price.adjustment
    target = LabelTarget(type="NONE")
    if audience is not None and price.price_type in targeted:
        target = LabelTarget(type="AUDIENCE", audience=AudienceReference(id=audience))
    return BestPriorPrice(
        id=price.id,
        sku=sku,
        observed_at=best.since,
        context_ids=[price.context_id] if price.context_id else [],
        context_id=price.context_id,
        price=price.value,
        metadata=BestPriorPriceMetadata(
            influencing_campaign_details=[],
            adjustment_details=AdjustmentDetails(
                reference_id=adjustment.reference_id, selected_price_type=price.price_type, value=price.value
            )
            if adjustment
            else None,
        ),
        target=target,
    )
