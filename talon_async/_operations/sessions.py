"""Customer sessions."""

from __future__ import annotations

from datetime import datetime

from talon_async import models
from talon_async._operations.checks import eligibility_needs_dry, needs_dry, session_quantity
from talon_async._operations.operation import operation
from talon_async.models.base import UNSET, Unset


@operation(
    "updateCustomerSessionV2",
    "PUT",
    "/v2/customer_sessions/{customerSessionId}",
    errors=(400, 401, 409),
    conflict="contention",
    idempotency_key=True,
    lock_keys={"session": "customer_session_id", "profile": "body.customer_session.profile_id"},
    checks=(needs_dry("now"), eligibility_needs_dry, session_quantity),
)
def UPDATE_CUSTOMER_SESSION(
    body: models.IntegrationRequest,
    /,
    *,
    customer_session_id: str,
    dry: bool | Unset = UNSET,
    now: datetime | Unset = UNSET,
) -> models.IntegrationStateV2: ...


@operation(
    "getCustomerSession",
    "GET",
    "/v2/customer_sessions/{customerSessionId}",
    errors=(400, 401),
)
def GET_CUSTOMER_SESSION(
    *,
    customer_session_id: str,
) -> models.IntegrationCustomerSessionResponse: ...


@operation(
    "returnCartItems",
    "POST",
    "/v2/customer_sessions/{customerSessionId}/returns",
    errors=(400, 401),
    idempotency_key=True,
    lock_keys={"session": "customer_session_id"},
)
def RETURN_CART_ITEMS(
    body: models.ReturnIntegrationRequest,
    /,
    *,
    customer_session_id: str,
    dry: bool | Unset = UNSET,
    run_rule_engine: bool | Unset = UNSET,
) -> models.IntegrationStateV2: ...


@operation(
    "reopenCustomerSession",
    "PUT",
    "/v2/customer_sessions/{customerSessionId}/reopen",
    errors=(400, 401),
    idempotency_key=True,
    lock_keys={"session": "customer_session_id"},
)
def REOPEN_CUSTOMER_SESSION(
    *,
    customer_session_id: str,
) -> models.ReopenSessionResponse: ...
