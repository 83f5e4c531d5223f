"""The operations of the Integration API, one row each, by domain; no other module states a path."""

from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Any, Final

from talon_async._operations import (
    audiences,
    campaigns,
    catalogs,
    coupons,
    events,
    loyalty,
    loyalty_cards,
    loyalty_profiles,
    profiles,
    referrals,
    sessions,
)
from talon_async._operations.operation import Operation

_DOMAINS: Final[tuple[ModuleType, ...]] = (
    sessions,
    profiles,
    events,
    loyalty_profiles,
    loyalty_cards,
    loyalty,
    coupons,
    referrals,
    audiences,
    catalogs,
    campaigns,
)

_ROWS: Final[list[Operation[..., Any]]] = [
    row for domain in _DOMAINS for row in vars(domain).values() if isinstance(row, Operation)
]

OPERATIONS: Final[Mapping[str, Operation[..., Any]]] = MappingProxyType({row.id: row for row in _ROWS})
"""Every operation, by its operationId."""
