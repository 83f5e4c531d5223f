"""The way of one call through the sandbox: its turn, what goes wrong with it, and what it does."""

import functools
from collections.abc import Callable
from typing import Any, Final

import attrs

from talon_async._codec.converter import ANSWERS
from talon_async._codec.json import is_array, render
from talon_async._operations import TRACK_EVENT, UPDATE_CUSTOMER_PROFILE, UPDATE_CUSTOMER_SESSION
from talon_async._operations.operation import EMPTY, Operation
from talon_async.models.integration import CustomerProfileIntegrationResponseV2
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._deployment.idempotency import check_key, store_response, stored_response
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._handlers.registry import Handler, handlers
from talon_async.sandbox._http.parsing import Match, read_call
from talon_async.sandbox._http.request_queue import RequestQueue

_FOR_TESTING: Final = (UPDATE_CUSTOMER_SESSION, UPDATE_CUSTOMER_PROFILE, TRACK_EVENT)


@attrs.frozen
class Answer:
    """What goes out: an HTTP status and a JSON body, empty where there is nothing to tell."""

    status: int
    body: bytes


class Service:
    """Answers the calls to a deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._handlers = handlers()
        self._lines = RequestQueue()

    async def answer(self, match: Match, query: str, content: bytes, *, key: str, testing: bool) -> Answer:
        """Answer a call.

        Args:
            match: The operation that is called.
            query: The query as it came.
            content: The body as it came.
            key: The idempotency key; empty if there is none.
            testing: Whether the call bears the key for testing.

        Raises:
            ApiError: The call is answered with an error.
            ConnectionDroppedError: The call is not answered.
        """
        operation = match.operation
        if testing and operation not in _FOR_TESTING:
            raise ApiError(401, f"A Testing API key is not valid for {operation.id}")
        handler = self._handlers[operation.id]
        if testing:
            query = f"dry=true&{query}"
            if operation is UPDATE_CUSTOMER_PROFILE:
                handler = _always_dry(handler)
        body, arguments = read_call(match, query, content)
        if operation.idempotency_key:
            check_key(key)
        async with self._lines.turn(operation.keys_for(body, arguments) if 409 in operation.errors else ()):
            injected = self._deployment.faults.draw(operation.id, self._deployment.new_random)
            if injected.latency:
                await self._deployment.clock.sleep(injected.latency)
            injected.before(operation)
            carry_out = functools.partial(
                handler, self._deployment, *([] if operation.body is None else [body]), **arguments
            )
            if key and operation.idempotency_key and not arguments.get("dry"):
                answer = self._once(
                    " ".join([operation.id, *match.texts.values(), key]), operation, carry_out
                )
            else:
                answer = _carried_out(operation, carry_out)
            injected.after()
        return answer

    def _once(self, request: str, operation: Operation[Any], carry_out: Callable[[], Any]) -> Answer:
        """Carry a call out, or give it the answer that its key got before; nothing waits in between."""
        answers, now = self._deployment.stored_responses, self._deployment.clock.now()
        stored = stored_response(answers, request, now)
        if stored is not None:
            return Answer(stored.status, stored.body)
        answer = _carried_out(operation, carry_out)
        store_response(answers, request, answer.status, answer.body, now)
        return answer


def _carried_out(operation: Operation[Any], carry_out: Callable[[], Any]) -> Answer:
    try:
        given = carry_out()
    except ApiError as refusal:
        return Answer(refusal.status, render(refusal.document(operation.id)))
    status = next(status for status, made in operation.answers.items() if (made is EMPTY) == (given is None))
    return Answer(status, b"" if given is None else render(_document(given)))


def _document(answer: Any) -> Any:
    return (
        [ANSWERS.unstructure(entry) for entry in answer] if is_array(answer) else ANSWERS.unstructure(answer)
    )


def _always_dry(update_profile: Handler) -> Handler:
    """Make profile updates store nothing also where they do not run the rules, and so cannot be dry."""

    def update(deployment: Deployment, body: Any, **arguments: Any) -> Any:
        answer = update_profile(deployment, body, **arguments | {"run_rule_engine": True})
        if arguments.get("run_rule_engine"):
            return answer
        return CustomerProfileIntegrationResponseV2(effects=[], created_coupons=[], created_referrals=[])

    return update
