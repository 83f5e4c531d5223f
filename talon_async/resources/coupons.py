"""Coupons: codes that customers hold, and who may use them."""

from talon_async._operations.coupons import GET_RESERVED_CUSTOMERS, RELEASE_COUPON, RESERVE_COUPON
from talon_async.models.coupons import Coupon, CouponReservations
from talon_async.models.profiles import CustomerProfile
from talon_async.resources._base import Resource

__all__ = ["Coupons"]


class Coupons(Resource):
    """Coupon codes; to redeem one, put it in a session."""

    async def reserve(self, code: str, integration_ids: list[str]) -> Coupon:
        """Reserve a coupon for customers (`createCouponReservation`).

        The reservation keeps others out if the coupon demands one; else it only shows the coupon among
        what the customer has. The coupon's reservation limit does not apply.

        Args:
            code: The coupon code.
            integration_ids: The profiles, by your identifiers; at most 1000.

        Raises:
            InvalidRequestError: The code is empty, or there are too many profiles; nothing was sent.
            NotFoundError: There is no such coupon.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(
            RESERVE_COUPON, CouponReservations(integration_ids=integration_ids), coupon_value=code
        )

    async def release(self, code: str, integration_ids: list[str]) -> None:
        """Take back the reservation of a coupon for customers (`deleteCouponReservation`).

        Args:
            code: The coupon code.
            integration_ids: The profiles, by your identifiers; at most 1000.

        Raises:
            InvalidRequestError: The code is empty, or there are too many profiles; nothing was sent.
            NotFoundError: There is no such coupon.
            CallError: The call did not succeed for another reason.
        """
        await self._pipeline.call(
            RELEASE_COUPON, CouponReservations(integration_ids=integration_ids), coupon_value=code
        )

    async def reserved_customers(self, code: str) -> list[CustomerProfile]:
        """List the customers that a coupon is reserved for (`getReservedCustomers`).

        Args:
            code: The coupon code.

        Raises:
            InvalidRequestError: The code is empty; nothing was sent.
            NotFoundError: There is no such coupon.
            CallError: The call did not succeed for another reason.
        """
        return (await self._pipeline.call(GET_RESERVED_CUSTOMERS, coupon_value=code)).data
