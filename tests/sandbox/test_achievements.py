"""Achievements: progress, completion, recurrence, schedules and rollback."""

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
    """A campaign that increases the progress on every evaluation."""

    def rule(context: EvaluationContext) -> list[EffectProps]:
        started = context.achievements.start(name) if start else []
        return [*started, *context.achievements.increase(name, by)]

    return Campaign(name=f"counts {name}", rule=rule)


async def test_an_achievement_names_its_campaigns(talon: TalonClient, deployment: Deployment) -> None:
    """Session, list and inventory name the campaigns that use an achievement."""
    campaign = deployment.add_campaign(counting())
    deployment.add_achievement(orders(campaign_id=campaign.id))
    state = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=["achievements"])
    listed = [entry async for entry in talon.profiles.achievements("customer-7")]
    inventory = await talon.profiles.inventory("customer-7", achievements=True)
    found = [*(state.achievements or ()), *listed, *(inventory.achievements or ())]
    assert [entry.campaign_ids for entry in found] == [[campaign.id]] * 3
    for entry in found:
        assert entry.referenced_by_campaigns
        assert [each.id for each in entry.referenced_by_campaigns] == [campaign.id]


async def track(talon: TalonClient) -> list[Effect]:
    """Track an event of the customer."""
    event = IntegrationEventV2Request(profile_id="customer-7", type="did_something")
    return (await talon.events.track(event, silent=False)).effects


async def history(talon: TalonClient, **filters: Any) -> list[AchievementProgress]:
    """The customer's progress history in achievement 1."""
    return [entry async for entry in talon.profiles.achievement_history("customer-7", 1, **filters)]


async def current_progress(talon: TalonClient) -> tuple[str, float]:
    """Status and progress of the customer in the only achievement."""
    (entry,) = [entry async for entry in talon.profiles.achievements("customer-7")]
    assert entry.current_progress
    return entry.current_progress.status, entry.current_progress.progress


async def test_closed_orders_count_until_completion(talon: TalonClient, deployment: Deployment) -> None:
    """An open session only shows the progress effects. Closing it stores the progress."""
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
    assert await current_progress(talon) == ("not_started", 0.0)
    for number in (1, 2):
        await talon.sessions.update(f"cart-{number}", shoes_and_socks(cart_items=[], state="closed"))
    assert await current_progress(talon) == ("inprogress", 2.0)
    last = await talon.sessions.update(
        "cart-3", shoes_and_socks(cart_items=[], state="closed"), response_content=["achievements"]
    )
    (increase,) = props(last.effects)
    assert isinstance(increase, IncreaseAchievementProgressEffectProps)
    assert (increase.progress_tracker_id, increase.value, increase.is_just_completed) == (1, 3.0, True)
    assert last.achievements
    (achievement,) = last.achievements
    assert (achievement.id, achievement.name, achievement.title, achievement.description) == (
        1,
        "orders",
        "Three orders",
        "Order thrice",
    )
    assert achievement.current_progress == AchievementProgress(
        status="completed",
        progress=3.0,
        start_date=NOON,
        completion_date=NOON,
        end_date=NOON + 30 * DAY,
    )
    after = await talon.sessions.update("cart-4", shoes_and_socks(cart_items=[], state="closed"))
    assert not after.effects, "a completed achievement does not restart"


async def test_progress_adds_up_within_an_evaluation(talon: TalonClient, deployment: Deployment) -> None:
    """Increases in one evaluation add up, and later rules see the sum."""
    deployment.add_achievement(orders())
    deployment.add_campaign(counting())
    deployment.add_campaign(counting(by=2.5))
    seen: list[str] = []

    def rule(context: EvaluationContext) -> list[EffectProps]:
        seen.append(context.achievements.progress("orders").status)
        return []

    deployment.add_campaign(Campaign(name="records", rule=rule))
    increases = [increase for increase in props(await track(talon)) if increase]
    assert [getattr(increase, "value", None) for increase in increases] == [1.0, 3.5]
    assert seen == ["completed"]
    assert await current_progress(talon) == ("completed", 3.5)


async def test_excess_progress_counts_for_the_next_round(talon: TalonClient, deployment: Deployment) -> None:
    """With recurrence on completion, excess progress starts new rounds, each with its own tracker."""
    deployment.add_achievement(orders(recurrence_policy="on_completion"))
    deployment.add_campaign(counting(by=7.0))
    increases = [
        increase
        for increase in props(await track(talon))
        if isinstance(increase, IncreaseAchievementProgressEffectProps)
    ]
    assert [(s.progress_tracker_id, s.delta, s.value, s.is_just_completed) for s in increases] == [
        (1, 3.0, 3.0, True),
        (2, 3.0, 3.0, True),
        (3, 1.0, 1.0, False),
    ]
    assert await current_progress(talon) == ("inprogress", 1.0)
    assert [(entry.status, entry.end_date) for entry in await history(talon)] == [
        ("completed", None),
        ("completed", None),
        ("inprogress", None),
    ]


async def test_recurrence_on_expiration_starts_a_new_round(
    talon: TalonClient, deployment: Deployment
) -> None:
    """With recurrence on expiration, progress after the end starts a new round; otherwise none counts."""
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


async def test_a_fixed_schedule_sets_start_and_end(talon: TalonClient, deployment: Deployment) -> None:
    """Progress counts from the scheduled start. Rounds end by the schedule for every customer."""
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
    assert not await track(talon), "the schedule has ended"
    assert not [entry async for entry in talon.profiles.achievements("customer-7")]


async def test_a_schedule_without_recurrence_has_one_round(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Without recurrence, a scheduled achievement ends with its first period."""
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
async def test_progress_is_rolled_back(talon: TalonClient, deployment: Deployment, undo: str) -> None:
    """Cancelling or reopening an order rolls back its progress, even after later progress."""
    deployment.add_achievement(orders())
    deployment.add_campaign(counting())
    for number in (1, 2):
        await talon.sessions.update(f"cart-{number}", shoes_and_socks(cart_items=[], state="closed"))
    response: Any
    if undo == "cancel":
        response = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    else:
        response = await talon.sessions.reopen("cart-1")
    assert props(response.effects) == [
        RollbackIncreasedAchievementProgressEffectProps(
            achievement_id=1,
            achievement_name="orders",
            progress_tracker_id=1,
            decrease_progress_by=1.0,
            current_progress=1.0,
            target=3.0,
        )
    ]
    assert await current_progress(talon) == ("inprogress", 1.0)


@pytest.mark.parametrize("allowed", [True, False])
async def test_a_completed_round_is_rolled_back_only_if_allowed(
    talon: TalonClient, deployment: Deployment, allowed: bool
) -> None:
    """A completed round is rolled back only with `allow_rollback_after_completion`."""
    deployment.add_achievement(orders(target=1.0, allow_rollback_after_completion=allowed))
    deployment.add_campaign(counting())
    await talon.sessions.update("cart-1", shoes_and_socks(cart_items=[], state="closed"))
    response = await talon.sessions.reopen("cart-1")
    assert types(response.effects) == ["rollbackIncreasedAchievementProgress"] * allowed
    assert await current_progress(talon) == (("inprogress", 0.0) if allowed else ("completed", 1.0))


async def test_achievements_are_filtered_and_paged(talon: TalonClient, deployment: Deployment) -> None:
    """Filters combine with AND, and pages count all matching entries."""
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


async def test_an_unknown_customer_or_achievement_is_not_found(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Unknown customers and achievements give 404. An anonymous session makes no progress."""
    deployment.add_achievement(orders())
    deployment.add_campaign(counting())
    with pytest.raises(NotFoundError, match="'customer-7'"):
        await current_progress(talon)
    with pytest.raises(NotFoundError, match="'customer-7'"):
        await history(talon)
    response = await talon.sessions.update("cart-1", shoes_and_socks(profile_id="", state="closed"))
    assert "increaseAchievementProgress" not in types(response.effects)
    await talon.profiles.update("customer-7", CustomerProfileIntegrationRequestV2())
    with pytest.raises(NotFoundError, match="no achievement 9"):
        await talon.profiles.achievement_history("customer-7", 9).page()


async def test_a_rule_can_construct_progress_effects(talon: TalonClient, deployment: Deployment) -> None:
    """Effects that a rule constructs itself count. Those for unknown achievements have no effect."""
    deployment.add_achievement(orders())

    def increase(achievement_id: int, tracker: int | None) -> IncreaseAchievementProgressEffectProps:
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
        Campaign(
            name="own", rule=lambda _: [increase(1, 7), increase(1, 7), increase(1, None), increase(5, 9)]
        )
    )
    await track(talon)
    assert [
        (entry.tracker_id, entry.progress) for entry in deployment.store.achievement_progress["customer-7"]
    ] == [
        (7, 2.0),
        (8, 1.0),
    ]
