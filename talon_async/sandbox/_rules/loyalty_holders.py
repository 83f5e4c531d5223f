"""Whose points a call or an effect means: a profile's, or a card's in a program for cards."""

from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._domain.loyalty.cards import LoyaltyCardRecord
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram
from talon_async.sandbox._errors import ApiError


def find_holder(
    deployment: Deployment,
    program_id: int,
    *,
    profile_id: str,
    card_identifier: str | None,
    session: CustomerSessionV2 | None,
) -> str | None:
    """Tell whose points an effect means.

    Args:
        deployment: Where the program is.
        program_id: The program.
        profile_id: The profile that the effect is for, by integration ID; empty if there is none.
        card_identifier: The card that the effect names; the session's unless given.
        session: The session.

    Returns:
        The profile's integration ID, or the card's identifier in a program for cards; `None` if there is no
        such card, or nobody.
    """
    if not deployment.loyalty_program(program_id).card_based:
        return profile_id or None
    if card_identifier is None and session is not None:
        card_identifier = next(iter(session.loyalty_cards or ()), None)
    return card_identifier if card_identifier in deployment.loyalty_cards.get(program_id, {}) else None


def require_program(deployment: Deployment, program_id: int, *, missing: int = 404) -> LoyaltyProgram:
    """Find a program of either kind that a call names.

    Args:
        deployment: Where it is.
        program_id: The program.
        missing: The status of the answer if there is none.

    Raises:
        ApiError: There is none.
    """
    if program_id not in deployment.loyalty_programs and program_id not in deployment.points.accounts:
        raise ApiError(missing, f"There is no loyalty program {program_id}")
    return deployment.loyalty_program(program_id)


def require_profile_program(deployment: Deployment, program_id: int) -> LoyaltyProgram:
    """Find a program for profiles that a call names.

    Raises:
        ApiError: There is none (404), or it is one for cards (400).
    """
    program = require_program(deployment, program_id)
    if program.card_based:
        raise ApiError(400, f"The loyalty program {program_id} is card-based")
    return program


def require_card_program(deployment: Deployment, program_id: int, *, missing: int = 404) -> LoyaltyProgram:
    """Find a program for cards that a call names.

    Args:
        deployment: Where it is.
        program_id: The program.
        missing: The status of the answer if there is none.

    Raises:
        ApiError: There is none, or it is one for profiles (400).
    """
    program = require_program(deployment, program_id, missing=missing)
    if not program.card_based:
        raise ApiError(400, f"The loyalty program {program_id} is profile-based")
    return program


def require_card(deployment: Deployment, program: LoyaltyProgram, identifier: str) -> LoyaltyCardRecord:
    """Find a card that a call names.

    Raises:
        ApiError: The program has none such; status 404.
    """
    try:
        return deployment.loyalty_cards[program.id][identifier]
    except KeyError:
        raise ApiError(404, f"There is no loyalty card {identifier!r}") from None
