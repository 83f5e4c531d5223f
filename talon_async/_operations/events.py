"""Custom events."""

from __future__ import annotations

from talon_async import models
from talon_async._operations.checks import eligibility_needs_dry, needs_dry
from talon_async._operations.operation import operation
from talon_async._operations.parameter import Silent
from talon_async.models.base import UNSET, Unset


@operation(
    "trackEventV2",
    "POST",
    "/v2/events",
    success=(200, 204),
    errors=(400, 401, 409),
    conflict="contention",
    idempotency_key=True,
    lock_keys={"profile": "body.profile_id"},
    checks=(needs_dry("force_complete_evaluation"), eligibility_needs_dry),
)
def TRACK_EVENT(
    body: models.IntegrationEventV2Request,
    /,
    *,
    silent: Silent = UNSET,
    dry: bool | Unset = UNSET,
    force_complete_evaluation: bool | Unset = UNSET,
) -> models.IntegrationEventV2Response | None: ...


@operation(
    "trackEventV3",
    "POST",
    "/v3/events",
    success=(200, 204),
    errors=(400, 401, 409),
    conflict="either",
    idempotent=True,  # the service accepts an event ID once
    lock_keys={"session": "body.connected_session_id", "profile": "body.profile_id"},
    checks=(needs_dry("force_complete_evaluation"),),
)
def TRACK_ADVANCED_EVENT(
    body: models.IntegrationEventV3Request,
    /,
    *,
    silent: Silent = UNSET,
    dry: bool | Unset = UNSET,
    force_complete_evaluation: bool | Unset = UNSET,
) -> models.IntegrationEventV3Response | None: ...


@operation(
    "getEventV3",
    "GET",
    "/v3/events/{integrationId}",
    errors=(404,),
)
def GET_ADVANCED_EVENT(
    *,
    integration_id: str,
) -> models.EventV3: ...
