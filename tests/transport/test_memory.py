"""What a call leaves in memory when it has ended."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from talon_async import DeadlineExceededError
from tests.transport.server import SESSION_STATE, http_response, read, reply_always, serving, stall
from tests.transport.support import ONE_ATTEMPT, SESSION, client_of, settled


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


async def test_a_connection_does_not_keep_the_call_that_opened_it() -> None:
    """A response is freed as soon as the caller drops it, while its connection stays open."""
    async with serving([reply_always(http_response(SESSION_STATE))]) as server, client_of(server) as talon:
        task = asyncio.create_task(talon.sessions.update("cart-1", SESSION))
        state = weakref.ref(await task)
        del task
        await settled()
        assert state() is None
        assert server.open == 1


async def test_the_error_of_the_deadline_is_freed_immediately() -> None:
    """The error of a call that exceeded its deadline leaves nothing to the garbage collector."""
    errors: list[weakref.ref[DeadlineExceededError]] = []
    async with serving([read, stall]) as server, client_of(server, deadline=0.05, retry=ONE_ATTEMPT) as talon:
        try:
            await talon.sessions.get("cart-1")
        except DeadlineExceededError as error:
            errors.append(weakref.ref(error))
        assert [error() for error in errors] == [None]
