"""One row of the operations table: how a request is written, and what an answer means.

A row does no I/O. The client, the sandbox and the tools all go through it, so there is one place that
writes a request and one that reads an answer.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Generic, Literal, TypeVar
from urllib.parse import quote

import attrs

from talon_async._codec.converter import REQUESTS, structure
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.json import is_array, is_object, parse, render
from talon_async._codec.scope import OUTGOING
from talon_async._codec.shapes import ListOf, ModelOf, Shape, camel_case, shape_of
from talon_async._codec.timestamps import write_timestamp
from talon_async._codec.validation import find_drift
from talon_async.errors import ErrorDetail, InvalidRequestError, ResponseDecodeError, StatusError
from talon_async.models.base import UNSET

R = TypeVar("R")

Check = Callable[[Any, Mapping[str, Any]], None]
"""Raises `InvalidRequestError` for a body and its arguments that break a rule no single field holds."""

EMPTY: Final[Callable[[], type[None]]] = lambda: type(None)  # noqa: E731  a value beside the rows' own lambdas
"""The answer of an operation that succeeds without a body."""


@attrs.frozen
class Parameter:
    """A path or query parameter.

    Attributes:
        name: The argument's name in Python.
        annotation: The type of its values, as models have it.
        wire: Its name on the wire; the name in camelCase unless said otherwise.
        style: How a list is written: ``repeat`` gives each item a parameter of its own, ``comma`` joins them.
        bool_literals: How `False` and `True` are written on the wire.
    """

    name: str
    annotation: Any
    wire: str = attrs.field(
        kw_only=True, default=attrs.Factory(lambda self: camel_case(self.name), takes_self=True)
    )
    style: Literal["repeat", "comma"] = attrs.field(kw_only=True, default="repeat")
    bool_literals: tuple[str, str] = attrs.field(kw_only=True, default=("false", "true"))

    @functools.cached_property
    def shape(self) -> Shape:
        """What its values are."""
        return shape_of(self.annotation)

    def encode(self, value: Any) -> list[str]:
        """Write a value as the texts that stand on the wire, each percent-encoded as a whole.

        Raises:
            InvalidRequestError: The value is of another kind, or breaks a limit.
        """
        _refuse(self.shape, write_timestamp(value), self.name)
        if is_array(value):
            if not value:  # nothing would be sent, and nothing filtered
                raise InvalidRequestError(self.name, "expected at least 1 item, found none")
            texts = [self._text(entry) for entry in value]
            return [",".join(texts)] if self.style == "comma" else texts
        return [self._text(value)]

    def _text(self, value: Any) -> str:
        if isinstance(value, bool):
            return self.bool_literals[value]
        text = str(write_timestamp(value))
        if "\r" in text or "\n" in text:
            raise InvalidRequestError(self.name, "expected no line breaks")
        # A dot is no reserved character, yet a segment of dots would be resolved by whoever reads the path.
        return quote(text, safe="") if text.strip(".") else text.replace(".", "%2E")


@attrs.frozen
class WireRequest:
    """A request as it goes out, without its headers.

    Attributes:
        method: The HTTP method.
        target: The path and query, percent-encoded, to be put behind the base URL.
        content: The JSON body; `None` if the operation has none.
    """

    method: str
    target: str
    content: bytes | None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Operation(Generic[R]):
    """One operation of the Integration API; the type parameter is what it answers.

    Attributes:
        id: The operationId.
        method: The HTTP method.
        path: The path, with its parameters in braces by their wire names.
        path_parameters: The parameters in the path.
        query: The parameters in the query.
        body: Gives the type of the request body; `None` if there is none.
        answers: Gives the type of the answer for each documented success.
        errors: The documented statuses of errors.
        idempotency_key: Whether the service documents the ``Idempotency-Key`` header for it.
        idempotent: Whether a second request changes nothing that the first did not, without any key.
        conflict: What a 409 says: that too many requests touch the same session or profile at once,
            that what is to be made exists already, or either.
        lock_keys: Where the session and the profile are named that it touches: an argument, or a path of
            attributes from ``body``.
        checks: What else a request is held to before it is sent.
    """

    id: str
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    path_parameters: tuple[Parameter, ...] = ()
    query: tuple[Parameter, ...] = ()
    body: Callable[[], Any] | None = None
    answers: Mapping[int, Callable[[], type[R]]]
    errors: tuple[int, ...]
    idempotency_key: bool = False
    idempotent: bool = False
    conflict: Literal["contention", "existence", "either"] = "existence"
    lock_keys: Mapping[Literal["session", "profile"], str] = MappingProxyType({})
    checks: tuple[Check, ...] = ()

    def __repr__(self) -> str:
        return f"<Operation {self.id}>"

    @property
    def repeatable(self) -> bool:
        """Whether a request that may have reached the service can be sent again without happening twice."""
        return self.method == "GET" or self.idempotency_key or self.idempotent

    def encode(self, body: Any = None, /, **arguments: Any) -> WireRequest:
        """Write a request.

        Args:
            body: The request body, of the operation's model.
            **arguments: Path and query parameters by their names in Python; `UNSET` leaves one out.

        Raises:
            InvalidRequestError: The API would refuse it, or it has no JSON form.
        """
        content = None if self.body is None else self._content(body)
        for check in self.checks:
            check(body, arguments)
        segments = {p.wire: self._segment(p, arguments.pop(p.name)) for p in self.path_parameters}
        query = [
            f"{parameter.wire}={text}"
            for parameter in self.query
            if (value := arguments.pop(parameter.name, UNSET)) is not UNSET
            for text in parameter.encode(value)
        ]
        if arguments:
            raise TypeError(f"{self.id} has no parameter {', '.join(arguments)}")
        path = self.path.format_map(segments)
        return WireRequest(self.method, f"{path}?{'&'.join(query)}" if query else path, content)

    def _segment(self, parameter: Parameter, value: Any) -> str:
        (text,) = parameter.encode(value)
        if not text:
            raise InvalidRequestError(parameter.name, "expected at least 1 character, found none")
        return text

    def _content(self, body: Any) -> bytes:
        shape = self.request
        if isinstance(shape, ModelOf) and not isinstance(body, shape.cls):
            raise InvalidRequestError("body", f"expected {shape.cls.__name__}, found {type(body).__name__}")
        document = REQUESTS.unstructure(body)
        _refuse(shape, document, "")
        try:
            return render(document)
        except TypeError as error:
            raise InvalidRequestError("body", str(error)) from None

    def keys_for(self, body: Any, arguments: Mapping[str, Any]) -> tuple[str, ...]:
        """Name the sessions and profiles that a request touches, such as ``session cart-1``."""
        found = (
            f"{kind} {identifier}"
            for kind, place in self.lock_keys.items()
            for identifier in _found({"body": body, **arguments}, place.split("."))
        )
        return tuple(dict.fromkeys(found))  # each once: a call must not wait for itself

    @functools.cached_property
    def request(self) -> Shape:
        """What the request body is."""
        if self.body is None:
            raise TypeError(f"{self.id} has no request body")
        return shape_of(self.body())

    @functools.cached_property
    def answer(self) -> ModelOf | ListOf | None:
        """What a success answers, if it answers anything."""
        types = [answer() for answer in self.answers.values()]
        shapes = [shape_of(answer) for answer in types if answer is not type(None)]
        match shapes:
            case []:
                return None
            case [ModelOf() | ListOf() as shape]:
                return shape
            case _:
                raise TypeError(f"{self.id}: an operation answers one model or list, not {shapes}")

    def decode(
        self,
        status: int,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        watch: DriftReporter | None = None,
    ) -> R:
        """Read an answer.

        Any 2xx status is a success, a documented one or not.

        Args:
            status: The HTTP status.
            body: The body, decompressed.
            headers: The header fields, for the errors.
            watch: Is told where the answer drifts from the contract; without it, drift is only logged.

        Raises:
            StatusError: The status is no success.
            ResponseDecodeError: The body is no JSON of the right outermost kind, or drifts and `watch` is
                strict.
        """
        if not 200 <= status < 300:
            raise self._status_error(status, body, headers)
        fail = functools.partial(
            ResponseDecodeError, operation=self.id, status=status, body=body, headers=headers
        )
        if self.answer is None or (not body.strip() and EMPTY in self.answers.values()):
            return None  # type: ignore[return-value]  # EMPTY makes R include None
        try:
            document = parse(body)
        except ValueError as error:
            raise fail(f"the answer is no JSON: {error}") from None
        expected = dict if isinstance(self.answer, ModelOf) else list
        if not isinstance(document, expected):
            kind = "object" if expected is dict else "array"
            raise fail(f"the answer is JSON, but no {kind}")
        answer, notes = structure(self.answer, document)
        drifts = (watch or DriftReporter()).inspect(self.answer, document, notes)
        if drifts and watch is not None and watch.strict:
            raise fail(str(drifts[0]), path=drifts[0].path, drifts=drifts)
        result: R = answer
        return result

    def _status_error(self, status: int, body: bytes, headers: Mapping[str, str] | None) -> StatusError:
        reason, errors = _read_error(body)
        return StatusError.class_for(status)(
            operation=self.id, status=status, reason=reason, errors=errors, body=body, headers=headers
        )


def _refuse(shape: Shape, document: Any, root: str) -> None:
    for drift in find_drift(shape, document, OUTGOING, root):
        raise InvalidRequestError(drift.path, f"expected {drift.expected}, found {drift.found}")


def _found(value: Any, place: list[str]) -> Iterator[str]:
    """The texts at a path of attributes; a list on the way stands for each of its items."""
    if is_array(value):
        for entry in value:
            yield from _found(entry, place)
    elif not place:
        if isinstance(value, str) and value:
            yield value
    elif is_object(value):
        yield from _found(value.get(place[0]), place[1:])
    elif value:
        yield from _found(getattr(value, place[0], None), place[1:])


def _read_error(body: bytes) -> tuple[str, tuple[ErrorDetail, ...]]:
    """Read both of the service's envelopes for errors, or take an excerpt of anything else."""
    try:
        document = parse(body)
    except ValueError:
        document = None
    if not is_object(document):
        text = re.sub(r"<[^>]*>", " ", body[:4000].decode("utf-8", "replace"))
        return " ".join(text.split())[:200] or "no body", ()
    entries = document.get("errors")
    details = [_detail(entry) for entry in entries if is_object(entry)] if is_array(entries) else []
    return _text(document.get("message"), "no message"), tuple(details)


def _detail(entry: dict[str, Any]) -> ErrorDetail:
    source = entry.get("source")
    place = source if is_object(source) else {}
    return ErrorDetail(
        title=_text(entry.get("title"), "error"),
        details=_text(entry.get("details"), ""),
        pointer=_text(place.get("pointer"), ""),
        parameter=_text(place.get("parameter"), ""),
    )


def _text(value: Any, default: str) -> str:
    try:
        return str(value or default)
    except RecursionError:  # JSON may nest deeper than Python can print
        return default
