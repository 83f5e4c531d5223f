"""Finds the holder of the points that an effect moves: a profile, or a card in a card-based program."""

from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._deployment.view import DeploymentView


def find_holder(
    deployment: DeploymentView,
    program_id: int,
    *,
    profile_id: str,
    card_identifier: str | None,
    session: CustomerSessionV2 | None,
) -> str | None:
    """Find the holder of the points that an effect moves.

    Args:
        deployment: The deployment.
        program_id: The program.
        profile_id: The profile of the effect, by integration ID; empty if anonymous.
        card_identifier: The card of the effect; the session's card unless given.
        session: The session.

    Returns:
        The profile's integration ID, or the card's identifier in a card-based program; `None` if the card is
        unknown or the session anonymous.
    """
    if not deployment.application.loyalty_program(program_id).card_based:
        return profile_id or None
    if card_identifier is None and session is not None:
        card_identifier = next(iter(session.loyalty_cards or ()), None)
    return card_identifier if card_identifier in deployment.store.loyalty_cards.get(program_id, {}) else None
