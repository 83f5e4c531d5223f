"""The operations of the Integration API, one row each; nothing else knows a path."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from talon_async import models
from talon_async.operation import EMPTY, Operation, Parameter
from talon_async.request_checks import eligibility_needs_dry, needs_dry, session_quantity

# What several rows share. Models are named in lambdas, so that a row imports none before it is used.
_SESSION: Final = Parameter("customer_session_id", str)
_PROFILE: Final = Parameter("integration_id", str)
_DRY: Final = Parameter("dry", bool)
_RUN_RULE_ENGINE: Final = Parameter("run_rule_engine", bool)
_SILENT: Final = Parameter("silent", bool, words=("no", "yes"))
_FORCE_COMPLETE_EVALUATION: Final = Parameter("force_complete_evaluation", bool)

UPDATE_CUSTOMER_SESSION: Final = Operation(
    id="updateCustomerSessionV2",
    method="PUT",
    path="/v2/customer_sessions/{customerSessionId}",
    path_parameters=(_SESSION,),
    query=(_DRY, Parameter("now", datetime)),
    body=lambda: models.IntegrationRequest,
    answers={200: lambda: models.IntegrationStateV2},
    errors=(400, 401, 409),
    idempotency_key=True,
    touches={"session": "customer_session_id", "profile": "body.customer_session.profile_id"},
    checks=(needs_dry("now"), eligibility_needs_dry, session_quantity),
)
GET_CUSTOMER_SESSION: Final = Operation(
    id="getCustomerSession",
    method="GET",
    path="/v2/customer_sessions/{customerSessionId}",
    path_parameters=(_SESSION,),
    answers={200: lambda: models.IntegrationCustomerSessionResponse},
    errors=(400, 401),
)
RETURN_CART_ITEMS: Final = Operation(
    id="returnCartItems",
    method="POST",
    path="/v2/customer_sessions/{customerSessionId}/returns",
    path_parameters=(_SESSION,),
    query=(_DRY, _RUN_RULE_ENGINE),
    body=lambda: models.ReturnIntegrationRequest,
    answers={200: lambda: models.IntegrationStateV2},
    errors=(400, 401),
    idempotency_key=True,
    touches={"session": "customer_session_id"},
)
REOPEN_CUSTOMER_SESSION: Final = Operation(
    id="reopenCustomerSession",
    method="PUT",
    path="/v2/customer_sessions/{customerSessionId}/reopen",
    path_parameters=(_SESSION,),
    answers={200: lambda: models.ReopenSessionResponse},
    errors=(400, 401),
    idempotency_key=True,
    touches={"session": "customer_session_id"},
)
UPDATE_CUSTOMER_PROFILE: Final = Operation(
    id="updateCustomerProfileV2",
    method="PUT",
    path="/v2/customer_profiles/{integrationId}",
    path_parameters=(_PROFILE,),
    query=(_RUN_RULE_ENGINE, _DRY),
    body=lambda: models.CustomerProfileIntegrationRequestV2,
    answers={200: lambda: models.CustomerProfileIntegrationResponseV2},
    errors=(400, 401, 409),
    idempotency_key=True,
    touches={"profile": "integration_id"},
    checks=(eligibility_needs_dry,),
)
TRACK_EVENT: Final[Operation[models.IntegrationEventV2Response | None]] = Operation(
    id="trackEventV2",
    method="POST",
    path="/v2/events",
    query=(_SILENT, _DRY, _FORCE_COMPLETE_EVALUATION),
    body=lambda: models.IntegrationEventV2Request,
    answers={200: lambda: models.IntegrationEventV2Response, 204: EMPTY},
    errors=(400, 401, 409),
    idempotency_key=True,
    touches={"profile": "body.profile_id"},
    checks=(needs_dry("force_complete_evaluation"), eligibility_needs_dry),
)

OPERATIONS: Final[Mapping[str, Operation[Any]]] = MappingProxyType(
    {
        operation.id: operation
        for operation in (
            UPDATE_CUSTOMER_SESSION,
            GET_CUSTOMER_SESSION,
            RETURN_CART_ITEMS,
            REOPEN_CUSTOMER_SESSION,
            UPDATE_CUSTOMER_PROFILE,
            TRACK_EVENT,
        )
    }
)
"""Every operation, by its operationId."""
