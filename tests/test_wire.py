"""Every operation over a real connection, checked against the provider's document."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from talon_async._codec.converter import RESPONSES
from talon_async._operations import OPERATIONS
from tests.calls import CALLS, Example
from tests.contract import document, operation, resolve, response_of
from tests.contract_assertions import decode_request, documented_fields, fields_sent
from tests.instances import barest, fullest
from tests.transport.server import http_response, read, send, serving
from tests.transport.support import client_of

EMPTY = send(b"HTTP/1.1 204 No Content\r\n\r\n")
EACH = pytest.mark.parametrize("operation_id", CALLS)


def test_every_operation_is_tested() -> None:
    """The operations in these tests are those of the table and those of the document."""
    documented = {node["operationId"] for item in document()["paths"].values() for node in item.values()}
    assert set(CALLS) == set(OPERATIONS) == documented


EXAMPLES = [
    pytest.param(operation_id, example, id=f"{operation_id}: {n}")
    for operation_id, calls in CALLS.items()
    for n, example in enumerate(calls.all)
]


def reply(operation_id: str) -> Any:
    """A valid response of the operation."""
    schema = response_of(operation_id)
    return send(http_response(json.dumps(barest(schema)).encode())) if schema else EMPTY


@pytest.mark.parametrize(("operation_id", "example"), EXAMPLES)
async def test_a_request_matches_the_document(operation_id: str, example: Example) -> None:
    """Method, path, query, content type and body are as documented, with each argument in its place."""
    async with serving([read, reply(operation_id)]) as server, client_of(server) as talon:
        await example.call(talon)
    (request,) = server.requests
    sent = decode_request(operation_id, request)
    assert sent.parameters == example.parameters
    assert json.dumps(sent.body, sort_keys=True) == json.dumps(example.body, sort_keys=True)
    assert fields_sent(operation_id, sent) <= documented_fields(operation_id)


@EACH
async def test_every_documented_field_can_be_sent(operation_id: str) -> None:
    """Methods and models reach every documented parameter and property of the body."""
    sent_fields: set[str] = set()
    for example in CALLS[operation_id].full:
        async with serving([read, reply(operation_id)]) as server, client_of(server) as talon:
            await example.call(talon)
        sent_fields |= fields_sent(operation_id, decode_request(operation_id, server.requests[0]))
    assert documented_fields(operation_id) <= sent_fields


def successes() -> Iterator[Any]:
    """Yield each documented success of each operation: its status, and its body, if any."""
    for operation_id in OPERATIONS:
        for status, node in operation(operation_id)["responses"].items():
            schema = response_of(operation_id)
            if status == "204" or (status == "200" and not resolve(node).get("content")):
                yield pytest.param(operation_id, status, None, id=f"{operation_id}: {status}")
            elif status.startswith("2") and schema is not None:
                for name, body in (("full", fullest(schema)), ("minimal", barest(schema))):
                    yield pytest.param(operation_id, status, body, id=f"{operation_id}: {status} {name}")


WITHOUT_ENVELOPE = {"getReservedCustomers", "createReferralsForMultipleAdvocates"}
"""Operations whose envelope has a complete list; their methods return the list."""


@pytest.mark.parametrize(("operation_id", "status", "body"), [*successes()])
@pytest.mark.parametrize("strict", [False, True], ids=["tolerant", "strict"])
async def test_each_documented_success_is_decoded(
    operation_id: str, status: str, body: Any, strict: bool
) -> None:
    """A response with all fields and one with only the required ones are decoded; no body is `None`."""
    content = b"" if body is None else json.dumps(body).encode()
    reply_script = EMPTY if status == "204" else send(http_response(content, status=f"{status} Fine"))
    async with serving([read, reply_script]) as server, client_of(server, strict=strict) as talon:
        result = await CALLS[operation_id].minimal.call(talon)
    expected = body["data"] if body and operation_id in WITHOUT_ENVELOPE else body
    assert RESPONSES.unstructure(result) == expected
