"""Decodes requests by the provider's document, and fails where they violate it.

It does not use the codec, whose output it checks.
"""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

import attrs
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.contract import Schema, body_of, document, operation, read, resolve
from tests.transport.server import Received


@attrs.frozen
class Sent:
    """The content of a request.

    Attributes:
        parameters: The path and query parameters, by name, as JSON values.
        body: The JSON body; `None` if there is none.
    """

    parameters: dict[str, Any]
    body: Any


_FORMATS: Final = {
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
}
_CHECKER: Final = FormatChecker(formats=())


def _has_format(pattern: str, value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(pattern, value) is not None


for _name, _pattern in _FORMATS.items():
    _CHECKER.checks(_name)(functools.partial(_has_format, _pattern))

_ENCODED: Final = re.compile(r"(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*")
"""The characters for data in a path or query by RFC 3986, and percent-encoding."""


def decode_request(operation_id: str, request: Received) -> Sent:
    """Decode a request of an operation by the document.

    Raises:
        AssertionError: The request violates the document.
    """
    method, template = _route_of(operation_id)
    assert request.method == method, f"{request.method} for {method}"
    path, _, query = request.target.partition("?")
    parameters = _in_path(operation_id, template, path) | _in_query(operation_id, query)
    required = {each["name"] for each in _parameters_of(operation_id).values() if each.get("required")}
    assert required <= parameters.keys(), f"{required - parameters.keys()} are required"
    return Sent(parameters, _body(operation_id, request))


def _route_of(operation_id: str) -> tuple[str, str]:
    for template, item in document()["paths"].items():
        for method, node in item.items():
            if node["operationId"] == operation_id:
                return method.upper(), template
    raise KeyError(operation_id)


@functools.cache
def _parameters_of(operation_id: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The parameters of an operation, by place and name."""
    nodes = map(resolve, operation(operation_id).get("parameters", ()))
    return {(node["in"], node["name"]): node for node in nodes}


def _in_path(operation_id: str, template: str, path: str) -> dict[str, Any]:
    parts, texts = template.split("/"), path.split("/")
    assert len(parts) == len(texts), f"{path} is not {template}"
    found: dict[str, Any] = {}
    for part, text in zip(parts, texts, strict=True):
        if part.startswith("{"):
            name = part.strip("{}")
            found[name] = _checked(_parameters_of(operation_id)["path", name]["schema"], text)
        else:
            assert part == text, f"{path} is not {template}"
    return found


def _in_query(operation_id: str, query: str) -> dict[str, Any]:
    texts: dict[str, list[str]] = {}
    for pair in query.split("&") if query else ():
        name, equals, text = pair.partition("=")
        assert equals, f"{pair} has no value"
        texts.setdefault(name, []).append(text)
    return {
        name: _from_query(_parameters_of(operation_id)["query", name], values)
        for name, values in texts.items()
    }


def _from_query(parameter: Mapping[str, Any], values: list[str]) -> Any:
    schema = parameter["schema"]
    if schema["type"] != "array":
        assert len(values) == 1, f"{parameter['name']} occurs {len(values)} times"
        return _checked(schema, values[0])
    if not parameter.get("explode", True):  # the default of the default style
        assert len(values) == 1, f"{parameter['name']} must be one list"
        values = values[0].split(",")
    items = [_checked(schema["items"], text) for text in values]
    _check(schema, items)
    return items


def _checked(schema: Mapping[str, Any], text: str) -> Any:
    """Decode the text of one value."""
    assert _ENCODED.fullmatch(text), f"{text} is not percent-encoded"
    value: Any = unquote(text, errors="strict")
    if schema["type"] == "integer":
        assert re.fullmatch("-?[0-9]+", value), f"{text} is not an integer"
        value = int(value)
    elif schema["type"] == "boolean":
        value = {"false": False, "true": True}[value]
    _check(schema, value)
    return value


def _body(operation_id: str, request: Received) -> Any:
    media = body_of(operation_id)
    if media is None:
        assert not request.body, "no body is documented"
        assert not request.all("content-type"), "without a body there is no content type"
        return None
    assert request.all("content-type") == ["application/json"], request.all("content-type")
    value = json.loads(request.body.decode("utf-8"), parse_constant=_refuse)
    _check({"$ref": f"contract:{media['schema']['$ref']}"}, value)
    return value


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not valid JSON")


def _check(schema: Mapping[str, Any], value: Any) -> None:
    validator = Draft202012Validator(schema, registry=_registry(), format_checker=_CHECKER)
    # The stubs do not type one of the parameters.
    found = validator.iter_errors(value)  # pyright: ignore[reportUnknownMemberType]
    violations = [f"{error.json_path}: {error.message}" for error in found]
    assert not violations, violations


@functools.cache
def _registry() -> Registry[Any]:
    resource = DRAFT202012.create_resource({"$id": "contract:", **document()})
    registry: Registry[Any] = Registry[Any]().with_resource("contract:", resource)
    return registry


def fields_sent(operation_id: str, sent: Sent) -> set[str]:
    """The fields of a request: names of parameters, and paths of properties in the body."""
    media = body_of(operation_id)
    body = _sent(read(media["schema"]), sent.body, "body") if media else ()
    return {*sent.parameters, *body}


def _sent(schema: Schema, value: Any, path: str) -> Iterator[str]:
    match schema:
        case Schema(kind="object", alternatives=(_, *_)):
            tag = value["type"]
            alternative = next(each for each in schema.alternatives if tag in each.properties["type"].members)
            yield from _sent(alternative, value, f"{path}<{tag}>")
        case Schema(kind="object"):
            for name, inner in value.items():
                yield f"{path}.{name}"
                if name in schema.properties:
                    yield from _sent(schema.properties[name], inner, f"{path}.{name}")
        case Schema(kind="array", item=Schema() as item) if value is not None:
            for inner in value:
                yield from _sent(item, inner, f"{path}[]")
        case Schema(kind="map", item=Schema() as item) if value is not None:
            for inner in value.values():
                yield from _sent(item, inner, f"{path}[]")
        case _:
            pass


def documented_fields(operation_id: str) -> set[str]:
    """The fields that the document allows in a request, without read-only ones."""
    media = body_of(operation_id)
    body = _documented(read(media["schema"]), "body") if media else ()
    return {*(name for _, name in _parameters_of(operation_id)), *body}


def _documented(schema: Schema, path: str) -> Iterator[str]:
    for alternative in schema.alternatives:
        (tag,) = alternative.properties["type"].members
        yield from _documented(alternative, f"{path}<{tag}>")
    if not schema.alternatives:
        for name, part in schema.properties.items():
            if not part.read_only:
                yield f"{path}.{name}"
                yield from _documented(part, f"{path}.{name}")
    if schema.item:
        yield from _documented(schema.item, f"{path}[]")
