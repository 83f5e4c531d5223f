"""Referrals: codes with which customers (advocates) refer others (friends)."""

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
"""The documented reasons why a referral code is rejected."""


@attrs.define(kw_only=True, eq=False, repr=False)
class NewReferral(Model):
    """A referral code to create for one advocate.

    Sent by `createReferral`. The referral limits of the campaign do not apply.

    Attributes:
        start_date: When the code becomes valid.
        expiry_date: When the code expires; without it, never.
        usage_limit: How often the code can be used, at most 999,999; 0 for no limit. The campaign's usage
            limits apply as well.
        campaign_id: The campaign of the code.
        advocate_profile_integration_id: The integration ID of the advocate's profile.
        friend_profile_integration_id: The integration ID of the only profile that can redeem the code, if
            any.
        attributes: Custom attributes by name.
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
    """Referral codes to create with the same settings, one for each advocate.

    Sent by `createReferralsForMultipleAdvocates`. The referral limits of the campaign do not apply.

    Attributes:
        start_date: When the codes become valid.
        expiry_date: When the codes expire; without it, never.
        usage_limit: How often each code can be used, at most 999,999; 0 for no limit. The campaign's usage
            limits apply as well.
        campaign_id: The campaign of the codes.
        advocate_profile_integration_ids: The integration IDs of the advocates' profiles, 1 to 1000.
        attributes: Custom attributes by name.
        valid_characters: The characters for the random parts of a code (default: A to Z and 0 to 9).
        referral_pattern: The pattern of the codes, 3 to 100 characters; each ``#`` is replaced by a random
            character.
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

    Returned by `createReferral`, by `createReferralsForMultipleAdvocates` with ``silent=no``, and in
    `created_referrals` of Rule Engine responses.

    Attributes:
        id: Talon.One's ID of the referral code.
        created: When the code was created.
        start_date: When the code becomes valid.
        expiry_date: When the code expires; `None` for never.
        usage_limit: How often the code can be used; 0 for no limit. The campaign's usage limits apply as
            well.
        campaign_id: The campaign of the code.
        advocate_profile_integration_id: The integration ID of the advocate's profile.
        friend_profile_integration_id: The integration ID of the only profile that can redeem the code, if
            any.
        attributes: Custom attributes by name.
        import_id: The import that created the code.
        code: The referral code.
        usage_counter: How often the code was used.
        batch_id: The batch of the code.
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
    """A referral code and the customers referred with it.

    Returned by `getCustomerInventory`, `updateCustomerSessionV2` and `returnCartItems`. `Referral` documents
    the inherited attributes.

    Attributes:
        referred_customers: The customers referred with the code.
    """

    referred_customers: list[str]


@attrs.define(kw_only=True, eq=False, repr=False)
class ReferralRejectionReason(Model):
    """Why a referral code was rejected; accompanies a ``rejectReferral`` effect.

    Attributes:
        campaign_id: The campaign of the code.
        referral_id: Talon.One's ID of the referral code.
        reason: A `ReferralRejectionCode`, or a reason newer than this release.
    """

    campaign_id: int
    referral_id: int
    reason: ReferralRejectionCode | str
