"""Customer profiles: the people behind the carts."""

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
from talon_async.resources._base import Resource

__all__ = ["Profiles"]


class Profiles(Resource):
    """Customer profiles; a profile is named by an identifier of your own."""

    async def update(
        self,
        integration_id: str,
        profile: CustomerProfileIntegrationRequestV2,
        *,
        run_rule_engine: bool | Unset = UNSET,
        dry: bool | Unset = UNSET,
    ) -> CustomerProfileIntegrationResponseV2:
        """Create or change a profile (`updateCustomerProfileV2`).

        Args:
            integration_id: Your identifier of the profile.
            profile: What to set; attributes that it does not name stay as they are.
            run_rule_engine: Whether the promotion rules evaluate the change; without it there are no
                effects, and the profile's `response_content` has no use.
            dry: Whether to keep nothing; it means something only together with `run_rule_engine`.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            BadRequestError: The service refused it; the error's `errors` say where.
            ConflictError: Too many requests touch the profile at once.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(
            UPDATE_CUSTOMER_PROFILE,
            profile,
            integration_id=integration_id,
            run_rule_engine=run_rule_engine,
            dry=dry,
        )

    @overload
    async def update_many(
        self, profiles: list[MultipleCustomerProfileIntegrationRequestItem], *, silent: Literal[False]
    ) -> MultipleCustomerProfileIntegrationResponseV2: ...

    @overload
    async def update_many(
        self,
        profiles: list[MultipleCustomerProfileIntegrationRequestItem],
        *,
        silent: Literal[True] | Unset = ...,
    ) -> None: ...

    @overload
    async def update_many(
        self, profiles: list[MultipleCustomerProfileIntegrationRequestItem], *, silent: bool
    ) -> MultipleCustomerProfileIntegrationResponseV2 | None: ...

    async def update_many(
        self,
        profiles: list[MultipleCustomerProfileIntegrationRequestItem],
        *,
        silent: bool | Unset = UNSET,
    ) -> MultipleCustomerProfileIntegrationResponseV2 | None:
        """Create or change many profiles, without evaluating any rules (`updateCustomerProfilesV2`).

        Args:
            profiles: What to set, for each; at most 1000.
            silent: Whether to answer nothing, as the service does unless told otherwise; `False` gives
                the profiles.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            CallError: The call did not succeed.
        """
        return await self._pipeline.call(
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
        """Read what a customer has (`getCustomerInventory`); only what is asked for is told.

        Args:
            integration_id: Your identifier of the profile.
            profile: Whether to tell the profile itself.
            referrals: Whether to tell the referral codes.
            coupons: Whether to tell the coupons, redeemed ones too.
            loyalty: Whether to tell the loyalty points.
            giveaways: Whether to tell the giveaways.
            achievements: Whether to tell the achievements.

        Raises:
            InvalidRequestError: The identifier is empty; nothing was sent.
            NotFoundError: There is no such profile.
            CallError: The call did not succeed for another reason.
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
        """Erase a customer's attributes in all Applications of the environment (`deleteCustomerData`).

        Args:
            integration_id: Your identifier of the profile.

        Raises:
            InvalidRequestError: The identifier is empty; nothing was sent.
            NotFoundError: There is no such profile.
            CallError: The call did not succeed for another reason.
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
        """List the achievements that a customer can reach or has reached (`getCustomerAchievements`).

        Args:
            integration_id: Your identifier of the profile.
            campaign_ids: Only achievements of these campaigns.
            achievement_ids: Only these achievements.
            achievement_status: Only ``active`` ones, which is the default, or ``scheduled`` ones.
            current_progress_status: Only those with this progress: ``inprogress``, ``completed``,
                ``not_started``.
            page_size: How many entries to fetch at a time, 1 to 1000; 1000 by default.
            skip: How many entries to leave out at the beginning.

        Raises:
            InvalidRequestError: A limit is broken; raised as the first page is fetched, nothing was sent.
            CallError: A call did not succeed.
        """
        return Listing(
            lambda size, begin: self._pipeline.call(
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
        """List a customer's rounds of one achievement (`getCustomerAchievementHistory`).

        Args:
            integration_id: Your identifier of the profile.
            achievement_id: The achievement.
            progress_status: Only rounds that are ``inprogress``, ``completed`` or ``expired``.
            start_date: Only rounds from this moment on.
            end_date: Only rounds until this moment.
            page_size: How many entries to fetch at a time, 1 to 1000; 1000 by default.
            skip: How many entries to leave out at the beginning.

        Raises:
            InvalidRequestError: A limit is broken; raised as the first page is fetched, nothing was sent.
            CallError: A call did not succeed.
        """
        return Listing(
            lambda size, begin: self._pipeline.call(
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
