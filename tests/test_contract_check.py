"""The contract check on the facts of the published document, and on copies with one change."""

import copy
import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from talon_async._codec.json import is_array, is_object, render
from talon_async._operations import OPERATIONS
from talon_async.contract import FACTS, Document
from talon_async.contract.__main__ import main
from talon_async.contract._accepted_differences import ACCEPTED_DIFFERENCES

GONE: Final = object()
"""The new value of a key or item that is removed."""
RENAMED: Final = object()
"""Keeps the value under the key ``renamed``."""
STRANGER: Final = {"$ref": "#/components/schemas/Stranger"}
ACHIEVEMENTS: Final = "/v1/customer_profiles/{integrationId}/achievements"
TEXT: Final = {"type": "string"}

# The path of a change: keys, indices, names of parameters, members of lists, or `+` for a new item. Its new
# value. The kinds and places of the differences that the check must report.
CHANGES: Final[Sequence[tuple[str, Any, set[str]]]] = [
    ("paths /v3/events/{integrationId}", GONE, {"extra getEventV3"}),
    ("paths /v4/events", {"get": {"operationId": "listEvents"}}, {"missing listEvents"}),
    (
        "paths /v1/referrals",
        {"put": {"operationId": "createReferral"}},
        {
            "different createReferral: path",
            "different createReferral > body",
            "extra createReferral > 201",
            "extra createReferral > 400",
            "extra createReferral > 401",
            "extra NewReferral",
        },
    ),
    (
        "paths /v2/events post parameters +",
        {"name": "trace", "in": "query", "schema": TEXT},
        {"missing trackEventV2 > query trace"},
    ),
    (
        "paths /v2/events post parameters dry name",
        "rehearsal",
        {"missing trackEventV2 > query rehearsal", "extra trackEventV2 > query dry"},
    ),
    (
        "paths /v2/events post parameters dry in",
        "header",
        {"missing trackEventV2 > header dry", "extra trackEventV2 > query dry"},
    ),
    (
        "paths /v2/events post parameters dry required",
        True,
        {"different trackEventV2 > query dry: presence"},
    ),
    ("paths /v2/events post parameters dry schema", TEXT, {"different trackEventV2 > query dry: type"}),
    (
        "paths /v2/events post parameters silent schema type",
        "boolean",
        {"different trackEventV2 > query silent: type"},
    ),
    (
        f"paths {ACHIEVEMENTS} get parameters achievementStatus schema items enum +",
        "archived",
        {"missing getCustomerAchievements > query achievementStatus[] = archived"},
    ),
    (
        "paths /v1/integration/campaigns get parameters campaignIds explode",
        True,
        {"different integrationGetAllCampaigns > query campaignIds: style"},
    ),
    ("components parameters skip schema type", "string", {"different parameters/skip: type"}),
    ("paths /v1/referrals post requestBody", GONE, {"different createReferral > body", "extra NewReferral"}),
    ("paths /v1/referrals post responses 202", {}, {"missing createReferral > 202"}),
    ("paths /v1/referrals post responses 422", {}, {"missing createReferral > 422"}),
    ("paths /v1/referrals post responses 400", GONE, {"extra createReferral > 400"}),
    (
        "paths /v2/audiences post responses 409 content application/json schema",
        STRANGER,
        {"missing Stranger"},
    ),
    ("paths /v2/audiences post responses 201 content", GONE, {"different createAudienceV2 > 201"}),
    (
        "paths /v1/referrals post description",
        "Send the header `Idempotency-Key`.",
        {"different createReferral > Idempotency-Key"},
    ),
    ("schemas CartItem properties weight", RENAMED, {"missing CartItem.renamed", "extra CartItem.weight"}),
    ("schemas CartItem properties price type", "string", {"different CartItem.price: type"}),
    ("schemas AdditionalCost properties price type", "integer", {"different AdditionalCost.price: type"}),
    (
        "schemas LoyaltyMembership properties joined format",
        GONE,
        {"different LoyaltyMembership.joined: type"},
    ),
    (
        "schemas CouponReservations properties integrationIDs items type",
        "integer",
        {"different CouponReservations.integrationIDs[]: type"},
    ),
    (
        "schemas CartItem properties additionalCosts additionalProperties",
        TEXT,
        {"different CartItem.additionalCosts{}: type"},
    ),
    ("schemas CartItem properties name", {"anyOf": [TEXT]}, {"different CartItem.name: type"}),
    ("schemas CartItem properties product", STRANGER, {"different Stranger: name"}),
    ("schemas CartItem required +", "price", {"different CartItem.price: presence"}),
    ("schemas CartItem required quantity", GONE, {"different CartItem.quantity: presence"}),
    ("schemas CartItem required +", "color", {"missing CartItem.color"}),
    ("schemas CartItem properties sku type", ["string", "null"], {"different CartItem.sku: null"}),
    ("schemas CartItem properties weight readOnly", True, {"different CartItem.weight: source"}),
    (
        "schemas NewInternalAudience properties label",
        TEXT,
        {"missing NewAudience.label", "missing Audience.label"},
    ),
    (
        "schemas CouponReservations properties integrationIDs maxItems",
        500,
        {"different CouponReservations.integrationIDs: limits"},
    ),
    (
        "schemas IntegrationRequest properties responseContent items enum +",
        "wishes",
        {"missing IntegrationRequest.responseContent[] = wishes"},
    ),
    (
        "schemas IntegrationRequest properties responseContent items enum loyalty",
        GONE,
        {"extra IntegrationRequest.responseContent[] = loyalty"},
    ),
    ("schemas Effect allOf 1 properties props oneOf +", STRANGER, {"missing Effect.props = stranger"}),
    (
        "schemas ErrorEffectProps title",
        "mistake",
        {"missing Effect.props = mistake", "extra Effect.props = error", "extra ErrorEffectProps"},
    ),
    (
        "schemas CatalogAction oneOf 0 properties type const",
        "PUT",
        {f"missing CatalogAction.{name} = PUT" for name in ("type", "payload")}
        | {f"extra CatalogAction.{name} = ADD" for name in ("type", "payload")}
        | {"extra AddItemCatalogAction"},
    ),
    (
        "schemas NewCustomerSessionV2 allOf 3 properties cartItems maxItems",
        500,
        {"different NewCustomerSessionV2.cartItems: limits", "different CustomerSessionV2.cartItems: limits"},
    ),
    ("schemas LabelTargetAudience properties label", TEXT, {"missing LabelTarget.label"}),
]


@functools.cache
def published() -> dict[str, Any]:
    """The facts of the published document."""
    return Document.load(FACTS).root


def changed(path: str, value: Any) -> dict[str, Any]:
    """A copy of the facts with one change, and with a schema that the client does not have."""
    root = copy.deepcopy(published())
    schemas = root["components"]["schemas"]
    schemas["Stranger"] = {
        "title": "stranger",
        "type": "object",
        "properties": {"name": TEXT},
        "required": ["name"],
    }
    *steps, last = path.split()
    node: Any = {**root, "schemas": schemas}
    for step in steps:
        node = node[key(node, step)]
    if value is GONE:
        del node[key(node, last)]
    elif value is RENAMED:
        node["renamed"] = node.pop(last)
    elif last == "+":
        node.append(value)
    else:
        node[key(node, last)] = value
    return root


def key(node: Any, step: str) -> Any:
    """The key or index for a step of a path."""
    if not is_array(node):
        return step
    names = [entry.get("name") if is_object(entry) else entry for entry in node]
    return names.index(step) if step in names else int(step)


def check(root: dict[str, Any], directory: Path, *options: str) -> int:
    """Run the check on a document."""
    path = directory / "changed.json"
    path.write_bytes(render(root))
    return main(["check", str(path), *options])


def differences(report: str) -> set[str]:
    """The kind and the place of each difference in a report in JSON."""
    return {f"{each['kind']} {each['place']}" for each in json.loads(report)["differences"]}


def test_the_client_matches_the_published_document(capsys: pytest.CaptureFixture[str]) -> None:
    """The check without a path compares the client with the facts in the package, and passes."""
    assert main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{len(OPERATIONS)} of {len(OPERATIONS)} operations"
    assert [line for line in lines[1:] if not line.startswith(" ")] == [
        "22 deprecated in the document, for information:",
        (
            f"{len(ACCEPTED_DIFFERENCES)} accepted differences, each with its reason in "
            "talon_async/contract/_accepted_differences.py"
        ),
    ]


@pytest.mark.parametrize(("path", "value", "expected"), CHANGES)
def test_a_change_of_the_document_is_found(
    path: str, value: Any, expected: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The check reports a change of the contract with its kind and place, nothing else, and fails."""
    assert check(changed(path, value), tmp_path, "--format", "json") == 1
    assert differences(capsys.readouterr().out) == expected
