"""Handlers that create referral codes."""

import string
from typing import Any, Final

from talon_async.models.base import Omittable
from talon_async.models.pages import CountedPage
from talon_async.models.referrals import NewReferral, NewReferralsForMultipleAdvocates, Referral
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.attributes import check_attributes
from talon_async.sandbox._errors import bad_field

_PATTERN: Final = "########"
_ALPHABET: Final = string.ascii_uppercase + string.digits


def create_referral(deployment: DeploymentView, body: NewReferral) -> Referral:
    """Create a referral code for an advocate; an unknown profile is created."""
    terms, now = _terms(deployment, body), deployment.clock.now()
    deployment.store.get_or_create_profile(body.advocate_profile_integration_id, now)
    return deployment.store.add_referral(
        deployment.store.new_code(_PATTERN),
        body.campaign_id,
        body.advocate_profile_integration_id,
        now,
        usage_limit=body.usage_limit or 0,
        friend_profile_integration_id=body.friend_profile_integration_id or None,
        **terms,
    ).referral


def create_referrals(
    deployment: DeploymentView, body: NewReferralsForMultipleAdvocates, *, silent: bool = True
) -> CountedPage[Referral] | None:
    """Create a referral code for each of many advocates."""
    terms = _terms(deployment, body) | {"batch_id": deployment.store.new_uuid()}
    pattern, characters = body.referral_pattern or _PATTERN, "".join(body.valid_characters or ()) or _ALPHABET
    now = deployment.clock.now()
    codes: dict[str, str] = {}
    for advocate in body.advocate_profile_integration_ids:
        codes[deployment.store.new_code(pattern, characters, codes)] = advocate
    made: list[Referral] = []
    for code, advocate in codes.items():
        deployment.store.get_or_create_profile(advocate, now)
        record = deployment.store.add_referral(
            code, body.campaign_id, advocate, now, usage_limit=body.usage_limit, **terms
        )
        made.append(record.referral)
    return None if silent else CountedPage(total_result_size=len(made), data=made)


def _terms(
    deployment: DeploymentView, body: NewReferral | NewReferralsForMultipleAdvocates
) -> dict[str, Any]:
    """The terms of a code that both requests share.

    Raises:
        ApiError: The campaign is unknown, the code expires before it starts, or an attribute is undeclared.
    """
    deployment.application.require_campaign(body.campaign_id)
    check_attributes(deployment.application.attributes, [("Referral", body.attributes, "/attributes")])
    start, expiry = _given(body.start_date), _given(body.expiry_date)
    if start is not None and expiry is not None and expiry <= start:
        raise bad_field("/expiryDate", "expected a moment after the startDate")
    return {"start_date": start, "expiry_date": expiry, "attributes": _given(body.attributes) or {}}


def _given(value: Omittable[Any]) -> Any:
    return value or None
