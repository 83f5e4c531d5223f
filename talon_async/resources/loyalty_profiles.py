"""The points of a customer in a profile-based loyalty program."""

from datetime import date, datetime

import attrs

from talon_async._operations.loyalty_profiles import (
    DELETE_PROFILE_TRANSACTIONS,
    GET_PROFILE_BALANCES,
    GET_PROFILE_POINTS,
    GET_PROFILE_TRANSACTIONS,
    JOIN_LOYALTY_PROGRAM,
)
from talon_async._transport.caller import Caller
from talon_async.models.base import UNSET, Unset
from talon_async.models.ledgers import (
    DeleteLoyaltyTransactionsRequest,
    LedgerDeletionScope,
    LedgerPointsEntryIntegrationAPI,
    LedgerTransactionLogEntryIntegrationAPI,
    LoyaltyPointsOrder,
    LoyaltyPointsStatus,
    LoyaltyTransactionOrigin,
)
from talon_async.models.loyalty import LoyaltyBalancesWithTiers
from talon_async.pagination import Listing, MoreListing

__all__ = ["ProfilePoints"]


@attrs.frozen
class ProfilePoints(Caller):
    """The points of a customer in a profile-based loyalty program.

    Attributes:
        program_id: The ID of the program.
        integration_id: The integration ID of the profile.
    """

    program_id: int
    integration_id: str

    async def balances(
        self,
        *,
        end_date: datetime | date | Unset = UNSET,
        subledger_id: str | Unset = UNSET,
        include_tiers: bool | Unset = UNSET,
        include_projected_tier: bool | Unset = UNSET,
    ) -> LoyaltyBalancesWithTiers:
        """Get the balances of the main ledger and the subledgers, in points (`getLoyaltyBalances`).

        Args:
            end_date: The time of the balances, past or future (default: now). A date means midnight in UTC.
            subledger_id: Only this subledger.
            include_tiers: Whether to include the current tier (default: `False`).
            include_projected_tier: Whether to include the projected tier (default: `False`).

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            NotFoundError: The program or the profile does not exist.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(
            GET_PROFILE_BALANCES,
            loyalty_program_id=self.program_id,
            integration_id=self.integration_id,
            end_date=end_date,
            subledger_id=subledger_id,
            include_tiers=include_tiers,
            include_projected_tier=include_projected_tier,
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
    ) -> MoreListing[LedgerPointsEntryIntegrationAPI]:
        """List the unused points of each transaction (`getLoyaltyProgramProfilePoints`).

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
            NotFoundError: The program or the profile does not exist.
            CallError: A call failed for another reason.
        """
        return Listing(
            self._pipeline,
            lambda pipeline, size, begin: pipeline.call(
                GET_PROFILE_POINTS,
                page_size=size,
                skip=begin,
                loyalty_program_id=self.program_id,
                integration_id=self.integration_id,
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
        subledger_id: str | Unset = UNSET,
        loyalty_transaction_type: LoyaltyTransactionOrigin | str | Unset = UNSET,
        start_date: datetime | date | Unset = UNSET,
        end_date: datetime | date | Unset = UNSET,
        customer_session_ids: list[str] | Unset = UNSET,
        transaction_uuids: list[str] | Unset = UNSET,
        awaits_activation: bool | Unset = UNSET,
        page_size: int | Unset = UNSET,
        skip: int = 0,
    ) -> MoreListing[LedgerTransactionLogEntryIntegrationAPI]:
        """List the transactions that added or deducted points (`getLoyaltyProgramProfileTransactions`).

        Args:
            subledger_id: Only transactions of this subledger.
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
            NotFoundError: The program or the profile does not exist.
            CallError: A call failed for another reason.
        """
        return Listing(
            self._pipeline,
            lambda pipeline, size, begin: pipeline.call(
                GET_PROFILE_TRANSACTIONS,
                page_size=size,
                skip=begin,
                loyalty_program_id=self.program_id,
                integration_id=self.integration_id,
                subledger_id=subledger_id,
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

    async def delete_transactions(
        self, scope: LedgerDeletionScope | str, *, subledger_ids: list[str] | Unset = UNSET
    ) -> None:
        """Delete all transactions of a customer in ledgers (`deleteLoyaltyTransactionsFromLedgers`).

        Args:
            scope: ``AllSubledgers`` for all ledgers, ``SelectedSubledgers`` for those in `subledger_ids`.
            subledger_ids: The subledgers; an empty string is the main ledger. Required with
                ``SelectedSubledgers``.

        Raises:
            InvalidRequestError: `subledger_ids` is missing or empty with ``SelectedSubledgers``; nothing was
                sent.
            NotFoundError: The program or the profile does not exist.
            CallError: The call failed for another reason.
        """
        await self._pipeline.call(
            DELETE_PROFILE_TRANSACTIONS,
            DeleteLoyaltyTransactionsRequest(scope=scope, subledger_ids=subledger_ids),
            loyalty_program_id=self.program_id,
            integration_id=self.integration_id,
        )

    async def join(self) -> None:
        """Join the customer to the program (`joinLoyaltyProgram`).

        The service creates a profile that does not exist.

        Raises:
            InvalidRequestError: The integration ID is empty; nothing was sent.
            BadRequestError: The customer has already joined, or the program is card-based.
            NotFoundError: The program does not exist.
            CallError: The call failed for another reason.
        """
        await self._pipeline.call(
            JOIN_LOYALTY_PROGRAM, loyalty_program_id=self.program_id, integration_id=self.integration_id
        )
