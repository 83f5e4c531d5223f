"""Catalogs: the items that carts are filled from, and what they cost before."""

from talon_async._operations.catalogs import BEST_PRIOR_PRICES, SYNC_CATALOG
from talon_async.models.base import UNSET, Unset
from talon_async.models.catalogs import Catalog, CatalogAction, CatalogSyncRequest
from talon_async.models.prices import BestPriorPrice, BestPriorPriceRequest
from talon_async.resources._base import Resource

__all__ = ["Catalogs"]


class Catalogs(Resource):
    """Cart item catalogs, by their numbers in the Campaign Manager."""

    async def sync(
        self, catalog_id: int, actions: list[CatalogAction], *, version: int | Unset = UNSET
    ) -> Catalog:
        """Add, change and remove items of a catalog (`syncCatalog`).

        Syncs of a catalog are best made one after another.

        Args:
            catalog_id: The catalog.
            actions: What to do: 1 to 1000 actions of one type, each SKU at most once.
            version: The version that the catalog is expected to have, 1 or more.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            NotFoundError: There is no such catalog.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(
            SYNC_CATALOG, CatalogSyncRequest(actions=actions, version=version), catalog_id=catalog_id
        )

    async def best_prior_prices(self, request: BestPriorPriceRequest) -> list[BestPriorPrice]:
        """Find the lowest price that items had in a span of days (`bestPriorPrice`); experimental.

        Args:
            request: The SKUs, the span's end, and its length in days.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            CallError: The call did not succeed.
        """
        return await self._pipeline.call(BEST_PRIOR_PRICES, request)
