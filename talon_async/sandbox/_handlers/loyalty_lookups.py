"""Finds the loyalty programs and cards that a request names."""

from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.loyalty.cards import LoyaltyCardRecord
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram
from talon_async.sandbox._errors import ApiError


def require_program(deployment: DeploymentView, program_id: int, *, missing: int = 404) -> LoyaltyProgram:
    """Find a loyalty program of either kind.

    Args:
        deployment: The deployment.
        program_id: The program.
        missing: The status of the error if it does not exist.

    Raises:
        ApiError: It does not exist.
    """
    if (
        program_id not in deployment.application.loyalty_programs
        and program_id not in deployment.store.points.accounts
    ):
        raise ApiError(missing, f"There is no loyalty program {program_id}")
    return deployment.application.loyalty_program(program_id)


def require_profile_program(deployment: DeploymentView, program_id: int) -> LoyaltyProgram:
    """Find a profile-based loyalty program.

    Raises:
        ApiError: It does not exist (404), or is card-based (400).
    """
    program = require_program(deployment, program_id)
    if program.card_based:
        raise ApiError(400, f"The loyalty program {program_id} is card-based")
    return program


def require_card_program(
    deployment: DeploymentView, program_id: int, *, missing: int = 404
) -> LoyaltyProgram:
    """Find a card-based loyalty program.

    Args:
        deployment: The deployment.
        program_id: The program.
        missing: The status of the error if it does not exist.

    Raises:
        ApiError: It does not exist, or is profile-based (400).
    """
    program = require_program(deployment, program_id, missing=missing)
    if not program.card_based:
        raise ApiError(400, f"The loyalty program {program_id} is profile-based")
    return program


def require_card(deployment: DeploymentView, program: LoyaltyProgram, identifier: str) -> LoyaltyCardRecord:
    """Find a loyalty card.

    Raises:
        ApiError: It does not exist in the program; status 404.
    """
    try:
        return deployment.store.loyalty_cards[program.id][identifier]
    except KeyError:
        raise ApiError(404, f"There is no loyalty card {identifier!r}") from None
