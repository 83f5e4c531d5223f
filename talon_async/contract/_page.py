"""The page that lists every operation with its method and models, written from the table and the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from talon_async import _operations as operations
from talon_async._codec.shapes import ListOf, ModelOf, Scalar, Shape, fields_of, shape_of
from talon_async._operations.operation import Operation
from talon_async.models.base import Limit

_SOURCES: Final = Path(__file__).parents[1]
_HEAD: Final = """\
# Operations

Written by `python -m talon_async.contract --page`, and held by a test against the operations table.
`python -m talon_async.contract PATH` compares that table and the models with the provider's document.

What may have reached the service is repeated as a read, under its `Idempotency-Key`, or since it is
idempotent by nature; all else only if it was certainly not sent.

| operationId | request | method | body | answer | repeated as | limits |
| --- | --- | --- | --- | --- | --- | --- |
"""


def operations_page() -> str:
    """The page in Markdown."""
    methods = dict(client_methods())
    return _HEAD + "".join(
        _row(operation, methods[name]) for name, operation in operations.OPERATIONS.items()
    )


def client_methods() -> Iterator[tuple[str, str]]:
    """Go through the client's methods: the operationId, and the way from the client, as in ``sessions.get``.

    They are read from the sources, for the operation is known only inside the method.
    """
    sources = [_SOURCES / "client.py", *sorted((_SOURCES / "resources").glob("*.py"))]
    statements = [statement for path in sources for statement in ast.parse(path.read_text("utf-8")).body]
    classes = {statement.name: statement for statement in statements if isinstance(statement, ast.ClassDef)}
    yield from _methods(classes, "TalonClient", "")


def _methods(classes: dict[str, ast.ClassDef], name: str, way: str) -> Iterator[tuple[str, str]]:
    constants = {key: row.id for key, row in vars(operations).items() if isinstance(row, Operation)}
    for method in classes[name].body:
        if not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        here = f"{way}{method.name}"
        for node in ast.walk(method):
            if isinstance(node, ast.Name) and node.id in constants:
                yield constants[node.id], here
        returned = ast.unparse(method.returns).strip("'") if method.returns else ""
        if returned in classes:
            names = ", ".join(argument.arg for argument in method.args.args[1:])
            yield from _methods(classes, returned, f"{here}({names})." if names else f"{here}.")


def _row(operation: Operation[Any], method: str) -> str:
    answers = " or ".join(f"`{_type(answer())}`" for answer in operation.answers.values())
    cells = [
        f"`{operation.id}`",
        f"`{operation.method} {operation.path}`",
        f"`{method}`",
        f"`{_type(operation.body())}`" if operation.body else "",
        answers,
        _repeated(operation),
        "; ".join(dict.fromkeys(_limits(operation))),
    ]
    return f"| {' | '.join(cells)} |\n"


def _repeated(operation: Operation[Any]) -> str:
    """What makes it safe to send a request again that may have reached the service."""
    if operation.method == "GET":
        return "read"
    if operation.idempotency_key:
        return "`Idempotency-Key`"
    return "idempotent" if operation.repeatable else ""


def _type(annotation: Any) -> str:
    """An annotation as it is written."""
    if annotation is type(None):
        return "None"
    origin = get_origin(annotation)
    if origin is None:
        return str(annotation.__name__)
    return f"{origin.__name__}[{', '.join(map(_type, get_args(annotation)))}]"


def _limits(operation: Operation[Any]) -> Iterator[str]:
    """The bounds of numbers and the sizes of lists in a request."""
    for parameter in operation.query:
        yield from _limits_of(parameter.shape, parameter.name)
    if operation.body:
        yield from _limits_of(shape_of(operation.body()), "")


def _limits_of(shape: Shape, name: str) -> Iterator[str]:
    match shape:
        case ModelOf(cls):
            for field in fields_of(cls):
                if not field.read_only:
                    yield from _limits_of(field.shape, field.attribute)
        case ListOf(item, limit):
            if limit and (size := _range(limit.min_length, limit.max_length)):
                yield f"{size} `{name}`"
            yield from _limits_of(item, name)
        case Scalar(_, _, _, Limit() as limit) if bounds := _range(limit.minimum, limit.maximum):
            yield f"`{name}` {bounds}"
        case _:
            pass


def _range(least: float | None, most: float | None) -> str:
    if least is None:
        return "" if most is None else f"at most {most}"
    return f"at least {least}" if most is None else f"{least} to {most}"
