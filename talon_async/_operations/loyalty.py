"""Loyalty programs as a whole."""

from __future__ import annotations

from talon_async import models
from talon_async._operations.checks import session_or_transactions
from talon_async._operations.operation import operation


@operation(
    "generateLoyaltyCard",
    "POST",
    "/v1/loyalty_programs/{loyaltyProgramId}/cards",
    errors=(400, 401),
)
def GENERATE_CARD(
    body: models.GenerateLoyaltyCard,
    /,
    *,
    loyalty_program_id: int,
) -> models.LoyaltyCard: ...


@operation(
    "activateLoyaltyPoints",
    "POST",
    "/v1/loyalty_programs/{loyaltyProgramId}/activate_points",
    errors=(400, 401, 404),
    checks=(session_or_transactions,),
)
def ACTIVATE_POINTS(
    body: models.ActivateLoyaltyPoints,
    /,
    *,
    loyalty_program_id: int,
) -> models.ActivateLoyaltyPointsResponse: ...
