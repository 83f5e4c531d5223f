"""What can be exported of each customer."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias

import attrs

from talon_async.client import TalonClient
from talon_async.conversion import to_dict
from talon_async.models.achievements import AchievementStatusEntry
from talon_async.models.base import Model
from talon_async.models.integration import CustomerInventory
from talon_async.models.ledgers import (
    LedgerPointsEntryIntegrationAPI,
    LedgerTransactionLogEntryIntegrationAPI,
)
from talon_async.models.loyalty import LoyaltyBalanceWithTier

FetchRows: TypeAlias = Callable[[TalonClient, str, int], Awaitable[tuple[list[dict[str, Any]], bool]]]
"""Fetches the rows of a customer after some, and says whether more follow."""

_PAGE: Final = 1000
_PARTS: Final = ("profile", "referrals", "coupons", "loyalty", "giveaways", "achievements")


@attrs.frozen
class Export:
    """What to export of each customer. Functions such as `balances` create one.

    Attributes:
        name: What is exported.
        model: The model of a row.
        fetch: Fetches the rows of a customer.
        columns: The columns before those of the model.
    """

    name: str
    model: type[Model]
    fetch: FetchRows = attrs.field(repr=False)
    columns: tuple[str, ...] = ("customer",)


def balances(program_id: int) -> Export:
    """The balances of profiles in a loyalty program (`getLoyaltyBalances`), a row for each ledger.

    Args:
        program_id: The loyalty program.
    """

    async def fetch(talon: TalonClient, customer: str, _skip: int) -> tuple[list[dict[str, Any]], bool]:
        found = await talon.loyalty.profiles(program_id, customer).balances(include_tiers=True)
        ledgers = {"": found.balance, **(found.subledger_balances or {})}
        return [
            {"customer": customer, "subledger": name, **to_dict(ledger)}
            for name, ledger in ledgers.items()
            if isinstance(ledger, Model)
        ], False

    return Export("balances", LoyaltyBalanceWithTier, fetch, ("customer", "subledger"))


def points(program_id: int) -> Export:
    """The active points of profiles in a loyalty program (`getLoyaltyProgramProfilePoints`).

    Args:
        program_id: The loyalty program.
    """

    async def fetch(talon: TalonClient, customer: str, skip: int) -> tuple[list[dict[str, Any]], bool]:
        page = await talon.loyalty.profiles(program_id, customer).points(page_size=_PAGE, skip=skip).page()
        return _rows(customer, page.data), bool(page.has_more)

    return Export("points", LedgerPointsEntryIntegrationAPI, fetch)


def transactions(program_id: int) -> Export:
    """The transactions of profiles in a loyalty program (`getLoyaltyProgramProfileTransactions`).

    Args:
        program_id: The loyalty program.
    """

    async def fetch(talon: TalonClient, customer: str, skip: int) -> tuple[list[dict[str, Any]], bool]:
        profile = talon.loyalty.profiles(program_id, customer)
        page = await profile.transactions(page_size=_PAGE, skip=skip).page()
        return _rows(customer, page.data), bool(page.has_more)

    return Export("transactions", LedgerTransactionLogEntryIntegrationAPI, fetch)


def achievements() -> Export:
    """The active achievements of profiles, with progress (`getCustomerAchievements`)."""

    async def fetch(talon: TalonClient, customer: str, skip: int) -> tuple[list[dict[str, Any]], bool]:
        page = await talon.profiles.achievements(customer, page_size=_PAGE, skip=skip).page()
        rows = _rows(customer, page.data)
        return rows, len(rows) == _PAGE

    return Export("achievements", AchievementStatusEntry, fetch)


def inventories() -> Export:
    """The inventories of profiles with all their parts (`getCustomerInventory`)."""

    async def fetch(talon: TalonClient, customer: str, _skip: int) -> tuple[list[dict[str, Any]], bool]:
        found = await talon.profiles.inventory(customer, **dict.fromkeys(_PARTS, True))
        return _rows(customer, [found]), False

    return Export("inventories", CustomerInventory, fetch)


def _rows(customer: str, entries: Sequence[Model]) -> list[dict[str, Any]]:
    return [{"customer": customer, **to_dict(entry)} for entry in entries]
