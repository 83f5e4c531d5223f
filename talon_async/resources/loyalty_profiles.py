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
        program_id: The program.
        integration_id: Your identifier of the profile.
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
        """Read the balances of the main ledger and the subledgers, in points (`getLoyaltyBalances`).

        Args:
            end_date: The moment to read them at; now by default.
            subledger_id: Only this subledger.
            include_tiers: Whether to tell the tiers.
            include_projected_tier: Whether to tell the tier that the customer is heading for.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            CallError: The call did not succeed.
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
        """List the points that are there, earning by earning (`getLoyaltyProgramProfilePoints`).

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
        """List what was earned and spent (`getLoyaltyProgramProfileTransactions`).

        Args:
            subledger_id: Only transactions of this subledger.
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
        """Delete all transactions of the customer's ledgers (`deleteLoyaltyTransactionsFromLedgers`).

        Args:
            scope: ``AllSubledgers``, or ``SelectedSubledgers`` for those that `subledger_ids` names.
            subledger_ids: The subledgers; an empty string is the main ledger.

        Raises:
            InvalidRequestError: No subledger is named where they are selected; nothing was sent.
            CallError: The call did not succeed.
        """
        await self._pipeline.call(
            DELETE_PROFILE_TRANSACTIONS,
            DeleteLoyaltyTransactionsRequest(scope=scope, subledger_ids=subledger_ids),
            loyalty_program_id=self.program_id,
            integration_id=self.integration_id,
        )

    async def join(self) -> None:
        """Make the customer a member of the program; an unknown profile is created (`joinLoyaltyProgram`).

        Raises:
            BadRequestError: The customer is a member already, or the program is card-based.
            CallError: The call did not succeed for another reason.
        """
        await self._pipeline.call(
            JOIN_LOYALTY_PROGRAM, loyalty_program_id=self.program_id, integration_id=self.integration_id
        )
