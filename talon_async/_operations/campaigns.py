"""Campaigns."""

from __future__ import annotations

from talon_async import models
from talon_async._operations.operation import operation
from talon_async._operations.parameter import CommaSeparated, Moment, PageSize, Skip
from talon_async.models.base import UNSET, Unset


@operation(
    "integrationGetAllCampaigns",
    "GET",
    "/v1/integration/campaigns",
    errors=(400, 401, 404),
)
def LIST_CAMPAIGNS(
    *,
    page_size: PageSize = UNSET,
    skip: Skip = UNSET,
    campaign_ids: CommaSeparated[str] = UNSET,
    start_after: Moment = UNSET,
    start_before: Moment = UNSET,
    end_after: Moment = UNSET,
    end_before: Moment = UNSET,
    store_id: int | Unset = UNSET,
    audience_id: int | Unset = UNSET,
) -> models.MorePage[models.IntegrationCampaign]: ...
