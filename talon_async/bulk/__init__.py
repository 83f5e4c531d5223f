"""Jobs over many rows: imports of profiles, events and more, paced, resumable, and exact after a crash.

All public names can be imported from here. Their modules are loaded on first use.
"""

from typing import TYPE_CHECKING

from talon_async._lazy import lazy_getattr

if TYPE_CHECKING:
    from talon_async.bulk._columns import Mapping as Mapping
    from talon_async.bulk._export import export as export
    from talon_async.bulk._export_kinds import Export as Export
    from talon_async.bulk._export_kinds import achievements as achievements
    from talon_async.bulk._export_kinds import balances as balances
    from talon_async.bulk._export_kinds import inventories as inventories
    from talon_async.bulk._export_kinds import points as points
    from talon_async.bulk._export_kinds import transactions as transactions
    from talon_async.bulk._jobs import Job as Job
    from talon_async.bulk._jobs import advanced_events as advanced_events
    from talon_async.bulk._jobs import audience_members as audience_members
    from talon_async.bulk._jobs import catalog as catalog
    from talon_async.bulk._jobs import events as events
    from talon_async.bulk._jobs import profiles as profiles
    from talon_async.bulk._jobs import referrals as referrals
    from talon_async.bulk._jobs import releases as releases
    from talon_async.bulk._jobs import reservations as reservations
    from talon_async.bulk._kinds import CouponReservation as CouponReservation
    from talon_async.bulk._run import check as check
    from talon_async.bulk._run import describe as describe
    from talon_async.bulk._run import outcomes as outcomes
    from talon_async.bulk._run import run as run
    from talon_async.bulk._values import JobStoppedError as JobStoppedError
    from talon_async.bulk._values import Outcome as Outcome
    from talon_async.bulk._values import Progress as Progress
    from talon_async.bulk._values import Report as Report

_NAMES_BY_MODULE = {
    "_columns": "Mapping",
    "_export": "export",
    "_export_kinds": "Export achievements balances inventories points transactions",
    "_jobs": "Job advanced_events audience_members catalog events profiles referrals releases reservations",
    "_kinds": "CouponReservation",
    "_run": "check describe outcomes run",
    "_values": "JobStoppedError Outcome Progress Report",
}
_MODULES = {
    name: f"{__name__}.{module}" for module, names in _NAMES_BY_MODULE.items() for name in names.split()
}

if not TYPE_CHECKING:  # to which any name would look valid
    __all__ = sorted(_MODULES)
    __getattr__ = lazy_getattr(__name__, _MODULES)


def __dir__() -> list[str]:
    return sorted(_MODULES)
