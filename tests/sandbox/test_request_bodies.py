"""Request bodies: what is kept of them, and how large they can be."""

from collections.abc import AsyncIterator

import httpx
import pytest

from talon_async.sandbox import Deployment
from talon_async.sandbox._http.dispatcher import MAX_BODY

CART = "/v2/customer_sessions/cart-1"


@pytest.mark.parametrize("header", [{"authorization": ""}, {"authorization": "ApiKey-v1 wrong"}])
async def test_bodies_without_a_valid_key_are_not_kept(
    deployment: Deployment, http: httpx.AsyncClient, header: dict[str, str]
) -> None:
    """A caller without the key gets 401 and fills no memory, however much it sends."""
    for size in (10, MAX_BODY + 1):
        response = await http.put(CART, content=b"x" * size, headers=header)
        assert response.status_code == 401
    assert [call.request for call in deployment.calls] == [b"", b""]


@pytest.mark.parametrize("chunked", [False, True])
async def test_bodies_are_bounded(deployment: Deployment, http: httpx.AsyncClient, *, chunked: bool) -> None:
    """A body of more than 16 MiB gets 413 in the service's form, whether its length is declared or not."""

    async def chunks(size: int) -> AsyncIterator[bytes]:
        yield bytes(size - 1)
        yield b"\0"

    statuses: list[int] = []
    for size in (16 * 2**20, 16 * 2**20 + 1):
        response = await http.put(CART, content=chunks(size) if chunked else bytes(size))
        statuses.append(response.status_code)
    assert statuses == [400, 413]
    assert response.json() == {"message": "The request body has more than 16777216 bytes", "StatusCode": 413}
    assert [len(call.request) for call in deployment.calls] == [16 * 2**20, 0]
    assert deployment.calls[-1].operation == "updateCustomerSessionV2"
    assert not deployment.sessions
