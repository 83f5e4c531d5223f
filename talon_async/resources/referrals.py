"""Referrals: codes with which customers refer friends."""

from typing import Literal, overload

from talon_async._operations.referrals import CREATE_REFERRAL, CREATE_REFERRALS
from talon_async._transport.caller import Caller
from talon_async.models.base import UNSET, Unset
from talon_async.models.referrals import NewReferral, NewReferralsForMultipleAdvocates, Referral

__all__ = ["Referrals"]


class Referrals(Caller):
    """Referral codes. To redeem one, update a session with it.

    The referral limits of a campaign do not apply to the codes created here.
    """

    async def create(self, referral: NewReferral) -> Referral:
        """Create a referral code for one advocate (`createReferral`).

        Args:
            referral: The campaign, the advocate, and the limits of the code.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            CallError: The call failed.
        """
        return await self._pipeline.call(CREATE_REFERRAL, referral)

    @overload
    async def create_many(
        self, referrals: NewReferralsForMultipleAdvocates, *, silent: Literal[False]
    ) -> list[Referral]: ...

    @overload
    async def create_many(
        self, referrals: NewReferralsForMultipleAdvocates, *, silent: Literal[True] | Unset = ...
    ) -> None: ...

    @overload
    async def create_many(
        self, referrals: NewReferralsForMultipleAdvocates, *, silent: bool
    ) -> list[Referral] | None: ...

    async def create_many(
        self, referrals: NewReferralsForMultipleAdvocates, *, silent: bool | Unset = UNSET
    ) -> list[Referral] | None:
        """Create one referral code for each of many advocates (`createReferralsForMultipleAdvocates`).

        Args:
            referrals: The campaign, 1 to 1000 advocates, and the limits and pattern of the codes.
            silent: Whether the response has no body (default: `True`).

        Returns:
            The codes with ``silent=False``, otherwise `None`.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            CallError: The call failed.
        """
        page = await self._pipeline.call(CREATE_REFERRALS, referrals, silent=silent)
        return None if page is None else page.data
