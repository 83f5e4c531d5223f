"""The handler of the campaign list."""

from datetime import datetime

from talon_async.models.campaigns import IntegrationCampaign, RuleMetadata
from talon_async.models.pages import MorePage
from talon_async.sandbox._campaigns.campaign import RunningCampaign
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.records import APPLICATION_ID


def list_campaigns(
    deployment: DeploymentView,
    *,
    page_size: int = 50,
    skip: int = 0,
    campaign_ids: list[str] | None = None,
    start_after: datetime | None = None,
    start_before: datetime | None = None,
    end_after: datetime | None = None,
    end_before: datetime | None = None,
    store_id: int | None = None,
    audience_id: int | None = None,
) -> MorePage[IntegrationCampaign]:
    """List the campaigns that run; none of them is linked to a store or an audience."""
    found = [
        running
        for running in deployment.application.campaigns.values()
        if running.campaign.runs(deployment.clock.now())
        and (campaign_ids is None or str(running.id) in campaign_ids)
        and _within(running.campaign.start_date, start_after, start_before)
        and _within(running.campaign.end_date, end_after, end_before)
        and store_id is None
        and audience_id is None
    ]
    page = found[skip : skip + page_size]
    return MorePage(has_more=len(found) > skip + len(page), data=[_listed(running) for running in page])


def _within(date: datetime | None, after: datetime | None, before: datetime | None) -> bool:
    if date is None:
        return after is None and before is None
    return (after is None or date >= after) and (before is None or date <= before)


def _listed(running: RunningCampaign) -> IntegrationCampaign:
    campaign = running.campaign
    return IntegrationCampaign(
        application_id=APPLICATION_ID,
        id=running.id,
        name=campaign.name,
        description="",
        start_time=campaign.start_date,
        end_time=campaign.end_date,
        attributes={},
        state="enabled",
        tags=list(campaign.tags),
        features=campaign.all_features,
        rules=[RuleMetadata(title=campaign.name)],
    )
