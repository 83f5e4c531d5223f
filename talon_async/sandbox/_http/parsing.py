"""Parses requests into the arguments and the body of a handler; the inverse of `Operation.encode`."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote, unquote_plus

import attrs

from talon_async._codec.converter import REQUESTS
from talon_async._codec.json import is_object, parse
from talon_async._codec.scope import INCOMING
from talon_async._codec.shapes import ListOf, ModelOf, Scalar, Shape, Timestamp, camel_case, fields_of
from talon_async._codec.timestamps import read_timestamp
from talon_async._codec.validation import find_drift
from talon_async._operations.catalogs import BEST_PRIOR_PRICES
from talon_async._operations.operation import Check, Operation
from talon_async._operations.parameter import Parameter
from talon_async.errors import Drift, DriftKind, InvalidRequestError
from talon_async.models.errors import APIError, ErrorSource
from talon_async.sandbox._errors import INVALID, ApiError
from talon_async.sandbox._http.routing import Match

_SCOPE: Final = attrs.evolve(INCOMING, unknown_fields=True, unknown_members=True)
_TITLES: Final[Mapping[DriftKind, str]] = {
    "missing": "required",
    "null": "Invalid type",
    "type": "Invalid type",
    "limit": "Invalid value",
    "unknown member": "enum",
    "unknown type": "enum",
    "unknown field": "Unknown",
}
_TEXT: Final = Scalar("string", (str,))
_STEP: Final = re.compile(r"""\.([^.\[]+)|\[(\d+)\]|\[('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\]""")
_LOCAL_TIME: Final = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})(?P<time>T\d{2}:\d{2}:\d{2}(\.\d+)?)?")
_JSON: Final[Mapping[str, str]] = {"True": "true", "False": "false", "None": "null"}
_CONSTANT: Final = re.compile(r"\b(?:True|False|None)\b")
_INTEGER: Final = re.compile(r"-?[0-9]{1,19}")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def read_call(match: Match, query: str, content: bytes) -> tuple[Any, dict[str, Any]]:
    """Parse a request.

    Args:
        match: The operation that is called.
        query: The raw query.
        content: The raw body.

    Returns:
        The body as a model, `None` if the operation has none, and the arguments by their Python names.

    Raises:
        ApiError: The request violates the contract; each error has its source; status 400.
    """
    operation = match.operation
    errors: list[APIError] = []
    arguments: dict[str, Any] = {}
    for parameter in operation.path_parameters:
        arguments[parameter.name] = _argument(parameter, [unquote(match.texts[parameter.name])], errors)
    given = _query_texts(query)
    for parameter in operation.query:
        if parameter.wire in given:
            texts = [unquote_plus(text) for text in given[parameter.wire]]
            if isinstance(parameter.shape, Timestamp) and parameter.shape.or_date:
                texts = [_with_time_zone(text) for text in texts]
            arguments[parameter.name] = _argument(parameter, texts, errors)
    body = None if operation.body is None else _body(operation, content, errors)
    if not errors:
        errors = [
            error for check in operation.checks for error in _checked(check, operation, body, arguments)
        ]
    if errors:
        raise ApiError(400, INVALID, _distinct(errors))
    return body, arguments


def _distinct(errors: list[APIError]) -> list[APIError]:
    """Each error once: values of one parameter can be wrong in the same way."""
    return list({(error.title, error.details, str(error.source)): error for error in errors}.values())


def _query_texts(query: str) -> dict[str, list[str]]:
    """The raw values of each parameter, still percent-encoded."""
    given: dict[str, list[str]] = {}
    for pair in query.split("&"):
        name, separator, value = pair.partition("=")
        if separator:
            given.setdefault(unquote_plus(name), []).append(value)
    return given


def _with_time_zone(text: str) -> str:
    """Complete a date, or a date and time, without a time zone: midnight unless stated, in UTC."""
    found = _LOCAL_TIME.fullmatch(text)
    return f"{found['date']}{found['time'] or 'T00:00:00'}Z" if found else text


def _argument(parameter: Parameter, texts: list[str], errors: list[APIError]) -> Any:
    shape = parameter.shape
    if isinstance(shape, ListOf):
        # Several of the provider's clients percent-encode the separating commas, so texts are split decoded.
        parts = [part for text in texts for part in text.split(",")] if parameter.style == "comma" else texts
        value: Any = [_value(shape.item, part, parameter) for part in parts]
    else:
        value = _value(shape, texts[0], parameter)
    if shape == _TEXT:
        return value  # a decoded text is valid Unicode
    source = ErrorSource(parameter=parameter.wire)
    errors.extend(_error(drift, source) for drift in find_drift(shape, value, _SCOPE, parameter.wire))
    return read_timestamp(value) if isinstance(shape, Timestamp) else value


def _value(shape: Shape, text: str, parameter: Parameter) -> Any:
    """The JSON value of a text; the text itself if it is not valid for the shape."""
    match shape:
        case Scalar(name="boolean") if text in parameter.bool_literals:
            return text == parameter.bool_literals[True]
        case Scalar(name="integer") if _INTEGER.fullmatch(text):
            return int(text)
        case Scalar(name="number") if _NUMBER.fullmatch(text):
            return float(text)
        case _:
            return text


def _body(operation: Operation[..., Any], content: bytes, errors: list[APIError]) -> Any:
    try:
        document = parse(content)
    except ValueError as error:
        raise ApiError(400, f"The body is not valid JSON: {error}") from None
    if operation is BEST_PRIOR_PRICES and is_object(document) and "strictEndDate" in document:
        # The provider's client 26.2 still sends the boolean that preceded the enum of three values.
        document.setdefault("timeframeEndDateType", "strict" if document["strictEndDate"] else "price")
    drifts = [d for d in find_drift(operation.request_shape, document, _SCOPE) if d.kind != "unknown field"]
    if not drifts:
        shape = operation.request_shape
        return REQUESTS.structure(document, shape.cls) if isinstance(shape, ModelOf) else document
    errors += [_error(drift, ErrorSource(pointer=_pointer(drift.path))) for drift in drifts]
    return None


def _error(drift: Drift, source: ErrorSource) -> APIError:
    return APIError(
        title=_TITLES[drift.kind], details=f"expected {drift.expected}, found {drift.found}", source=source
    )


def _pointer(path: str) -> str:
    """Convert a JSON path to a JSON pointer; as in the service, session fields omit the session."""
    names = [
        name or index or ast.literal_eval(quoted)
        for name, index, quoted in _STEP.findall(path.removeprefix("$"))
    ]
    if names[:1] == ["customerSession"] and len(names) > 1:
        names = names[1:]
    return "".join(f"/{name.replace('~', '~0').replace('/', '~1')}" for name in names)


def _checked(
    check: Check, operation: Operation[..., Any], body: Any, arguments: dict[str, Any]
) -> Iterator[APIError]:
    try:
        check(body, arguments)
    except InvalidRequestError as error:
        names = {parameter.name: parameter.wire for parameter in operation.query}
        for field in error.field.split(", "):
            if field in names:
                source = ErrorSource(parameter=names[field])
            else:
                source = ErrorSource(pointer=_pointer(_wire_path(operation.request_shape, field)))
            yield APIError(title="Invalid value", details=_in_json(error.reason), source=source)


def _in_json(text: str) -> str:
    """Write Python's constants in a text as JSON does."""
    return _CONSTANT.sub(lambda found: _JSON[found[0]], text)


def _wire_path(shape: Shape | None, field: str) -> str:
    """The JSON path of a field that is named by its attributes, such as ``customer_session.cart_items``."""
    path = "$"
    for step in field.split("."):
        attribute, bracket, index = step.partition("[")
        fields = fields_of(shape.cls) if isinstance(shape, ModelOf) else ()
        found = next((known for known in fields if known.attribute == attribute), None)
        shape = found.shape if found else None
        if bracket and isinstance(shape, ListOf):
            shape = shape.item
        path += f".{found.wire if found else camel_case(attribute)}{bracket}{index}"
    return path
