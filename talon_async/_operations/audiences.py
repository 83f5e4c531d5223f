"""Audiences."""

from __future__ import annotations

from typing import Any

from talon_async import models
from talon_async._operations.operation import operation


@operation(
    "createAudienceV2",
    "POST",
    "/v2/audiences",
    success=(201,),
    errors=(400, 401, 409),
)
def CREATE_AUDIENCE(
    body: models.NewAudience,
    /,
) -> models.Audience: ...


@operation(
    "updateAudienceV2",
    "PUT",
    "/v2/audiences/{audienceId}",
    errors=(401, 404),
    idempotent=True,  # sets the name
    lock_keys={"audience": "audience_id"},
)
def RENAME_AUDIENCE(
    body: models.UpdateAudience,
    /,
    *,
    audience_id: int,
) -> models.Audience: ...


@operation(
    "deleteAudienceV2",
    "DELETE",
    "/v2/audiences/{audienceId}",
    success=(204,),
    errors=(400, 401, 404),
    lock_keys={"audience": "audience_id"},
)
def DELETE_AUDIENCE(
    *,
    audience_id: int,
) -> None: ...


@operation(
    "deleteAudienceMembershipsV2",
    "DELETE",
    "/v2/audiences/{audienceId}/memberships",
    success=(204,),
    errors=(401, 404),
    idempotent=True,  # an empty audience stays empty
    lock_keys={"audience": "audience_id"},
)
def CLEAR_AUDIENCE(
    *,
    audience_id: int,
) -> None: ...


@operation(
    "updateCustomerProfileAudiences",
    "POST",
    "/v2/customer_audiences",
    success=(204,),
    errors=(400, 401, 404),
    idempotent=True,  # each action states the membership that results
    lock_keys={"audience": "body.data.audience_id", "profile": "body.data.profile_integration_id"},
)
def UPDATE_AUDIENCE_MEMBERS(
    body: models.CustomerProfileAudienceRequest,
    /,
) -> None: ...


@operation(
    "updateAudienceCustomersAttributes",
    "PUT",
    "/v2/audience_customers/{audienceId}/attributes",
    success=(204,),
    errors=(401, 404),
    idempotent=True,  # sets attributes
    lock_keys={"audience": "audience_id"},
)
def UPDATE_AUDIENCE_ATTRIBUTES(
    body: dict[str, Any],
    /,
    *,
    audience_id: int,
) -> None: ...
