"""Jobs: rows, their kind, and a name."""

import itertools
from collections import abc
from collections.abc import AsyncGenerator, AsyncIterable
from typing import Any, Final, cast

import attrs

from talon_async._codec.json import render
from talon_async._validators import instance_or_none
from talon_async.bulk._columns import Mapping, Plan
from talon_async.bulk._dead_letters import source_of
from talon_async.bulk._kinds import (
    ADVANCED_EVENTS,
    AUDIENCE_MEMBERS,
    CATALOG,
    EVENTS,
    PROFILES,
    REFERRALS,
    RELEASES,
    RESERVATIONS,
    Kind,
)
from talon_async.bulk._rows import Row
from talon_async.bulk._sources import Rows, Source, Unreadable
from talon_async.errors import ConfigurationError, InvalidRequestError

ROWS_PER_TURN: Final = 50
"""How many rows are read before other tasks have a turn."""


def _check_name(_job: Any, _attribute: "attrs.Attribute[Any]", name: Any) -> None:
    if not isinstance(name, str) or not name:
        raise ConfigurationError(f"name: expected a name of the job, found {name!r}")


@attrs.frozen
class Job:
    """Rows to send. The functions of `talon_async.bulk`, such as `profiles`, create one.

    Attributes:
        kind: What the rows are.
        rows: The rows.
        name: The name of the job. Requests of jobs with the same name and rows have the same idempotency
            keys.
        mapping: Where the columns of the rows go.
    """

    kind: Kind
    rows: Rows = attrs.field(repr=False)
    name: str = attrs.field(validator=_check_name)
    mapping: Mapping | None = attrs.field(default=None, validator=instance_or_none(Mapping, "a bulk.Mapping"))

    def identity(self, source: Source) -> dict[str, str | int]:
        """What an earlier run must have had in common, so that this one can resume it."""
        return {
            "kind": self.kind.name,
            "name": self.name,
            "lanes": self.kind.lanes,
            "arguments": render(dict(self.kind.arguments)).decode(),
            "rows": source.fingerprint,
            "mapping": self.mapping.fingerprint if self.mapping else "",
        }

    def plan(self, source: Source) -> Plan | None:
        """How the columns of the rows become fields; `None` if rows have the names of fields.

        Raises:
            ConfigurationError: A column has no place, or a place does not exist.
        """
        if self.mapping is None and source.columns is None:
            return None
        return Plan(self.kind, self.mapping or Mapping(), source.columns, typed=source.typed)

    async def read(self, source: Source, *, keep: bool) -> AsyncGenerator[list[Row], None]:
        """Read and encode the rows, some at a time.

        Args:
            source: Its opened rows.
            keep: Whether each row keeps what was read.
        """
        plan = self.plan(source)
        if isinstance(source.rows, AsyncIterable):
            number = 0
            async for value in source.rows:
                number += 1
                yield [self._row(number, value, plan, keep=keep)]
        else:
            values = enumerate(source.rows, 1)
            while rows := [
                self._row(number, value, plan, keep=keep)
                for number, value in itertools.islice(values, ROWS_PER_TURN)
            ]:
                yield rows

    def _row(self, number: int, value: object, plan: Plan | None, *, keep: bool) -> Row:
        if isinstance(value, Unreadable):
            kept = source_of(value.source) if keep else None
            return Row(number, "", "", problem=("", value.reason), source=kept)
        kept = source_of(value) if keep else None
        if plan is not None and isinstance(value, abc.Mapping):
            try:
                value = plan.apply(cast("abc.Mapping[str, Any]", value))
            except InvalidRequestError as error:
                return Row(number, "", "", problem=(error.field, error.reason), source=kept)
        return self.kind.read(number, value, kept)


def profiles(rows: Rows, *, name: str, mapping: Mapping | None = None) -> Job:
    """Create or update profiles (`updateCustomerProfilesV2`), 1000 in a request; no rules are evaluated.

    A profile keeps the order of its rows. A replay sets the same values.

    Args:
        rows: `MultipleCustomerProfileIntegrationRequestItem` models, or mappings with their fields, or a
            file.
        name: The name of the job.
        mapping: Where the columns of the rows go.
    """
    return Job(PROFILES, rows, name, mapping)


def events(rows: Rows, *, name: str, mapping: Mapping | None = None) -> Job:
    """Track events (`trackEventV2`), one in a request.

    A customer keeps the order of its events. A replay counts nothing twice within 24 hours; after that,
    events whose request was in flight when an earlier run ended are ``unknown``.

    Args:
        rows: `IntegrationEventV2Request` models, or mappings with their fields, or a file.
        name: The name of the job.
        mapping: Where the columns of the rows go.
    """
    return Job(EVENTS, rows, name, mapping)


def advanced_events(rows: Rows, *, name: str, mapping: Mapping | None = None) -> Job:
    """Track advanced events (`trackEventV3`), one in a request.

    A customer keeps the order of its events. An event whose `integration_id` exists already counts as
    applied.

    Args:
        rows: `IntegrationEventV3Request` models, or mappings with their fields, or a file.
        name: The name of the job.
        mapping: Where the columns of the rows go.
    """
    return Job(ADVANCED_EVENTS, rows, name, mapping)


def audience_members(rows: Rows, *, name: str, mapping: Mapping | None = None) -> Job:
    """Add customers to audiences and remove them (`updateCustomerProfileAudiences`), 1000 in a request.

    A customer keeps the order of its rows. A replay changes nothing.

    Args:
        rows: `CustomerProfileAudienceRequestItem` models, or mappings with their fields, or a file.
        name: The name of the job.
        mapping: Where the columns of the rows go.
    """
    return Job(AUDIENCE_MEMBERS, rows, name, mapping)


def catalog(rows: Rows, catalog_id: int, *, name: str, mapping: Mapping | None = None) -> Job:
    """Change a catalog (`syncCatalog`), up to 1000 actions in a request, one request after another.

    A request has actions of one type, and each SKU once. A replay repeats actions: an ``ADD`` without
    `replace_if_exists` is then refused.

    Args:
        rows: `CatalogAction` models, or mappings with their fields, or a file.
        catalog_id: The ID of the catalog.
        name: The name of the job.
        mapping: Where the columns of the rows go.
    """
    return Job(attrs.evolve(CATALOG, arguments={"catalog_id": catalog_id}), rows, name, mapping)


def reservations(rows: Rows, *, name: str, mapping: Mapping | None = None) -> Job:
    """Reserve coupons for customers (`createCouponReservation`), up to 1000 of one coupon in a request.

    After a request whose effect is unclear, the customers with a reservation are looked up; the others are
    ``unknown``.

    Args:
        rows: `CouponReservation` models, or mappings with their fields, or a file.
        name: The name of the job.
        mapping: Where the columns of the rows go.
    """
    return Job(RESERVATIONS, rows, name, mapping)


def releases(rows: Rows, *, name: str, mapping: Mapping | None = None) -> Job:
    """Delete reservations of coupons (`deleteCouponReservation`), up to 1000 of one coupon in a request.

    A replay changes nothing.

    Args:
        rows: `CouponReservation` models, or mappings with their fields, or a file.
        name: The name of the job.
        mapping: Where the columns of the rows go.
    """
    return Job(RELEASES, rows, name, mapping)


def referrals(rows: Rows, *, name: str, mapping: Mapping | None = None) -> Job:
    """Create referral codes (`createReferral`), one in a request.

    After a request whose effect is unclear, its row is ``unknown``.

    Args:
        rows: `NewReferral` models, or mappings with their fields, or a file.
        name: The name of the job.
        mapping: Where the columns of the rows go.
    """
    return Job(REFERRALS, rows, name, mapping)
