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
        program_id: The program.
        card_id: The card's identifier.
    """

    program_id: int
    card_id: str

    async def balances(
        self, *, end_date: datetime | date | Unset = UNSET, subledger_ids: list[str] | Unset = UNSET
    ) -> LoyaltyCardBalances:
        """Read the balances of the main ledger and the subledgers, in points (`getLoyaltyCardBalances`).

        Args:
            end_date: The moment to read them at; now by default.
            subledger_ids: Only these subledgers.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            CallError: The call did not succeed.
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
        """List the points that are there, earning by earning (`getLoyaltyCardPoints`).

        Args:
            status: ``active``, which it is by default, ``pending`` or ``expired``.
            subledger_ids: Only points of these subledgers.
            customer_session_ids: Only points of these sessions.
            transaction_uuids: Only points of these transactions.
            sort: ``startDate`` or ``expiryDate``; with a ``-`` before it, the latest come first.
            page_size: How many entries to fetch at a time, 1 to 1000; 50 by default.
            skip: How many entries to leave out at the beginning.

        Raises:
            InvalidRequestError: A limit is broken; raised as the first page is fetched, nothing was sent.
            CallError: A call did not succeed.
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
        """List what was earned and spent (`getLoyaltyCardTransactions`).

        Args:
            subledger_ids: Only transactions of these subledgers.
            loyalty_transaction_type: Only those of one origin: ``manual``, ``session`` or ``import``.
            start_date: Only transactions from this moment on.
            end_date: Only transactions until this moment.
            customer_session_ids: Only transactions of these sessions.
            transaction_uuids: Only these transactions.
            awaits_activation: `True` gives only points that wait for their activation; `False` is refused.
            page_size: How many entries to fetch at a time, 1 to 1000; 50 by default.
            skip: How many entries to leave out at the beginning.

        Raises:
            InvalidRequestError: A limit is broken; raised as the first page is fetched, nothing was sent.
            CallError: A call did not succeed.
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
        """Link the card to a profile, which makes it a registered one (`linkLoyaltyCardToProfile`).

        Args:
            integration_id: Your identifier of the profile.

        Raises:
            BadRequestError: The card has as many users as it may have.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(
            LINK_CARD,
            LoyaltyCardRegistration(integration_id=integration_id),
            loyalty_program_id=self.program_id,
            loyalty_card_id=self.card_id,
        )

    async def unlink(self, integration_id: str) -> LoyaltyCard:
        """Undo the link of the card to a profile (`unlinkLoyaltyCardFromProfile`).

        Args:
            integration_id: Your identifier of the profile.

        Raises:
            CallError: The call did not succeed.
        """
        return await self._pipeline.call(
            UNLINK_CARD,
            LoyaltyCardRegistration(integration_id=integration_id),
            loyalty_program_id=self.program_id,
            loyalty_card_id=self.card_id,
        )
