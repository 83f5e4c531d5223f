"""Reservations of coupons."""

from talon_async._operations import GET_RESERVED_CUSTOMERS, RELEASE_COUPON, RESERVE_COUPON
from talon_async.models.coupons import Coupon, CouponReservations
from talon_async.models.pages import CountedPage
from talon_async.models.profiles import CustomerProfile
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._domain.codes import CouponRecord
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._handlers.redemptions import reserve_for
from talon_async.sandbox._handlers.registry import handles


@handles(RESERVE_COUPON)
def reserve(deployment: Deployment, body: CouponReservations, *, coupon_value: str) -> Coupon:
    """Reserve a coupon for customers; those it is reserved for already keep it."""
    record = _known(deployment, coupon_value)
    reserve_for(deployment, record, body.integration_ids)
    return record.coupon()


@handles(RELEASE_COUPON)
def release(deployment: Deployment, body: CouponReservations, *, coupon_value: str) -> None:
    """Free a coupon from customers; those it is not reserved for are left alone."""
    record = _known(deployment, coupon_value)
    released = set(body.integration_ids)
    record.reserved_for = [one for one in record.reserved_for if one not in released]


@handles(GET_RESERVED_CUSTOMERS)
def reserved_customers(deployment: Deployment, *, coupon_value: str) -> CountedPage[CustomerProfile]:
    """Tell for whom a coupon is reserved."""
    profiles = [deployment.profiles[name].profile for name in _known(deployment, coupon_value).reserved_for]
    return CountedPage(total_result_size=len(profiles), data=profiles)


def _known(deployment: Deployment, code: str) -> CouponRecord:
    try:
        return deployment.coupons[code]
    except KeyError:
        raise ApiError(404, f"There is no coupon {code!r}") from None
