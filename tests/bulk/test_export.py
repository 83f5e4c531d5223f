"""Exports: balances, points, transactions, achievements and inventories of many customers, as files."""

import asyncio
import csv
import gzip
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from talon_async import AuthenticationError, ConfigurationError, TalonClient, bulk
from talon_async.bulk import Export, JobStoppedError
from talon_async.sandbox import Deployment, Fault, Sandbox
from tests.bulk.support import FAST, in_process
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import shoes_and_socks

CUSTOMERS = [f"customer-{number}" for number in range(12)]


async def buy(talon: TalonClient, customers: list[str]) -> None:
    """Close an order of each customer, which earns 100 points."""
    for customer in customers:
        await talon.sessions.update(f"cart-{customer}", shoes_and_socks(profile_id=customer, state="closed"))


@pytest.fixture
async def deployment() -> Deployment:
    """A deployment in which every customer has points."""
    made = checked_deployment()
    async with in_process(made) as talon:
        await buy(talon, CUSTOMERS)
    return made


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines, by customer."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return sorted(rows, key=lambda row: CUSTOMERS.index(row["customer"]))


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (bulk.balances(1), "activePoints"),
        (bulk.points(1), "amount"),
        (bulk.transactions(1), "amount"),
        (bulk.inventories(), "profile"),
    ],
)
async def test_every_customer_has_its_rows(
    deployment: Deployment, tmp_path: Path, what: Export, field: str
) -> None:
    """Entries are rows with the provider's names, and the file can be read by its owner only."""
    out = tmp_path / "out.jsonl"
    async with in_process(deployment) as talon:
        report = await bulk.export(talon, CUSTOMERS, what, out, rate=FAST)
    assert (report.rows, report.applied, report.refused) == (12, 12, 0)
    rows = rows_of(out)
    assert [row["customer"] for row in rows] == CUSTOMERS
    assert all(field in row for row in rows)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


async def test_achievements_of_customers_without_any_are_no_rows(
    deployment: Deployment, tmp_path: Path
) -> None:
    """A customer without entries has no row, and counts as written."""
    out = tmp_path / "out.jsonl"
    async with in_process(deployment) as talon:
        report = await bulk.export(talon, CUSTOMERS, bulk.achievements(), out, rate=FAST)
    assert (report.applied, out.read_text()) == (12, "")


async def test_every_page_is_fetched(tmp_path: Path) -> None:
    """A customer with more entries than a page has is exported completely."""
    deployment = checked_deployment()
    async with in_process(deployment) as talon:
        for order in range(1003):
            cart = shoes_and_socks(profile_id="customer-0", state="closed")
            await talon.sessions.update(f"cart-{order}", cart)
        report = await bulk.export(
            talon, ["customer-0"], bulk.transactions(1), tmp_path / "o.jsonl", rate=FAST
        )
    assert len(rows_of(tmp_path / "o.jsonl")) == 1003
    assert report.requests == 2


async def test_csv_has_the_columns_of_the_model(deployment: Deployment, tmp_path: Path) -> None:
    """A CSV file has a column for each field; objects are JSON text. With `.gz` it is compressed."""
    async with in_process(deployment) as talon:
        await bulk.export(talon, CUSTOMERS, bulk.balances(1), tmp_path / "out.csv.gz", rate=FAST)
        await bulk.export(talon, CUSTOMERS[:1], bulk.inventories(), tmp_path / "out.csv", rate=FAST)
    rows = list(csv.DictReader(gzip.decompress((tmp_path / "out.csv.gz").read_bytes()).decode().splitlines()))
    assert list(rows[0])[:3] == ["customer", "subledger", "activePoints"]
    assert {row["activePoints"] for row in rows} == {"100"} or {row["activePoints"] for row in rows} == {
        "100.0"
    }
    (row,) = csv.DictReader((tmp_path / "out.csv").read_text().splitlines())
    assert json.loads(row["profile"])["integrationId"] == "customer-0"


async def test_parquet_has_typed_columns(deployment: Deployment, tmp_path: Path) -> None:
    """Numbers are numbers in a Parquet file."""
    parquet = pytest.importorskip("pyarrow.parquet")
    async with in_process(deployment) as talon:
        await bulk.export(talon, CUSTOMERS, bulk.balances(1), tmp_path / "out.parquet", rate=FAST)
    table = parquet.read_table(tmp_path / "out.parquet")
    assert sum(table["activePoints"].to_pylist()) == 1200.0
    assert str(table.schema.field("activePoints").type) == "double"


async def test_customers_that_do_not_exist_are_refused(deployment: Deployment, tmp_path: Path) -> None:
    """A customer that does not exist is reported, and the others are written."""
    ids = tmp_path / "ids.txt"
    ids.write_text("\n".join(["customer-1", "", "nobody", "customer-2", ""]))
    async with in_process(deployment) as talon:
        report = await bulk.export(talon, ids, bulk.inventories(), tmp_path / "out.jsonl", rate=FAST)
    assert (report.rows, report.applied, report.refused) == (3, 2, 1)
    assert report.examples[0].key == "nobody"
    assert [row["customer"] for row in rows_of(tmp_path / "out.jsonl")] == ["customer-1", "customer-2"]


async def test_failures_are_retried(deployment: Deployment, tmp_path: Path) -> None:
    """Reads that fail are repeated, and no row comes twice."""
    deployment.faults.add(Fault(status=503, times=3))
    async with in_process(deployment) as talon:
        report = await bulk.export(talon, CUSTOMERS, bulk.points(1), tmp_path / "out.jsonl", rate=FAST)
    assert (report.applied, report.requests) == (12, 15)
    assert len(rows_of(tmp_path / "out.jsonl")) == 12


async def test_a_stop_writes_no_file(deployment: Deployment, tmp_path: Path) -> None:
    """A wrong key stops the export, and leaves an earlier file as it was."""
    out = tmp_path / "out.jsonl"
    out.write_text("earlier")
    async with in_process(deployment, api_key="wrong") as talon:
        with pytest.raises(JobStoppedError) as stopped:
            await bulk.export(talon, CUSTOMERS, bulk.points(1), out)
        with pytest.raises(ConfigurationError, match="out: expected"):
            await bulk.export(talon, CUSTOMERS, bulk.points(1), tmp_path / "out.xlsx")
    assert isinstance(stopped.value.__cause__, AuthenticationError)
    assert os.listdir(tmp_path) == ["out.jsonl"]
    assert out.read_text() == "earlier"


async def test_the_command_exports(tmp_path: Path) -> None:
    """``talon-async export`` writes the file, and exits with 1 if a customer does not exist."""
    async with Sandbox(checked_deployment()) as deployment:
        async with TalonClient(deployment.url, api_key=deployment.api_key) as talon:
            await buy(talon, CUSTOMERS[:2])
        (tmp_path / "ids.txt").write_text("customer-0\ncustomer-1\nnobody\n")
        statuses: list[int | None] = []
        for arguments in (["balances", "--program", "1"], ["inventories"], ["balances"]):
            command = [
                "-m",
                "talon_async",
                "export",
                *arguments,
                "--customers",
                "ids.txt",
                f"{arguments[0]}.csv",
            ]
            place = {"TALON_BASE_URL": deployment.url, "TALON_API_KEY": deployment.api_key}
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                cwd=tmp_path,
                env={**os.environ, **place},
                stderr=asyncio.subprocess.DEVNULL,
            )
            statuses.append(await process.wait())
    assert statuses == [1, 1, 2]
    assert (tmp_path / "balances.csv").read_text().count("\n") == 3
    assert (tmp_path / "inventories.csv").read_text().startswith("customer,profile")
