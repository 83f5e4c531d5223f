"""Jobs on Ray Data: two actors write, and either may die."""

import asyncio
import importlib
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from talon_async.bulk.ray import EventWriter, ProfileWriter, Writer
from talon_async.sandbox import Deployment, RecordedCall, Sandbox
from tests.bulk.support import FAST

ray: Any = importlib.import_module("ray")
data: Any = importlib.import_module("ray.data")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray[.]")


@pytest.fixture
async def deployment(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Deployment]:
    """A deployment for the workers of a cluster."""
    async with Sandbox(Deployment(api_key="key-of-the-workers")) as served:
        monkeypatch.setenv("TALON_BASE_URL", served.url)
        monkeypatch.setenv("TALON_API_KEY", served.api_key)
        yield served


@pytest.fixture
def cluster(deployment: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cluster of two CPUs in this machine; a directory where its actors leave the IDs of their processes."""
    monkeypatch.setenv("ACTORS", str(tmp_path))
    ray.init(
        num_cpus=2,
        object_store_memory=100 * 2**20,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
    )
    yield tmp_path
    ray.shutdown()


def write(rows: Any, writer: type[Writer], **settings: Any) -> Any:
    """Plan to write a dataset by two actors."""
    return rows.map_batches(
        writer,
        fn_constructor_kwargs={"rate": FAST, **settings},
        batch_size=100,
        batch_format="pyarrow",
        compute=data.ActorPoolStrategy(size=2),
        num_cpus=0.5,
    )


async def outcomes_of(written: Any) -> list[dict[str, Any]]:
    """Run a job and collect its outcomes, while the deployment in this process responds."""
    return await asyncio.to_thread(written.take_all)


async def test_two_actors_write_the_right_books(deployment: Deployment, cluster: Path) -> None:
    """Every row is applied but the two that are not valid; address and key are in no part of the job."""
    names = [f"customer-{number}" for number in range(2000)]
    names[300] = names[1700] = ""
    rows = data.from_items(
        [{"integrationId": name, "attributes": {"Number": number}} for number, name in enumerate(names)],
        override_num_blocks=8,
    )
    written = write(rows, ProfileWriter, name="nightly")
    outcomes = await outcomes_of(written)
    assert Counter(row["outcome"] for row in outcomes) == {"applied": 1998, "refused": 2}
    assert {row["field"] for row in outcomes if row["outcome"] == "refused"} == {"integration_id"}
    numbers = {name: each.profile.attributes["Number"] for name, each in deployment.profiles.items()}
    assert numbers == {name: number for number, name in enumerate(names) if name}
    job = ray.cloudpickle.dumps(written)
    assert b"ProfileWriter" in job
    assert deployment.api_key.encode() not in job
    assert deployment.url.encode() not in job


class NotedEventWriter(EventWriter):
    """Notes the process of its actor, so that the test can kill it."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        (Path(os.environ["ACTORS"]) / str(os.getpid())).touch()


async def test_killed_actors_lose_and_double_nothing(deployment: Deployment, cluster: Path) -> None:
    """Both actors are killed amid their work: every event counts once, and has one outcome."""
    rows = data.from_items(
        [{"event_id": n, "profileId": f"customer-{n % 90}", "type": "viewed"} for n in range(2000)],
        override_num_blocks=20,
    )
    killed: list[int] = []

    def kill(call: RecordedCall) -> None:
        if call.number in (500, 900):
            process = next(int(each.name) for each in cluster.iterdir() if int(each.name) not in killed)
            os.kill(process, signal.SIGKILL)
            killed.append(process)

    deployment.observers.append(kill)
    outcomes = await outcomes_of(write(rows, NotedEventWriter, name="views", id_column="event_id"))
    assert len(killed) == 2
    assert len(list(cluster.iterdir())) > 2
    assert sorted(row["id"] for row in outcomes) == list(range(2000))
    assert {row["outcome"] for row in outcomes} == {"applied"}
    counted = Counter(event.profile_id for event in deployment.store.events if event.type == "viewed")
    assert counted == Counter(f"customer-{n % 90}" for n in range(2000))
