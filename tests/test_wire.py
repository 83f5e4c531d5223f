"""Every operation over a real connection, held against the provider's document."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from talon_async._codec.converter import RESPONSES
from talon_async._operations import OPERATIONS
from tests.calls import CALLS, Example
from tests.contract import document, operation, resolve, response_of
from tests.contract_assertions import places_known, places_said, sent_by
from tests.instances import barest, fullest
from tests.transport.server import http_response, read, send, serving
from tests.transport.support import client_of

EMPTY = send(b"HTTP/1.1 204 No Content\r\n\r\n")
EACH = pytest.mark.parametrize("operation_id", CALLS)


def test_every_operation_is_called_here() -> None:
    """The operations called are those of the table, and those of the document."""
    documented = {node["operationId"] for item in document()["paths"].values() for node in item.values()}
    assert set(CALLS) == set(OPERATIONS) == documented


EXAMPLES = [
    pytest.param(operation_id, example, id=f"{operation_id}: {n}")
    for operation_id, calls in CALLS.items()
    for n, example in enumerate(calls.all)
]


def reply(operation_id: str) -> Any:
    """An answer that the operation may give."""
    schema = response_of(operation_id)
    return send(http_response(json.dumps(barest(schema)).encode())) if schema else EMPTY


@pytest.mark.parametrize(("operation_id", "example"), EXAMPLES)
async def test_a_request_says_what_the_call_says_in_the_documents_words(
    operation_id: str, example: Example
) -> None:
    """Method, path, query, content type and body are as documented, and carry each value to its place."""
    async with serving([read, reply(operation_id)]) as server, client_of(server) as talon:
        await example.call(talon)
    (request,) = server.requests
    sent = sent_by(operation_id, request)
    assert sent.parameters == example.parameters
    assert json.dumps(sent.body, sort_keys=True) == json.dumps(example.body, sort_keys=True)
    assert places_said(operation_id, sent) <= places_known(operation_id)


@EACH
async def test_all_that_is_documented_can_be_said(operation_id: str) -> None:
    """No parameter and no property of the body is out of reach of our methods and models."""
    said: set[str] = set()
    for example in CALLS[operation_id].full:
        async with serving([read, reply(operation_id)]) as server, client_of(server) as talon:
            await example.call(talon)
        said |= places_said(operation_id, sent_by(operation_id, server.requests[0]))
    assert places_known(operation_id) <= said


def answers() -> Iterator[Any]:
    """Each documented success of each operation: its status, and what is in its body, if there is any."""
    for operation_id in OPERATIONS:
        for status, node in operation(operation_id)["responses"].items():
            schema = response_of(operation_id)
            if status == "204" or (status == "200" and not resolve(node).get("content")):
                yield pytest.param(operation_id, status, None, id=f"{operation_id}: {status}")
            elif status.startswith("2") and schema is not None:
                for name, body in (("full", fullest(schema)), ("minimal", barest(schema))):
                    yield pytest.param(operation_id, status, body, id=f"{operation_id}: {status} {name}")


WITHOUT_ENVELOPE = {"getReservedCustomers", "createReferralsForMultipleAdvocates"}
"""Operations whose envelope holds a whole list; their methods give the list."""


@pytest.mark.parametrize(("operation_id", "status", "body"), [*answers()])
@pytest.mark.parametrize("strict", [False, True], ids=["tolerant", "strict"])
async def test_each_documented_success_is_read(
    operation_id: str, status: str, body: Any, strict: bool
) -> None:
    """An answer with every field and one with the promised ones alone are read whole; no body is `None`."""
    content = b"" if body is None else json.dumps(body).encode()
    whole = EMPTY if status == "204" else send(http_response(content, status=f"{status} Fine"))
    async with serving([read, whole]) as server, client_of(server, strict=strict) as talon:
        result = await CALLS[operation_id].minimal.call(talon)
    expected = body["data"] if body and operation_id in WITHOUT_ENVELOPE else body
    assert RESPONSES.unstructure(result) == expected
