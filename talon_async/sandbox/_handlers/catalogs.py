"""Catalogs: kept up to date by syncs."""

from talon_async._operations import SYNC_CATALOG
from talon_async.models.catalogs import Catalog, CatalogSyncRequest
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._deployment.records import ACCOUNT_ID, APPLICATION_ID
from talon_async.sandbox._domain.attributes import check_attributes
from talon_async.sandbox._domain.catalog_sync import apply_action, check_action
from talon_async.sandbox._domain.catalogs import CatalogRecord
from talon_async.sandbox._errors import ApiError, bad_field
from talon_async.sandbox._handlers.registry import handles


@handles(SYNC_CATALOG)
def sync_catalog(deployment: Deployment, body: CatalogSyncRequest, *, catalog_id: int) -> Catalog:
    """Carry out all actions, or none of them."""
    catalog = deployment.cart_item_catalogs.get(catalog_id)
    if catalog is None:
        raise ApiError(404, f"There is no catalog {catalog_id}")
    now = deployment.clock.now()
    record = deployment.catalogs.get(catalog_id) or CatalogRecord(created=now, modified=now)
    if isinstance(body.version, int) and body.version != record.version:
        raise bad_field("/version", f"the catalog has version {record.version}")
    references: set[str] = set()
    for index, action in enumerate(body.actions):
        check_action(record, action.payload, f"/actions/{index}/payload", references)
    check_attributes(
        deployment.attributes,
        [
            ("CartItem", getattr(action.payload, "attributes", None), f"/actions/{index}/payload/attributes")
            for index, action in enumerate(body.actions)
        ],
    )
    for action in body.actions:
        apply_action(record, action.payload, now, deployment.next_id)
    record.version += 1
    record.modified = now
    deployment.catalogs[catalog_id] = record
    of_application = next(iter(deployment.cart_item_catalogs)) == catalog_id
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
