"""The contract check on the provider's document as it is, and on copies that say something else."""

import copy
import functools
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from talon_async._codec.json import is_array, is_object, render
from talon_async.contract.__main__ import main
from talon_async.contract._document import Document

ROOT: Final = Path(__file__).parents[1]
PLACES: Final = (ROOT.parent / "shared" / "spec", Path(os.environ.get("TALON_OPENAPI", ROOT)))
FOUND: Final = [file for place in PLACES if (file := place / "integration-api.openapi.yml").exists()]

needs_document = pytest.mark.skipif(
    not FOUND,
    reason="the provider's document is neither in ../shared/spec nor in the directory TALON_OPENAPI",
)

GONE: Final = object()
"""Stands for the new value of what is taken out."""
RENAMED: Final = object()
"""Stands for the old value, with ``renamed`` as its key."""
STRANGER: Final = {"$ref": "#/components/schemas/Stranger"}
ACHIEVEMENTS: Final = "/v1/customer_profiles/{integrationId}/achievements"
TEXT: Final = {"type": "string"}

# A place in the document, by steps that are keys, indices, names of parameters, members of lists, or `+` for
# a new item; its new value; the kinds and places that the check must name.
CHANGES: Final[Sequence[tuple[str, Any, set[str]]]] = [
    ("paths /v3/events/{integrationId}", GONE, {"extra getEventV3"}),
    ("paths /v4/events", {"get": {"operationId": "listEvents"}}, {"missing listEvents"}),
    (
        "paths /v1/referrals",
        {"put": {"operationId": "createReferral"}},
        {
            "differing createReferral: path",
            "differing createReferral > body",
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
        {"differing trackEventV2 > query dry: presence"},
    ),
    ("paths /v2/events post parameters dry schema", TEXT, {"differing trackEventV2 > query dry: type"}),
    (
        "paths /v2/events post parameters silent schema type",
        "boolean",
        {"differing trackEventV2 > query silent: type"},
    ),
    (
        f"paths {ACHIEVEMENTS} get parameters achievementStatus schema items enum +",
        "archived",
        {"missing getCustomerAchievements > query achievementStatus[] = archived"},
    ),
    (
        "paths /v1/integration/campaigns get parameters campaignIds explode",
        True,
        {"differing integrationGetAllCampaigns > query campaignIds: style"},
    ),
    ("components parameters skip schema type", "string", {"differing parameters/skip: type"}),
    ("paths /v1/referrals post requestBody", GONE, {"differing createReferral > body", "extra NewReferral"}),
    ("paths /v1/referrals post responses 202", {}, {"missing createReferral > 202"}),
    ("paths /v1/referrals post responses 422", {}, {"missing createReferral > 422"}),
    ("paths /v1/referrals post responses 400", GONE, {"extra createReferral > 400"}),
    (
        "paths /v2/audiences post responses 409 content application/json schema",
        STRANGER,
        {"missing Stranger"},
    ),
    ("paths /v2/audiences post responses 201 content", GONE, {"differing createAudienceV2 > 201"}),
    (
        "paths /v1/referrals post description",
        "Send the header `Idempotency-Key`.",
        {"differing createReferral > Idempotency-Key"},
    ),
    ("schemas CartItem properties weight", RENAMED, {"missing CartItem.renamed", "extra CartItem.weight"}),
    ("schemas CartItem properties price type", "string", {"differing CartItem.price: type"}),
    ("schemas AdditionalCost properties price type", "integer", {"differing AdditionalCost.price: type"}),
    (
        "schemas LoyaltyMembership properties joined format",
        GONE,
        {"differing LoyaltyMembership.joined: type"},
    ),
    (
        "schemas CouponReservations properties integrationIDs items type",
        "integer",
        {"differing CouponReservations.integrationIDs[]: type"},
    ),
    (
        "schemas CartItem properties additionalCosts additionalProperties",
        TEXT,
        {"differing CartItem.additionalCosts{}: type"},
    ),
    ("schemas CartItem properties name", {"anyOf": [TEXT]}, {"differing CartItem.name: type"}),
    ("schemas CartItem properties product", STRANGER, {"differing Stranger: name"}),
    ("schemas CartItem required +", "price", {"differing CartItem.price: presence"}),
    ("schemas CartItem required quantity", GONE, {"differing CartItem.quantity: presence"}),
    ("schemas CartItem required +", "color", {"missing CartItem.color"}),
    ("schemas CartItem properties sku type", ["string", "null"], {"differing CartItem.sku: null"}),
    ("schemas CartItem properties weight readOnly", True, {"differing CartItem.weight: source"}),
    (
        "schemas NewInternalAudience properties label",
        TEXT,
        {"missing NewAudience.label", "missing Audience.label"},
    ),
    (
        "schemas CouponReservations properties integrationIDs maxItems",
        500,
        {"differing CouponReservations.integrationIDs: limits"},
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
        {"differing NewCustomerSessionV2.cartItems: limits", "differing CustomerSessionV2.cartItems: limits"},
    ),
    ("schemas LabelTargetAudience properties label", TEXT, {"missing LabelTarget.label"}),
]


@functools.cache
def published() -> dict[str, Any]:
    """The provider's document."""
    return Document.load(FOUND[0]).root


def changed(way: str, value: Any) -> dict[str, Any]:
    """A copy of the provider's document that is changed at one place, and has one more schema."""
    root = copy.deepcopy(published())
    schemas = root["components"]["schemas"]
    schemas["Stranger"] = {
        "title": "stranger",
        "type": "object",
        "properties": {"name": TEXT},
        "required": ["name"],
    }
    *steps, last = way.split()
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
    """The key or index that a step stands for."""
    if not is_array(node):
        return step
    names = [entry.get("name") if is_object(entry) else entry for entry in node]
    return names.index(step) if step in names else int(step)


def check(root: dict[str, Any], directory: Path) -> int:
    """Run the check on a document; as JSON, which is quicker to write and read than YAML."""
    path = directory / "changed.json"
    path.write_bytes(render(root))
    return main([str(path)])


def rows(output: str) -> set[str]:
    """The kind and the place in each row of the table that the check has printed."""
    lines = [line.split("│") for line in output.splitlines() if "│" in line]
    return {f"{cells[1].strip()} {cells[2].strip()}" for cells in lines if cells[1].strip()}


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")


@needs_document
def test_the_published_document_is_what_we_say(capsys: pytest.CaptureFixture[str]) -> None:
    """Operations and models agree with the published document, but for known differences."""
    assert main([str(FOUND[0])]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "39 of 39 operations"
    assert len(lines) == 2


@needs_document
@pytest.mark.parametrize(("way", "value", "expected"), CHANGES)
def test_a_change_of_the_document_is_found(
    way: str, value: Any, expected: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A change of the contract is named with its kind and place, nothing else is, and the check fails."""
    assert check(changed(way, value), tmp_path) == 1
    assert rows(capsys.readouterr().out) == expected


@needs_document
def test_a_difference_says_what_both_sides_have(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row tells how its place is reached from an operation, what the document says and what we say."""
    check(changed("schemas CartItem properties price type", "string"), tmp_path)
    output = capsys.readouterr().out
    assert "updateCustomerSessionV2 > IntegrationRequest.customerSession.cartItems[].price: type" in output
    (row,) = (line for line in output.splitlines() if "differing" in line)
    assert [cell.strip() for cell in row.split("│")[3:5]] == ["string", "number"]


@needs_document
def test_a_known_difference_that_is_gone_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once the provider mends what is excused, the check fails until the excuse is taken out."""
    assert check(changed("paths /v3/events post responses 204", {}), tmp_path) == 1
    output = capsys.readouterr().out
    assert "known, but no longer so: trackEventV3 > 204 (not in the document)" in output
    assert rows(output) == set()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("broken.yml", "paths: [\n\nopenapi"),
        ("broken.json", "{"),
        ("list.yml", "- paths"),
        ("other.yml", "openapi: 3.1.0"),
        ("absent.yml", None),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(
    name: str, text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is absent, or no OpenAPI document, ends the check with status 2 and one line on it."""
    if text is not None:
        (tmp_path / name).write_text(text)
    assert main([str(tmp_path / name)]) == 2
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1
    assert name in captured.err
    assert not captured.out


def test_a_reference_that_leads_nowhere_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document that cannot be followed ends the check with status 2 and the reference at fault."""
    reference = {"$ref": "#/components/parameters/lost"}
    root = {"paths": {"/v1": {"get": {"operationId": "getEventV3", "parameters": [reference]}}}}
    assert check(root, tmp_path) == 2
    assert capsys.readouterr().err == "a reference leads nowhere: #/components/parameters/lost\n"


@pytest.mark.parametrize("missing", ["yaml", "rich.console"])
def test_missing_packages_are_told_in_one_line(
    missing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra, the check ends with status 2 and tells what to install."""
    (tmp_path / "empty.yml").write_text("paths: {}")
    monkeypatch.setitem(sys.modules, missing, None)
    assert main([str(tmp_path / "empty.yml")]) == 2
    assert capsys.readouterr().err == f"{missing} is missing: pip install 'talon-async[contract]'\n"


def test_the_operations_page_is_current(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/operations.md is what the table says today, and to write it takes no extra."""
    for name in ("yaml", "rich.console"):
        monkeypatch.setitem(sys.modules, name, None)
    assert main(["--page"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_the_operations_page_names_each_method() -> None:
    """Every operation stands on the page once, with a method of the client that is its own."""
    lines = (ROOT / "docs" / "operations.md").read_text("utf-8").splitlines()
    cells = [[cell.strip(" `") for cell in line.split("|")] for line in lines if line.startswith("| `")]
    methods = {row[1]: row[3] for row in cells}
    assert len(cells) == len(methods) == len(set(methods.values())) == 39
    assert methods["returnCartItems"] == "sessions.return_items"
    assert methods["linkLoyaltyCardToProfile"] == "loyalty.cards(program_id, card_id).link"
