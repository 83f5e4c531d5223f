"""Loyalty cards: generation, links to customers, and points."""

import re
from typing import Any

import pytest

from talon_async import (
    AddLoyaltyPointsEffectProps,
    BadRequestError,
    DeductLoyaltyPointsEffectProps,
    NewCustomerSessionV2,
    NotFoundError,
    TalonClient,
)
from talon_async.models import EffectProps
from talon_async.sandbox import Campaign, Deployment, EvaluationContext, LoyaltyProgram
from tests.sandbox.checked import checked_deployment
from tests.sandbox.loyalty import NOON
from tests.sandbox.support import add_program, plain_http, points_of, props, shoes_and_socks, types

CARDS = LoyaltyProgram(id=2, name="cards", title="Cards", card_based=True, users_per_card_limit=2)


@pytest.fixture(autouse=True)
def program(deployment: Deployment) -> None:
    """A card-based program for two customers per card, three profiles, and a campaign with points."""
    add_program(deployment, CARDS)
    for customer in ("customer-7", "customer-8", "customer-9"):
        deployment.store.get_or_create_profile(customer, deployment.clock.now())

    def rule(context: EvaluationContext) -> list[EffectProps]:
        return [
            AddLoyaltyPointsEffectProps(
                name="stamps",
                program_id=2,
                sub_ledger_id="",
                value=30.0,
                recipient_integration_id=context.profile_id,
                transaction_uuid=context.new_uuid(),
            ),
            DeductLoyaltyPointsEffectProps(
                rule_title="coffee",
                program_id=2,
                sub_ledger_id="",
                value=10.0,
                transaction_uuid=context.new_uuid(),
                name="coffee",
            ),
        ]

    deployment.add_campaign(Campaign(name="stamps", rule=rule))


async def test_cards_are_generated(talon: TalonClient) -> None:
    """A card has a given or generated identifier and is linked to the given customers."""
    cards = talon.loyalty.program(2)
    plain = await cards.generate_card()
    assert re.fullmatch(r"[A-Z0-9]{12}", plain.identifier)
    assert (plain.id, plain.status, plain.profiles, plain.users_per_card_limit) == (1, "active", [], 2)
    assert (plain.program_id, plain.program_name, plain.program_title) == (2, "cards", "Cards")
    assert plain.ledger
    assert plain.ledger.current_balance == 0.0
    given = await cards.generate_card(
        card_identifier="CARD-1", status="inactive", customer_profile_ids=["customer-7", "customer-8"]
    )
    assert (given.identifier, given.status, given.created) == ("CARD-1", "inactive", NOON)
    assert given.profiles
    assert [(entry.integration_id, entry.timestamp) for entry in given.profiles] == [
        ("customer-7", NOON),
        ("customer-8", NOON),
    ]


async def test_card_identifiers_come_from_the_seed() -> None:
    """The same seed generates the same identifiers, another seed others."""
    identifiers: list[str] = []
    for seed in (5, 5, 6):
        async with plain_http(checked_deployment(seed=seed, loyalty_programs=[CARDS])) as http:
            response = await http.post("/v1/loyalty_programs/2/cards", json={})
            identifiers.append(response.json()["identifier"])
    assert identifiers[0] == identifiers[1] != identifiers[2]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"card_identifier": "EXISTING"}, "/cardIdentifier"),
        ({"customer_profile_ids": ["customer-7", "nobody"]}, "/customerProfileIds/1"),
        ({"customer_profile_ids": ["customer-7", "customer-8", "customer-9"]}, "/customerProfileIds"),
    ],
)
async def test_invalid_cards_are_refused(
    talon: TalonClient, deployment: Deployment, fields: dict[str, Any], pointer: str
) -> None:
    """A repeated identifier, an unknown customer, and too many customers are refused."""
    await talon.loyalty.program(2).generate_card(card_identifier="EXISTING")
    with pytest.raises(BadRequestError) as refused:
        await talon.loyalty.program(2).generate_card(**fields)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert list(deployment.store.loyalty_cards[2]) == ["EXISTING"]
    for number, message in ((1, "profile-based"), (9, "no loyalty program 9")):
        with pytest.raises(BadRequestError, match=message):
            await talon.loyalty.program(number).generate_card()


async def test_cards_are_linked_up_to_their_limit(talon: TalonClient, deployment: Deployment) -> None:
    """Customers are linked up to the program's limit, and unlinked."""
    await talon.loyalty.program(2).generate_card(card_identifier="CARD-1")
    card = talon.loyalty.cards(2, "CARD-1")
    await card.link("customer-7")
    deployment.clock.advance(days=1)
    linked = await card.link("customer-8")
    assert linked.profiles
    assert [entry.integration_id for entry in linked.profiles] == ["customer-7", "customer-8"]
    assert linked.modified == deployment.clock.now()
    assert linked.created == NOON
    for customer, message in (("customer-9", "its limit"), ("customer-8", "already")):
        with pytest.raises(BadRequestError, match=message):
            await card.link(customer)
    with pytest.raises(NotFoundError, match="'nobody'"):
        await card.link("nobody")
    unlinked = await card.unlink("customer-7")
    assert unlinked.profiles
    assert [entry.integration_id for entry in unlinked.profiles] == ["customer-8"]
    with pytest.raises(BadRequestError, match="not linked"):
        await card.unlink("customer-7")
    balances = await card.balances()
    assert balances.profiles == unlinked.profiles
    inventory = await talon.profiles.inventory("customer-8", loyalty=True)
    assert inventory.loyalty
    assert inventory.loyalty.cards
    assert [card.identifier for card in inventory.loyalty.cards] == ["CARD-1"]
    with pytest.raises(NotFoundError, match="'CARD-9'"):
        await talon.loyalty.cards(2, "CARD-9").balances()
    with pytest.raises(BadRequestError, match="profile-based"):
        await talon.loyalty.cards(1, "CARD-1").balances()


@pytest.mark.parametrize("profile_id", ["customer-7", ""])
async def test_a_session_adds_and_deducts_card_points(
    talon: TalonClient, deployment: Deployment, profile_id: str
) -> None:
    """The card of a session earns and spends points, also for anonymous customers; cancelling undoes it."""
    await talon.loyalty.program(2).generate_card(card_identifier="CARD-1")
    session = shoes_and_socks(profile_id=profile_id, loyalty_cards=["CARD-1"])
    opened = await talon.sessions.update("cart-1", session, response_content=["loyalty"])
    assert opened.loyalty
    assert opened.loyalty.cards
    assert opened.loyalty.cards[0].ledger
    ledger = opened.loyalty.cards[0].ledger
    assert (ledger.current_balance, ledger.tentative_current_balance) == (0.0, 20.0)
    assert list(opened.loyalty.programs) == (["points"] if profile_id else [])
    closed = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="closed"), response_content=["loyalty"]
    )
    identifiers = [
        effect.card_identifier
        for effect in props(closed.effects)
        if isinstance(effect, AddLoyaltyPointsEffectProps | DeductLoyaltyPointsEffectProps)
        and effect.program_id == 2
    ]
    assert identifiers == ["CARD-1", "CARD-1"]
    assert closed.loyalty
    assert closed.loyalty.cards
    assert closed.loyalty.cards[0].ledger
    assert closed.loyalty.cards[0].ledger.current_balance == 20.0
    card = talon.loyalty.cards(2, "CARD-1")
    balance = (await card.balances(subledger_ids=[""])).balance
    assert balance
    assert (balance.active_points, balance.spent_points) == (20.0, 10.0)
    (remaining,) = [entry async for entry in card.points()]
    assert (remaining.amount, remaining.customer_profile_id, remaining.customer_session_id) == (
        20.0,
        profile_id or None,
        "cart-1",
    )
    log = [entry async for entry in card.transactions(customer_session_ids=["cart-1"], subledger_ids=[""])]
    assert [(entry.type, entry.amount, entry.card_identifier) for entry in log] == [
        ("subtraction", 10.0, "CARD-1"),
        ("addition", 30.0, "CARD-1"),
    ]
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    balance = (await card.balances()).balance
    assert balance
    assert (balance.active_points, balance.spent_points, balance.negative_points) == (0.0, 0.0, 0.0)
    assert points_of(deployment) == 0.0


async def test_points_need_an_active_card(talon: TalonClient, deployment: Deployment) -> None:
    """Without a card, or with an unknown or inactive one, effects are returned and no points change."""
    await talon.loyalty.program(2).generate_card(card_identifier="BLOCKED", status="inactive")
    for session, cards in (("one", []), ("two", ["UNKNOWN"]), ("three", ["BLOCKED"])):
        response = await talon.sessions.update(
            session,
            NewCustomerSessionV2(profile_id="customer-7", loyalty_cards=cards, state="closed"),
            response_content=["loyalty"],
        )
        assert types(response.effects) == ["addLoyaltyPoints", "deductLoyaltyPoints"]
        assert response.loyalty
        assert [card.identifier for card in response.loyalty.cards or ()] == [
            name for name in cards if name == "BLOCKED"
        ]
    assert 2 not in deployment.store.points.accounts
    with pytest.raises(ValueError, match="no loyalty card 'UNKNOWN'"):
        deployment.add_points("UNKNOWN", 5.0, program_id=2)
