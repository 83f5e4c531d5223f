"""The writers of `talon_async.bulk.ray`, called as Ray calls them, without Ray. Over real HTTP."""

import asyncio
import importlib
import pickle
import sys
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from talon_async import ConfigurationError, MissingPackagesError, NewAudience, TalonClient, bulk
from talon_async.bulk import JobStoppedError
from talon_async.bulk.ray import AdvancedEventWriter, AudienceWriter, EventWriter, ProfileWriter, Writer
from talon_async.sandbox import Deployment, Fault, Sandbox
from tests.bulk.support import FAST
from tests.sandbox.checked import checked_deployment

arrow: Any = importlib.import_module("pyarrow")


@pytest.fixture
async def deployment(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Deployment]:
    """A deployment whose address and key stand in the environment."""
    async with Sandbox(checked_deployment(api_key="key-of-the-workers")) as served:
        monkeypatch.setenv("TALON_BASE_URL", served.url)
        monkeypatch.setenv("TALON_API_KEY", served.api_key)
        yield served


async def write(writer: Writer, *batches: Any) -> list[list[dict[str, Any]]]:
    """Give batches to a writer, side by side; return their outcomes."""
    try:
        written = await asyncio.gather(*map(writer, batches))
    finally:
        await writer.aclose()
    return [outcomes.to_pylist() for outcomes in written]


def events(numbers: range, **columns: Any) -> dict[str, list[Any]]:
    """A batch of events with IDs."""
    return {
        "event_id": list(numbers),
        "profileId": [f"customer-{number % 7}" for number in numbers],
        "type": ["viewed"] * len(numbers),
        **columns,
    }


def counted(deployment: Deployment) -> Counter[str | None]:
    """How many events each customer has."""
    return Counter(event.profile_id for event in deployment.store.events if event.type == "viewed")


async def test_a_batch_of_profiles_is_one_request(deployment: Deployment) -> None:
    """A batch of 1000 rows is one request; its outcomes are in the order of the rows."""
    names = [f"customer-{number}" for number in range(1000)]
    batch = {"integrationId": names, "attributes.Number": range(1000)}
    (outcomes,) = await write(ProfileWriter(name="nightly", rate=FAST), batch)
    applied = {"outcome": "applied", "field": "", "reason": ""}
    assert outcomes == [{"key": name, **applied} for name in names]
    assert len(deployment.calls) == 1
    numbers = {name: each.profile.attributes["Number"] for name, each in deployment.profiles.items()}
    assert numbers == {name: number for number, name in enumerate(names)}


async def test_the_rows_of_a_customer_keep_their_order_in_a_batch(deployment: Deployment) -> None:
    """In a batch of several requests, the last row of a customer is applied last."""
    rows = range(5000)
    table = arrow.table(
        {"id": [f"customer-{n % 900}" for n in rows], "attributes": [{"Number": n} for n in rows]}
    )
    mapping = bulk.Mapping({"id": "integration_id"})
    await write(ProfileWriter(name="nightly", rate=FAST, mapping=mapping), table)
    assert 5 <= len(deployment.calls) <= 10
    numbers = {name: each.profile.attributes["Number"] for name, each in deployment.profiles.items()}
    assert numbers == {f"customer-{n % 900}": n for n in rows}


async def test_a_bad_row_never_costs_its_neighbors(deployment: Deployment) -> None:
    """Rows that are not valid, and rows that the service refuses, are named; the others are applied."""
    names = [f"customer-{number}" for number in range(100)]
    names[17], names[71] = "", "x" * 1001
    table = arrow.table({"integration_id": names, "row": range(100)})
    mapping = bulk.Mapping({"row": "-"})
    writer = ProfileWriter(name="nightly", rate=FAST, mapping=mapping, id_column="row")
    (outcomes,) = await write(writer, table)
    refused = [each for each in outcomes if each["outcome"] == "refused"]
    assert [each["id"] for each in refused] == [17, 71]
    assert all(each["field"] and each["reason"] for each in refused)
    assert set(deployment.profiles) == {*names} - {names[17], names[71]}


async def test_repeated_events_count_once(deployment: Deployment) -> None:
    """The same rows in other batches, after lost responses too, count once; another ID counts again."""
    deployment.faults.add(Fault(reset="after", rate=0.2))
    for size in (50, 25, 10):
        writer = EventWriter(name="views", rate=FAST, id_column="event_id")
        batches = [events(range(first, first + size)) for first in range(0, 50, size)]
        written = await write(writer, *batches)
        assert [(row["id"], row["outcome"]) for rows in written for row in rows] == [
            (number, "applied") for number in range(50)
        ]
    assert counted(deployment) == Counter(f"customer-{number % 7}" for number in range(50))
    await write(EventWriter(name="views", rate=FAST, id_column="event_id"), events(range(50, 57)))
    assert counted(deployment).total() == 57


async def test_an_event_without_an_id_is_refused(deployment: Deployment) -> None:
    """An event whose ID is null is not sent: nothing would tell it from a repeated one."""
    batch = events(range(3), event_id=["a", None, "c"])
    (outcomes,) = await write(EventWriter(name="views", rate=FAST, id_column="event_id"), batch)
    assert [row["outcome"] for row in outcomes] == ["applied", "refused", "applied"]
    assert (outcomes[1]["field"], outcomes[1]["reason"]) == ("event_id", "required")
    assert len(deployment.store.events) == 2


async def test_advanced_events_and_audiences_are_written(deployment: Deployment) -> None:
    """Advanced events that exist count as applied, and a repeated batch of members changes nothing."""
    async with TalonClient.from_env() as talon:
        audience = await talon.audiences.create(NewAudience(name="VIPs"))
    payments = {"profileId": ["customer-1"] * 9, "type": ["paid"] * 9, "integrationId": list("abcdefghi")}
    members = {
        "action": ["add"] * 9,
        "profileIntegrationId": list("abcdefghi"),
        "audienceId": [audience.id] * 9,
    }
    for name in ("first", "second"):
        (paid,) = await write(AdvancedEventWriter(name=name, rate=FAST), payments)
        (added,) = await write(AudienceWriter(name=name, rate=FAST), members)
        assert [row["key"] for row in paid] == [row["key"] for row in added] == list("abcdefghi")
        assert {row["outcome"] for row in [*paid, *added]} == {"applied"}
    assert len([event for event in deployment.store.events if event.type == "paid"]) == 9
    memberships = [record.profile.audience_memberships or () for record in deployment.profiles.values()]
    assert sum(map(len, memberships)) == 9


async def test_pickles_have_settings_and_no_secrets(deployment: Deployment) -> None:
    """A writer that has sent is pickled without address and key, and its copy works."""
    writer = EventWriter(name="views", rate=FAST, id_column="event_id", in_flight=4)
    await writer(events(range(2)))
    pickled = pickle.dumps(writer)
    for secret in (deployment.api_key, deployment.url):
        assert secret.encode() not in pickled
        assert secret not in repr(writer)
    await writer.aclose()
    copied = pickle.loads(pickled)  # noqa: S301
    assert repr(copied) == repr(writer)
    await write(copied, events(range(4)))
    assert counted(deployment).total() == 4


async def test_a_writer_has_a_client_for_each_event_loop(deployment: Deployment) -> None:
    """A writer that has sent on one event loop sends on another too, and each closes its own client."""
    writer = EventWriter(name="views", rate=FAST, id_column="event_id")

    def use() -> None:
        with asyncio.Runner() as one, asyncio.Runner() as another:
            for number, runner in enumerate((one, another, one)):
                runner.run(writer(events(range(number, number + 1))))
            for runner in (one, another):
                runner.run(writer.aclose())

    await asyncio.to_thread(use)
    assert counted(deployment).total() == 3


async def test_mistakes_are_reported(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, columns and keys that cannot work are errors, before a row is applied."""
    with pytest.raises(ConfigurationError, match="rate"):
        ProfileWriter(name="nightly", rate=0)
    with pytest.raises(ConfigurationError, match="id_column"):
        EventWriter(name="views", rate=1)
    with pytest.raises(ConfigurationError, match="no column 'event_id'"):
        await write(EventWriter(name="v", rate=1, id_column="event_id"), {"profileId": ["a"], "type": ["b"]})
    with pytest.raises(ConfigurationError, match="no field for colour"):
        await write(ProfileWriter(name="nightly", rate=1), {"integrationId": ["a"], "colour": ["red"]})
    monkeypatch.setenv("TALON_API_KEY", "another-key")
    with pytest.raises(JobStoppedError) as stopped:
        await write(ProfileWriter(name="nightly", rate=1), {"integrationId": ["a"]})
    assert str(pickle.loads(pickle.dumps(stopped.value))) == str(stopped.value)  # noqa: S301
    assert not deployment.profiles


def test_without_pyarrow_the_import_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing the writers without pyarrow names the extra."""
    monkeypatch.delitem(sys.modules, "talon_async.bulk.ray")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingPackagesError, match=r"talon_async\[ray\]"):
        importlib.import_module("talon_async.bulk.ray")
