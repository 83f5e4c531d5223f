"""The points on a card of a card-based loyalty program."""

from datetime import date, datetime

import attrs

from talon_async._operations.loyalty_cards import (
    GET_CARD_BALANCES,
    GET_CARD_POINTS,
    GET_CARD_TRANSACTIONS,
    LINK_CARD,
    UNLINK_CARD,
)
from talon_async._transport.caller import Caller
from talon_async.models.base import UNSET, Unset
from talon_async.models.ledgers import (
    CardLedgerPointsEntryIntegrationAPI,
    CardLedgerTransactionLogEntryIntegrationAPI,
    LoyaltyPointsOrder,
    LoyaltyPointsStatus,
    LoyaltyTransactionOrigin,
)
from talon_async.models.loyalty import LoyaltyCard, LoyaltyCardBalances, LoyaltyCardRegistration
from talon_async.pagination import Listing, MoreListing

__all__ = ["CardPoints"]


@attrs.frozen
class CardPoints(Caller):
    """The points on a card of a card-based loyalty program.

    Attributes:
        program_id: The ID of the program.
        card_id: The identifier of the card.
    """

    program_id: int
    card_id: str

    async def balances(
        self, *, end_date: datetime | date | Unset = UNSET, subledger_ids: list[str] | Unset = UNSET
    ) -> LoyaltyCardBalances:
        """Get the balances of the main ledger and the subledgers, in points (`getLoyaltyCardBalances`).

        Args:
            end_date: The time of the balances, past or future (default: now). A date means midnight in UTC.
            subledger_ids: Only these subledgers.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            NotFoundError: The program or the card does not exist.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(
            GET_CARD_BALANCES,
            loyalty_program_id=self.program_id,
            loyalty_card_id=self.card_id,
            end_date=end_date,
            subledger_ids=subledger_ids,
        )

    def points(
        self,
        *,
        status: LoyaltyPointsStatus | str | Unset = UNSET,
        subledger_ids: list[str] | Unset = UNSET,
        customer_session_ids: list[str] | Unset = UNSET,
        transaction_uuids: list[str] | Unset = UNSET,
        sort: LoyaltyPointsOrder | str | Unset = UNSET,
        page_size: int | Unset = UNSET,
        skip: int = 0,
    ) -> MoreListing[CardLedgerPointsEntryIntegrationAPI]:
        """List the unused points of each transaction (`getLoyaltyCardPoints`).

        Args:
            status: ``active``, ``pending`` or ``expired`` (default: ``active``).
            subledger_ids: Only points of these subledgers.
            customer_session_ids: Only points of these sessions.
            transaction_uuids: Only points of these transactions.
            sort: ``startDate`` or ``expiryDate``, ascending; a leading ``-`` sorts in descending order.
            page_size: How many entries to fetch per page, 1 to 1000 (default: 50).
            skip: How many entries to skip at the beginning (default: 0).

        Returns:
            A listing. It fetches pages, and raises errors, when it is iterated.

        Raises:
            InvalidRequestError: A filter, `page_size` or `skip` is not valid; nothing was sent.
            NotFoundError: The program or the card does not exist.
            CallError: A call failed for another reason.
        """
        return Listing(
            self._pipeline,
            lambda pipeline, size, begin: pipeline.call(
                GET_CARD_POINTS,
                page_size=size,
                skip=begin,
                loyalty_program_id=self.program_id,
                loyalty_card_id=self.card_id,
                status=status,
                subledger_ids=subledger_ids,
                customer_session_ids=customer_session_ids,
                transaction_uuids=transaction_uuids,
                sort=sort,
            ),
            page_size,
            skip,
        )

    def transactions(
        self,
        *,
        subledger_ids: list[str] | Unset = UNSET,
        loyalty_transaction_type: LoyaltyTransactionOrigin | str | Unset = UNSET,
        start_date: datetime | date | Unset = UNSET,
        end_date: datetime | date | Unset = UNSET,
        customer_session_ids: list[str] | Unset = UNSET,
        transaction_uuids: list[str] | Unset = UNSET,
        awaits_activation: bool | Unset = UNSET,
        page_size: int | Unset = UNSET,
        skip: int = 0,
    ) -> MoreListing[CardLedgerTransactionLogEntryIntegrationAPI]:
        """List the transactions that added or deducted points (`getLoyaltyCardTransactions`).

        Args:
            subledger_ids: Only transactions of these subledgers.
            loyalty_transaction_type: Only transactions of one origin: ``manual``, ``session`` or ``import``.
            start_date: Only transactions created from this time on; a date means midnight in UTC.
            end_date: Only transactions created up to this time; a date means midnight in UTC.
            customer_session_ids: Only transactions of these sessions.
            transaction_uuids: Only these transactions.
            awaits_activation: `True` lists only transactions with action-based activation that have not
                expired. The service does not support `False`.
            page_size: How many entries to fetch per page, 1 to 1000 (default: 50).
            skip: How many entries to skip at the beginning (default: 0).

        Returns:
            A listing. It fetches pages, and raises errors, when it is iterated.

        Raises:
            InvalidRequestError: A filter, `page_size` or `skip` is not valid; nothing was sent.
            NotFoundError: The program or the card does not exist.
            CallError: A call failed for another reason.
        """
        return Listing(
            self._pipeline,
            lambda pipeline, size, begin: pipeline.call(
                GET_CARD_TRANSACTIONS,
                page_size=size,
                skip=begin,
                loyalty_program_id=self.program_id,
                loyalty_card_id=self.card_id,
                subledger_ids=subledger_ids,
                loyalty_transaction_type=loyalty_transaction_type,
                start_date=start_date,
                end_date=end_date,
                customer_session_ids=customer_session_ids,
                transaction_uuids=transaction_uuids,
                awaits_activation=awaits_activation,
            ),
            page_size,
            skip,
        )

    async def link(self, integration_id: str) -> LoyaltyCard:
        """Link the card to a profile, which makes it a registered card (`linkLoyaltyCardToProfile`).

        Args:
            integration_id: The integration ID of the profile.

        Raises:
            InvalidRequestError: The card identifier is not valid; nothing was sent.
            BadRequestError: The card has the most profiles that it can have.
            NotFoundError: The program, the card or the profile does not exist.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(
            LINK_CARD,
            LoyaltyCardRegistration(integration_id=integration_id),
            loyalty_program_id=self.program_id,
            loyalty_card_id=self.card_id,
        )

    async def unlink(self, integration_id: str) -> LoyaltyCard:
        """Unlink the card from a profile (`unlinkLoyaltyCardFromProfile`).

        Args:
            integration_id: The integration ID of the profile.

        Raises:
            InvalidRequestError: The card identifier is not valid; nothing was sent.
            NotFoundError: The program, the card or the profile does not exist.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(
            UNLINK_CARD,
            LoyaltyCardRegistration(integration_id=integration_id),
            loyalty_program_id=self.program_id,
            loyalty_card_id=self.card_id,
        )
