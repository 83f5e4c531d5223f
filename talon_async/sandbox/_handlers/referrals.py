"""Referral codes made on request."""

import string
from typing import Any, Final

from talon_async._operations import CREATE_REFERRAL, CREATE_REFERRALS
from talon_async.models.base import Omittable
from talon_async.models.pages import CountedPage
from talon_async.models.referrals import NewReferral, NewReferralsForMultipleAdvocates, Referral
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._domain.attributes import check_attributes
from talon_async.sandbox._errors import bad_field
from talon_async.sandbox._handlers.registry import handles

_PATTERN: Final = "########"
_ALPHABET: Final = string.ascii_uppercase + string.digits


@handles(CREATE_REFERRAL)
def create_referral(deployment: Deployment, body: NewReferral) -> Referral:
    """Make a referral code for an advocate, who need not be known yet."""
    terms = _terms(deployment, body)
    deployment.profile(body.advocate_profile_integration_id, keep=True)
    return deployment.add_referral(
        deployment.new_code(_PATTERN),
        body.campaign_id,
        body.advocate_profile_integration_id,
        usage_limit=body.usage_limit or 0,
        friend_profile_integration_id=body.friend_profile_integration_id or None,
        **terms,
    ).referral


@handles(CREATE_REFERRALS)
def create_referrals(
    deployment: Deployment, body: NewReferralsForMultipleAdvocates, *, silent: bool = True
) -> CountedPage[Referral] | None:
    """Make a referral code for each of many advocates."""
    terms = _terms(deployment, body) | {"batch_id": deployment.new_uuid()}
    pattern, characters = body.referral_pattern or _PATTERN, "".join(body.valid_characters or ()) or _ALPHABET
    codes: dict[str, str] = {}
    for advocate in body.advocate_profile_integration_ids:
        codes[deployment.new_code(pattern, characters, codes)] = advocate
    made: list[Referral] = []
    for code, advocate in codes.items():
        deployment.profile(advocate, keep=True)
        record = deployment.add_referral(
            code, body.campaign_id, advocate, usage_limit=body.usage_limit, **terms
        )
        made.append(record.referral)
    return None if silent else CountedPage(total_result_size=len(made), data=made)


def _terms(deployment: Deployment, body: NewReferral | NewReferralsForMultipleAdvocates) -> dict[str, Any]:
    """What both kinds of request say of a code.

    Raises:
        ApiError: There is no such campaign, it ends before it starts, or an attribute is not declared.
    """
    deployment.campaign(body.campaign_id)
    check_attributes(deployment.attributes, [("Referral", body.attributes, "/attributes")])
    start, expiry = _given(body.start_date), _given(body.expiry_date)
    if start is not None and expiry is not None and expiry <= start:
        raise bad_field("/expiryDate", "expected a moment after the startDate")
    return {"start_date": start, "expiry_date": expiry, "attributes": _given(body.attributes) or {}}


def _given(value: Omittable[Any]) -> Any:
    return value or None
