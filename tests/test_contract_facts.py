"""The facts of the contract: what ``extract`` extracts from a document, and the extracted file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from talon_async._codec.json import is_array, is_object, parse
from talon_async.contract import FACTS
from talon_async.contract.__main__ import main

DOCUMENT: Final = """
openapi: 3.1.0
info: {title: Toy shop, version: '7', description: Sells toys.}
servers: [{url: 'https://toys.invalid', description: The shop.}]
tags: [{name: Toys, description: All toys.}]
paths:
  /toys/{id}:
    summary: A toy.
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer, example: 7}, description: The toy.}
    put:
      tags: [Toys]
      summary: Update a toy.
      description: Send the header `Idempotency-Key` to make it safe.
      operationId: updateToy
      x-stability: stable
      parameters:
        - {name: colors, in: query, explode: false, style: form, example: red, deprecated: true,
           schema: {type: array, items: {type: string, enum: [red, blue]}}}
        - $ref: '#/components/parameters/skip'
      requestBody: {$ref: '#/components/requestBodies/Toy'}
      responses:
        200:
          description: The toy.
          content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}, example: {name: Bear}}}
        404: {description: There is no such toy.}
webhooks:
  toySold:
    post:
      operationId: toySold
      description: A toy is sold.
      parameters: [{name: X-UUID, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
components:
  securitySchemes: {key: {type: http, scheme: basic, description: The key.}}
  parameters:
    skip: {name: skip, in: query, description: How many., schema: {type: integer, minimum: 0, default: 0}}
  requestBodies:
    Toy:
      description: A toy.
      required: true
      content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}, examples: {bear: {value: {}}}}}
  schemas:
    Toy:
      title: A toy
      description: Something to play with.
      allOf:
        - $ref: '#/components/schemas/Entity'
        - type: object
          example: {name: Bear}
          required: [name]
          properties:
            name: {maxLength: 20, description: The name., type: string, pattern: '[a-z]+'}
            description: {type: [string, 'null'], description: A description.}
            title: {description: Returns `null` without a title., title: The title, type: string}
            extra: {type: object, additionalProperties: true}
            effect: {oneOf: [{$ref: '#/components/schemas/Noise'}, {type: object, title: Light}]}
    Entity: {type: object, properties: {id: {type: integer, readOnly: true}}}
    Noise: {title: makeNoise, description: It beeps., type: object, properties: {level: {const: 1}}}
"""

FACTS_OF_DOCUMENT: Final = """
openapi: 3.1.0
info: {title: Toy shop, version: '7'}
paths:
  /toys/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
    put:
      operationId: updateToy
      x-idempotency-key: true
      parameters:
        - {name: colors, in: query, deprecated: true, style: form, explode: false,
           schema: {type: array, items: {type: string, enum: [red, blue]}}}
        - $ref: '#/components/parameters/skip'
      requestBody: {$ref: '#/components/requestBodies/Toy'}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
        '404': {}
webhooks:
  toySold:
    post:
      operationId: toySold
      parameters: [{name: X-UUID, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
components:
  parameters:
    skip: {name: skip, in: query, schema: {type: integer, minimum: 0}}
  requestBodies:
    Toy: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
  schemas:
    Toy:
      allOf:
        - $ref: '#/components/schemas/Entity'
        - type: object
          required: [name]
          properties:
            name: {type: string, maxLength: 20, pattern: '[a-z]+'}
            description: {type: [string, 'null']}
            title: {type: string, x-returns-null: true}
            extra: {type: object, additionalProperties: true}
            effect: {oneOf: [{$ref: '#/components/schemas/Noise'}, {title: Light, type: object}]}
    Entity: {type: object, properties: {id: {type: integer, readOnly: true}}}
    Noise: {title: makeNoise, type: object, properties: {level: {const: 1}}}
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A small document with everything that ``extract`` keeps or drops."""
    path = tmp_path / "toys.yml"
    path.write_text(DOCUMENT)
    return path


def extracted(path: Path, output: Path) -> dict[str, Any]:
    """The facts that ``extract`` writes for a document."""
    assert main(["extract", str(path), "--output", str(output)]) == 0
    facts: dict[str, Any] = parse(output.read_bytes())
    return facts


def test_extract_keeps_the_facts(document: Path, tmp_path: Path) -> None:
    """Names, types, limits and references stay; prose and examples do not, except for rules as flags."""
    facts = extracted(document, tmp_path / "facts.json")
    source = facts.pop("x-source")
    assert facts == yaml.safe_load(FACTS_OF_DOCUMENT)
    assert (source["extractedBy"], source["format"]) == ("talon_async.contract", 1)
    assert re.fullmatch("[0-9a-f]{64}", source["sha256"])


def test_extract_writes_to_standard_output(
    document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without ``--output``, the facts go to standard output."""
    extracted(document, tmp_path / "facts.json")
    assert main(["extract", str(document)]) == 0
    assert capsys.readouterr().out == (tmp_path / "facts.json").read_text("utf-8")


def test_facts_of_facts_are_the_same(document: Path, tmp_path: Path) -> None:
    """Extracting from extracted facts writes the same file."""
    extracted(document, tmp_path / "facts.json")
    extracted(tmp_path / "facts.json", tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "facts.json").read_bytes()


def test_an_output_that_cannot_be_written_is_reported(
    document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An output file that cannot be written ends the command with status 2 and one line."""
    assert main(["extract", str(document), "--output", str(tmp_path / "absent" / "facts.json")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


INFO: Final = {"openapi", "info", "title", "version", "x-source", "sha256", "extractedBy", "format"}
NAMED: Final = {
    "paths",
    "webhooks",
    "schemas",
    "parameters",
    "requestBodies",
    "responses",
    "properties",
    "content",
}
"""Keywords with an object whose keys are names."""
OPERATION: Final = {
    "get",
    "put",
    "post",
    "delete",
    "operationId",
    "deprecated",
    "x-idempotency-key",
    "requestBody",
    "components",
}
PARAMETER: Final = {"name", "in", "required", "deprecated", "style", "explode", "schema"}
SCHEMA: Final = {
    "$ref",
    "type",
    "enum",
    "const",
    "readOnly",
    "deprecated",
    "x-returns-null",
    "items",
    "additionalProperties",
}
LIMITS: Final = {
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
}
KEYWORDS: Final = INFO | NAMED | OPERATION | PARAMETER | SCHEMA | LIMITS | {"allOf", "oneOf"}


def keywords_in(node: Any, *, named: bool = False) -> Iterator[str]:
    """All keys in facts that are not names."""
    if is_object(node):
        for key, inner in node.items():
            if not named:
                yield key
            yield from keywords_in(inner, named=not named and key in NAMED)
    elif is_array(node):
        for inner in node:
            yield from keywords_in(inner)


def strings_in(node: Any) -> Iterator[str]:
    """All strings in facts."""
    if is_object(node):
        for key, inner in node.items():
            yield key
            yield from strings_in(inner)
    elif is_array(node):
        for inner in node:
            yield from strings_in(inner)
    elif isinstance(node, str):
        yield node


def test_the_kept_facts_are_only_facts() -> None:
    """The file in the repository has no other keywords than those of facts: no prose and no examples."""
    assert set(keywords_in(parse(FACTS.read_bytes()))) <= KEYWORDS


def test_the_kept_facts_have_no_sentences() -> None:
    """No string in the file has several words, except for the title of the document."""
    facts = parse(FACTS.read_bytes())
    assert [text for text in strings_in(facts) if " " in text] == [facts["info"]["title"]]


def test_the_kept_facts_state_their_source() -> None:
    """The file states the document it was extracted from and the version of its form."""
    facts = parse(FACTS.read_bytes())
    assert facts["info"] == {"title": "Integration API", "version": ""}
    assert facts["x-source"].keys() == {"sha256", "extractedBy", "format"}
