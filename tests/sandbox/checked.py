"""An HTTP transport that holds every answer of a sandbox against the provider's contract."""

import copy
import functools
from typing import Any, Final

import httpx
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from talon_async.codec.json import parse
from talon_async.models import EFFECT_PROPS
from talon_async.operations import OPERATIONS
from talon_async.sandbox.refusal import RefusedError
from talon_async.sandbox.wire import Routes
from tests.contract import document, operation, resolve

_ROUTES: Final = Routes(OPERATIONS.values())


class CheckedTransport(httpx.AsyncHTTPTransport):
    """Sends requests as usual, and fails on an answer that its operation does not declare."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and look at its answer."""
        response = await super().handle_async_request(request)
        body = await response.aread()
        if response.status_code >= 500:
            return response  # the contract declares none
        try:
            match = _ROUTES.find(request.method, request.url.raw_path.partition(b"?")[0])
        except RefusedError:
            return response
        faults = answer_faults(match.operation.id, response.status_code, body)
        assert not faults, f"{match.operation.id}, {response.status_code}: {faults}"
        return response


def answer_faults(operation_id: str, status: int, body: bytes) -> list[str]:
    """Say where an answer parts from what the contract declares for its operation and status."""
    if status == 204:
        return ["a body"] if body else []
    # The stubs leave the type of a parameter open.
    found = _validator(operation_id, status).iter_errors(parse(body))  # pyright: ignore[reportUnknownMemberType]
    return [f"{error.json_path}: {error.message}" for error in found]


@functools.cache
def _validator(operation_id: str, status: int) -> Draft202012Validator:
    declared = resolve(operation(operation_id)["responses"][str(status)])
    schema = {"$id": "contract:answer", **declared["content"]["application/json"]["schema"]}
    if "$ref" in schema:
        schema["$ref"] = f"contract:{schema['$ref']}"
    return Draft202012Validator(schema, registry=_registry())


@functools.cache
def _registry() -> Registry[Any]:
    contract = copy.deepcopy(document())
    schemas = contract["components"]["schemas"]
    # The contract requires two fields of a session that it defines nowhere.
    own = schemas["CustomerSessionV2"]["allOf"][-1]
    own["required"] = [name for name in own["required"] if name not in ("coupon", "referral")]
    # It names no discriminator for the properties of effects, and many satisfy several of its schemas.
    schemas["Effect"]["allOf"][-1]["properties"]["props"] = {}
    schemas["Effect"]["allOf"] += [
        {
            "if": {"properties": {"effectType": {"const": name}}},
            "then": {"properties": {"props": {"$ref": f"#/components/schemas/{cls.__name__}"}}},
        }
        for name, cls in EFFECT_PROPS.items()
        if cls is not None
    ]
    resource = DRAFT202012.create_resource({"$id": "contract:", **contract})
    registry: Registry[Any] = Registry[Any]().with_resource("contract:", resource)
    return registry
