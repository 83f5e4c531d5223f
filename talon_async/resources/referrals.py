"""Referrals: codes by which customers bring their friends."""

from typing import Literal, overload

from talon_async._operations.referrals import CREATE_REFERRAL, CREATE_REFERRALS
from talon_async.models.base import UNSET, Unset
from talon_async.models.referrals import NewReferral, NewReferralsForMultipleAdvocates, Referral
from talon_async.resources._base import Resource

__all__ = ["Referrals"]


class Referrals(Resource):
    """Referral codes; to redeem one, put it in a session. A campaign's own limit on them does not apply."""

    async def create(self, referral: NewReferral) -> Referral:
        """Create a referral code for one customer (`createReferral`).

        Args:
            referral: The campaign, the customer, and the code's bounds.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            CallError: The call did not succeed.
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
        """Create a referral code for each of many customers (`createReferralsForMultipleAdvocates`).

        Args:
            referrals: The campaign, 1 to 1000 customers, and the codes' bounds and pattern.
            silent: Whether to answer nothing, as the service does unless told otherwise; `False` gives
                the codes.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            CallError: The call did not succeed.
        """
        page = await self._pipeline.call(CREATE_REFERRALS, referrals, silent=silent)
        return None if page is None else page.data
