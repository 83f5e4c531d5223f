"""Custom events: actions of customers outside the cart."""

from typing import Literal, overload

from talon_async._operations.events import GET_ADVANCED_EVENT, TRACK_ADVANCED_EVENT, TRACK_EVENT
from talon_async._transport.caller import Caller
from talon_async.models.base import UNSET, Unset
from talon_async.models.events import EventV3, IntegrationEventV2Request, IntegrationEventV3Request
from talon_async.models.integration import IntegrationEventV2Response, IntegrationEventV3Response

__all__ = ["Events"]


class Events(Caller):
    """Custom events, of types that are created in the Campaign Manager."""

    @overload
    async def track(
        self,
        event: IntegrationEventV2Request,
        *,
        silent: Literal[False],
        dry: bool | Unset = ...,
        force_complete_evaluation: bool | Unset = ...,
        idempotency_key: str | None = ...,
    ) -> IntegrationEventV2Response: ...

    @overload
    async def track(
        self,
        event: IntegrationEventV2Request,
        *,
        silent: Literal[True] | Unset = ...,
        dry: bool | Unset = ...,
        force_complete_evaluation: bool | Unset = ...,
        idempotency_key: str | None = ...,
    ) -> None: ...

    @overload
    async def track(
        self,
        event: IntegrationEventV2Request,
        *,
        silent: bool,
        dry: bool | Unset = ...,
        force_complete_evaluation: bool | Unset = ...,
        idempotency_key: str | None = ...,
    ) -> IntegrationEventV2Response | None: ...

    async def track(
        self,
        event: IntegrationEventV2Request,
        *,
        silent: bool | Unset = UNSET,
        dry: bool | Unset = UNSET,
        force_complete_evaluation: bool | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> IntegrationEventV2Response | None:
        """Track an event and evaluate the promotion rules (`trackEventV2`).

        Args:
            event: The event and the profile that it belongs to.
            silent: Whether the response has no body (default: `True`).
            dry: Whether to store nothing (default: `False`).
            force_complete_evaluation: Whether to evaluate all matching campaigns, whatever their evaluation
                mode (default: `False`); requires `dry`.
            idempotency_key: Your own ``Idempotency-Key``, 1 to 255 printable ASCII characters (default: a new
                one). The service answers a second request with the same key with its first response.

        Returns:
            The effects with ``silent=False``, otherwise `None`.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            BadRequestError: The service refused the request; `errors` names the fields.
            ConflictError: Too many concurrent requests change the profile.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.with_idempotency_key(idempotency_key).call(
            TRACK_EVENT,
            event,
            silent=silent,
            dry=dry,
            force_complete_evaluation=force_complete_evaluation,
        )

    @overload
    async def track_advanced(
        self,
        event: IntegrationEventV3Request,
        *,
        silent: Literal[False],
        dry: bool | Unset = ...,
        force_complete_evaluation: bool | Unset = ...,
    ) -> IntegrationEventV3Response: ...

    @overload
    async def track_advanced(
        self,
        event: IntegrationEventV3Request,
        *,
        silent: bool | Unset = ...,
        dry: bool | Unset = ...,
        force_complete_evaluation: bool | Unset = ...,
    ) -> IntegrationEventV3Response | None: ...

    async def track_advanced(
        self,
        event: IntegrationEventV3Request,
        *,
        silent: bool | Unset = UNSET,
        dry: bool | Unset = UNSET,
        force_complete_evaluation: bool | Unset = UNSET,
    ) -> IntegrationEventV3Response | None:
        """Track an event with a unique integration ID (`trackEventV3`).

        The service refuses a second event with the same ID, so no event counts twice.

        Args:
            event: The event, the profile, and optionally the closed session that it refers to.
            silent: Whether the response has no effects (default: `True`).
            dry: Whether to store nothing (default: `False`).
            force_complete_evaluation: Whether to evaluate all matching campaigns, whatever their evaluation
                mode (default: `False`); requires `dry`.

        Returns:
            The effects with ``silent=False``. Otherwise `None` if the response has no body; the contract does
            not define the silent response.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            BadRequestError: The service refused the request; `errors` names the fields.
            ConflictError: An event with this ID exists, or too many concurrent requests change the profile.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(
            TRACK_ADVANCED_EVENT,
            event,
            silent=silent,
            dry=dry,
            force_complete_evaluation=force_complete_evaluation,
        )

    async def get(self, event_id: str) -> EventV3:
        """Get an event that was tracked with `track_advanced` (`getEventV3`).

        Args:
            event_id: The integration ID of the event.

        Raises:
            InvalidRequestError: The event ID is empty; nothing was sent.
            NotFoundError: The event does not exist.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(GET_ADVANCED_EVENT, integration_id=event_id)
