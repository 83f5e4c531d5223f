"""Order: what a job sends for one customer keeps the order of its rows."""

from typing import Any

from talon_async import bulk
from talon_async.sandbox import Clock, Fault
from tests.bulk.support import FAST, Slowly, in_process
from tests.sandbox.checked import checked_deployment


async def test_events_of_a_customer_keep_their_order() -> None:
    """Events of one customer arrive in the order of their rows, while others are in flight."""
    deployment = checked_deployment(clock=Clock(sleep=Slowly()))
    deployment.faults.add(Fault(latency=(0.0, 0.02)))
    rows: list[dict[str, Any]] = [
        {"profile_id": f"customer-{number % 7}", "type": "viewed", "attributes": {"Number": number}}
        for number in range(400)
    ]
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, bulk.events(rows, name="views"), rate=FAST)
    assert (report.applied, report.requests) == (400, 400)
    stored = [event for event in deployment.store.events if event.type == "viewed"]
    assert [event.attributes["Number"] for event in stored] != list(range(400))  # customers ran side by side
    for customer in range(7):
        numbers = [each.attributes["Number"] for each in stored if each.profile_id == f"customer-{customer}"]
        assert numbers == list(range(customer, 400, 7))


async def test_the_last_row_of_a_profile_wins() -> None:
    """Rows of one profile in different requests take effect in their order."""
    deployment = checked_deployment(clock=Clock(sleep=Slowly()))
    deployment.faults.add(Fault(latency=(0.0, 0.05)))
    rows = [
        {"integration_id": f"customer-{number % 3}", "attributes": {"Number": number}}
        for number in range(6000)
    ]
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, bulk.profiles(rows, name="nightly"), rate=FAST)
    assert report.applied == 6000
    last = [deployment.profiles[f"customer-{each}"].profile.attributes["Number"] for each in range(3)]
    assert last == [5997, 5998, 5999]
