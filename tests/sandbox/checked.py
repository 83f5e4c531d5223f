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

contract_faults: list[str] = []
"""The invalid responses of the current test."""


def check_contract(call: RecordedCall) -> None:
    """Validate the response of a call: the observer of `checked_deployment`."""
    contract_faults.extend(call_faults(call))


def checked_deployment(**setup: Any) -> Deployment:
    """Make a deployment that validates each of its responses against the contract.

    Args:
        **setup: The arguments of `Deployment`.
    """
    return Deployment(observers=[check_contract], **setup)


def call_faults(call: RecordedCall) -> list[str]:
    """List where the response of a call violates the contract, if that declares its status."""
    if call.operation is None or call.status is None or call.status >= 500:
        return []
    if str(call.status) not in operation(call.operation)["responses"]:
        # An error may be a fault that a test wants.
        return [] if call.status >= 400 else [f"{call.operation} declares no {call.status}"]
    found = answer_faults(call.operation, call.status, call.response)
    return [f"{call.operation}, {call.status}: {fault}" for fault in found]


def answer_faults(operation_id: str, status: int, body: bytes) -> list[str]:
    """List where a body violates the schema that the contract declares for an operation and status."""
    if status == 204 or "content" not in resolve(operation(operation_id)["responses"][str(status)]):
        return ["a body"] if body else []
    # The stubs leave the type of a parameter open.
    found = _validator(operation_id, status).iter_errors(parse(body))  # pyright: ignore[reportUnknownMemberType]
    return [f"{error.json_path}: {error.message}" for error in found]


@functools.cache
def _validator(operation_id: str, status: int) -> Draft202012Validator:
    declared = resolve(operation(operation_id)["responses"][str(status)])
    # What the answer's schema refers to, it finds beside itself.
    schema = {"components": _components(), **declared["content"]["application/json"]["schema"]}
    return Draft202012Validator(schema)


@functools.cache
def _components() -> dict[str, Any]:
    components: dict[str, Any] = copy.deepcopy(document()["components"])
    schemas = components["schemas"]
    # The contract requires fields of sessions, achievements and an effect that it defines nowhere.
    for own in (
        schemas["CustomerSessionV2"]["allOf"][-1],
        schemas["CustomerAchievement"],
        schemas["ExtendLoyaltyPointsExpiryDateEffectProps"],
    ):
        nowhere = ("coupon", "referral", "previousExpirationDate")
        own["required"] = [name for name in own["required"] if name not in nowhere]
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
    # It makes an array of arrays of the effects of an event; the provider's own client reads objects.
    for part in schemas["EventV3"]["allOf"]:
        if "effects" in part.get("properties", {}):
            part["properties"]["effects"]["items"] = {"$ref": "#/components/schemas/Effect"}
    return components
