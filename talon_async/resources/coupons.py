"""Coupons: reservations of coupon codes for customers."""

from talon_async._operations.coupons import GET_RESERVED_CUSTOMERS, RELEASE_COUPON, RESERVE_COUPON
from talon_async._transport.caller import Caller
from talon_async.models.coupons import Coupon, CouponReservations
from talon_async.models.profiles import CustomerProfile

__all__ = ["Coupons"]


class Coupons(Caller):
    """Coupon reservations. To redeem a coupon, update a session with its code."""

    async def reserve(self, code: str, integration_ids: list[str]) -> Coupon:
        """Reserve a coupon for customers (`createCouponReservation`).

        The reservation is hard if the coupon requires one: only customers with a reservation can redeem it.
        Otherwise it is soft: the coupon is in the customers' inventory, and others can redeem it too. The
        coupon's reservation limit does not apply.

        Args:
            code: The coupon code.
            integration_ids: The integration IDs of the profiles, at most 1000.

        Raises:
            InvalidRequestError: The code is empty, or there are too many profiles; nothing was sent.
            NotFoundError: The coupon does not exist.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.call(
            RESERVE_COUPON, CouponReservations(integration_ids=integration_ids), coupon_value=code
        )

    async def release(self, code: str, integration_ids: list[str]) -> None:
        """Delete the reservations of a coupon for customers (`deleteCouponReservation`).

        Args:
            code: The coupon code.
            integration_ids: The integration IDs of the profiles, at most 1000.

        Raises:
            InvalidRequestError: The code is empty, or there are too many profiles; nothing was sent.
            NotFoundError: The coupon does not exist.
            CallError: The call failed for another reason.
        """
        await self._pipeline.call(
            RELEASE_COUPON, CouponReservations(integration_ids=integration_ids), coupon_value=code
        )

    async def reserved_customers(self, code: str) -> list[CustomerProfile]:
        """List the customers with a reservation of a coupon, hard or soft (`getReservedCustomers`).

        Args:
            code: The coupon code.

        Raises:
            InvalidRequestError: The code is empty; nothing was sent.
            NotFoundError: The coupon does not exist.
            CallError: The call failed for another reason.
        """
        return (await self._pipeline.call(GET_RESERVED_CUSTOMERS, coupon_value=code)).data
