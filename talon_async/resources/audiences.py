"""Audiences: sets of customers that campaigns can be made for."""

from typing import Any

from talon_async._operations.audiences import (
    CLEAR_AUDIENCE,
    CREATE_AUDIENCE,
    DELETE_AUDIENCE,
    RENAME_AUDIENCE,
    UPDATE_AUDIENCE_ATTRIBUTES,
    UPDATE_AUDIENCE_MEMBERS,
)
from talon_async.models.audiences import (
    Audience,
    CustomerProfileAudienceRequest,
    CustomerProfileAudienceRequestItem,
    NewAudience,
    UpdateAudience,
)
from talon_async.models.base import UNSET, Unset
from talon_async.resources._base import Resource

__all__ = ["Audiences"]


class Audiences(Resource):
    """Audiences, by their numbers."""

    async def create(self, audience: NewAudience) -> Audience:
        """Create an audience (`createAudienceV2`).

        Args:
            audience: Its name, and your identifier of it if it comes from a system of yours.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            ConflictError: There is an audience with this identifier.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(CREATE_AUDIENCE, audience)

    async def rename(
        self, audience_id: int, name: str, *, subscribed_applications_ids: list[int] | Unset = UNSET
    ) -> Audience:
        """Give an audience another name (`updateAudienceV2`).

        Args:
            audience_id: The audience.
            name: Its new name.
            subscribed_applications_ids: The Applications that are to see it, each once.

        Raises:
            InvalidRequestError: The name is empty; nothing was sent.
            NotFoundError: There is no such audience.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(
            RENAME_AUDIENCE,
            UpdateAudience(name=name, subscribed_applications_ids=subscribed_applications_ids),
            audience_id=audience_id,
        )

    async def delete(self, audience_id: int) -> None:
        """Delete an audience and all its memberships (`deleteAudienceV2`).

        Args:
            audience_id: The audience.

        Raises:
            NotFoundError: There is no such audience.
            CallError: The call did not succeed for another reason.
        """
        await self._pipeline.call(DELETE_AUDIENCE, audience_id=audience_id)

    async def clear(self, audience_id: int) -> None:
        """Take all members out of an audience (`deleteAudienceMembershipsV2`).

        Args:
            audience_id: The audience.

        Raises:
            NotFoundError: There is no such audience.
            CallError: The call did not succeed for another reason.
        """
        await self._pipeline.call(CLEAR_AUDIENCE, audience_id=audience_id)

    async def update_members(self, changes: list[CustomerProfileAudienceRequestItem]) -> None:
        """Put customers into audiences and take them out (`updateCustomerProfileAudiences`).

        A profile that is not known is created when it is put in; it shows with its next update.

        Args:
            changes: What to do with whom; at most 1000.

        Raises:
            InvalidRequestError: There are too many changes; nothing was sent.
            NotFoundError: There is no such audience.
            CallError: The call did not succeed for another reason.
        """
        await self._pipeline.call(UPDATE_AUDIENCE_MEMBERS, CustomerProfileAudienceRequest(data=changes))

    async def update_attributes(self, audience_id: int, attributes: dict[str, Any]) -> None:
        """Set attributes of all members of an audience (`updateAudienceCustomersAttributes`).

        Args:
            audience_id: The audience.
            attributes: The attributes of profiles to set, by their names.

        Raises:
            InvalidRequestError: An attribute has no JSON form; nothing was sent.
            NotFoundError: There is no such audience.
            CallError: The call did not succeed for another reason.
        """
        await self._pipeline.call(UPDATE_AUDIENCE_ATTRIBUTES, attributes, audience_id=audience_id)
