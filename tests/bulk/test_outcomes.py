"""Outcomes: what a job says about each row, and how an iteration ends it."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from talon_async import AuthenticationError, MultipleCustomerProfileIntegrationRequestItem, bulk
from tests.bulk.support import FAST, in_one_lane, in_process, profile_rows
from tests.sandbox.checked import checked_deployment


async def rows_of(names: list[str]) -> AsyncIterator[Any]:
    """Rows of an async iterable, as models."""
    for name in names:
        yield MultipleCustomerProfileIntegrationRequestItem(
            integration_id=name, attributes={} if name == "customer-5" else {"Number": 1}
        )


async def test_each_row_has_one_outcome() -> None:
    """Every row of an async iterable of models is yielded once, with its number, its key and its status."""
    deployment = checked_deployment(attributes={"CustomerProfile": {"Number": "number"}})
    names = [f"customer-{number}" for number in range(3000)]
    rows: list[dict[str, Any]] = list(profile_rows(names))
    rows[41]["attributes"]["Nonsense"] = 1
    async with in_process(deployment) as talon:
        job = bulk.profiles(rows, name="nightly")
        found = {outcome.number: outcome async for outcome in bulk.outcomes(talon, job, rate=FAST)}
    assert {number: outcome.key for number, outcome in found.items()} == dict(enumerate(names, 1))
    assert [outcome.number for outcome in found.values() if outcome.status != "applied"] == [42]
    assert str(found[42]).startswith("row 42 is refused: /customerProfiles/")


async def test_models_of_an_async_iterable_are_rows() -> None:
    """Rows can be models from an async iterable."""
    deployment = checked_deployment()
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, bulk.profiles(rows_of(["a", "b"]), name="nightly"), rate=FAST)
    assert report.applied == 2
    assert set(deployment.profiles) == {"a", "b"}


async def test_a_stop_ends_the_iteration_with_its_error() -> None:
    """The error that stops a job is raised after the outcomes that are known."""
    async with in_process(checked_deployment(), api_key="wrong") as talon:
        job = bulk.profiles(profile_rows(["a"]), name="nightly")
        with pytest.raises(bulk.JobStoppedError) as stopped:
            await anext(bulk.outcomes(talon, job))
    assert isinstance(stopped.value.__cause__, AuthenticationError)


async def test_ending_the_iteration_ends_the_job() -> None:
    """When the iteration ends early, the job ends: no more requests are sent."""
    deployment = checked_deployment()
    names = in_one_lane(3000)
    read: list[str] = []

    def reading() -> Any:
        for row in profile_rows(names):
            read.append(row["integrationId"])
            yield row

    async with in_process(deployment) as talon:
        async with contextlib.aclosing(
            bulk.outcomes(talon, bulk.profiles(reading(), name="nightly"), rate=FAST)
        ) as outcomes:
            assert (await anext(outcomes)).status == "applied"
        sent = len(deployment.calls)
        await talon.profiles.update_many([])
    assert len(deployment.calls) == sent + 1
    assert sent < 3
