"""Calls of `catalogs` and `campaigns`."""

from typing import Any, Final

from talon_async import (
    AddItemCatalogAction,
    AddPriceAdjustmentCatalogAction,
    BestPriorPriceRequest,
    BestPriorTarget,
    CatalogAction,
    CatalogActionFilter,
    NewPriceAdjustment,
    PatchItemCatalogAction,
    PatchManyItemsCatalogAction,
    Product,
    RemoveItemCatalogAction,
    RemoveManyItemsCatalogAction,
)
from tests.calls.example import JUNE, JUNE_TEXT, MAY, MAY_TEXT, ODD, Calls, Example

PRODUCT: Final = Product(name="Footwear")
RED: Final = {"Color": "red"}
CHEAP: Final = [
    CatalogActionFilter(attr="price", op="LE", value=9.5),
    CatalogActionFilter(attr="color", op="IN", value="red,blue"),
]
CHEAP_AS_JSON: Final = [
    {"attr": "price", "op": "LE", "value": 9.5},
    {"attr": "color", "op": "IN", "value": "red,blue"},
]


def sync(action: CatalogAction, payload: dict[str, Any]) -> Example:
    """A sync of one action, and its payload as JSON."""
    return Example(
        lambda talon: talon.catalogs.sync(31, [action], version=2),
        {"catalogId": 31},
        {"actions": [{"type": action.type, "payload": payload}], "version": 2},
    )


CALLS: Final[dict[str, Calls]] = {
    "syncCatalog": Calls(
        minimal=Example(
            lambda talon: talon.catalogs.sync(
                31, [CatalogAction(type="REMOVE", payload=RemoveItemCatalogAction(sku="S-1"))]
            ),
            {"catalogId": 31},
            {"actions": [{"type": "REMOVE", "payload": {"sku": "S-1"}}]},
        ),
        full=(
            sync(
                CatalogAction(
                    type="ADD",
                    payload=AddItemCatalogAction(
                        sku="S-1", price=99.5, attributes=RED, product=PRODUCT, replace_if_exists=True
                    ),
                ),
                {
                    "sku": "S-1",
                    "price": 99.5,
                    "attributes": {"Color": "red"},
                    "product": {"name": "Footwear"},
                    "replaceIfExists": True,
                },
            ),
            sync(
                CatalogAction(
                    type="PATCH",
                    payload=PatchItemCatalogAction(
                        sku="S-1", price=0, attributes=RED, product=PRODUCT, create_if_not_exists=False
                    ),
                ),
                {
                    "sku": "S-1",
                    "price": 0,
                    "attributes": {"Color": "red"},
                    "product": {"name": "Footwear"},
                    "createIfNotExists": False,
                },
            ),
            sync(
                CatalogAction(
                    type="PATCH_MANY",
                    payload=PatchManyItemsCatalogAction(price=5, filters=CHEAP, attributes=RED),
                ),
                {"price": 5, "filters": CHEAP_AS_JSON, "attributes": {"Color": "red"}},
            ),
            sync(
                CatalogAction(type="REMOVE", payload=RemoveItemCatalogAction(sku="S-1")),
                {"sku": "S-1"},
            ),
            sync(
                CatalogAction(type="REMOVE_MANY", payload=RemoveManyItemsCatalogAction(filters=CHEAP)),
                {"filters": CHEAP_AS_JSON},
            ),
            sync(
                CatalogAction(
                    type="ADD_PRICE_ADJUSTMENT",
                    payload=AddPriceAdjustmentCatalogAction(
                        sku="S-1",
                        adjustments=[
                            NewPriceAdjustment(
                                price_type="member",
                                price=79.5,
                                reference_id="r-1",
                                calculated_at=MAY,
                                effective_from=MAY,
                                effective_until=JUNE,
                                context_id="summer",
                            ),
                            NewPriceAdjustment(price_type="member", price=None, reference_id="r-2"),
                        ],
                    ),
                ),
                {
                    "sku": "S-1",
                    "adjustments": [
                        {
                            "priceType": "member",
                            "price": 79.5,
                            "referenceId": "r-1",
                            "calculatedAt": MAY_TEXT,
                            "effectiveFrom": MAY_TEXT,
                            "effectiveUntil": JUNE_TEXT,
                            "contextId": "summer",
                        },
                        {"priceType": "member", "price": None, "referenceId": "r-2"},
                    ],
                },
            ),
        ),
    ),
    "bestPriorPrice": Calls(
        minimal=Example(
            lambda talon: talon.catalogs.best_prior_prices(
                BestPriorPriceRequest(
                    skus=["S-1"], timeframe_end_date=MAY, timeframe="30", timeframe_end_date_type="strict"
                )
            ),
            {},
            {
                "skus": ["S-1"],
                "timeframeEndDate": MAY_TEXT,
                "timeframe": "30",
                "timeframeEndDateType": "strict",
            },
        ),
        full=(
            Example(
                lambda talon: talon.catalogs.best_prior_prices(
                    BestPriorPriceRequest(
                        skus=["S-1", "S-2"],
                        timeframe_end_date=JUNE,
                        timeframe="30",
                        timeframe_end_date_type="sale",
                        target=BestPriorTarget(target_type="AUDIENCE", audience_id=21),
                    )
                ),
                {},
                {
                    "skus": ["S-1", "S-2"],
                    "timeframeEndDate": JUNE_TEXT,
                    "timeframe": "30",
                    "timeframeEndDateType": "sale",
                    "target": {"targetType": "AUDIENCE", "audienceID": 21},
                },
            ),
        ),
    ),
    "integrationGetAllCampaigns": Calls(
        minimal=Example(lambda talon: talon.campaigns.list().page()),
        full=(
            Example(
                lambda talon: talon.campaigns.list(
                    campaign_ids=["3", "4", ODD],
                    start_after=MAY,
                    start_before=JUNE,
                    end_after=MAY.replace(year=2027),
                    end_before=JUNE.replace(year=2027),
                    store_id=41,
                    audience_id=42,
                    page_size=1000,
                    skip=2000,
                ).page(),
                {
                    "campaignIds": ["3", "4", ODD],
                    "startAfter": MAY_TEXT,
                    "startBefore": JUNE_TEXT,
                    "endAfter": "2027-05-01T12:00:00Z",
                    "endBefore": "2027-06-01T14:30:00+02:00",
                    "storeId": 41,
                    "audienceId": 42,
                    "pageSize": 1000,
                    "skip": 2000,
                },
            ),
        ),
    ),
}
"""The calls of each operation."""
