"""Cart item catalogs and prices."""

from __future__ import annotations

from talon_async import models
from talon_async._operations.checks import different_skus, one_type_of_catalog_action
from talon_async._operations.operation import operation


@operation(
    "syncCatalog",
    "PUT",
    "/v1/catalogs/{catalogId}/sync",
    errors=(400, 401, 404),
    checks=(one_type_of_catalog_action, different_skus),
    lock_keys={"catalog": "catalog_id"},
)
def SYNC_CATALOG(
    body: models.CatalogSyncRequest,
    /,
    *,
    catalog_id: int,
) -> models.Catalog: ...


@operation(
    "bestPriorPrice",
    "POST",
    "/v1/best_prior_price",
    errors=(),
    idempotent=True,  # a read, though a POST
)
def BEST_PRIOR_PRICES(
    body: models.BestPriorPriceRequest,
    /,
) -> list[models.BestPriorPrice]: ...
