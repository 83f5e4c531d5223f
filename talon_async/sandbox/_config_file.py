"""Reads the TOML configuration file of a deployment."""

import inspect
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from talon_async._codec.json import is_array, is_object
from talon_async.sandbox._campaigns.campaign import Campaign
from talon_async.sandbox._campaigns.presets import PRESETS
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._domain.achievements import Achievement
from talon_async.sandbox._domain.codes import CouponTerms
from talon_async.sandbox._domain.giveaways import GiveawayPool
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram, LoyaltyTier
from talon_async.sandbox._domain.utc import MOMENT, is_moment

_CAMPAIGN_FIELDS: Final = {field.name for field in attrs.fields(Campaign)} - {"name", "rule", "coupons"}
_TABLES: Final = {"loyalty_programs", "giveaway_pools", "achievements", "campaigns"}
_SETTINGS: Final[Mapping[str, Any]] = {"api_key": str, "testing_key": str, "seed": int}
_KINDS: Final[Mapping[Any, tuple[tuple[type, ...], str]]] = {
    str: ((str,), "text"),
    bool: ((bool,), "true or false"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
    datetime: ((datetime,), MOMENT),
}
"""The values that TOML has for a type, and what they are called."""


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
    unknown = sorted(declared.keys() - _TABLES - _SETTINGS.keys())
    if unknown:
        raise ValueError(
            f"{', '.join(unknown)}: expected one of {', '.join(sorted(_TABLES | _SETTINGS.keys()))}"
        )
    pools = [_build(GiveawayPool, table, place) for place, table in _tables(declared, "giveaway_pools")]
    arguments: dict[str, Any] = {name: declared[name] for name in _SETTINGS.keys() & declared.keys()}
    _check_kinds(_SETTINGS, arguments, "")
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
    return list(_entries(declared.get(name, []), name))


def _entries(array: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if not is_array(array):
        raise ValueError(f"{place}: expected an array of tables, found {array!r}")
    for number, table in enumerate(array):
        if not is_object(table):
            raise ValueError(f"{place}[{number}]: expected a table, found {table!r}")
        yield f"{place}[{number}]", dict(table)


def _check_kinds(types: Mapping[str, Any], values: Mapping[str, Any], place: str) -> None:
    """Refuse values of another kind than their types say."""
    for name, value in values.items():
        if not _has_kind(value, types[name]):
            where = f"{place}.{name}" if place else name
            raise ValueError(f"{where}: expected {_kind(types[name])}, found {value!r}")


def _has_kind(value: Any, annotation: Any) -> bool:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return any(_has_kind(value, part) for part in parts)
    if origin is Literal:
        return value in parts
    if origin in (list, tuple):
        return is_array(value) and all(_has_kind(entry, parts[0]) for entry in value)
    if annotation not in _KINDS:  # a class of the sandbox
        return isinstance(value, annotation)
    if isinstance(value, bool) and annotation is not bool:
        return False
    if annotation is datetime:
        return is_moment(value)
    return isinstance(value, _KINDS[annotation][0])


def _kind(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_kind(part) for part in parts if part is not type(None)))
    if origin is Literal:
        return f"one of {', '.join(map(str, parts))}"
    if origin in (list, tuple):
        return f"an array, each entry {_kind(parts[0])}"
    return _KINDS[annotation][1] if annotation in _KINDS else f"a {annotation.__name__}"


def _build(make: Callable[..., Any], table: Mapping[str, Any], place: str) -> Any:
    known = inspect.signature(make).parameters
    unknown = sorted(table.keys() - known.keys())
    if unknown:
        raise ValueError(f"{place}: {', '.join(unknown)}: expected one of {', '.join(known)}")
    _check_kinds(get_type_hints(make), table, place)
    try:
        return make(**table)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from None


def _program(table: dict[str, Any], place: str) -> LoyaltyProgram:
    tiers = [
        _build(LoyaltyTier, tier, where) for where, tier in _entries(table.pop("tiers", []), f"{place}.tiers")
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
    _check_kinds(get_type_hints(Campaign), changes, place)
    coupons = [
        _build(CouponTerms, code, where)
        for where, code in _entries(table.pop("coupons", []), f"{place}.coupons")
    ]
    terms = {coupon.code: coupon for coupon in coupons}
    campaign: Campaign = _build(PRESETS[kind], table, place)
    own = {coupon.code for coupon in campaign.coupons}
    if terms.keys() - own:
        raise ValueError(f"{place}.coupons: expected terms of the codes {', '.join(sorted(own)) or 'none'}")
    try:
        return attrs.evolve(
            campaign, coupons=[terms.get(coupon.code, coupon) for coupon in campaign.coupons], **changes
        )
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from None
