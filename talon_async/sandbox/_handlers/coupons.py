"""Handlers of coupon reservations."""

from talon_async.models.coupons import Coupon, CouponReservations
from talon_async.models.pages import CountedPage
from talon_async.models.profiles import CustomerProfile
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.codes import CouponRecord
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._rules.effects.codes import reserve_for


def reserve(deployment: DeploymentView, body: CouponReservations, *, coupon_value: str) -> Coupon:
    """Reserve a coupon for customers; existing reservations stay."""
    record = _require_coupon(deployment, coupon_value)
    reserve_for(deployment, record, body.integration_ids)
    return record.to_model()


def release(deployment: DeploymentView, body: CouponReservations, *, coupon_value: str) -> None:
    """Release the reservations of customers; customers without one are ignored."""
    record = _require_coupon(deployment, coupon_value)
    released = set(body.integration_ids)
    record.reserved_for = [one for one in record.reserved_for if one not in released]


def reserved_customers(deployment: DeploymentView, *, coupon_value: str) -> CountedPage[CustomerProfile]:
    """List the customers with a reservation of a coupon."""
    profiles = [
        deployment.store.profiles[name].profile
        for name in _require_coupon(deployment, coupon_value).reserved_for
    ]
    return CountedPage(total_result_size=len(profiles), data=profiles)


def _require_coupon(deployment: DeploymentView, code: str) -> CouponRecord:
    try:
        return deployment.store.coupons[code]
    except KeyError:
        raise ApiError(404, f"There is no coupon {code!r}") from None
