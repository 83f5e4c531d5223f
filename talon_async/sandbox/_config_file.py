"""A deployment that is declared in a TOML file, for those who only run the command."""

import inspect
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from talon_async.sandbox import _campaigns as promotions
from talon_async.sandbox._campaigns import Campaign
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._domain.achievements import Achievement
from talon_async.sandbox._domain.codes import CouponTerms
from talon_async.sandbox._domain.giveaways import GiveawayPool
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram, LoyaltyTier

_TYPES: Final[Mapping[str, Callable[..., Campaign]]] = {
    name: make
    for name, make in vars(promotions).items()
    if inspect.isfunction(make) and inspect.signature(make).return_annotation is Campaign
}
_OF_CAMPAIGN: Final = {field.name for field in attrs.fields(Campaign)} - {"name", "rule", "coupons"}
_TABLES: Final = {"loyalty_programs", "giveaway_pools", "achievements", "campaigns"}
_PLAIN: Final = {"api_key", "testing_key", "seed"}


def deployment_from_config(path: Path, **settings: Any) -> Deployment:
    """Set up the deployment that a file declares.

    Args:
        path: The file.
        **settings: Arguments of `Deployment` that count for more than the file.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no TOML, or declares what cannot be; the message names the place.
    """
    declared = tomllib.loads(path.read_text("utf-8"))
    unknown = sorted(declared.keys() - _TABLES - _PLAIN)
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: expected one of {', '.join(sorted(_TABLES | _PLAIN))}")
    pools = [_made(GiveawayPool, table, place) for place, table in _tables(declared, "giveaway_pools")]
    set_up: dict[str, Any] = {name: declared[name] for name in _PLAIN & declared.keys()}
    set_up["giveaway_pools"] = pools
    set_up["achievements"] = [
        _made(Achievement, table, place) for place, table in _tables(declared, "achievements")
    ]
    if "loyalty_programs" in declared:
        set_up["loyalty_programs"] = [
            _program(table, place) for place, table in _tables(declared, "loyalty_programs")
        ]
    if "campaigns" in declared:
        set_up["campaigns"] = [
            _campaign(table, place, {pool.id: pool for pool in pools})
            for place, table in _tables(declared, "campaigns")
        ]
    return Deployment(**set_up | settings)


def _tables(declared: Mapping[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    """The tables of an array, each with its place for messages."""
    return [(f"{name}[{number}]", dict(table)) for number, table in enumerate(declared.get(name, ()))]


def _made(make: Callable[..., Any], table: Mapping[str, Any], place: str) -> Any:
    known = inspect.signature(make).parameters
    unknown = sorted(table.keys() - known.keys())
    if unknown:
        raise ValueError(f"{place}: {', '.join(unknown)}: expected one of {', '.join(known)}")
    try:
        return make(**table)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from None


def _program(table: dict[str, Any], place: str) -> LoyaltyProgram:
    tiers = [
        _made(LoyaltyTier, tier, f"{place}.tiers[{number}]")
        for number, tier in enumerate(table.pop("tiers", ()))
    ]
    program: LoyaltyProgram = _made(LoyaltyProgram, table | {"tiers": tiers}, place)
    return program


def _campaign(table: dict[str, Any], place: str, pools: Mapping[int, GiveawayPool]) -> Campaign:
    """Make a campaign: one that is ready to use, by its type, with what all campaigns have."""
    kind = table.pop("type", None)
    if kind not in _TYPES:
        raise ValueError(f"{place}: type: expected one of {', '.join(sorted(_TYPES))}, found {kind!r}")
    if "pool" in table:
        if table["pool"] not in pools:
            raise ValueError(f"{place}: pool: there is no giveaway pool {table['pool']!r}")
        table["pool"] = pools[table["pool"]]
    changes = {name: table.pop(name) for name in _OF_CAMPAIGN & table.keys()}
    terms = {
        code["code"]: _made(CouponTerms, code, f"{place}.coupons[{number}]")
        for number, code in enumerate(table.pop("coupons", ()))
    }
    campaign: Campaign = _made(_TYPES[kind], table, place)
    own = {coupon.code for coupon in campaign.coupons}
    if terms.keys() - own:
        raise ValueError(f"{place}.coupons: expected terms of {', '.join(sorted(own)) or 'no code'}")
    coupons = [terms.get(coupon.code, coupon) for coupon in campaign.coupons]
    try:
        return attrs.evolve(campaign, coupons=coupons, **changes)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from None
