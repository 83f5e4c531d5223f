"""The inventory of a customer, by the requested sections."""

from typing import Any

import pytest

from talon_async import NotFoundError, TalonClient
from talon_async._operations.profiles import GET_CUSTOMER_INVENTORY
from talon_async.models import EffectProps
from talon_async.sandbox import Achievement, Campaign, Deployment, EvaluationContext, GiveawayPool
from tests.sandbox.support import close_order, configure, profile_of

POOL = GiveawayPool(id=1, name="Gift cards", codes=("GIFT-1", "GIFT-2"))

SECTIONS = [parameter.name for parameter in GET_CUSTOMER_INVENTORY.query]


@pytest.fixture
async def customer(talon: TalonClient, deployment: Deployment) -> None:
    """A customer with an entry in each section."""
    configure(deployment, giveaway_pools={POOL.id: POOL})
    deployment.add_achievement(Achievement(id=3, name="orders", title="Ten orders", target=10.0, period="1Y"))

    def rule(context: EvaluationContext) -> list[EffectProps]:
        return [POOL.award(context.profile_id), *context.achievements.increase("orders")]

    deployment.add_campaign(Campaign(name="rewards", rule=rule))
    await close_order(talon)


@pytest.mark.usefixtures("customer")
async def test_an_inventory_lists_each_section(talon: TalonClient, deployment: Deployment) -> None:
    """The inventory has profile, redeemed coupons, points, giveaways and achievements."""
    everything: dict[str, Any] = dict.fromkeys(SECTIONS, True)
    inventory = await talon.profiles.inventory("customer-7", **everything)
    assert inventory.profile == profile_of(deployment)
    assert inventory.referrals == []
    assert inventory.coupons
    (coupon,) = inventory.coupons
    assert (coupon.value, coupon.usage_counter, coupon.profile_redemption_count, coupon.state) == (
        "WELCOME10",
        1,
        1,
        "active",
    )
    assert inventory.loyalty
    assert inventory.loyalty.programs["points"].ledger.current_balance == 100.0
    assert inventory.giveaways
    assert [giveaway.code for giveaway in inventory.giveaways] == ["GIFT-1"]
    assert inventory.achievements
    (achievement,) = inventory.achievements
    assert (achievement.achievement_id, achievement.name, achievement.target) == (3, "orders", 10.0)
    assert (achievement.status, achievement.progress) == ("inprogress", 1.0)
    assert achievement.start_date == deployment.clock.now()
    assert inventory.rewards == []


@pytest.mark.usefixtures("customer")
@pytest.mark.parametrize("section", [*SECTIONS, None])
async def test_only_the_requested_section_is_included(talon: TalonClient, section: str | None) -> None:
    """Each section is included only on request."""
    requested: dict[str, Any] = {name: name == section for name in SECTIONS}
    inventory = await talon.profiles.inventory("customer-7", **requested)
    included = [name for name in SECTIONS if getattr(inventory, name) is not None]
    assert included == ([section] if section else [])


@pytest.mark.usefixtures("customer")
async def test_an_inactive_customer_has_an_empty_inventory(
    talon: TalonClient, deployment: Deployment
) -> None:
    """The inventory has no entries of other customers, and reading it creates no event."""
    deployment.store.get_or_create_profile("customer-8", deployment.clock.now())
    events = len(deployment.events)
    inventory = await talon.profiles.inventory("customer-8", coupons=True, giveaways=True, achievements=True)
    assert (inventory.coupons, inventory.giveaways) == ([], [])
    assert inventory.achievements
    assert [entry.status for entry in inventory.achievements] == ["not_started"]
    assert len(deployment.events) == events
    with pytest.raises(NotFoundError, match="'nobody'"):
        await talon.profiles.inventory("nobody", profile=True)
