"""Replays: what a job does when it is unclear whether a request took effect. Over real HTTP."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from talon_async import NewAudience, TalonClient, bulk
from talon_async.sandbox import Deployment, Fault, Sandbox
from tests.bulk.support import FAST
from tests.sandbox.checked import checked_deployment


@pytest.fixture
async def deployment() -> AsyncIterator[Deployment]:
    """A deployment that drops a third of the connections after the request took effect."""
    async with Sandbox(checked_deployment(seed=7)) as served:
        served.faults.add(Fault(reset="after", rate=0.3))
        yield served


@pytest.fixture
async def talon(deployment: Deployment) -> AsyncIterator[TalonClient]:
    """A client of the deployment."""
    async with TalonClient(deployment.url, api_key=deployment.api_key) as client:
        yield client


async def test_events_count_once_under_their_key(deployment: Deployment, talon: TalonClient) -> None:
    """An event whose response is lost is sent again under its key until there is one, and counts once."""
    rows = [{"profile_id": f"customer-{number}", "type": "viewed"} for number in range(60)]
    report = await bulk.run(talon, bulk.events(rows, name="views"), rate=FAST)
    assert (report.applied, report.unknown) == (60, 0)
    counted = Counter(event.profile_id for event in deployment.store.events if event.type == "viewed")
    assert counted == Counter(row["profile_id"] for row in rows)
    keys = Counter(call.headers["idempotency-key"] for call in deployment.calls)
    assert len(keys) == 60
    assert 60 < report.requests <= len(deployment.calls)


async def test_keys_depend_on_the_job_and_its_rows_alone(deployment: Deployment, talon: TalonClient) -> None:
    """The same job sends the same keys again; another name gives others."""
    deployment.faults.clear()
    rows = [{"profile_id": f"customer-{number}", "type": "viewed"} for number in range(3)]
    for name in ("views", "views", "others"):
        await bulk.run(talon, bulk.events(rows, name=name), rate=FAST)
    keys = [call.headers["idempotency-key"] for call in deployment.calls]
    assert sorted(keys[:3]) == sorted(keys[3:6])
    assert not set(keys[:3]) & set(keys[6:])
    assert len(deployment.store.events) == 6


async def test_advanced_events_that_exist_count_as_applied(
    deployment: Deployment, talon: TalonClient
) -> None:
    """A 409 for an advanced event that exists means that an earlier attempt applied it."""
    rows = [
        {"profile_id": "customer-7", "type": "paid", "integration_id": f"order-{number}"}
        for number in range(20)
    ]
    report = await bulk.run(talon, bulk.advanced_events(rows, name="payments"), rate=FAST)
    assert (report.applied, report.refused, report.unknown) == (20, 0, 0)
    assert len(deployment.store.events) == 20
    assert 409 in [call.status for call in deployment.calls]


async def test_referrals_are_never_sent_twice(deployment: Deployment, talon: TalonClient) -> None:
    """A referral whose response is lost is `unknown`, and is not sent again."""
    rows = [
        {"campaign_id": 1, "advocate_profile_integration_id": f"customer-{number}"} for number in range(20)
    ]
    report = await bulk.run(talon, bulk.referrals(rows, name="invitations"), rate=FAST)
    assert len(deployment.store.referrals) >= 20
    created = Counter(
        record.referral.advocate_profile_integration_id for record in deployment.store.referrals.values()
    )
    assert [created[f"customer-{number}"] for number in range(20)] == [1] * 20
    assert report.unknown == [call.status for call in deployment.calls].count(None) > 0
    assert report.applied + report.unknown == 20


async def test_reservations_are_looked_up(deployment: Deployment, talon: TalonClient) -> None:
    """A reservation whose response is lost is looked up, and not sent again."""
    rows = [{"coupon_value": "WELCOME10", "integration_id": f"customer-{number}"} for number in range(5)]
    rows += [{"coupon_value": "NO-SUCH-CODE", "integration_id": f"customer-{number}"} for number in range(3)]
    deployment.faults.clear()
    deployment.faults.add(Fault(operation="createCouponReservation", reset="after"))
    report = await bulk.run(talon, bulk.reservations(rows, name="gifts"), rate=FAST)
    operations = Counter(call.operation for call in deployment.calls)
    assert operations["createCouponReservation"] == 2
    assert (report.applied, report.unknown) == (5, 3)


@pytest.mark.parametrize("kind", ["audience-members", "catalog", "releases"])
async def test_every_other_kind_is_applied_completely(
    deployment: Deployment, talon: TalonClient, kind: str
) -> None:
    """Audiences, catalogs and releases are repeated until there is a response."""
    deployment.faults.clear()
    audience = await talon.audiences.create(NewAudience(name="VIPs"))
    await talon.coupons.reserve("WELCOME10", ["customer-1"])
    deployment.faults.add(Fault(reset="after", rate=0.3))
    members = [
        {"action": "add", "profileIntegrationId": f"customer-{number}", "audienceId": audience.id}
        for number in range(100)
    ]
    actions: list[dict[str, Any]] = [
        {
            "type": "ADD",
            "payload": {"sku": f"S-{number % 40}", "attributes": {"Number": number}, "replaceIfExists": True},
        }
        for number in range(90)
    ]
    jobs = {
        "audience-members": bulk.audience_members(members, name="vips"),
        "catalog": bulk.catalog(actions, 1, name="prices"),
        "releases": bulk.releases([{"coupon_value": "WELCOME10", "integration_id": "customer-1"}], name="r"),
    }
    report = await bulk.run(talon, jobs[kind], rate=FAST)
    assert (report.applied, report.refused, report.unknown) == (report.rows, 0, 0)
    if kind == "audience-members":
        profiles = [record.profile for record in deployment.profiles.values()]
        assert sum(len(profile.audience_memberships or ()) for profile in profiles) == 100
    elif kind == "catalog":
        prices = {sku: item.attributes["Number"] for sku, item in deployment.store.catalogs[1].items.items()}
        assert prices == {f"S-{number % 40}": number for number in range(90)}
        assert report.requests >= 3  # each SKU once in a request
    else:
        deployment.faults.clear()
        assert await talon.coupons.reserved_customers("WELCOME10") == []
