"""Campaigns: the promotions that are running."""

from datetime import date, datetime

from talon_async._operations.campaigns import LIST_CAMPAIGNS
from talon_async._transport.caller import Caller
from talon_async.models.base import UNSET, Unset
from talon_async.models.campaigns import IntegrationCampaign
from talon_async.pagination import Listing, MoreListing

__all__ = ["Campaigns"]


class Campaigns(Caller):
    """The campaigns of the Application."""

    def list(
        self,
        *,
        campaign_ids: "list[str] | Unset" = UNSET,
        start_after: datetime | date | Unset = UNSET,
        start_before: datetime | date | Unset = UNSET,
        end_after: datetime | date | Unset = UNSET,
        end_before: datetime | date | Unset = UNSET,
        store_id: int | Unset = UNSET,
        audience_id: int | Unset = UNSET,
        page_size: int | Unset = UNSET,
        skip: int = 0,
    ) -> MoreListing[IntegrationCampaign]:
        """List the running campaigns (`integrationGetAllCampaigns`).

        Args:
            campaign_ids: Only these campaigns.
            start_after: Only campaigns that start at this time or later; a date means midnight in UTC.
            start_before: Only campaigns that start at this time or earlier; a date means midnight in UTC.
            end_after: Only campaigns that end at this time or later; a date means midnight in UTC.
            end_before: Only campaigns that end at this time or earlier; a date means midnight in UTC.
            store_id: Only campaigns linked to this store.
            audience_id: Only campaigns linked to this audience.
            page_size: How many entries to fetch per page, 1 to 1000 (default: 50).
            skip: How many entries to skip at the beginning (default: 0).

        Returns:
            A listing. It fetches pages, and raises errors, when it is iterated.

        Raises:
            InvalidRequestError: A filter, `page_size` or `skip` is not valid; nothing was sent.
            CallError: A call failed.
        """
        return Listing(
            self._pipeline,
            lambda pipeline, size, begin: pipeline.call(
                LIST_CAMPAIGNS,
                page_size=size,
                skip=begin,
                campaign_ids=campaign_ids,
                start_after=start_after,
                start_before=start_before,
                end_after=end_after,
                end_before=end_before,
                store_id=store_id,
                audience_id=audience_id,
            ),
            page_size,
            skip,
        )
