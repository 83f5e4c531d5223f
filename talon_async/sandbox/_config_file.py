"""Reads the TOML configuration file of a deployment."""

import inspect
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from talon_async.sandbox._campaigns.campaign import Campaign
from talon_async.sandbox._campaigns.presets import PRESETS
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._domain.achievements import Achievement
from talon_async.sandbox._domain.codes import CouponTerms
from talon_async.sandbox._domain.giveaways import GiveawayPool
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram, LoyaltyTier

_CAMPAIGN_FIELDS: Final = {field.name for field in attrs.fields(Campaign)} - {"name", "rule", "coupons"}
_TABLES: Final = {"loyalty_programs", "giveaway_pools", "achievements", "campaigns"}
_SETTINGS: Final = {"api_key", "testing_key", "seed"}


def deployment_from_config(path: Path, **settings: Any) -> Deployment:
    """Make the deployment that a TOML configuration file declares.

    Args:
        path: The file.
        **settings: Arguments of `Deployment`, which take precedence over the file.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not valid TOML, or has an invalid value; the message names the place.
    """
    declared = tomllib.loads(path.read_text("utf-8"))
    unknown = sorted(declared.keys() - _TABLES - _SETTINGS)
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: expected one of {', '.join(sorted(_TABLES | _SETTINGS))}")
    pools = [_build(GiveawayPool, table, place) for place, table in _tables(declared, "giveaway_pools")]
    arguments: dict[str, Any] = {name: declared[name] for name in _SETTINGS & declared.keys()}
    arguments["giveaway_pools"] = pools
    arguments["achievements"] = [
        _build(Achievement, table, place) for place, table in _tables(declared, "achievements")
    ]
    if "loyalty_programs" in declared:
        arguments["loyalty_programs"] = [
            _program(table, place) for place, table in _tables(declared, "loyalty_programs")
        ]
    if "campaigns" in declared:
        arguments["campaigns"] = [
            _campaign(table, place, {pool.id: pool for pool in pools})
            for place, table in _tables(declared, "campaigns")
        ]
    return Deployment(**arguments | settings)


def _tables(declared: Mapping[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    """The tables of an array, each with its place for error messages."""
    return [(f"{name}[{number}]", dict(table)) for number, table in enumerate(declared.get(name, ()))]


def _build(make: Callable[..., Any], table: Mapping[str, Any], place: str) -> Any:
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
        _build(LoyaltyTier, tier, f"{place}.tiers[{number}]")
        for number, tier in enumerate(table.pop("tiers", ()))
    ]
    program: LoyaltyProgram = _build(LoyaltyProgram, table | {"tiers": tiers}, place)
    return program


def _campaign(table: dict[str, Any], place: str, pools: Mapping[int, GiveawayPool]) -> Campaign:
    """Make the preset that a table names, with the settings that all campaigns share."""
    kind = table.pop("type", None)
    if kind not in PRESETS:
        raise ValueError(f"{place}: type: expected one of {', '.join(sorted(PRESETS))}, found {kind!r}")
    if "pool" in table:
        if table["pool"] not in pools:
            raise ValueError(f"{place}: pool: there is no giveaway pool {table['pool']!r}")
        table["pool"] = pools[table["pool"]]
    changes = {name: table.pop(name) for name in _CAMPAIGN_FIELDS & table.keys()}
    terms = {
        code["code"]: _build(CouponTerms, code, f"{place}.coupons[{number}]")
        for number, code in enumerate(table.pop("coupons", ()))
    }
    campaign: Campaign = _build(PRESETS[kind], table, place)
    own = {coupon.code for coupon in campaign.coupons}
    if terms.keys() - own:
        raise ValueError(f"{place}.coupons: expected terms of the codes {', '.join(sorted(own)) or 'none'}")
    coupons = [terms.get(coupon.code, coupon) for coupon in campaign.coupons]
    try:
        return attrs.evolve(campaign, coupons=coupons, **changes)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from None
