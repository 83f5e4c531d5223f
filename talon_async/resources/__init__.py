"""The resources of the API, with one method for each operation.

A method raises `InvalidRequestError` before it sends a request that is not valid, `ClientStateError` on a
closed client, and a `CallError` if the call fails.
"""

from typing import TYPE_CHECKING, Final

from talon_async._lazy import lazy_getattr

if TYPE_CHECKING:
    from talon_async.resources.audiences import Audiences as Audiences
    from talon_async.resources.campaigns import Campaigns as Campaigns
    from talon_async.resources.catalogs import Catalogs as Catalogs
    from talon_async.resources.coupons import Coupons as Coupons
    from talon_async.resources.events import Events as Events
    from talon_async.resources.loyalty import Loyalty as Loyalty
    from talon_async.resources.loyalty import LoyaltyProgram as LoyaltyProgram
    from talon_async.resources.loyalty_cards import CardPoints as CardPoints
    from talon_async.resources.loyalty_profiles import ProfilePoints as ProfilePoints
    from talon_async.resources.profiles import Profiles as Profiles
    from talon_async.resources.referrals import Referrals as Referrals
    from talon_async.resources.sessions import Sessions as Sessions

_MODULES: Final = {
    "Audiences": "talon_async.resources.audiences",
    "Campaigns": "talon_async.resources.campaigns",
    "CardPoints": "talon_async.resources.loyalty_cards",
    "Catalogs": "talon_async.resources.catalogs",
    "Coupons": "talon_async.resources.coupons",
    "Events": "talon_async.resources.events",
    "Loyalty": "talon_async.resources.loyalty",
    "LoyaltyProgram": "talon_async.resources.loyalty",
    "ProfilePoints": "talon_async.resources.loyalty_profiles",
    "Profiles": "talon_async.resources.profiles",
    "Referrals": "talon_async.resources.referrals",
    "Sessions": "talon_async.resources.sessions",
}

__all__ = [
    "Audiences",
    "Campaigns",
    "CardPoints",
    "Catalogs",
    "Coupons",
    "Events",
    "Loyalty",
    "LoyaltyProgram",
    "ProfilePoints",
    "Profiles",
    "Referrals",
    "Sessions",
]

if not TYPE_CHECKING:  # to which any name would look valid
    __getattr__ = lazy_getattr(__name__, _MODULES)


def __dir__() -> list[str]:
    return sorted(_MODULES)
