"""Customer profiles, their inventory and achievements."""

from datetime import datetime
from typing import Literal, overload

from talon_async._operations.profiles import (
    DELETE_CUSTOMER_DATA,
    GET_CUSTOMER_ACHIEVEMENT_HISTORY,
    GET_CUSTOMER_ACHIEVEMENTS,
    GET_CUSTOMER_INVENTORY,
    UPDATE_CUSTOMER_PROFILE,
    UPDATE_CUSTOMER_PROFILES,
)
from talon_async._transport.caller import Caller
from talon_async.models.achievements import (
    AchievementProgress,
    AchievementProgressStatus,
    AchievementStatus,
    AchievementStatusEntry,
)
from talon_async.models.base import UNSET, Unset
from talon_async.models.integration import CustomerInventory, CustomerProfileIntegrationResponseV2
from talon_async.models.profiles import (
    CustomerProfileIntegrationRequestV2,
    MultipleCustomerProfileIntegrationRequest,
    MultipleCustomerProfileIntegrationRequestItem,
    MultipleCustomerProfileIntegrationResponseV2,
)
from talon_async.pagination import CountedListing, Listing

__all__ = ["Profiles"]


class Profiles(Caller):
    """Customer profiles, identified by your integration ID."""

    async def update(
        self,
        integration_id: str,
        profile: CustomerProfileIntegrationRequestV2,
        *,
        run_rule_engine: bool | Unset = UNSET,
        dry: bool | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> CustomerProfileIntegrationResponseV2:
        """Create or update a profile (`updateCustomerProfileV2`).

        Args:
            integration_id: The integration ID of the profile.
            profile: The values to set. Attributes that it does not contain keep their stored values.
            run_rule_engine: Whether to evaluate the promotion rules (default: `False`). Without it, the
                response has no effects and ignores ``response_content``.
            dry: Whether to store nothing (default: `False`); works only with `run_rule_engine`.
            idempotency_key: Your own ``Idempotency-Key``, 1 to 255 printable ASCII characters (default: a new
                one). The service answers a second request with the same key with its first response.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            BadRequestError: The service refused the request; `errors` names the fields.
            ConflictError: Too many concurrent requests change the profile.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.with_idempotency_key(idempotency_key).call(
            UPDATE_CUSTOMER_PROFILE,
            profile,
            integration_id=integration_id,
            run_rule_engine=run_rule_engine,
            dry=dry,
        )

    @overload
    async def update_many(
        self,
        profiles: list[MultipleCustomerProfileIntegrationRequestItem],
        *,
        silent: Literal[False],
        idempotency_key: str | None = ...,
    ) -> MultipleCustomerProfileIntegrationResponseV2: ...

    @overload
    async def update_many(
        self,
        profiles: list[MultipleCustomerProfileIntegrationRequestItem],
        *,
        silent: Literal[True] | Unset = ...,
        idempotency_key: str | None = ...,
    ) -> None: ...

    @overload
    async def update_many(
        self,
        profiles: list[MultipleCustomerProfileIntegrationRequestItem],
        *,
        silent: bool,
        idempotency_key: str | None = ...,
    ) -> MultipleCustomerProfileIntegrationResponseV2 | None: ...

    async def update_many(
        self,
        profiles: list[MultipleCustomerProfileIntegrationRequestItem],
        *,
        silent: bool | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> MultipleCustomerProfileIntegrationResponseV2 | None:
        """Create or update many profiles without evaluating the rules (`updateCustomerProfilesV2`).

        Args:
            profiles: The profiles, at most 1000.
            silent: Whether the response has no body (default: `True`).
            idempotency_key: Your own ``Idempotency-Key``, 1 to 255 printable ASCII characters (default: a new
                one). The service answers a second request with the same key with its first response.

        Returns:
            The updated profiles with ``silent=False``, otherwise `None`.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            CallError: The call failed.
        """
        return await self._pipeline.with_idempotency_key(idempotency_key).call(
            UPDATE_CUSTOMER_PROFILES,
            MultipleCustomerProfileIntegrationRequest(customer_profiles=profiles),
            silent=silent,
        )

    async def inventory(
        self,
        integration_id: str,
        *,
        profile: bool | Unset = UNSET,
        referrals: bool | Unset = UNSET,
        coupons: bool | Unset = UNSET,
        loyalty: bool | Unset = UNSET,
        giveaways: bool | Unset = UNSET,
        achievements: bool | Unset = UNSET,
    ) -> CustomerInventory:
        """Get a customer's profile, points, codes, giveaways and achievements (`getCustomerInventory`).

        The response includes only the parts that are requested (default: none).

        Args:
            integration_id: The integration ID of the profile.
            profile: Whether to include the profile.
            referrals: Whether to include the referral codes.
            coupons: Whether to include the reserved coupons, redeemed ones too.
            loyalty: Whether to include loyalty points and cards.
            giveaways: Whether to include the giveaways.
            achievements: Whether to include the achievements.

        Raises:
            InvalidRequestError: The integration ID is empty; nothing was sent.
            NotFoundError: The profile does not exist.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(
            GET_CUSTOMER_INVENTORY,
            integration_id=integration_id,
            profile=profile,
            referrals=referrals,
            coupons=coupons,
            loyalty=loyalty,
            giveaways=giveaways,
            achievements=achievements,
        )

    async def delete_data(self, integration_id: str) -> None:
        """Delete a customer's attributes in the whole environment (`deleteCustomerData`).

        The service deletes the attributes of the profile, and of all entities that refer to it, in all
        Applications of the API key's environment.

        Args:
            integration_id: The integration ID of the profile.

        Raises:
            InvalidRequestError: The integration ID is empty; nothing was sent.
            NotFoundError: The profile does not exist.
            CallError: The call failed for another reason.
        """
        await self._pipeline.call(DELETE_CUSTOMER_DATA, integration_id=integration_id)

    def achievements(
        self,
        integration_id: str,
        *,
        campaign_ids: list[str] | Unset = UNSET,
        achievement_ids: list[str] | Unset = UNSET,
        achievement_status: list[AchievementStatus | str] | Unset = UNSET,
        current_progress_status: list[AchievementProgressStatus | str] | Unset = UNSET,
        page_size: int | Unset = UNSET,
        skip: int = 0,
    ) -> CountedListing[AchievementStatusEntry]:
        """List the achievements available to a customer, with progress (`getCustomerAchievements`).

        Args:
            integration_id: The integration ID of the profile.
            campaign_ids: Only achievements of these campaigns.
            achievement_ids: Only these achievements.
            achievement_status: Only ``active`` or ``scheduled`` achievements (default: ``active``).
            current_progress_status: Only achievements with one of these statuses: ``inprogress``,
                ``completed``, ``not_started``.
            page_size: How many entries to fetch per page, 1 to 1000 (default: 1000).
            skip: How many entries to skip at the beginning (default: 0).

        Returns:
            A listing. It fetches pages, and raises errors, when it is iterated.

        Raises:
            InvalidRequestError: A filter, `page_size` or `skip` is not valid; nothing was sent.
            NotFoundError: The profile does not exist.
            CallError: A call failed for another reason.
        """
        return Listing(
            self._pipeline,
            lambda pipeline, size, begin: pipeline.call(
                GET_CUSTOMER_ACHIEVEMENTS,
                page_size=size,
                skip=begin,
                integration_id=integration_id,
                campaign_ids=campaign_ids,
                achievement_ids=achievement_ids,
                achievement_status=achievement_status,
                current_progress_status=current_progress_status,
            ),
            page_size,
            skip,
        )

    def achievement_history(
        self,
        integration_id: str,
        achievement_id: int,
        *,
        progress_status: list[AchievementProgressStatus | str] | Unset = UNSET,
        start_date: datetime | Unset = UNSET,
        end_date: datetime | Unset = UNSET,
        page_size: int | Unset = UNSET,
        skip: int = 0,
    ) -> CountedListing[AchievementProgress]:
        """List a customer's iterations of one achievement (`getCustomerAchievementHistory`).

        Args:
            integration_id: The integration ID of the profile.
            achievement_id: The achievement.
            progress_status: Only iterations with one of these statuses: ``inprogress``, ``completed``,
                ``expired``.
            start_date: Only iterations from this time on.
            end_date: Only iterations up to this time.
            page_size: How many entries to fetch per page, 1 to 1000 (default: 1000).
            skip: How many entries to skip at the beginning (default: 0).

        Returns:
            A listing. It fetches pages, and raises errors, when it is iterated.

        Raises:
            InvalidRequestError: A filter, `page_size` or `skip` is not valid; nothing was sent.
            NotFoundError: The profile or the achievement does not exist.
            CallError: A call failed for another reason.
        """
        return Listing(
            self._pipeline,
            lambda pipeline, size, begin: pipeline.call(
                GET_CUSTOMER_ACHIEVEMENT_HISTORY,
                page_size=size,
                skip=begin,
                integration_id=integration_id,
                achievement_id=achievement_id,
                progress_status=progress_status,
                start_date=start_date,
                end_date=end_date,
            ),
            page_size,
            skip,
        )
