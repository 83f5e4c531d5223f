"""The documents that the contract check reads: one file or several, YAML or JSON, and what it refuses."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from talon_async._codec.json import is_array, is_object, parse
from talon_async.contract import Document
from talon_async.contract.__main__ import main
from tests.test_contract_check import published


def write(directory: Path, files: Mapping[str, str]) -> Path:
    """Write the files of a document; return the path of the first."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return directory / next(iter(files))


def facts(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The facts of a document, without their source."""
    assert main(["extract", str(path)]) == 0
    root: dict[str, Any] = parse(capsys.readouterr().out.encode())
    del root["x-source"]
    return root


def moved(node: Any, references: Mapping[str, str]) -> Any:
    """A copy of a node with other references."""
    if is_array(node):
        return [moved(inner, references) for inner in node]
    if not is_object(node):
        return node
    node = {name: moved(inner, references) for name, inner in node.items()}
    return node | {"$ref": references[node["$ref"]]} if isinstance(node.get("$ref"), str) else node


def split(*, listed: bool) -> dict[str, str]:
    """The published facts as a file for each path and component.

    Args:
        listed: Whether the main file lists the components, and the paths refer to the main file.
    """
    root = published()
    places = [(section, name) for section, named in root["components"].items() for name in named]
    here = {f"#/components/{section}/{name}": f"{section}/{name}.json" for section, name in places}
    beside = {pointer: f"../{file}" for pointer, file in here.items()}
    via_main = {pointer: f"../openapi.json{pointer}" for pointer in here} if listed else beside
    paths = {path: f"paths/{number}.json" for number, path in enumerate(root["paths"])}
    main_file = {name: value for name, value in root.items() if name != "components"}
    main_file["paths"] = {path: {"$ref": file} for path, file in paths.items()}
    if listed:
        main_file["components"] = {
            section: {name: {"$ref": here[f"#/components/{section}/{name}"]} for name in named}
            for section, named in root["components"].items()
        }
    files = {"openapi.json": main_file}
    files |= {file: moved(root["paths"][path], via_main) for path, file in paths.items()}
    files |= {
        here[f"#/components/{section}/{name}"]: moved(root["components"][section][name], beside)
        for section, name in places
    }
    return {name: json.dumps(content) for name, content in files.items()}


@pytest.mark.parametrize("listed", [True, False])
def test_a_document_in_many_files_is_the_same_document(
    listed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Split into a file for each path and component, the document has the same facts and passes the check."""
    path = write(tmp_path, split(listed=listed))
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out.startswith("39 of 39 operations\n")
    expected = {name: value for name, value in published().items() if name != "x-source"}
    if not listed:
        expected["components"] = {
            section: named for section, named in expected["components"].items() if named
        }
    assert facts(path, capsys) == expected


def test_a_change_in_another_file_changes_the_digest(tmp_path: Path) -> None:
    """The digest in the facts is over all files of the document."""
    path = write(tmp_path, {"a.yml": "{openapi: 3.1.0, paths: {/v1: {$ref: b.yml}}}", "b.yml": "{}"})
    before = Document.load(path).root["x-source"]["sha256"]
    (tmp_path / "b.yml").write_text("{summary: A path.}")
    assert Document.load(path).root["x-source"]["sha256"] != before


ITEM: Final = "{get: {operationId: getEventV3}}"
LOCAL: Final = {
    "a component": f"""
paths: {{/v1: {{$ref: '#/components/pathItems/v1'}}}}
components: {{pathItems: {{v1: {ITEM}}}}}
""",
    "another path": f"paths: {{/v1: {{$ref: '#/paths/~1v~02'}}, /v~2: {ITEM}}}",
    "in a chain": f"""
paths: {{/v1: {{$ref: '#/x/a'}}}}
x: {{a: {{$ref: '#/x/b'}}, b: {ITEM}}}
""",
    "all paths": f"""
paths: {{$ref: '#/x'}}
x: {{/v1: {ITEM}}}
""",
    "an operation": """
paths: {/v1: {get: {$ref: '#/x'}}}
x: {operationId: getEventV3}
""",
}


@pytest.mark.parametrize("text", LOCAL.values(), ids=LOCAL)
def test_references_within_the_file_are_followed(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path or operation may be anywhere in the document."""
    path = write(tmp_path, {"openapi.yml": f"openapi: 3.1.0\n{text}"})
    assert facts(path, capsys)["paths"]["/v1"] == {"get": {"operationId": "getEventV3"}}


def test_parameters_beside_a_reference_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that is a reference may have parameters of its own."""
    text = "{openapi: 3.1.0, paths: {/v1: {$ref: v1.yml, parameters: [{name: id, in: path}]}}}"
    path = write(tmp_path, {"openapi.yml": text, "v1.yml": ITEM})
    assert facts(path, capsys)["paths"]["/v1"] == {
        "parameters": [{"name": "id", "in": "path"}],
        "get": {"operationId": "getEventV3"},
    }


def test_components_of_other_files_get_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A schema of another file is named after its key or file, with a number if the name is taken."""
    path = write(
        tmp_path,
        {
            "openapi.yml": """
openapi: 3.1.0
paths: {/v1: {get: {operationId: getEventV3, responses: {200: {$ref: 'shared/all.yml#/ok/200'}}}}}
components: {schemas: {$ref: shared/index.yml}}
""",
            "shared/all.yml": """
ok: {200: {content: {application/json: {schema: {$ref: '#/Event'}}}}}
Event:
  properties:
    cart: {$ref: index.yml#/Cart}
    same: {$ref: '../openapi.yml#/components/schemas/Cart'}
    also: {$ref: Cart.yml}
    other: {$ref: other/Cart.yml}
    self: {$ref: '#/Event'}
""",
            "shared/index.yml": "Cart: {$ref: Cart.yml}",
            "shared/Cart.yml": "{type: string, description: A cart.}",
            "shared/other/Cart.yml": "{type: integer}",
        },
    )
    cart = {"$ref": "#/components/schemas/Cart"}
    event = {"$ref": "#/components/schemas/Event"}
    body = {"content": {"application/json": {"schema": event}}}
    assert facts(path, capsys)["components"] == {
        "responses": {"200": body},
        "schemas": {
            "Cart": {"type": "string"},
            "Event": {
                "properties": {
                    "cart": cart,
                    "same": cart,
                    "also": cart,
                    "other": {"$ref": "#/components/schemas/Cart-2"},
                    "self": event,
                }
            },
            "Cart-2": {"type": "integer"},
        },
    }


def test_examples_are_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A reference in an example or in other parts that the check does not use is not followed."""
    text = "{openapi: 3.1.0, paths: {/v1: {get: {operationId: getEventV3, x-logo: {$ref: lost.png}}}}}"
    facts(write(tmp_path, {"openapi.yml": text}), capsys)


@pytest.mark.parametrize("date", ["2021-02-30", "2021-02-30T25:61:00Z", "!!timestamp 2021-13-01", "="])
def test_values_that_yaml_cannot_construct_are_text(
    date: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An impossible date in an example, or as a member of an enum, is text, as it is in JSON."""
    schema = f"{{type: string, example: {date}, enum: [2021-02-28, {date}]}}"
    text = f"openapi: 3.1.0\npaths: {{}}\ncomponents: {{schemas: {{Day: {schema}}}}}"
    day = facts(write(tmp_path, {"openapi.yml": text}), capsys)["components"]["schemas"]["Day"]
    assert day["enum"] == ["2021-02-28", date.removeprefix("!!timestamp ")]


NO_DOCUMENTS: Final = {
    "not YAML": ("broken.yml", "paths: [\n\nopenapi", "while parsing"),
    "not JSON": ("broken.json", "{", "unexpected end of data"),
    "not text": ("image.yml", "\0", "unacceptable character"),
    "empty": ("empty.yml", "", "the document: expected an object, found None"),
    "a list": ("list.yml", "- paths", "the document: expected an object, found ['paths']"),
    "a path": ("path.yml", "paths: {/v1: []}", "/paths//v1: expected an object, found []"),
    "a parameter": (
        "parameter.yml",
        "paths: {/v1: {parameters: [{name: id}]}}",
        "/paths//v1/parameters/0: expected a parameter with `name` and `in`",
    ),
    "without paths": ("other.yml", "openapi: 3.1.0", "not an OpenAPI document"),
    "Swagger 2": ("swagger.yml", "{swagger: '2.0', paths: {}}", "not an OpenAPI document of version 3"),
    "in itself": ("endless.yml", "paths: {/v1: {$ref: '#/paths/~1v1'}}", "contains itself"),
    "missing": ("absent.yml", None, "No such file or directory"),
}


@pytest.mark.parametrize("subcommand", ["check", "extract"])
@pytest.mark.parametrize(("name", "text", "reason"), NO_DOCUMENTS.values(), ids=NO_DOCUMENTS)
def test_an_unreadable_file_is_reported_in_one_line(
    subcommand: str,
    name: str,
    text: str | None,
    reason: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A missing file, or one that is not an OpenAPI document, ends the command with status 2 and one line."""
    if text is not None:
        (tmp_path / name).write_text(text)
    assert main([subcommand, str(tmp_path / name)]) == 2
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1
    assert f"{name}: " in captured.err
    assert reason in captured.err
    assert not captured.out


REFERENCES: Final = {
    "a missing file": ("x/lost.yml", "{root}/x/lost.yml: No such file or directory"),
    "a broken file": ("x/broken.yml", "{root}/x/broken.yml: while parsing"),
    "a missing key": ("#/lost", "unresolved reference: #/lost"),
    "a missing key of a file": ("x/ok.yml#/lost", "unresolved reference: x/ok.yml#/lost"),
    "a URL": ("https://talon.invalid/x.yml", "URLs are not fetched: https://talon.invalid/x.yml"),
    "a host": ("//talon.invalid/x.yml", "URLs are not fetched: //talon.invalid/x.yml"),
    "a file URL": ("file:///etc/hostname", "URLs are not fetched: file:///etc/hostname"),
    "an absolute path": ("/etc/hostname", "outside the document's directory: /etc/hostname"),
    "a parent directory": ("../secret.yml", "outside the document's directory: ../secret.yml"),
    "an encoded path": ("x/..%2F../secret.yml", "outside the document's directory: x/..%2F../secret.yml"),
    "a symlink": ("x/link.yml", "outside the document's directory: x/link.yml"),
    "a null byte": ("x/a\0b.yml", r"unresolved reference: 'x/a\x00b.yml'"),
    "no URL": ("//[x.yml", "unresolved reference: '//[x.yml'"),
    "a circle of symlinks": ("x/round.yml", "x/round.yml"),
    "a circle": ("x/a.yml", "the reference leads back to itself"),
    "a number": (7, "expected a reference, found 7"),
}


@pytest.mark.parametrize(("reference", "reason"), REFERENCES.values(), ids=REFERENCES)
def test_a_reference_that_is_not_followed_is_reported(
    reference: str | int, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only files in the document's directory are read; other references end the check with one line."""
    root = tmp_path / "api"
    write(tmp_path, {"secret.yml": "{name: skip, in: query}"})
    write(
        root,
        {
            "x/ok.yml": "{}",
            "x/broken.yml": "[",
            "x/a.yml": "{$ref: b.yml}",
            "x/b.yml": "{$ref: a.yml}",
        },
    )
    os.symlink(tmp_path / "secret.yml", root / "x" / "link.yml")
    os.symlink("round.yml", root / "x" / "round.yml")
    parameter = {"$ref": reference}
    item = {"get": {"operationId": "getEventV3", "parameters": [parameter]}}
    document = {"openapi": "3.1.0", "paths": {"/v1": item}}
    path = write(root, {"openapi.json": json.dumps(document)})
    assert main(["check", str(path)]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert str(root) in error
    assert reason.format(root=root) in error


ENDLESS: Final = {
    "a component": {"$ref": "#/components/schemas/Event"},
    "a part": {"allOf": [{"$ref": "#/components/schemas/Event"}]},
}


@pytest.mark.parametrize("schema", ENDLESS.values(), ids=ENDLESS)
def test_a_schema_in_itself_is_reported(
    schema: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A schema that is defined by itself ends the check with status 2 and one line."""
    root = published()
    schemas = root["components"]["schemas"] | {"Event": schema}
    document = root | {"components": root["components"] | {"schemas": schemas}}
    path = write(tmp_path, {"openapi.json": json.dumps(document)})
    assert main(["check", str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    ("paths", "number"), [("{}", 0), ("{/pets: {get: {operationId: listPets}, post: {}}}", 2)]
)
def test_a_document_of_another_api_is_an_error(
    paths: str, number: int, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A document with none of the client's operations ends the check with status 2 and says so."""
    path = write(tmp_path, {"pets.yml": f"openapi: 3.1.0\npaths: {paths}"})
    assert main(["check", str(path), "--format", form]) == 2
    captured = capsys.readouterr()
    assert captured.err == f"{path}: none of its {number} operations is an operation of the client\n"
    assert not captured.out


def test_only_yaml_needs_a_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra, JSON can be checked; YAML ends the check with status 2 and how to install it."""
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert main(["check"]) == 0
    capsys.readouterr()
    assert main(["check", str(write(tmp_path, {"empty.yml": "paths: {}"}))]) == 2
    error = capsys.readouterr().err
    assert error.endswith("YAML needs the package pyyaml: pip install 'talon-async[contract]'\n")
