"""Audiences: groups of customers that campaigns can target."""

from typing import Any

from talon_async._operations.audiences import (
    CLEAR_AUDIENCE,
    CREATE_AUDIENCE,
    DELETE_AUDIENCE,
    RENAME_AUDIENCE,
    UPDATE_AUDIENCE_ATTRIBUTES,
    UPDATE_AUDIENCE_MEMBERS,
)
from talon_async._transport.caller import Caller
from talon_async.models.audiences import (
    Audience,
    CustomerProfileAudienceRequest,
    CustomerProfileAudienceRequestItem,
    NewAudience,
    UpdateAudience,
)
from talon_async.models.base import UNSET, Unset

__all__ = ["Audiences"]


class Audiences(Caller):
    """Audiences, identified by `Audience.id`."""

    async def create(self, audience: NewAudience) -> Audience:
        """Create an audience (`createAudienceV2`).

        Args:
            audience: The name of the audience and, if it comes from another platform, its ID there.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            ConflictError: An audience with this integration ID exists.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(CREATE_AUDIENCE, audience)

    async def rename(
        self, audience_id: int, name: str, *, subscribed_applications_ids: list[int] | Unset = UNSET
    ) -> Audience:
        """Rename an audience that comes from another platform (`updateAudienceV2`).

        Args:
            audience_id: The ID of the audience.
            name: The new name.
            subscribed_applications_ids: The IDs of the Applications that use the audience, without
                duplicates.

        Raises:
            InvalidRequestError: The name is empty, or an Application is listed twice; nothing was sent.
            NotFoundError: The audience does not exist.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(
            RENAME_AUDIENCE,
            UpdateAudience(name=name, subscribed_applications_ids=subscribed_applications_ids),
            audience_id=audience_id,
        )

    async def delete(self, audience_id: int) -> None:
        """Delete an audience and all its memberships (`deleteAudienceV2`).

        Args:
            audience_id: The ID of the audience.

        Raises:
            NotFoundError: The audience does not exist.
            CallError: The call failed for another reason.
        """
        await self._pipeline.call(DELETE_AUDIENCE, audience_id=audience_id)

    async def clear(self, audience_id: int) -> None:
        """Remove all members of an audience (`deleteAudienceMembershipsV2`).

        Args:
            audience_id: The ID of the audience.

        Raises:
            NotFoundError: The audience does not exist.
            CallError: The call failed for another reason.
        """
        await self._pipeline.call(CLEAR_AUDIENCE, audience_id=audience_id)

    async def update_members(self, changes: list[CustomerProfileAudienceRequestItem]) -> None:
        """Add customers to audiences and remove them (`updateCustomerProfileAudiences`).

        The service creates a profile that does not exist when it is added. No Application shows that profile
        before its first session or profile update.

        Args:
            changes: The membership changes, at most 1000.

        Raises:
            InvalidRequestError: There are too many changes; nothing was sent.
            NotFoundError: An audience does not exist.
            CallError: The call failed for another reason.
        """
        await self._pipeline.call(UPDATE_AUDIENCE_MEMBERS, CustomerProfileAudienceRequest(data=changes))

    async def update_attributes(self, audience_id: int, attributes: dict[str, Any]) -> None:
        """Set profile attributes of all members of an audience (`updateAudienceCustomersAttributes`).

        Args:
            audience_id: The ID of the audience.
            attributes: The attributes to set, by name.

        Raises:
            InvalidRequestError: JSON cannot represent an attribute; nothing was sent.
            NotFoundError: The audience does not exist.
            CallError: The call failed for another reason.
        """
        await self._pipeline.call(UPDATE_AUDIENCE_ATTRIBUTES, attributes, audience_id=audience_id)
