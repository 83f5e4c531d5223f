"""Jobs on Ray Data: two actors write, and either may die."""

import asyncio
import importlib
import os
import random
import re
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from talon_async.bulk.ray import EventWriter, ProfileWriter, Writer
from talon_async.sandbox import Deployment, RecordedCall, Sandbox
from tests.bulk.support import FAST

ray: Any = importlib.import_module("ray")
arrow: Any = importlib.import_module("pyarrow")
parquet: Any = importlib.import_module("pyarrow.parquet")
data: Any = importlib.import_module("ray.data")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")


API_KEY: Final = "key-of-the-workers"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, unused_tcp_port_factory: Any) -> Iterator[str]:
    """The address of a deployment, in the environment of a cluster of two CPUs in this machine."""
    address = f"http://127.0.0.1:{unused_tcp_port_factory()}"
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("TALON_BASE_URL", address)
        monkeypatch.setenv("TALON_API_KEY", API_KEY)
        monkeypatch.setenv("ACTORS", str(tmp_path_factory.mktemp("actors")))
        ray.init(
            num_cpus=2,
            object_store_memory=100 * 2**20,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="ERROR",
        )
        yield address
        ray.shutdown()


@pytest.fixture
async def deployment(address: str) -> AsyncIterator[Deployment]:
    """The deployment that the workers of the cluster call."""
    async with Sandbox(Deployment(api_key=API_KEY), port=int(address.rpartition(":")[2])) as served:
        yield served


def example() -> str:
    """The program of docs/bulk-ray.md."""
    page = (Path(__file__).parents[2] / "docs" / "bulk-ray.md").read_text(encoding="utf-8")
    program = re.search(r"<!-- example: ray -->\n```python\n(.*?)```", page, re.DOTALL)
    assert program is not None
    return program[1]


def write(rows: Any, writer: type[Writer], batch_size: int | None = 100, **settings: Any) -> Any:
    """Plan to write a dataset by two actors."""
    return rows.map_batches(
        writer,
        fn_constructor_kwargs={"rate": FAST, **settings},
        batch_size=batch_size,
        batch_format="pyarrow",
        compute=data.ActorPoolStrategy(size=2),
        num_cpus=0.5,
    )


async def outcomes_of(written: Any) -> list[dict[str, Any]]:
    """Run a job and collect its outcomes, while the deployment in this process responds."""
    return await asyncio.to_thread(written.take_all)


def by_number(table: Any) -> Any:
    """Sort a block."""
    return table.sort_by("attributes.Number")


async def test_two_actors_write_the_right_books(deployment: Deployment) -> None:
    """Every valid row is applied, in the order of its customer; no part of the job has address or key."""
    numbers = list(range(3000))
    random.Random(7).shuffle(numbers)  # noqa: S311
    rows = data.from_items(
        [{"integrationId": f"customer-{n % 700}", "attributes.Number": n} for n in numbers]
        + [{"integrationId": name, "attributes.Number": 0} for name in ("", "x" * 1001)],
        override_num_blocks=8,
    )
    partitions = rows.repartition(6, keys=["integrationId"])
    ordered = partitions.map_batches(by_number, batch_size=None, batch_format="pyarrow")
    written = write(ordered, ProfileWriter, batch_size=None, name="nightly")
    outcomes = await outcomes_of(written)
    assert len(outcomes) == 3002
    assert {row["key"] for row in outcomes if row["outcome"] != "applied"} == {"", "x" * 1001}
    found = {name: each.profile.attributes["Number"] for name, each in deployment.profiles.items()}
    assert found == {f"customer-{n % 700}": n for n in range(3000)}
    job = ray.cloudpickle.dumps(written)
    assert b"ProfileWriter" in job
    assert deployment.api_key.encode() not in job
    assert deployment.url.encode() not in job


class NotedEventWriter(EventWriter):
    """Notes the process of its actor, so that the test can kill it."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        (Path(os.environ["ACTORS"]) / str(os.getpid())).touch()


async def test_killed_actors_lose_and_double_nothing(deployment: Deployment) -> None:
    """Both actors are killed amid their work: every event counts once, and has one outcome."""
    rows = data.from_items(
        [{"event_id": n, "profileId": f"customer-{n % 90}", "type": "viewed"} for n in range(2000)],
        override_num_blocks=20,
    )
    actors, killed = Path(os.environ["ACTORS"]), list[int]()

    def kill(call: RecordedCall) -> None:
        if call.number in (500, 900):
            process = next(int(each.name) for each in actors.iterdir() if int(each.name) not in killed)
            os.kill(process, signal.SIGKILL)
            killed.append(process)

    deployment.observers.append(kill)
    outcomes = await outcomes_of(write(rows, NotedEventWriter, name="views", id_column="event_id"))
    assert len(killed) == 2
    assert sorted(row["id"] for row in outcomes) == list(range(2000))
    assert {row["outcome"] for row in outcomes} == {"applied"}
    counted = Counter(event.profile_id for event in deployment.store.events if event.type == "viewed")
    assert counted == Counter(f"customer-{n % 90}" for n in range(2000))


async def test_the_program_of_the_page_writes_events(deployment: Deployment, tmp_path: Path) -> None:
    """The page's program reads events from Parquet, tracks each once, and writes what became of each."""
    (tmp_path / "visits").mkdir()
    visits = {
        "visit_id": range(3000),
        "profile_id": [f"customer-{n % 90}" for n in range(3000)],
        "type": ["visited"] * 3000,
    }
    parquet.write_table(arrow.table(visits), tmp_path / "visits" / "1.parquet")
    program = example().replace("20.0", "1e6").replace('parquet("', f'parquet("{tmp_path}/')
    await asyncio.to_thread(exec, compile(program, "docs/bulk-ray.md", "exec"), {})
    assert len([event for event in deployment.store.events if event.type == "visited"]) == 3000
    outcomes = parquet.read_table(tmp_path / "outcomes").to_pylist()
    assert sorted(row["id"] for row in outcomes) == list(range(3000))
    assert {row["outcome"] for row in outcomes} == {"applied"}
