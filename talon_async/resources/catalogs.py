"""Catalogs: the items of carts, and their best prior prices."""

from talon_async._operations.catalogs import BEST_PRIOR_PRICES, SYNC_CATALOG
from talon_async._transport.caller import Caller
from talon_async.models.base import UNSET, Unset
from talon_async.models.catalogs import Catalog, CatalogAction, CatalogSyncRequest
from talon_async.models.prices import BestPriorPrice, BestPriorPriceRequest

__all__ = ["Catalogs"]


class Catalogs(Caller):
    """Cart item catalogs, identified by their IDs in the Campaign Manager."""

    async def sync(
        self, catalog_id: int, actions: list[CatalogAction], *, version: int | Unset = UNSET
    ) -> Catalog:
        """Add, change or remove items of a catalog (`syncCatalog`).

        Do not sync a catalog concurrently.

        Args:
            catalog_id: The ID of the catalog.
            actions: 1 to 1000 actions of one type, each SKU at most once.
            version: The version of the catalog that the actions apply to, at least 1.

        Returns:
            The catalog with its new version.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            NotFoundError: The catalog does not exist.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(
            SYNC_CATALOG, CatalogSyncRequest(actions=actions, version=version), catalog_id=catalog_id
        )

    async def best_prior_prices(self, request: BestPriorPriceRequest) -> list[BestPriorPrice]:
        """Find the best earlier prices of items in a timeframe (`bestPriorPrice`); experimental.

        Args:
            request: The SKUs, and the end and the length in days of the timeframe.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            CallError: The call failed.
        """
        return await self._pipeline.call(BEST_PRIOR_PRICES, request)
