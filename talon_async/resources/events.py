"""Events: what customers do besides filling carts."""

from typing import Literal, overload

from talon_async._operations.events import GET_ADVANCED_EVENT, TRACK_ADVANCED_EVENT, TRACK_EVENT
from talon_async.models.base import UNSET, Unset
from talon_async.models.events import EventV3, IntegrationEventV2Request, IntegrationEventV3Request
from talon_async.models.integration import IntegrationEventV2Response, IntegrationEventV3Response
from talon_async.resources._base import Resource

__all__ = ["Events"]


class Events(Resource):
    """Custom events, of types that you declare in the Campaign Manager."""

    @overload
    async def track(
        self,
        event: IntegrationEventV2Request,
        *,
        silent: Literal[False],
        dry: bool | Unset = ...,
        force_complete_evaluation: bool | Unset = ...,
    ) -> IntegrationEventV2Response: ...

    @overload
    async def track(
        self,
        event: IntegrationEventV2Request,
        *,
        silent: Literal[True] | Unset = ...,
        dry: bool | Unset = ...,
        force_complete_evaluation: bool | Unset = ...,
    ) -> None: ...

    @overload
    async def track(
        self,
        event: IntegrationEventV2Request,
        *,
        silent: bool,
        dry: bool | Unset = ...,
        force_complete_evaluation: bool | Unset = ...,
    ) -> IntegrationEventV2Response | None: ...

    async def track(
        self,
        event: IntegrationEventV2Request,
        *,
        silent: bool | Unset = UNSET,
        dry: bool | Unset = UNSET,
        force_complete_evaluation: bool | Unset = UNSET,
    ) -> IntegrationEventV2Response | None:
        """Tell of an event, so that the promotion rules evaluate it (`trackEventV2`).

        Args:
            event: What happened, and to which profile.
            silent: Whether to answer nothing, as the service does unless told otherwise; `False` gives
                the effects.
            dry: Whether to keep nothing.
            force_complete_evaluation: Whether to evaluate all rules of all campaigns; only with `dry`.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            BadRequestError: The service refused it; the error's `errors` say where.
            ConflictError: Too many requests touch the profile at once.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(
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
        """Tell of an event that has an identifier of its own (`trackEventV3`).

        A second event with the same identifier is refused, so that none counts twice.

        Args:
            event: What happened, to which profile, and, if it belongs to one, after which closed session.
            silent: Whether to leave out the effects, as the service does unless told otherwise; the
                contract does not say what the answer then holds, so it may be `None`.
            dry: Whether to keep nothing.
            force_complete_evaluation: Whether to evaluate all rules of all campaigns; only with `dry`.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            BadRequestError: The service refused it; the error's `errors` say where.
            ConflictError: There is an event with this identifier, or too many requests touch the profile.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(
            TRACK_ADVANCED_EVENT,
            event,
            silent=silent,
            dry=dry,
            force_complete_evaluation=force_complete_evaluation,
        )

    async def get(self, event_id: str) -> EventV3:
        """Read an event that was told with `track_advanced` (`getEventV3`).

        Args:
            event_id: Your identifier of the event.

        Raises:
            InvalidRequestError: The identifier is empty; nothing was sent.
            NotFoundError: There is no such event.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(GET_ADVANCED_EVENT, integration_id=event_id)
