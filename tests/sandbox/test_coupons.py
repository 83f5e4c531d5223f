"""Coupons: validity, limits, rejection reasons, reservations, and coupons that rules create."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from talon_async import (
    AcceptCouponEffectProps,
    CouponCreatedEffectProps,
    ErrorEffectProps,
    IntegrationEventV2Request,
    NewCustomerSessionV2,
    NotFoundError,
    RejectCouponEffectProps,
    ReserveCouponEffectProps,
    SetDiscountEffectProps,
    TalonClient,
)
from talon_async.sandbox import Campaign, CouponTerms, Deployment, EvaluationContext
from tests.sandbox.support import granting, props, shoes_and_socks, types

NOW: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)


def ten_off(*terms: CouponTerms | str, **fields: Any) -> Campaign:
    """A campaign that takes 10 off for a coupon."""

    def rule(context: EvaluationContext) -> Any:
        assert context.coupon
        return [
            AcceptCouponEffectProps(value=context.coupon),
            SetDiscountEffectProps(name="10 off", value=10.0),
        ]

    return Campaign(name="10 off", rule=rule, coupons=terms, **fields)


async def reason(talon: TalonClient, session: str = "cart-1", **fields: Any) -> str | None:
    """The rejection reason of the cart's coupon; `None` if it is accepted."""
    state = await talon.sessions.update(session, shoes_and_socks(coupon_codes=["CODE"], **fields))
    rejected = [entry for entry in props(state.effects) if isinstance(entry, RejectCouponEffectProps)]
    return rejected[0].rejection_reason if rejected else None


async def close(talon: TalonClient, session: str = "cart-1") -> None:
    """Place the order of a cart."""
    await talon.sessions.update(session, NewCustomerSessionV2(state="closed"))


@pytest.mark.parametrize(
    ("terms", "campaign", "fields", "expected"),
    [
        ({}, {}, {}, None),
        ({"start_date": NOW + DAY}, {}, {}, "CouponStartDateInFuture"),
        ({"expiry_date": NOW}, {}, {}, "CouponExpired"),
        ({"recipient": "customer-8"}, {}, {}, "CouponRecipientDoesNotMatch"),
        ({"recipient": "customer-7"}, {}, {}, None),
        ({"recipient": "customer-7"}, {}, {"profile_id": ""}, "ProfileRequired"),
        ({"profile_limit": 1}, {}, {"profile_id": ""}, "ProfileRequired"),
        ({"reservation_required": True}, {}, {}, "CouponReservationRequired"),
        ({"reservation_required": True}, {}, {"profile_id": ""}, "ProfileRequired"),
        ({}, {"start_date": NOW + DAY}, {}, "CouponPartOfNotRunningCampaign"),
        ({}, {"end_date": NOW}, {}, "CouponPartOfNotRunningCampaign"),
        ({}, {"budget": 9.0}, {}, "EffectCouldNotBeApplied"),
        ({}, {"budget": 10.0}, {}, None),
    ],
)
async def test_an_invalid_coupon_is_rejected_with_its_reason(
    talon: TalonClient,
    deployment: Deployment,
    terms: dict[str, Any],
    campaign: dict[str, Any],
    fields: dict[str, Any],
    expected: str | None,
) -> None:
    """Dates, recipient, reservation, and the campaign's dates and budget each have a rejection reason."""
    deployment.add_campaign(ten_off(CouponTerms("CODE", **terms), **campaign))
    assert await reason(talon, **fields) == expected


@pytest.mark.parametrize(
    ("terms", "campaign", "expected"),
    [
        ({"usage_limit": 1}, {}, ["CouponLimitReached", "CouponLimitReached"]),
        ({"profile_limit": 1}, {}, ["ProfileLimitReached", None]),
        ({}, {"coupon_limit": 1}, ["CampaignLimitReached", "CampaignLimitReached"]),
        ({}, {"budget": 15.0}, ["EffectCouldNotBeApplied", "EffectCouldNotBeApplied"]),
    ],
)
async def test_cancelling_restores_limits(
    talon: TalonClient,
    deployment: Deployment,
    terms: dict[str, Any],
    campaign: dict[str, Any],
    expected: list[str | None],
) -> None:
    """Only a closed session counts toward limits, and cancelling it restores them."""
    deployment.add_campaign(ten_off(CouponTerms("CODE", **terms), **campaign))
    assert await reason(talon) is None
    assert await reason(talon, "cart-2") is None
    await close(talon)
    same_customer = await reason(talon, "cart-2")
    other_customer = await reason(talon, "cart-3", profile_id="customer-8")
    assert [same_customer, other_customer] == expected
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert await reason(talon, "cart-2") is None


@pytest.mark.parametrize(
    ("limits", "expected"),
    [({"coupon_limit": 1}, "CampaignLimitReached"), ({"budget": 15.0}, "EffectCouldNotBeApplied")],
)
async def test_codes_in_one_cart_share_the_limits(
    talon: TalonClient, deployment: Deployment, limits: dict[str, Any], expected: str
) -> None:
    """The second code of a campaign in a cart gets only the rest of the campaign's limits."""
    running = deployment.add_campaign(ten_off("FIRST", "SECOND", **limits))
    given = shoes_and_socks(coupon_codes=["FIRST", "SECOND"], state="closed")
    effects = (await talon.sessions.update("cart-1", given)).effects
    props_of_campaign = [effect.props for effect in effects if effect.campaign_id == running.id]
    assert props_of_campaign[1:] == [
        SetDiscountEffectProps(name="10 off", value=10.0),
        RejectCouponEffectProps(value="SECOND", rejection_reason=expected),
    ]
    use = deployment.store.campaign_use[running.id]
    assert (use.coupons, use.discount) == (1, 10.0)


async def test_a_budget_limits_campaigns_without_coupons(talon: TalonClient, deployment: Deployment) -> None:
    """A discount above the remaining budget is not granted, until a rollback restores the budget."""
    running = deployment.add_campaign(
        granting(SetDiscountEffectProps(name="for all", value=10.0), budget=15.0)
    )

    async def is_granted(session: str) -> bool:
        effects = (await talon.sessions.update(session, shoes_and_socks())).effects
        return any(effect.campaign_id == running.id for effect in effects)

    assert await is_granted("cart-1")
    await close(talon)
    assert not await is_granted("cart-2")
    await talon.sessions.reopen("cart-1")
    assert await is_granted("cart-2")


async def test_a_reservation_makes_a_coupon_usable(talon: TalonClient, deployment: Deployment) -> None:
    """A coupon is reserved once per customer, also for unknown ones; releasing it ends that."""
    deployment.add_campaign(ten_off(CouponTerms("CODE", reservation_required=True)))
    coupon = await talon.coupons.reserve("CODE", ["customer-7", "customer-8"])
    assert (coupon.value, coupon.reservation_counter, coupon.is_reservation_mandatory) == ("CODE", 2.0, True)
    await talon.coupons.reserve("CODE", ["customer-7"])
    assert [one.integration_id for one in await talon.coupons.reserved_customers("CODE")] == [
        "customer-7",
        "customer-8",
    ]
    assert await reason(talon) is None
    inventory = await talon.profiles.inventory("customer-7", coupons=True)
    assert [(one.value, one.state) for one in inventory.coupons or ()] == [("CODE", "active")]
    await talon.coupons.release("CODE", ["customer-7", "customer-9"])
    assert await reason(talon) == "CouponReservationRequired"
    for call in (talon.coupons.reserve, talon.coupons.release):
        with pytest.raises(NotFoundError, match="'NOPE'"):
            await call("NOPE", ["customer-7"])


async def test_a_rule_creates_coupons(talon: TalonClient, deployment: Deployment) -> None:
    """A created coupon exists after the session closes, for its customer and for one use."""

    def rule(context: EvaluationContext) -> Any:
        if context.closing and context.profile_id == "customer-7":
            code = context.new_code("THANKS-####")
            yield CouponCreatedEffectProps(value=code, profile_id=context.profile_id)

    deployment.add_campaign(Campaign(name="thanks", rule=rule))
    opened = await talon.sessions.update("cart-1", shoes_and_socks())
    closed = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
    assert opened.created_coupons == []
    (coupon,) = closed.created_coupons
    assert (coupon.recipient_integration_id, coupon.usage_limit) == ("customer-7", 1)
    assert coupon.value.startswith("THANKS-")
    assert coupon.value in deployment.coupons


async def test_a_created_coupon_is_evaluated_by_its_campaign(
    talon: TalonClient, deployment: Deployment
) -> None:
    """The creating rule evaluates its coupon. Only the recipient can redeem it, and only once."""

    def rule(context: EvaluationContext) -> Any:
        if context.coupon:
            yield AcceptCouponEffectProps(value=context.coupon)
        elif context.event.type == "signed_up":
            yield CouponCreatedEffectProps(value="CODE", profile_id=context.profile_id)

    deployment.add_campaign(Campaign(name="welcome", rule=rule))
    for expected in (["couponCreated"], ["error"]):
        event = IntegrationEventV2Request(profile_id="customer-7", type="signed_up")
        tracked = await talon.events.track(event, silent=False)
        assert tracked
        assert types(tracked.effects) == expected
    assert await reason(talon, profile_id="customer-8") == "CouponRecipientDoesNotMatch"
    assert await reason(talon) is None
    await close(talon)
    assert await reason(talon, "cart-2") == "CouponLimitReached"


async def test_a_rule_reserves_coupons(talon: TalonClient, deployment: Deployment) -> None:
    """A closed session reserves coupons and says which are new. An unknown code is an error effect."""
    deployment.add_campaign(ten_off("CODE"))
    deployment.add_campaign(
        granting(
            *(
                ReserveCouponEffectProps(
                    coupon_value=code, profile_integration_id="friend", is_new_reservation=True
                )
                for code in ("CODE", "NOPE")
            )
        )
    )
    await talon.sessions.update("cart-1", shoes_and_socks())
    assert await talon.coupons.reserved_customers("CODE") == []
    reserved: list[list[Any]] = []
    for session in ("cart-1", "cart-2"):
        state = await talon.sessions.update(session, shoes_and_socks(state="closed"))
        reserved.append(
            [
                entry.is_new_reservation if isinstance(entry, ReserveCouponEffectProps) else entry
                for entry in props(state.effects)[1:]
            ]
        )
    missing = ErrorEffectProps(message="There is no coupon 'NOPE'")
    assert reserved == [[True, missing], [False, missing]]
    assert [one.integration_id for one in await talon.coupons.reserved_customers("CODE")] == ["friend"]
    assert await reason(talon, "cart-3") is None


async def test_limits_include_the_profile_limit(talon: TalonClient, deployment: Deployment) -> None:
    """A coupon in a response has its usage limit and its limit per profile."""
    deployment.add_campaign(ten_off(CouponTerms("CODE", usage_limit=5, profile_limit=2)))
    coupon = await talon.coupons.reserve("CODE", ["customer-7"])
    assert coupon.limits
    (limit,) = coupon.limits
    assert (coupon.usage_limit, limit.action, limit.limit, limit.entities) == (
        5,
        "redeemCoupon",
        2.0,
        ["Profile"],
    )


async def test_codes_are_unique_and_have_valid_lengths(deployment: Deployment) -> None:
    """A code belongs to one campaign and has 4 to 100 characters."""
    with pytest.raises(ValueError, match="WELCOME10 belong to another campaign"):
        deployment.add_campaign(ten_off("WELCOME10"))
    with pytest.raises(ValueError, match="4 to 100 characters"):
        ten_off("ABC")


async def test_a_code_of_a_skipped_campaign_is_rejected(talon: TalonClient) -> None:
    """A dry run that skips a campaign rejects its code, with campaign ID 0."""
    dry = await talon.sessions.update(
        "cart-1", shoes_and_socks(coupon_codes=["WELCOME10"], evaluable_campaign_ids=[2]), dry=True
    )
    assert types(dry.effects) == ["rejectCoupon"]
    assert [effect.campaign_id for effect in dry.effects] == [0]


async def test_a_campaign_selected_twice_runs_once(talon: TalonClient) -> None:
    """A dry run evaluates selected campaigns in order of ID, each once."""
    given = shoes_and_socks(coupon_codes=["WELCOME10"], state="closed", evaluable_campaign_ids=[2, 1, 1])
    dry = await talon.sessions.update("cart-1", given, dry=True)
    assert types(dry.effects) == ["acceptCoupon", "setDiscount", "addLoyaltyPoints"]
