"""Achievements: how customers come closer to a goal, what is told of it, and when it starts anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from talon_async import (
    AchievementProgress,
    BadRequestError,
    CustomerProfileIntegrationRequestV2,
    Effect,
    IncreaseAchievementProgressEffectProps,
    IntegrationEventV2Request,
    NewCustomerSessionV2,
    NotFoundError,
    RollbackIncreasedAchievementProgressEffectProps,
    StartAchievementProgressEffectProps,
    TalonClient,
)
from talon_async.models import EffectProps
from talon_async.sandbox import Achievement, Campaign, Deployment, EvaluationContext
from tests.sandbox.support import props, shoes_and_socks, types

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def orders(**fields: Any) -> Achievement:
    """An achievement of 3 orders."""
    given: dict[str, Any] = {"id": 1, "name": "orders", "title": "Three orders", "target": 3.0}
    return Achievement(**given | fields)


def counting(name: str = "orders", by: float = 1.0, *, start: bool = False) -> Campaign:
    """A campaign by which each context is a step in an achievement."""

    def rule(context: EvaluationContext) -> list[EffectProps]:
        begun = context.achievements.start(name) if start else []
        return [*begun, *context.achievements.increase(name, by)]

    return Campaign(name=f"counts {name}", rule=rule)


async def track(talon: TalonClient) -> list[Effect]:
    """Let a customer do something."""
    event = IntegrationEventV2Request(profile_id="customer-7", type="did_something")
    return (await talon.events.track(event, silent=False)).effects


async def history(talon: TalonClient, **filters: Any) -> list[AchievementProgress]:
    """The customer's rounds in achievement 1."""
    return [entry async for entry in talon.profiles.achievement_history("customer-7", 1, **filters)]


async def standing(talon: TalonClient) -> tuple[str, float]:
    """Where the customer stands in the only achievement."""
    (entry,) = [entry async for entry in talon.profiles.achievements("customer-7")]
    assert entry.current_progress
    return entry.current_progress.status, entry.current_progress.progress


async def test_orders_bring_a_customer_to_the_target(talon: TalonClient, deployment: Deployment) -> None:
    """Effects tell each step while a session is open; it counts as the session closes, and only then."""
    deployment.add_achievement(orders(description="Order thrice", period="30D"))
    deployment.add_campaign(counting(start=True))
    first = await talon.sessions.update(
        "cart-1", shoes_and_socks(cart_items=[]), response_content=["achievements"]
    )
    assert props(first.effects) == [
        StartAchievementProgressEffectProps(
            achievement_id=1,
            achievement_name="orders",
            progress_tracker_id=1,
            target=3.0,
            start_date=NOON,
            end_date=NOON + 30 * DAY,
        ),
        IncreaseAchievementProgressEffectProps(
            achievement_id=1,
            achievement_name="orders",
            progress_tracker_id=1,
            delta=1.0,
            value=1.0,
            target=3.0,
            is_just_completed=False,
        ),
    ]
    assert first.achievements
    assert first.achievements[0].current_progress == AchievementProgress(status="not_started", progress=0.0)
    await talon.sessions.update("cart-1", shoes_and_socks(cart_items=[]), dry=True)
    assert await standing(talon) == ("not_started", 0.0)
    for number in (1, 2):
        await talon.sessions.update(f"cart-{number}", shoes_and_socks(cart_items=[], state="closed"))
    assert await standing(talon) == ("inprogress", 2.0)
    last = await talon.sessions.update(
        "cart-3", shoes_and_socks(cart_items=[], state="closed"), response_content=["achievements"]
    )
    (step,) = props(last.effects)
    assert isinstance(step, IncreaseAchievementProgressEffectProps)
    assert (step.progress_tracker_id, step.value, step.is_just_completed) == (1, 3.0, True)
    assert last.achievements
    (told,) = last.achievements
    assert (told.id, told.name, told.title, told.description) == (1, "orders", "Three orders", "Order thrice")
    assert told.current_progress == AchievementProgress(
        status="completed",
        progress=3.0,
        start_date=NOON,
        completion_date=NOON,
        end_date=NOON + 30 * DAY,
    )
    after = await talon.sessions.update("cart-4", shoes_and_socks(cart_items=[], state="closed"))
    assert not after.effects, "once done, it is done"


async def test_a_rule_sees_what_was_granted_before_it(talon: TalonClient, deployment: Deployment) -> None:
    """Steps in one evaluation add up, and a rule can look at where they led, to reward it."""
    deployment.add_achievement(orders())
    deployment.add_campaign(counting())
    deployment.add_campaign(counting(by=2.5))
    seen: list[str] = []

    def rule(context: EvaluationContext) -> list[EffectProps]:
        seen.append(context.achievements.progress("orders").status)
        return []

    deployment.add_campaign(Campaign(name="looks", rule=rule))
    steps = [step for step in props(await track(talon)) if step]
    assert [getattr(step, "value", None) for step in steps] == [1.0, 3.5]
    assert seen == ["completed"]
    assert await standing(talon) == ("completed", 3.5)


async def test_what_goes_past_the_target_begins_the_next_round(
    talon: TalonClient, deployment: Deployment
) -> None:
    """On completion an achievement starts anew at once, each round with a tracker of its own and no end."""
    deployment.add_achievement(orders(recurrence_policy="on_completion"))
    deployment.add_campaign(counting(by=7.0))
    steps = [
        step for step in props(await track(talon)) if isinstance(step, IncreaseAchievementProgressEffectProps)
    ]
    assert [(s.progress_tracker_id, s.delta, s.value, s.is_just_completed) for s in steps] == [
        (1, 3.0, 3.0, True),
        (2, 3.0, 3.0, True),
        (3, 1.0, 1.0, False),
    ]
    assert await standing(talon) == ("inprogress", 1.0)
    assert [(entry.status, entry.end_date) for entry in await history(talon)] == [
        ("completed", None),
        ("completed", None),
        ("inprogress", None),
    ]


async def test_rounds_end_and_can_be_begun_anew(talon: TalonClient, deployment: Deployment) -> None:
    """On expiration the next step begins a new round; without recurrence an expired round is the last."""
    deployment.add_achievement(orders(recurrence_policy="on_expiration", period="7D"))
    deployment.add_achievement(orders(id=2, name="visits", period="7D"))
    deployment.add_campaign(counting())
    deployment.add_campaign(counting("visits"))
    assert len(await track(talon)) == 2
    deployment.clock.advance(days=7)
    entries = [entry async for entry in talon.profiles.achievements("customer-7")]
    assert [entry.current_progress and entry.current_progress.status for entry in entries] == [
        "not_started",
        "expired",
    ]
    assert types(await track(talon)) == ["increaseAchievementProgress"]
    rounds = await history(talon)
    assert [(entry.status, entry.start_date) for entry in rounds] == [
        ("expired", NOON),
        ("inprogress", NOON + 7 * DAY),
    ]
    assert await history(talon, progress_status=["expired"]) == rounds[:1]
    assert await history(talon, start_date=NOON + DAY) == rounds[1:]
    assert await history(talon, end_date=NOON) == rounds[:1]
    assert await history(talon, skip=1, page_size=1) == rounds[1:]


async def test_a_fixed_schedule_holds_for_everybody(talon: TalonClient, deployment: Deployment) -> None:
    """Before its start nothing counts; rounds end by the schedule, not by when the customer began."""
    start = NOON + DAY
    deployment.add_achievement(
        orders(
            activation_policy="fixed_schedule",
            recurrence_policy="on_expiration",
            fixed_start_date=start,
            period="1M",
            end_date=start + 40 * DAY,
        )
    )
    deployment.add_campaign(counting())
    assert not await track(talon)
    found = [
        entry async for entry in talon.profiles.achievements("customer-7", achievement_status=["scheduled"])
    ]
    assert [entry.status for entry in found] == ["scheduled"]
    assert not [entry async for entry in talon.profiles.achievements("customer-7")]
    deployment.clock.advance(days=11)
    await track(talon)
    deployment.clock.advance(days=29)
    await track(talon)
    assert [entry.end_date for entry in await history(talon)] == [
        datetime(2026, 6, 2, 12, tzinfo=UTC),
        start + 40 * DAY,
    ]
    deployment.clock.advance(days=1)
    assert not await track(talon), "it has ended"
    assert not [entry async for entry in talon.profiles.achievements("customer-7")]


async def test_a_schedule_without_recurrence_has_one_round(
    talon: TalonClient, deployment: Deployment
) -> None:
    """It ends for everybody with the first period, whoever has taken part or not."""
    deployment.add_achievement(
        orders(
            activation_policy="fixed_schedule", fixed_start_date=NOON, period="7D", end_date=NOON + 90 * DAY
        )
    )
    deployment.add_campaign(counting())
    deployment.clock.advance(days=6)
    await track(talon)
    assert [entry.end_date for entry in await history(talon)] == [NOON + 7 * DAY]
    deployment.clock.advance(days=1)
    assert not await track(talon)
    assert [entry.status for entry in await history(talon)] == ["expired"]


@pytest.mark.parametrize("undo", ["cancel", "reopen"])
async def test_steps_are_taken_back(talon: TalonClient, deployment: Deployment, undo: str) -> None:
    """Cancelling or reopening an order takes its step back, whatever steps came after it."""
    deployment.add_achievement(orders())
    deployment.add_campaign(counting())
    for number in (1, 2):
        await talon.sessions.update(f"cart-{number}", shoes_and_socks(cart_items=[], state="closed"))
    answer: Any
    if undo == "cancel":
        answer = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    else:
        answer = await talon.sessions.reopen("cart-1")
    assert props(answer.effects) == [
        RollbackIncreasedAchievementProgressEffectProps(
            achievement_id=1,
            achievement_name="orders",
            progress_tracker_id=1,
            decrease_progress_by=1.0,
            current_progress=1.0,
            target=3.0,
        )
    ]
    assert await standing(talon) == ("inprogress", 1.0)


@pytest.mark.parametrize("allowed", [True, False])
async def test_a_completed_round_is_undone_only_where_that_is_allowed(
    talon: TalonClient, deployment: Deployment, allowed: bool
) -> None:
    """By default what is completed stays so; an achievement can be set up to have it otherwise."""
    deployment.add_achievement(orders(target=1.0, allow_rollback_after_completion=allowed))
    deployment.add_campaign(counting())
    await talon.sessions.update("cart-1", shoes_and_socks(cart_items=[], state="closed"))
    answer = await talon.sessions.reopen("cart-1")
    assert types(answer.effects) == ["rollbackIncreasedAchievementProgress"] * allowed
    assert await standing(talon) == (("inprogress", 0.0) if allowed else ("completed", 1.0))


async def test_achievements_are_filtered_and_paged(talon: TalonClient, deployment: Deployment) -> None:
    """Filters are met together; each page counts all entries that meet them."""
    for number, name in enumerate(("orders", "visits", "reviews"), start=1):
        deployment.add_achievement(orders(id=number, name=name, campaign_id=min(number, 2)))
    deployment.add_campaign(counting("visits"))
    await track(talon)

    async def names(**filters: Any) -> list[str]:
        return [entry.name async for entry in talon.profiles.achievements("customer-7", **filters)]

    assert await names() == ["orders", "visits", "reviews"]
    assert await names(page_size=1) == ["orders", "visits", "reviews"]
    assert await names(campaign_ids=["2"]) == ["visits", "reviews"]
    assert await names(campaign_ids=["2"], achievement_ids=["1", "3"]) == ["reviews"]
    assert await names(current_progress_status=["inprogress", "completed"]) == ["visits"]
    page = await talon.profiles.achievements("customer-7", page_size=1, skip=1).page()
    assert (page.total_result_size, [entry.name for entry in page.data]) == (3, ["visits"])
    with pytest.raises(BadRequestError) as refused:
        await names(campaign_ids=["spring"])
    assert refused.value.errors[0].parameter == "campaignIds"


async def test_achievements_need_a_known_customer(talon: TalonClient, deployment: Deployment) -> None:
    """A profile or achievement that is none is not found; an anonymous session makes no progress."""
    deployment.add_achievement(orders())
    deployment.add_campaign(counting())
    with pytest.raises(NotFoundError, match="'customer-7'"):
        await standing(talon)
    with pytest.raises(NotFoundError, match="'customer-7'"):
        await history(talon)
    answer = await talon.sessions.update("cart-1", shoes_and_socks(profile_id="", state="closed"))
    assert "increaseAchievementProgress" not in types(answer.effects)
    await talon.profiles.update("customer-7", CustomerProfileIntegrationRequestV2())
    with pytest.raises(NotFoundError, match="no achievement 9"):
        await talon.profiles.achievement_history("customer-7", 9).page()


async def test_effects_of_ones_own_count_too(talon: TalonClient, deployment: Deployment) -> None:
    """A rule can give properties that it made itself; those for no known achievement move nothing."""
    deployment.add_achievement(orders())

    def step(achievement_id: int, tracker: int | None) -> IncreaseAchievementProgressEffectProps:
        return IncreaseAchievementProgressEffectProps(
            achievement_id=achievement_id,
            achievement_name="orders",
            progress_tracker_id=tracker,
            delta=1.0,
            value=1.0,
            target=3.0,
            is_just_completed=False,
        )

    deployment.add_campaign(
        Campaign(name="own", rule=lambda _: [step(1, 7), step(1, 7), step(1, None), step(5, 9)])
    )
    await track(talon)
    assert [
        (entry.tracker_id, entry.progress) for entry in deployment.store.achievement_progress["customer-7"]
    ] == [
        (7, 2.0),
        (8, 1.0),
    ]
