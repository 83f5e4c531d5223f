"""Handlers of catalogs: sync, and the best prior prices of items."""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from talon_async.models.catalogs import Catalog, CatalogSyncRequest
from talon_async.models.prices import (
    AdjustmentDetails,
    AudienceReference,
    BestPriorPrice,
    BestPriorPriceMetadata,
    BestPriorPriceRequest,
    LabelTarget,
)
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.attributes import check_attributes
from talon_async.sandbox._domain.catalog_sync import apply_action, check_action
from talon_async.sandbox._domain.catalogs import CatalogRecord
from talon_async.sandbox._domain.prices import PastPrice, PriceHistory, best_prior_price
from talon_async.sandbox._domain.records import ACCOUNT_ID, APPLICATION_ID
from talon_async.sandbox._errors import ApiError, bad_field

_DAYS: Final = re.compile(r"[1-9][0-9]{0,4}")


def sync_catalog(deployment: DeploymentView, body: CatalogSyncRequest, *, catalog_id: int) -> Catalog:
    """Apply all actions, or none of them."""
    catalog = deployment.application.catalogs.get(catalog_id)
    if catalog is None:
        raise ApiError(404, f"There is no catalog {catalog_id}")
    now = deployment.clock.now()
    record = deployment.store.catalogs.get(catalog_id) or CatalogRecord(created=now, modified=now)
    if isinstance(body.version, int) and body.version != record.version:
        raise bad_field("/version", f"the catalog has version {record.version}")
    references: set[str] = set()
    for index, action in enumerate(body.actions):
        check_action(record, action.payload, f"/actions/{index}/payload", references)
    check_attributes(
        deployment.application.attributes,
        [
            ("CartItem", getattr(action.payload, "attributes", None), f"/actions/{index}/payload/attributes")
            for index, action in enumerate(body.actions)
        ],
    )
    for action in body.actions:
        apply_action(record, action.payload, now, deployment.store.next_id)
    record.version += 1
    record.modified = now
    deployment.store.catalogs[catalog_id] = record
    of_application = next(iter(deployment.application.catalogs)) == catalog_id
    return Catalog(
        id=catalog_id,
        created=record.created,
        account_id=ACCOUNT_ID,
        modified=now,
        name=catalog.name,
        description=catalog.description,
        subscribed_applications_ids=[APPLICATION_ID] if of_application else [],
        version=record.version,
        created_by=1,
    )


def best_prior_prices(deployment: DeploymentView, body: BestPriorPriceRequest) -> list[BestPriorPrice]:
    """Find the lowest price of each item in a timeframe, in the Application's catalog.

    The response omits items without a price.
    """
    if not _DAYS.fullmatch(body.timeframe):
        raise bad_field("/timeframe", "expected a number of days, 1 to 99999")
    target, audience = body.target, None
    if target and target.target_type == "AUDIENCE":
        if not isinstance(target.audience_id, int):
            raise bad_field("/target/audienceID", "expected the audience", title="required")
        audience = target.audience_id
    catalog = deployment.application.cart_catalog()
    applies = catalog.prices_for([] if audience is None else [audience])
    record = deployment.store.catalogs.get(catalog.id)
    histories: Mapping[str, PriceHistory] = record.prices if record else {}
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
    return [_to_model(sku, best, catalog.price_types, audience) for sku, best in found.items() if best]


def _to_model(sku: str, best: PastPrice, targeted: Collection[str], audience: int | None) -> BestPriorPrice:
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
