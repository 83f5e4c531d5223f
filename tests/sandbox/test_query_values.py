"""Query values as clients in other languages write them."""

from typing import Any

import httpx
import pytest

from talon_async import TalonClient
from talon_async.sandbox import Achievement, Deployment, LoyaltyProgram
from tests.sandbox.loyalty import NOON, day
from tests.sandbox.support import add_program, granting

ACHIEVEMENTS = "/v1/customer_profiles/customer-7/achievements"
BOTH = ["10% off with WELCOME10", "points on purchases"]


@pytest.mark.parametrize("comma", [",", "%2C", "%2c"])
@pytest.mark.parametrize(
    ("target", "names"),
    [
        (
            "/v1/integration/campaigns?campaignIds=1{comma}2",
            ["10% off with WELCOME10", "points on purchases"],
        ),
        (f"{ACHIEVEMENTS}?campaignIds=1{{comma}}9", ["active"]),
        (f"{ACHIEVEMENTS}?achievementIds=1{{comma}}3", ["active"]),
        (f"{ACHIEVEMENTS}?achievementStatus=active{{comma}}scheduled", ["active", "scheduled"]),
        (f"{ACHIEVEMENTS}?currentProgressStatus=inprogress{{comma}}not_started", ["active"]),
    ],
)
async def test_comma_joined_values_can_be_percent_encoded(
    deployment: Deployment, http: httpx.AsyncClient, target: str, names: list[str], comma: str
) -> None:
    """A list whose separating commas are percent-encoded selects the same as one with plain commas."""
    deployment.add_achievement(Achievement(id=1, name="active", title="Active", target=1.0))
    deployment.add_achievement(
        Achievement(
            id=2,
            name="scheduled",
            title="Scheduled",
            target=1.0,
            campaign_id=2,
            activation_policy="fixed_schedule",
            fixed_start_date=day(9),
        )
    )
    await http.put("/v2/customer_profiles/customer-7", json={})
    response = await http.get(target.format(comma=comma))
    assert [entry["name"] for entry in response.raise_for_status().json()["data"]] == names


@pytest.mark.parametrize("comma", [",", "%2C"])
async def test_the_history_is_filtered_by_several_statuses(
    deployment: Deployment, http: httpx.AsyncClient, comma: str
) -> None:
    """An encoded comma separates the statuses of a customer's rounds, too."""
    deployment.add_achievement(Achievement(id=1, name="active", title="Active", target=1.0))
    await http.put("/v2/customer_profiles/customer-7", json={})
    response = await http.get(f"{ACHIEVEMENTS}/1?progressStatus=inprogress{comma}completed")
    assert response.raise_for_status().json() == {"totalResultSize": 0, "data": []}


async def test_a_comma_in_a_repeated_value_does_not_separate(
    http: httpx.AsyncClient, deployment: Deployment
) -> None:
    """Parameters that are repeated for each item keep the commas of their values."""
    deployment.add_points("customer-7", 3.0, sub_ledger_id="a,b")
    response = await http.get("/v1/loyalty_programs/1/profile/customer-7/points?subledgerId=a%2Cb")
    assert [entry["amount"] for entry in response.raise_for_status().json()["data"]] == [3.0]


@pytest.fixture
async def ledgers(deployment: Deployment, talon: TalonClient) -> str:
    """5 points at noon of May 1 and 7 points a day later, of a customer and of a card; the card."""
    add_program(deployment, LoyaltyProgram(id=2, name="cards", title="Cards", card_based=True))
    card = (await talon.loyalty.program(2).generate_card()).identifier
    for points in (5.0, 7.0):
        deployment.add_points("customer-7", points, name=f"{points:g}")
        deployment.add_points(card, points, program_id=2, name=f"{points:g}")
        deployment.clock.advance(days=1)
    return card


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"startDate": "2026-05-02"}, ["7"]),
        ({"endDate": "2026-05-02"}, ["5"]),
        ({"endDate": "2026-05-02T12:00:00"}, ["7", "5"]),
        ({"endDate": "2026-05-02T11:59:59"}, ["5"]),
        ({"startDate": "2026-05-01", "endDate": "2026-05-03"}, ["7", "5"]),
        ({"endDate": "2026-05-02T13:00:00+02:00"}, ["5"]),
    ],
)
async def test_dates_of_transactions_are_midnight_utc(
    http: httpx.AsyncClient, ledgers: str, filters: dict[str, Any], names: list[str]
) -> None:
    """A date without a time is its midnight, and a time without a zone is in UTC."""
    for holder in ("1/profile/customer-7", f"2/cards/{ledgers}"):
        path = f"/v1/loyalty_programs/{holder}/transactions"
        response = await http.get(path, params=filters)
        assert [entry["name"] for entry in response.raise_for_status().json()["data"]] == names


@pytest.mark.parametrize(
    ("end", "active"),
    [("2026-05-01", 0.0), ("2026-05-02", 5.0), ("2026-05-03", 12.0), ("2026-05-02T12:00:00", 12.0)],
)
async def test_balances_before_a_date(http: httpx.AsyncClient, ledgers: str, end: str, active: float) -> None:
    """Balances at a date are those at its midnight in UTC."""
    for holder in ("1/profile/customer-7", f"2/cards/{ledgers}"):
        response = await http.get(f"/v1/loyalty_programs/{holder}/balances", params={"endDate": end})
        assert response.raise_for_status().json()["balance"]["activePoints"] == active


@pytest.mark.parametrize(
    ("name", "date", "found"),
    [
        ("startAfter", "2026-05-01", True),
        ("startAfter", "2026-05-02", False),
        ("startBefore", "2026-05-01", False),
        ("startBefore", "2026-05-02", True),
        ("endAfter", "2026-06-01", True),
        ("endAfter", "2026-06-02", False),
        ("endBefore", "2026-06-01", False),
        ("endBefore", "2026-06-02", True),
    ],
)
async def test_campaigns_between_dates(
    deployment: Deployment, http: httpx.AsyncClient, name: str, date: str, found: bool
) -> None:
    """The four dates that filter campaigns are midnight UTC as well."""
    deployment.add_campaign(granting(name="May", start_date=NOON, end_date=day(31)))
    response = await http.get("/v1/integration/campaigns", params={name: date})
    listed = [entry["name"] for entry in response.raise_for_status().json()["data"]]
    assert ("May" in listed) is found


@pytest.mark.parametrize(
    "text", ["2026-02-30", "20260501", "2026-W18-5", "2026-05-01T12", "2026-05-01 12:00:00", "May"]
)
async def test_other_texts_are_no_dates(http: httpx.AsyncClient, text: str) -> None:
    """Impossible dates and other formats are refused."""
    response = await http.get("/v1/integration/campaigns", params={"startAfter": text})
    assert response.status_code == 400
    assert response.json()["errors"][0]["source"] == {"parameter": "startAfter"}


@pytest.mark.parametrize(
    "target",
    [
        "/v2/customer_sessions/cart-1?dry=true&now=2027-01-01",
        f"{ACHIEVEMENTS}/1?startDate=2026-05-01",
    ],
)
async def test_other_parameters_need_a_time_and_zone(http: httpx.AsyncClient, target: str) -> None:
    """Where the contract does not allow a date alone, it is refused."""
    method = "PUT" if "sessions" in target else "GET"
    response = await http.request(method, target, json={"customerSession": {}} if method == "PUT" else None)
    assert response.status_code == 400
