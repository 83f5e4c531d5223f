"""Coupon reservations."""

from __future__ import annotations

from talon_async import models
from talon_async._operations.operation import operation


@operation(
    "createCouponReservation",
    "POST",
    "/v1/coupon_reservations/{couponValue}",
    success=(201,),
    errors=(400, 401, 404),
    lock_keys={"coupon": "coupon_value"},
)
def RESERVE_COUPON(
    body: models.CouponReservations,
    /,
    *,
    coupon_value: str,
) -> models.Coupon: ...


@operation(
    "deleteCouponReservation",
    "DELETE",
    "/v1/coupon_reservations/{couponValue}",
    success=(204,),
    errors=(400, 401, 404),
    idempotent=True,  # customers without a reservation are left as they are
    lock_keys={"coupon": "coupon_value"},
)
def RELEASE_COUPON(
    body: models.CouponReservations,
    /,
    *,
    coupon_value: str,
) -> None: ...


@operation(
    "getReservedCustomers",
    "GET",
    "/v1/coupon_reservations/customerprofiles/{couponValue}",
    errors=(400, 401, 404),
)
def GET_RESERVED_CUSTOMERS(
    *,
    coupon_value: str,
) -> models.CountedPage[models.CustomerProfile]: ...
