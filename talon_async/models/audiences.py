"""Audiences: named groups of customer profiles, made here or taken over from another platform."""

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
"""Whether a profile joins an audience or leaves it."""


@attrs.define(kw_only=True, eq=False, repr=False)
class NewAudience(Model):
    """An audience to be made by `createAudienceV2`.

    An audience of your own needs a name only. An `integration_id` that is taken is answered with 409.

    Attributes:
        sandbox: Whether it is for sandbox Applications rather than live ones.
        subscribed_applications_ids: The Applications that use it, each once.
        integration: The supported platform it comes from, such as `mParticle`; `UNSET` for any other.
        integration_id: Its identifier on the platform it comes from; `UNSET` for your own.
        created_in_3rd_party: Whether it comes from another platform.
        last_update: When a profile last joined or left.
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
    """New settings of an audience that came from another platform, for `updateAudienceV2`.

    Members are changed elsewhere, for instance with `updateCustomerProfileV2`.

    Attributes:
        subscribed_applications_ids: The Applications that use it, each once.
    """

    name: Annotated[str, Limit(min_length=1)]
    subscribed_applications_ids: Omittable[Annotated[list[int], Limit(unique=True)]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class Audience(Model):
    """An audience, from `createAudienceV2` and `updateAudienceV2`.

    Attributes:
        account_id: The Talon.One account that it is in.
        sandbox: Whether it is for sandbox Applications rather than live ones.
        subscribed_applications_ids: The Applications that use it.
        integration: The supported platform it comes from, such as `mParticle`.
        integration_id: Its identifier on the platform it comes from.
        created_in_3rd_party: Whether it comes from another platform.
        last_update: When a profile last joined or left.
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
    """One profile's entry into an audience, or its exit.

    Attributes:
        action: `add` also makes a profile that does not exist; no Application shows it until its first
            session or profile update. `delete` takes the profile out.
        profile_integration_id: The profile's identifier, chosen by you.
        audience_id: The `id` that `createAudienceV2` answered.
    """

    action: AudienceAction | str
    profile_integration_id: IntegrationId
    audience_id: int


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfileAudienceRequest(Model):
    """The entries and exits for `updateCustomerProfileAudiences`.

    Attributes:
        data: At most 1000 of them.
    """

    data: Omittable[Annotated[list[CustomerProfileAudienceRequestItem], Limit(max_length=1000)]] = UNSET
