"""The provider's own documents: the facts in the repository match them, and the models fit their examples.

These documents are not part of the repository. Without them this module is not collected; every promise about
the contract is also tested on the facts.
"""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from talon_async import models
from talon_async._codec.converter import REQUESTS, RESPONSES, structure
from talon_async._codec.json import is_object
from talon_async._codec.scope import FULL
from talon_async._codec.shapes import ModelOf
from talon_async._codec.validation import find_drift
from talon_async._operations import OPERATIONS
from talon_async.contract import FACTS
from talon_async.contract.__main__ import main
from talon_async.models.base import Model
from tests.codec.mutations import text_of
from tests.contract import PUBLISHED, reachable, read

INTEGRATION_API = PUBLISHED / "integration-api.openapi.yml"
NOTIFICATIONS = PUBLISHED / "outbound-notifications.openapi.yml"


class JsonLoader(yaml.CSafeLoader):
    """Reads YAML with timestamps as strings, as in JSON."""


JsonLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@functools.cache
def integration_api() -> dict[str, Any]:
    """The provider's document of the Integration API, with its examples."""
    content: dict[str, Any] = yaml.load(INTEGRATION_API.read_text("utf-8"), Loader=JsonLoader)  # noqa: S506  safe
    return content


def component_examples() -> dict[str, dict[str, Any]]:
    """The examples of the components that have a model, by name."""
    schemas = integration_api()["components"]["schemas"]
    return {
        name: node["example"]
        for name, node in schemas.items()
        if name in dir(models) and is_object(node.get("example"))
    }


def media_type(body: dict[str, Any]) -> dict[str, Any]:
    """The JSON media type object of a request body, with its examples."""
    if "$ref" in body:
        body = integration_api()["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
    media: dict[str, Any] = body["content"]["application/json"]
    return media


def request_examples() -> Iterator[Any]:
    """The examples of request bodies, and of the components in them, each with its model."""
    examples = component_examples()
    for item in integration_api()["paths"].values():
        for node in item.values():
            body = OPERATIONS[node["operationId"]].body
            if body is None:
                continue
            media = media_type(node["requestBody"])
            for name, example in media.get("examples", {}).items():
                yield pytest.param(body, example["value"], id=f"{node['operationId']}: {name}")
            for schema in reachable(read(media["schema"])):
                if schema.name in examples:
                    yield pytest.param(getattr(models, schema.name), examples[schema.name], id=schema.name)


def test_the_facts_are_those_of_the_published_document(capsys: pytest.CaptureFixture[str]) -> None:
    """The facts in the repository are exactly what ``extract`` writes for the provider's document."""
    assert main(["extract", str(INTEGRATION_API)]) == 0
    assert capsys.readouterr().out == FACTS.read_text("utf-8")


def test_the_check_passes_on_the_published_document(capsys: pytest.CaptureFixture[str]) -> None:
    """Operations and models agree with the provider's document as it is, except for accepted differences."""
    assert main(["check", str(INTEGRATION_API)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{len(OPERATIONS)} of {len(OPERATIONS)} operations"


def test_the_notifications_can_be_extracted(tmp_path: Path) -> None:
    """``extract`` also writes the facts of the document that describes webhooks."""
    output = tmp_path / "notifications.json"
    assert main(["extract", str(NOTIFICATIONS), "--output", str(output)]) == 0
    facts = yaml.safe_load(output.read_text("utf-8"))
    assert len(facts["webhooks"]) == 24


NOT_IN_THEIR_SCHEMA = {("GenerateLoyaltyCard", "$.attributes")}
"""Fields that the provider's examples have and its schemas do not."""


@pytest.mark.parametrize(("cls", "example"), [*request_examples()])
def test_request_examples_can_be_sent(cls: type[Model], example: dict[str, Any]) -> None:
    """Each example of a request has a model that is sent as the same JSON."""
    drifts = find_drift(ModelOf(cls), example, FULL)
    assert {(drift.model, drift.path) for drift in drifts} <= NOT_IN_THEIR_SCHEMA
    assert text_of(REQUESTS.unstructure(REQUESTS.structure(example, cls))) == text_of(example)


@pytest.mark.parametrize(
    ("cls", "example"),
    [(getattr(models, name), example) for name, example in component_examples().items()],
    ids=[*component_examples()],
)
def test_component_examples_are_decoded(cls: type[Model], example: dict[str, Any]) -> None:
    """Each example of a component is decoded and encodes to the same JSON."""
    model, _ = structure(ModelOf(cls), example)
    assert text_of(RESPONSES.unstructure(model)) == text_of(example)
