"""An operation of the Integration API: how its request is encoded and its response decoded.

A row of the operations table is a function signature under the `operation` decorator. The signature states
the body, the parameters and the response; the decorator states what HTTP needs to know. Nothing here does
I/O: the client, the sandbox and the tools share one place that encodes requests and decodes responses.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Generic, Literal, ParamSpec, TypeVar, get_args, get_type_hints

import attrs

from talon_async._codec.converter import structure
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.json import MAX_OBJECTS, MAX_VALUES, has_excess, parse
from talon_async._codec.shapes import ListOf, ModelOf, Shape, shape_of
from talon_async._codec.unknown_members import UnknownMember
from talon_async._codec.value_checks import kind_of, plain
from talon_async._operations.error_body import read_error
from talon_async._operations.parameter import Parameter
from talon_async._operations.request_body import encode_body, values_at
from talon_async.errors import InvalidRequestError, ResponseDecodeError, StatusError
from talon_async.models.base import UNSET

P = ParamSpec("P")
R = TypeVar("R")

Method = Literal["GET", "POST", "PUT", "DELETE"]

Conflict = Literal["contention", "existence", "either"]
"""What a 409 means: too many requests for a session or profile, an entity that exists already, or either."""

LockKey = Literal["session", "profile", "coupon", "audience", "card", "catalog"]
"""What calls that change the same one of are queued for."""

MAX_TARGET_LENGTH: Final = 60_000
"""The longest path and query, percent-encoded; with the base URL, httpx sends up to 65,536 characters."""

Check = Callable[[Any, Mapping[str, Any]], None]
"""Raises `InvalidRequestError` for a body and arguments that violate a rule spanning several fields."""


@attrs.define(eq=False)
class WireRequest:
    """An encoded request, without its headers.

    Attributes:
        method: The HTTP method.
        target: The path and query, percent-encoded, relative to the base URL.
        content: The JSON body; `None` if the operation has none.
        expects_body: Whether the request asks for a response with a body, by ``silent=no``.
        unknown_members: The first unknown member of each enum in the request.
    """

    method: str
    target: str
    content: bytes | None
    expects_body: bool = False
    unknown_members: tuple[UnknownMember, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Operation(Generic[P, R]):
    """One operation; its type parameters are its arguments and the type of its response.

    Attributes:
        declaration: The function whose signature states body, parameters and response. It is never called.
        id: The operationId.
        method: The HTTP method.
        path: The path, with its parameters in braces by their wire names.
        success: The documented statuses of success.
        errors: The documented statuses of errors.
        idempotency_key: Whether the service documents the ``Idempotency-Key`` header for it.
        idempotent: Whether a repeated request changes nothing that the first did not, without any key.
        conflict: What a 409 means.
        lock_keys: Where the request names what it changes: an argument, or a path of attributes from
            ``body``. So a retry never undoes a later call for the same entity.
        checks: Rules for requests that span several fields.
    """

    declaration: Callable[P, R]
    id: str
    method: Method
    path: str
    success: tuple[int, ...]
    errors: tuple[int, ...]
    idempotency_key: bool
    idempotent: bool
    conflict: Conflict
    lock_keys: Mapping[LockKey, str]
    checks: tuple[Check, ...]

    def __repr__(self) -> str:
        return f"<Operation {self.id}>"

    @property
    def retryable(self) -> bool:
        """Whether a request that may have reached the service can be sent again without happening twice."""
        return self.method == "GET" or self.idempotency_key or self.idempotent

    @functools.cached_property
    def _hints(self) -> dict[str, Any]:
        # Resolved late, so that a row imports no model before it is used.
        return get_type_hints(self.declaration, include_extras=True)

    @functools.cached_property
    def _parameters(self) -> tuple[Parameter, ...]:
        names = [name for name in self._hints if name not in ("body", "return")]
        return tuple(Parameter.from_annotation(name, self._hints[name]) for name in names)

    @functools.cached_property
    def path_parameters(self) -> tuple[Parameter, ...]:
        """The parameters in the path."""
        return tuple(one for one in self._parameters if f"{{{one.wire}}}" in self.path)

    @functools.cached_property
    def query(self) -> tuple[Parameter, ...]:
        """The parameters in the query."""
        return tuple(one for one in self._parameters if f"{{{one.wire}}}" not in self.path)

    @functools.cached_property
    def body(self) -> Any:
        """The type of the request body; `None` if there is none."""
        return self._hints.get("body")

    @functools.cached_property
    def request_shape(self) -> Shape:
        """The shape of the request body.

        Raises:
            TypeError: The operation has none.
        """
        if self.body is None:
            raise TypeError(f"{self.id} has no request body")
        return shape_of(self.body)

    @functools.cached_property
    def responses(self) -> Mapping[int, Any]:
        """The type of the response for each status of success; `NoneType` for one without a body."""
        declared = self._hints["return"]
        parts = [part for part in get_args(declared) if part is not type(None)]
        with_body = parts[0] if type(None) in get_args(declared) else declared
        return {status: type(None) if status == 204 else with_body for status in self.success}

    @functools.cached_property
    def response_shape(self) -> ModelOf | ListOf | None:
        """The shape of a response's body; `None` if there is never one."""
        types = [response for response in self.responses.values() if response is not type(None)]
        shapes = [shape_of(response) for response in types]
        match shapes:
            case []:
                return None
            case [ModelOf() | ListOf() as shape]:
                return shape
            case _:
                raise TypeError(f"{self.id}: a response is one model or one list, not {shapes}")

    def encode(self, *args: P.args, **kwargs: P.kwargs) -> WireRequest:
        """Encode a request.

        Args:
            *args: The request body, if the operation has one.
            **kwargs: Path and query parameters by their names in Python; `UNSET` omits one.

        Raises:
            InvalidRequestError: The request exceeds a published limit, or JSON cannot represent it.
            TypeError: The operation has no such parameter.
        """
        body: object = args[0] if args else None
        content: bytes | None = None
        unknown_members: Sequence[UnknownMember] = ()
        if self.body is not None:
            content, unknown_members = encode_body(self.request_shape, body)
        for check in self.checks:
            check(body, kwargs)
        target = self.target(kwargs)
        for parameter in self.query:
            if parameter.is_enum and (value := kwargs.get(parameter.name, UNSET)) is not UNSET:
                unknown_members = [*unknown_members, *parameter.unknown_members(value)]
        expects_body = kwargs.get("silent") is False
        return WireRequest(self.method, target, content, expects_body, tuple(unknown_members))

    def target(self, given: Mapping[str, Any]) -> str:
        """Encode path and query.

        Args:
            given: Path and query parameters by their names in Python; `UNSET` omits one.

        Raises:
            InvalidRequestError: A parameter exceeds a published limit, or the URL is too long.
            TypeError: The operation has no such parameter.
        """
        arguments = dict(given)
        segments = {one.wire: one.encode_segment(arguments.pop(one.name)) for one in self.path_parameters}
        query: list[str] = []
        for parameter in self.query:
            if (value := arguments.pop(parameter.name, UNSET)) is not UNSET:
                query += [f"{parameter.wire}={text}" for text in parameter.encode(value)]
        if arguments:
            raise TypeError(f"{self.id} has no parameter {', '.join(arguments)}")
        path = self.path.format_map(segments)
        target = f"{path}?{'&'.join(query)}" if query else path
        if len(target) > MAX_TARGET_LENGTH:
            name = max(lengths := self._lengths(segments, query), key=lengths.__getitem__)
            raise InvalidRequestError(
                name, f"expected a URL of at most {MAX_TARGET_LENGTH} characters, found {len(target)} with it"
            )
        return target

    def _lengths(self, segments: Mapping[str, str], query: list[str]) -> dict[str, int]:
        """Count the characters that each argument takes in the URL."""
        return {
            one.name: len(segments.get(one.wire, ""))
            + sum(len(text) for text in query if text.startswith(f"{one.wire}="))
            for one in self._parameters
        }

    def keys_for(self, body: object, arguments: Mapping[str, Any]) -> tuple[str, ...]:
        """Name what a request changes, such as ``session cart-1`` and ``profile customer-7``."""
        keys: dict[str, None] = {}  # each once: a call must not wait for itself
        for kind, root, path in self._lock_paths:
            for value in values_at(body if root == "body" else arguments.get(root), path):
                if isinstance(value, (str, int)) and value != "":
                    keys[f"{kind} {plain(value)}"] = None
        return tuple(keys)

    @functools.cached_property
    def _lock_paths(self) -> list[tuple[str, str, list[str]]]:
        roots = ((kind, place.split(".")) for kind, place in self.lock_keys.items())
        return [(kind, root, path) for kind, (root, *path) in roots]

    def decode(
        self,
        status: int,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        reporter: DriftReporter | None = None,
        expects_body: bool = False,
    ) -> R:
        """Decode a response; any 2xx status is a success, documented or not.

        Args:
            status: The HTTP status.
            body: The body, decompressed.
            headers: The header fields, for the errors.
            reporter: Reports where the response does not match its schema (default: drift is only logged).
            expects_body: Whether an empty body is an error where the operation may respond without one.

        Raises:
            StatusError: The status is not a success.
            ResponseDecodeError: The body is missing, not valid JSON, not an object or array as expected, or
                has too many values; or it drifts and the reporter is strict.
        """
        if not 200 <= status < 300:
            error = read_error(status, body, headers or {})
            raise StatusError.class_for(status)(
                operation=self.id,
                status=status,
                reason=error.reason,
                errors=error.errors,
                body=body,
                headers=headers,
                request_id=error.request_id,
            )
        fail = functools.partial(
            ResponseDecodeError, operation=self.id, status=status, body=body, headers=headers
        )
        shape = self.response_shape
        empty = not body or body.isspace()
        if shape is None or (empty and not expects_body and type(None) in self.responses.values()):
            return None  # type: ignore[return-value]  # R includes None where a response has no body
        if empty:
            raise fail("the response has no body")
        if has_excess(body):
            raise fail(f"the response has more than {MAX_OBJECTS:,} objects or {MAX_VALUES:,} values")
        try:
            document = parse(body)
        except ValueError as error:
            raise fail(f"the response is not valid JSON: {error}") from None
        kind, name = (dict, "object") if isinstance(shape, ModelOf) else (list, "array")
        if not isinstance(document, kind):
            raise fail(f"expected a JSON {name}, found {kind_of(document)}")
        model, notes = structure(shape, document)
        drifts = (reporter or DriftReporter()).inspect(shape, document, notes)
        if drifts and reporter is not None and reporter.strict:
            raise fail(str(drifts[0]), path=drifts[0].path, drifts=drifts)
        result: R = model
        return result


def operation(
    operation_id: str,
    method: Method,
    path: str,
    /,
    *,
    success: tuple[int, ...] = (200,),
    errors: tuple[int, ...],
    idempotency_key: bool = False,
    idempotent: bool = False,
    conflict: Conflict = "existence",
    lock_keys: Mapping[LockKey, str] = MappingProxyType({}),
    checks: tuple[Check, ...] = (),
) -> Callable[[Callable[P, R]], Operation[P, R]]:
    """Declare an operation by a function signature; the arguments are the attributes of `Operation`."""

    def declare(declaration: Callable[P, R]) -> Operation[P, R]:
        return Operation(
            declaration=declaration,
            id=operation_id,
            method=method,
            path=path,
            success=success,
            errors=errors,
            idempotency_key=idempotency_key,
            idempotent=idempotent,
            conflict=conflict,
            lock_keys=lock_keys,
            checks=checks,
        )

    return declare
