"""Referral codes."""

from __future__ import annotations

from talon_async import models
from talon_async._operations.operation import operation
from talon_async._operations.parameter import Silent
from talon_async.models.base import UNSET


@operation(
    "createReferral",
    "POST",
    "/v1/referrals",
    success=(201,),
    errors=(400, 401),
    lock_keys={"profile": "body.advocate_profile_integration_id"},
)
def CREATE_REFERRAL(
    body: models.NewReferral,
    /,
) -> models.Referral: ...


@operation(
    "createReferralsForMultipleAdvocates",
    "POST",
    "/v1/referrals_for_multiple_advocates",
    success=(201, 204),
    errors=(400, 401),
)
def CREATE_REFERRALS(
    body: models.NewReferralsForMultipleAdvocates,
    /,
    *,
    silent: Silent = UNSET,
) -> models.CountedPage[models.Referral] | None: ...
