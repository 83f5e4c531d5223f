"""Loyalty programs: the points of profiles and cards."""

import attrs

from talon_async._operations.loyalty import ACTIVATE_POINTS, GENERATE_CARD
from talon_async._transport.caller import Caller
from talon_async.models.base import UNSET, Unset
from talon_async.models.ledgers import ActivateLoyaltyPoints, ActivateLoyaltyPointsResponse
from talon_async.models.loyalty import GenerateLoyaltyCard, LoyaltyCard, LoyaltyCardStatus
from talon_async.resources.loyalty_cards import CardPoints
from talon_async.resources.loyalty_profiles import ProfilePoints

__all__ = ["Loyalty", "LoyaltyProgram"]


@attrs.frozen
class LoyaltyProgram(Caller):
    """A loyalty program as a whole.

    Attributes:
        program_id: The ID of the program.
    """

    program_id: int

    async def generate_card(
        self,
        *,
        card_identifier: str | Unset = UNSET,
        status: LoyaltyCardStatus | str | Unset = UNSET,
        customer_profile_ids: list[str] | Unset = UNSET,
    ) -> LoyaltyCard:
        """Create a loyalty card in a card-based program (`generateLoyaltyCard`).

        Args:
            card_identifier: The identifier of the card, 4 to 108 letters, digits and ``._%+@-`` (default:
                generated). A program with a code format generates it in any case.
            status: ``active`` or ``inactive`` (default: ``active``).
            customer_profile_ids: The integration IDs of profiles to link, at most as many as the program
                allows per card.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            CallError: The call failed.
        """
        return await self._pipeline.call(
            GENERATE_CARD,
            GenerateLoyaltyCard(
                card_identifier=card_identifier, status=status, customer_profile_ids=customer_profile_ids
            ),
            loyalty_program_id=self.program_id,
        )

    async def activate_points(
        self, *, session_id: str | Unset = UNSET, transaction_uuids: list[str] | Unset = UNSET
    ) -> ActivateLoyaltyPointsResponse:
        """Activate pending points (`activateLoyaltyPoints`).

        Exactly one of the arguments is required.

        Args:
            session_id: The session that earned the points.
            transaction_uuids: The UUIDs of 1 to 50 different transactions.

        Returns:
            The ledger entries that changed.

        Raises:
            InvalidRequestError: Both or neither of the arguments are given, or a limit is exceeded; nothing
                was sent.
            NotFoundError: The program, session or transaction does not exist.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(
            ACTIVATE_POINTS,
            ActivateLoyaltyPoints(session_id=session_id, transaction_uuids=transaction_uuids),
            loyalty_program_id=self.program_id,
        )


class Loyalty(Caller):
    """Loyalty programs, identified by their IDs in the Campaign Manager."""

    def profiles(self, program_id: int, integration_id: str) -> ProfilePoints:
        """Return the resource for a customer's points in a profile-based program; no request is sent.

        Args:
            program_id: The ID of the program.
            integration_id: The integration ID of the profile.
        """
        return ProfilePoints(self._pipeline, program_id, integration_id)

    def cards(self, program_id: int, card_id: str) -> CardPoints:
        """Return the resource for the points on a card of a card-based program; no request is sent.

        Args:
            program_id: The ID of the program.
            card_id: The identifier of the card: 4 to 108 letters, digits and ``._%+@-``.
        """
        return CardPoints(self._pipeline, program_id, card_id)

    def program(self, program_id: int) -> LoyaltyProgram:
        """Return the resource for a program as a whole; no request is sent.

        Args:
            program_id: The ID of the program.
        """
        return LoyaltyProgram(self._pipeline, program_id)
