"""Loyalty programs: the points of customers and of cards."""

import attrs

from talon_async._operations.loyalty import ACTIVATE_POINTS, GENERATE_CARD
from talon_async.models.base import UNSET, Unset
from talon_async.models.ledgers import ActivateLoyaltyPoints, ActivateLoyaltyPointsResponse
from talon_async.models.loyalty import GenerateLoyaltyCard, LoyaltyCard, LoyaltyCardStatus
from talon_async.resources._base import Resource
from talon_async.resources.loyalty_cards import CardPoints
from talon_async.resources.loyalty_profiles import ProfilePoints

__all__ = ["Loyalty", "LoyaltyProgram"]


@attrs.frozen
class LoyaltyProgram(Resource):
    """A loyalty program as a whole."""

    program_id: int

    async def generate_card(
        self,
        *,
        card_identifier: str | Unset = UNSET,
        status: LoyaltyCardStatus | str | Unset = UNSET,
        customer_profile_ids: list[str] | Unset = UNSET,
    ) -> LoyaltyCard:
        """Make a loyalty card in a card-based program (`generateLoyaltyCard`).

        Args:
            card_identifier: The card's identifier, 4 to 108 letters, digits and ``._%+@-``; by default the
                program makes one up.
            status: ``active``, which it is by default, or ``inactive``.
            customer_profile_ids: The profiles to link it to, by your identifiers.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            CallError: The call did not succeed.
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
        """Make pending points active (`activateLoyaltyPoints`).

        Args:
            session_id: The session whose points are meant; either this or `transaction_uuids`.
            transaction_uuids: The transactions that are meant; 1 to 50 different ones.

        Raises:
            InvalidRequestError: Both or neither are given, or a limit is broken; nothing was sent.
            CallError: The call did not succeed.
        """
        return await self._pipeline.call(
            ACTIVATE_POINTS,
            ActivateLoyaltyPoints(session_id=session_id, transaction_uuids=transaction_uuids),
            loyalty_program_id=self.program_id,
        )


class Loyalty(Resource):
    """Loyalty programs, by their numbers in the Campaign Manager."""

    def profiles(self, program_id: int, integration_id: str) -> ProfilePoints:
        """The points of a customer in a profile-based program.

        Args:
            program_id: The program.
            integration_id: Your identifier of the profile.
        """
        return ProfilePoints(self._pipeline, program_id, integration_id)

    def cards(self, program_id: int, card_id: str) -> CardPoints:
        """The points on a card of a card-based program.

        Args:
            program_id: The program.
            card_id: The card's identifier: 4 to 108 letters, digits and ``._%+@-``.
        """
        return CardPoints(self._pipeline, program_id, card_id)

    def program(self, program_id: int) -> LoyaltyProgram:
        """A program as a whole.

        Args:
            program_id: The program.
        """
        return LoyaltyProgram(self._pipeline, program_id)
