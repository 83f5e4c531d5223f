"""Customer profiles."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from talon_async import models
from talon_async._operations.checks import eligibility_needs_dry
from talon_async._operations.operation import operation
from talon_async._operations.parameter import CommaSeparated, PageSize, Silent, Skip
from talon_async.models.base import UNSET, Unset


@operation(
    "updateCustomerProfileV2",
    "PUT",
    "/v2/customer_profiles/{integrationId}",
    errors=(400, 401, 409),
    conflict="contention",
    idempotency_key=True,
    lock_keys={"profile": "integration_id"},
    checks=(eligibility_needs_dry,),
)
def UPDATE_CUSTOMER_PROFILE(
    body: models.CustomerProfileIntegrationRequestV2,
    /,
    *,
    integration_id: str,
    run_rule_engine: bool | Unset = UNSET,
    dry: bool | Unset = UNSET,
) -> models.CustomerProfileIntegrationResponseV2: ...


@operation(
    "updateCustomerProfilesV2",
    "PUT",
    "/v2/customer_profiles",
    success=(200, 204),
    errors=(400, 401),
    idempotency_key=True,
    lock_keys={"profile": "body.customer_profiles.integration_id"},
)
def UPDATE_CUSTOMER_PROFILES(
    body: models.MultipleCustomerProfileIntegrationRequest,
    /,
    *,
    silent: Silent = UNSET,
) -> models.MultipleCustomerProfileIntegrationResponseV2 | None: ...


@operation(
    "getCustomerInventory",
    "GET",
    "/v1/customer_profiles/{integrationId}/inventory",
    errors=(401, 404),
)
def GET_CUSTOMER_INVENTORY(
    *,
    integration_id: str,
    profile: bool | Unset = UNSET,
    referrals: bool | Unset = UNSET,
    coupons: bool | Unset = UNSET,
    loyalty: bool | Unset = UNSET,
    giveaways: bool | Unset = UNSET,
    achievements: bool | Unset = UNSET,
) -> models.CustomerInventory: ...


@operation(
    "deleteCustomerData",
    "DELETE",
    "/v1/customer_data/{integrationId}",
    success=(204,),
    errors=(401, 404),
    idempotent=True,  # what is erased stays erased
    lock_keys={"profile": "integration_id"},
)
def DELETE_CUSTOMER_DATA(
    *,
    integration_id: str,
) -> None: ...


@operation(
    "getCustomerAchievements",
    "GET",
    "/v1/customer_profiles/{integrationId}/achievements",
    errors=(400, 401, 404),
)
def GET_CUSTOMER_ACHIEVEMENTS(
    *,
    integration_id: str,
    campaign_ids: CommaSeparated[str] = UNSET,
    achievement_ids: CommaSeparated[str] = UNSET,
    achievement_status: CommaSeparated[models.AchievementStatus | str] = UNSET,
    current_progress_status: CommaSeparated[Literal["inprogress", "completed", "not_started"] | str] = UNSET,
    page_size: PageSize = UNSET,
    skip: Skip = UNSET,
) -> models.CountedPage[models.AchievementStatusEntry]: ...


@operation(
    "getCustomerAchievementHistory",
    "GET",
    "/v1/customer_profiles/{integrationId}/achievements/{achievementId}",
    errors=(400, 401, 404),
)
def GET_CUSTOMER_ACHIEVEMENT_HISTORY(
    *,
    integration_id: str,
    achievement_id: int,
    progress_status: CommaSeparated[Literal["inprogress", "completed", "expired"] | str] = UNSET,
    start_date: datetime | Unset = UNSET,
    end_date: datetime | Unset = UNSET,
    page_size: PageSize = UNSET,
    skip: Skip = UNSET,
) -> models.CountedPage[models.AchievementProgress]: ...
