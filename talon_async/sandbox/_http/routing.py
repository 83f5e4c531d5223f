"""Routes requests: finds the operation of a method and path."""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from talon_async._operations.operation import Operation
from talon_async._operations.parameter import Parameter
from talon_async.sandbox._errors import ApiError


@attrs.frozen
class Match:
    """A matched operation.

    Attributes:
        operation: The operation.
        texts: The raw path arguments, still encoded, by their Python names.
    """

    operation: Operation[..., Any]
    texts: dict[str, str]


class Routes:
    """Finds operations by method and path.

    Paths are matched by their raw segments, and each argument is decoded as a whole, so that identifiers can
    contain any character, slashes and dots included.
    """

    def __init__(self, operations: Iterable[Operation[..., Any]]) -> None:
        self._templates: dict[int, list[tuple[Operation[..., Any], list[Parameter | str]]]] = {}
        for operation in operations:
            template = list(_template(operation))
            self._templates.setdefault(len(template), []).append((operation, template))
        for candidates in self._templates.values():
            # Literal segments take precedence over parameters: an identifier never hides an operation.
            candidates.sort(key=lambda row: sum(isinstance(part, Parameter) for part in row[1]))

    def find(self, method: str, raw_path: bytes) -> Match:
        """Find the operation of a request.

        Args:
            method: The HTTP method.
            raw_path: The raw path, without the query.

        Raises:
            ApiError: The path is unknown (404), or has no such method (405).
        """
        segments = raw_path.decode("latin-1").split("/")
        allowed: set[str] = set()
        for operation, template in self._templates.get(len(segments), ()):
            texts = _texts(template, segments)
            if texts is not None:
                if operation.method == method:
                    return Match(operation, texts)
                allowed.add(operation.method)
        if allowed:
            methods = ", ".join(sorted(allowed))
            raise ApiError(
                405, f"The method {method} is not allowed here, only {methods}", headers={"Allow": methods}
            )
        raise ApiError(404, "There is no such endpoint")


def _template(operation: Operation[..., Any]) -> Iterator[Parameter | str]:
    parameters = {f"{{{parameter.wire}}}": parameter for parameter in operation.path_parameters}
    for segment in operation.path.split("/"):
        yield parameters.get(segment, segment)


def _texts(template: list[Parameter | str], segments: list[str]) -> dict[str, str] | None:
    texts: dict[str, str] = {}
    for part, segment in zip(template, segments, strict=True):
        if isinstance(part, Parameter):
            if not segment:
                return None
            texts[part.name] = segment
        elif part != segment:
            return None
    return texts
