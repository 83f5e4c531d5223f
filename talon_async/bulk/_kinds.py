"""The kinds of jobs: how rows become requests, what keeps their order, and how a replay is made safe."""

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias, cast

import attrs

from talon_async._codec.json import is_object, render
from talon_async._codec.unknown_members import UnknownMember
from talon_async._operations.audiences import UPDATE_AUDIENCE_MEMBERS
from talon_async._operations.catalogs import SYNC_CATALOG
from talon_async._operations.coupons import RELEASE_COUPON, RESERVE_COUPON
from talon_async._operations.events import TRACK_ADVANCED_EVENT, TRACK_EVENT
from talon_async._operations.operation import Operation, WireRequest
from talon_async._operations.profiles import UPDATE_CUSTOMER_PROFILES
from talon_async._operations.referrals import CREATE_REFERRAL
from talon_async._operations.request_body import body_encoder
from talon_async.bulk._rows import Row, names_in_json, names_in_python, renamed
from talon_async.conversion import from_dict
from talon_async.errors import InvalidRequestError
from talon_async.models.audiences import CustomerProfileAudienceRequestItem
from talon_async.models.base import UNSET, IntegrationId, Model
from talon_async.models.catalogs import CATALOG_ACTIONS, CatalogAction, CatalogActionPayload
from talon_async.models.events import IntegrationEventV2Request, IntegrationEventV3Request
from talon_async.models.profiles import MultipleCustomerProfileIntegrationRequestItem
from talon_async.models.referrals import NewReferral

Replay: TypeAlias = Literal["same", "key", "never"]
"""What a second request does.

``same``: nothing that the first did not. ``key``: nothing within the 24 hours in which the service knows the
idempotency key. ``never``: it may count twice.
"""


@attrs.define(kw_only=True, eq=False, repr=False)
class CouponReservation(Model):
    """A row of a job of reservations or releases.

    Attributes:
        coupon_value: The coupon code.
        integration_id: The integration ID of the customer's profile.
    """

    coupon_value: str
    integration_id: IntegrationId


@attrs.frozen(kw_only=True)
class Kind:
    """A kind of job: one operation, and the rows that it takes.

    Attributes:
        name: The name of the kind.
        operation: The operation that sends rows.
        row: The model of a row.
        list_name: The JSON name of the list of rows in a request; empty if a request takes one row.
        order: The attribute whose rows keep their order.
        key: The attribute that identifies a row.
        replay: What a second request does.
        exists_is_applied: Whether a row that exists already was applied by an earlier attempt.
        lanes: How many lanes the rows are spread over; one request per lane is in flight.
        arguments: The arguments of the operation.
    """

    name: str
    operation: Operation[..., Any]
    row: type[Model]
    list_name: str = ""
    order: str
    key: str = attrs.field(default=attrs.Factory(lambda self: self.order, takes_self=True))
    replay: Replay
    exists_is_applied: bool = False
    lanes: int = 32
    arguments: Mapping[str, Any] = attrs.field(factory=dict[str, Any])

    @property
    def max_rows(self) -> int:
        """How many rows a request takes."""
        return 1000 if self.list_name else 1

    @property
    def window(self) -> int:
        """How many chunks may be in memory besides those that are being filled."""
        return self.lanes * 3 // 2 if self.list_name else 4096

    @functools.cached_property
    def encoder(self) -> Callable[[Model], tuple[bytes, Sequence[UnknownMember]]]:
        """Encodes a row."""
        return body_encoder(self.row)

    @functools.cached_property
    def attributes(self) -> Mapping[str, str]:
        """The attributes of a row, by their names in Python and in JSON."""
        return names_in_python(self.row)

    def read(self, number: int, value: object, source: bytes | None = None) -> Row:
        """Encode a row; one that is not valid gives its problem.

        Args:
            number: Its number.
            value: Its model, or a mapping with the names of the model in Python or in JSON.
            source: The row as read.
        """
        try:
            item = value if isinstance(value, self.row) else self._item(value)
        except InvalidRequestError as error:
            return Row(number, "", "", problem=(error.field, error.reason), source=source)
        order = _text(item, self.order)
        row = Row(number, order if self.key == self.order else _text(item, self.key), order, source=source)
        try:
            self.encode(row, item)
        except InvalidRequestError as error:
            row.part, row.problem = None, (error.field, error.reason)
        return row

    def encode(self, row: Row, item: Model) -> None:
        """Encode an item into its row.

        Raises:
            InvalidRequestError: The item is not valid.
        """
        if self.list_name:
            part, row.unknown_members = self.encoder(item)
            # A copy, as the encoder allocates far more than a small document needs.
            row.part = bytes(memoryview(part))
        else:
            request = self.operation.encode(item)
            row.part, row.unknown_members = request.content, request.unknown_members
            row.lock_keys = self.operation.keys_for(item, {})

    def request(self, rows: Sequence[Row]) -> WireRequest:
        """Build the request of some rows of one group."""
        parts = [row.part for row in rows if row.part is not None]
        body = parts[0]
        if self.list_name:
            body = b'{"%s":[%s]}' % (self.list_name.encode(), b",".join(parts))
        unknown_members = tuple(itertools.chain.from_iterable([row.unknown_members for row in rows]))
        target = self.target(rows[0].group)
        return WireRequest(self.operation.method, target, body, unknown_members=unknown_members)

    def lock_keys(self, rows: Sequence[Row]) -> tuple[str, ...]:
        """What a call with these rows is queued for, against other calls of the client."""
        return rows[0].lock_keys or self.operation.keys_for(None, self.arguments_of(rows[0].group))

    def target(self, group: str) -> str:
        """The path of the requests of a group."""
        return self.operation.target(self.arguments_of(group))

    def arguments_of(self, _group: str) -> Mapping[str, Any]:
        """The arguments of the operation for a group."""
        return self.arguments

    def _item(self, value: object) -> Model:
        if not isinstance(value, Mapping):
            raise InvalidRequestError(
                "row", f"expected {self.row.__name__} or a mapping, found {type(value).__name__}"
            )
        given = renamed(cast("Mapping[object, object]", value), self.row, self.attributes)
        missing = [each for each in self._required if each not in given]
        if missing:
            raise InvalidRequestError(missing[0], "required")
        return self.row(**given)

    @functools.cached_property
    def _required(self) -> list[str]:
        return [each.name for each in attrs.fields(self.row) if each.default is attrs.NOTHING]


@attrs.frozen(kw_only=True)
class CatalogKind(Kind):
    """Catalog actions: a request takes actions of one type, and each SKU once."""

    def _item(self, value: object) -> Model:
        item = super()._item(value)
        payload = getattr(item, "payload", None)
        cls = CATALOG_ACTIONS.get(_text(item, "type"))
        if isinstance(item, CatalogAction) and is_object(payload) and cls is not None:
            document = renamed(payload, cls, names_in_json(cls))
            item.payload = cast("CatalogActionPayload", from_dict(cls, document))
        return item

    def encode(self, row: Row, item: Model) -> None:
        """Encode an action.

        Raises:
            InvalidRequestError: The action is not valid.
        """
        super().encode(row, item)
        row.group = _text(item, "type")
        payload = getattr(item, "payload", None)
        sku = payload.get("sku") if is_object(payload) else getattr(payload, "sku", None)
        row.unique = sku if isinstance(sku, str) else None
        row.key = row.unique or ""


@attrs.frozen(kw_only=True)
class CouponKind(Kind):
    """Reservations and releases: a request takes the customers of one coupon."""

    def encode(self, row: Row, item: Model) -> None:
        """Encode a reservation.

        Raises:
            InvalidRequestError: The reservation is not valid.
        """
        self.encoder(item)
        row.group = _text(item, "coupon_value")
        self.target(row.group)
        row.part = render(_text(item, "integration_id"))

    def arguments_of(self, group: str) -> Mapping[str, Any]:
        """The coupon."""
        return {"coupon_value": group}


def _text(item: Model, attribute: str) -> str:
    value = getattr(item, attribute, UNSET)
    return value if isinstance(value, str) else ""


_SINGLE_LANES: Final = 256
"""Lanes of kinds with one row per request: few lanes would often have nothing to send."""

PROFILES: Final = Kind(
    name="profiles",
    operation=UPDATE_CUSTOMER_PROFILES,
    row=MultipleCustomerProfileIntegrationRequestItem,
    list_name="customerProfiles",
    order="integration_id",
    replay="same",
)
EVENTS: Final = Kind(
    name="events",
    operation=TRACK_EVENT,
    row=IntegrationEventV2Request,
    order="profile_id",
    replay="key",
    lanes=_SINGLE_LANES,
)
ADVANCED_EVENTS: Final = Kind(
    name="advanced-events",
    operation=TRACK_ADVANCED_EVENT,
    row=IntegrationEventV3Request,
    order="profile_id",
    key="integration_id",
    replay="same",
    exists_is_applied=True,
    lanes=_SINGLE_LANES,
)
AUDIENCE_MEMBERS: Final = Kind(
    name="audience-members",
    operation=UPDATE_AUDIENCE_MEMBERS,
    row=CustomerProfileAudienceRequestItem,
    list_name="data",
    order="profile_integration_id",
    replay="same",
)
CATALOG: Final = CatalogKind(
    name="catalog",
    operation=SYNC_CATALOG,
    row=CatalogAction,
    list_name="actions",
    order="type",
    replay="same",
    lanes=1,
)
RESERVATIONS: Final = CouponKind(
    name="reservations",
    operation=RESERVE_COUPON,
    row=CouponReservation,
    list_name="integrationIDs",
    order="coupon_value",
    key="integration_id",
    replay="never",
)
RELEASES: Final = attrs.evolve(RESERVATIONS, name="releases", operation=RELEASE_COUPON, replay="same")
REFERRALS: Final = Kind(
    name="referrals",
    operation=CREATE_REFERRAL,
    row=NewReferral,
    order="advocate_profile_integration_id",
    replay="never",
    lanes=_SINGLE_LANES,
)
