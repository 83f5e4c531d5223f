"""Referrals: codes with which customers (advocates) bring in others (friends)."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import attrs

from talon_async.models.base import UNSET, IntegrationId, Limit, Model, Omittable

__all__ = [
    "InventoryReferral",
    "NewReferral",
    "NewReferralsForMultipleAdvocates",
    "Referral",
    "ReferralRejectionCode",
    "ReferralRejectionReason",
]

ReferralRejectionCode: TypeAlias = Literal[
    "ReferralNotFound",
    "ReferralRecipientIdSameAsAdvocate",
    "ReferralPartOfNotRunningCampaign",
    "ReferralLimitReached",
    "CampaignLimitReached",
    "ProfileLimitReached",
    "ReferralRecipientDoesNotMatch",
    "ReferralExpired",
    "ReferralStartDateInFuture",
    "ReferralRejectedByCondition",
    "EffectCouldNotBeApplied",
    "ReferralPartOfNotTriggeredCampaign",
]
"""The known reasons to refuse a referral."""


@attrs.define(kw_only=True, eq=False, repr=False)
class NewReferral(Model):
    """A referral code to create for one advocate.

    Sent by `createReferral`. Referral limits of the campaign do not apply to it.

    Attributes:
        start_date: Valid from then on.
        expiry_date: Valid until then; without it, for good.
        usage_limit: How often the code can be used; `0` sets no limit, while those of the campaign still
            hold.
        campaign_id: The campaign that gives out the code.
        advocate_profile_integration_id: Who refers, by your identifier.
        friend_profile_integration_id: Who is referred, by your identifier, if that is settled.
        attributes: Attributes by name.
    """

    start_date: Omittable[datetime] = UNSET
    expiry_date: Omittable[datetime] = UNSET
    usage_limit: Omittable[Annotated[int, Limit(minimum=0, maximum=999999)]] = UNSET
    campaign_id: int
    advocate_profile_integration_id: IntegrationId
    friend_profile_integration_id: Omittable[str] = UNSET
    attributes: Omittable[dict[str, Any]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class NewReferralsForMultipleAdvocates(Model):
    """Referral codes to create, one set of terms for many advocates.

    Sent by `createReferralsForMultipleAdvocates`. Referral limits of the campaign do not apply to them.

    Attributes:
        start_date: Valid from then on.
        expiry_date: Valid until then; without it, for good.
        usage_limit: How often the code can be used; `0` sets no limit, while those of the campaign still
            hold.
        campaign_id: The campaign that gives out the codes.
        advocate_profile_integration_ids: Who refers, by your identifiers: 1 to 1000.
        attributes: Attributes by name.
        valid_characters: The characters to draw from; without it, A to Z and 0 to 9.
        referral_pattern: The form of the codes, 3 to 100 characters; each `#` becomes one drawn at random.
    """

    start_date: Omittable[datetime] = UNSET
    expiry_date: Omittable[datetime] = UNSET
    usage_limit: Annotated[int, Limit(minimum=0, maximum=999999)]
    campaign_id: int
    advocate_profile_integration_ids: Annotated[list[str], Limit(min_length=1, max_length=1000)]
    attributes: Omittable[dict[str, Any]] = UNSET
    valid_characters: Omittable[list[str]] = UNSET
    referral_pattern: Omittable[Annotated[str, Limit(min_length=3, max_length=100)]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class Referral(Model):
    """A referral code.

    Answers `createReferral` and, in a list, `createReferralsForMultipleAdvocates` with `silent=no`; also in
    `created_referrals` of answers that ran the rules.

    Attributes:
        id: The service's number for the referral.
        start_date: Valid from then on.
        expiry_date: Valid until then; without it, for good.
        usage_limit: How often the code can be used; `0` sets no limit, while those of the campaign still
            hold.
        campaign_id: The campaign that gave out the code.
        advocate_profile_integration_id: Who refers, by your identifier.
        friend_profile_integration_id: Who is referred, by your identifier, if that is settled.
        import_id: The import that it came from.
        usage_counter: How often the code was used.
        batch_id: The batch that it was made in.
    """

    id: int
    created: datetime
    start_date: datetime | None = None
    expiry_date: datetime | None = None
    usage_limit: Annotated[int, Limit(minimum=0, maximum=999999)]
    campaign_id: int
    advocate_profile_integration_id: IntegrationId
    friend_profile_integration_id: str | None = None
    attributes: dict[str, Any] | None = None
    import_id: int | None = None
    code: Annotated[str, Limit(min_length=4)]
    usage_counter: int
    batch_id: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class InventoryReferral(Referral):
    """A referral code and whom it brought in.

    In answers of `getCustomerInventory`, `updateCustomerSessionV2` and `returnCartItems`.

    Attributes:
        referred_customers: The customers brought in.
    """

    referred_customers: list[str]


@attrs.define(kw_only=True, eq=False, repr=False)
class ReferralRejectionReason(Model):
    """Why a referral was refused.

    Comes along with a `rejectReferral` effect.

    Attributes:
        reason: A `ReferralRejectionCode`, or one that is newer.
    """

    campaign_id: int
    referral_id: int
    reason: ReferralRejectionCode | str
