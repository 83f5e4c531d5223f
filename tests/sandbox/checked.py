"""Deployments whose responses are validated against the provider's contract.

A fixture in the root ``conftest.py`` fails the test whose deployment sends an invalid response.
"""

import copy
import functools
from typing import Any

from jsonschema import Draft202012Validator

from talon_async._codec.json import parse
from talon_async.models import EFFECT_PROPS
from talon_async.sandbox import Deployment, RecordedCall
from tests.contract import document, operation, resolve

contract_violations: list[str] = []
"""The invalid responses of the current test."""


def check_contract(call: RecordedCall) -> None:
    """Validate the response of a call: the observer of `checked_deployment`."""
    contract_violations.extend(call_violations(call))


def checked_deployment(**setup: Any) -> Deployment:
    """Make a deployment that validates each of its responses against the contract.

    Args:
        **setup: The arguments of `Deployment`.
    """
    return Deployment(observers=[check_contract], **setup)


def call_violations(call: RecordedCall) -> list[str]:
    """List where the response of a call violates the contract, if that declares its status."""
    if call.operation is None or call.status is None or call.status >= 500:
        return []
    if str(call.status) not in operation(call.operation)["responses"]:
        # A test can inject any error status.
        return [] if call.status >= 400 else [f"{call.operation} does not declare {call.status}"]
    found = response_violations(call.operation, call.status, call.response)
    return [f"{call.operation}, {call.status}: {fault}" for fault in found]


def response_violations(operation_id: str, status: int, body: bytes) -> list[str]:
    """List where a body violates the schema that the contract declares for an operation and status."""
    if status == 204 or "content" not in resolve(operation(operation_id)["responses"][str(status)]):
        return ["unexpected body"] if body else []
    # The stubs leave the type of a parameter open.
    found = _validator(operation_id, status).iter_errors(parse(body))  # pyright: ignore[reportUnknownMemberType]
    return [f"{error.json_path}: {error.message}" for error in found]


@functools.cache
def _validator(operation_id: str, status: int) -> Draft202012Validator:
    declared = resolve(operation(operation_id)["responses"][str(status)])
    # References in the schema resolve within the document.
    schema = {"components": _components(), **declared["content"]["application/json"]["schema"]}
    return Draft202012Validator(schema)


@functools.cache
def _components() -> dict[str, Any]:
    components: dict[str, Any] = copy.deepcopy(document()["components"])
    schemas = components["schemas"]
    # The contract requires some fields that it does not define.
    for schema in (
        schemas["CustomerSessionV2"]["allOf"][-1],
        schemas["CustomerAchievement"],
        schemas["ExtendLoyaltyPointsExpiryDateEffectProps"],
    ):
        undefined = ("coupon", "referral", "previousExpirationDate")
        schema["required"] = [name for name in schema["required"] if name not in undefined]
    # The contract has no discriminator for effect properties, and many match several schemas.
    schemas["Effect"]["allOf"][-1]["properties"]["props"] = {}
    schemas["Effect"]["allOf"] += [
        {
            "if": {"properties": {"effectType": {"const": name}}},
            "then": {"properties": {"props": {"$ref": f"#/components/schemas/{cls.__name__}"}}},
        }
        for name, cls in EFFECT_PROPS.items()
        if cls is not None
    ]
    # The contract declares event effects as arrays of arrays; the provider's own client reads objects.
    for part in schemas["EventV3"]["allOf"]:
        if "effects" in part.get("properties", {}):
            part["properties"]["effects"]["items"] = {"$ref": "#/components/schemas/Effect"}
    return components
