"""Audiences: named groups of customer profiles, created in Talon.One or synced from another platform."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import attrs

from talon_async.models.base import UNSET, IntegrationId, Limit, Model, Omittable, StoreIntegrationId, Wire

__all__ = [
    "Audience",
    "AudienceAction",
    "CustomerProfileAudienceRequest",
    "CustomerProfileAudienceRequestItem",
    "NewAudience",
    "UpdateAudience",
]

AudienceAction: TypeAlias = Literal["add", "delete"]
"""Whether to add a profile to an audience or to remove it."""


@attrs.define(kw_only=True, eq=False, repr=False)
class NewAudience(Model):
    """An audience to create.

    Sent by `createAudienceV2`. An audience without a source on another platform needs only a name. The
    service refuses an `integration_id` that is already used with status 409.

    Attributes:
        name: The display name, at least 1 character.
        sandbox: Whether the audience is for sandbox Applications instead of live ones.
        description: The description.
        subscribed_applications_ids: The IDs of the Applications that use the audience, without duplicates.
        integration: The supported platform that the audience comes from, such as ``mParticle``. Omit it for
            any other source.
        integration_id: The audience's ID on the other platform. Omit it for an audience without one.
        created_in_3rd_party: Whether the audience comes from another platform.
        last_update: When the members last changed.
    """

    name: Annotated[str, Limit(min_length=1)]
    sandbox: Omittable[bool] = UNSET
    description: Omittable[str] = UNSET
    subscribed_applications_ids: Omittable[Annotated[list[int], Limit(unique=True)]] = UNSET
    integration: Omittable[str] = UNSET
    integration_id: Omittable[StoreIntegrationId] = UNSET
    created_in_3rd_party: Annotated[Omittable[bool], Wire("createdIn3rdParty")] = UNSET
    last_update: Omittable[datetime] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class UpdateAudience(Model):
    """New settings of an audience that comes from another platform.

    Sent by `updateAudienceV2`. Other operations change the members, for example `updateCustomerProfileV2`.

    Attributes:
        name: The display name, at least 1 character.
        subscribed_applications_ids: The IDs of the Applications that use the audience, without duplicates.
    """

    name: Annotated[str, Limit(min_length=1)]
    subscribed_applications_ids: Omittable[Annotated[list[int], Limit(unique=True)]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class Audience(Model):
    """An audience.

    Returned by `createAudienceV2` and `updateAudienceV2`.

    Attributes:
        account_id: The Talon.One account.
        id: Talon.One's ID of the audience.
        created: When the audience was created.
        name: The display name.
        sandbox: Whether the audience is for sandbox Applications instead of live ones.
        description: The description.
        subscribed_applications_ids: The IDs of the Applications that use the audience.
        integration: The supported platform that the audience comes from, such as ``mParticle``.
        integration_id: The audience's ID on the other platform.
        created_in_3rd_party: Whether the audience comes from another platform.
        last_update: When the members last changed.
    """

    account_id: int
    id: int
    created: datetime
    name: Annotated[str, Limit(min_length=1)]
    sandbox: bool | None = None
    description: str | None = None
    subscribed_applications_ids: Annotated[list[int], Limit(unique=True)] | None = None
    integration: str | None = None
    integration_id: StoreIntegrationId | None = None
    created_in_3rd_party: Annotated[bool | None, Wire("createdIn3rdParty")] = None
    last_update: datetime | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfileAudienceRequestItem(Model):
    """A change of one profile's membership in an audience.

    Attributes:
        action: ``add`` or ``delete``. ``add`` creates a profile that does not exist; no Application shows
            that profile before its first session or profile update.
        profile_integration_id: The integration ID of the profile.
        audience_id: The `Audience.id`.
    """

    action: AudienceAction | str
    profile_integration_id: IntegrationId
    audience_id: int


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfileAudienceRequest(Model):
    """Changes of audience memberships.

    Sent by `updateCustomerProfileAudiences`.

    Attributes:
        data: The changes, at most 1000.
    """

    data: Omittable[Annotated[list[CustomerProfileAudienceRequestItem], Limit(max_length=1000)]] = UNSET
