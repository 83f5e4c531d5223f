"""Resuming: a job that was killed goes on where it was, and every row counts once. Over real HTTP."""

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from talon_async import ConfigurationError, bulk
from talon_async.bulk import JobStoppedError
from talon_async.sandbox import Deployment, RecordedCall, Sandbox
from tests.bulk.support import FAST, in_process, profile_rows
from tests.sandbox.checked import checked_deployment

PROGRAM = """
import asyncio, sys
from talon_async import TalonClient, bulk

async def main(url, key, kind, rows, journal, dead_letters):
    async with TalonClient(url, api_key=key) as talon:
        job = getattr(bulk, kind)(rows, name="nightly")
        report = await bulk.run(talon, job, rate=1e6, journal=journal, dead_letters=dead_letters)
    print(report.applied, report.refused, report.unknown, report.resumed)

asyncio.run(main(*sys.argv[1:]))
"""


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


async def kill(deployment: Deployment, kind: str, rows: Path, *, after: int) -> None:
    """Run a job in a process of its own, and kill it when the deployment has received some calls."""
    status, _ = await _run(deployment, kind, rows, kill_after=after)
    assert status == -signal.SIGKILL


async def complete(deployment: Deployment, kind: str, rows: Path) -> tuple[int, int, int, int]:
    """Run a job in a process of its own; return its applied, refused, unknown and resumed rows."""
    status, output = await _run(deployment, kind, rows, kill_after=0)
    assert status == 0
    applied, refused, unknown, resumed = map(int, output.split())
    return applied, refused, unknown, resumed


async def _run(deployment: Deployment, kind: str, rows: Path, *, kill_after: int) -> tuple[int, bytes]:
    process: asyncio.subprocess.Process | None = None
    received = 0

    def count(_call: RecordedCall) -> None:
        nonlocal received
        received += 1
        if received == kill_after and process is not None:
            os.kill(process.pid, signal.SIGKILL)

    deployment.observers.append(count)
    places = [str(rows.with_suffix(suffix)) for suffix in (".jsonl", ".journal", ".dead.jsonl")]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", PROGRAM, deployment.url, deployment.api_key, kind, *places),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    deployment.observers.remove(count)
    return process.returncode or 0, output


async def test_killed_events_count_once(tmp_path: Path) -> None:
    """After kills at random moments, every event has counted once, and each bad row is a dead letter once."""
    rows: list[dict[str, Any]] = [
        {"profileId": f"customer-{number % 90}", "type": "viewed", "attributes": {"Number": number}}
        for number in range(900)
    ]
    for number in (1, 450, 899):
        del rows[number]["type"]
    path = write_rows(tmp_path / "rows.jsonl", rows)
    kills = random.Random(13)  # noqa: S311
    async with Sandbox(checked_deployment()) as deployment:
        for _ in range(2):
            await kill(deployment, "events", path, after=kills.randint(20, 200))
        applied, refused, unknown, resumed = await complete(deployment, "events", path)
    assert (applied + refused + resumed, unknown) == (900, 0)
    assert resumed > 0
    counted = Counter(each.attributes["Number"] for each in deployment.store.events if each.type == "viewed")
    assert counted == Counter(set(range(900)) - {1, 450, 899})
    dead = [json.loads(line) for line in path.with_suffix(".dead.jsonl").read_text().splitlines()]
    assert sorted(row["_row"] for row in dead) == [2, 451, 900]


async def test_killed_profiles_are_complete(tmp_path: Path) -> None:
    """After kills at random moments, every profile has the values of its last row."""
    rows = [
        {"integrationId": f"customer-{number % 5000}", "attributes": {"Number": number}}
        for number in range(20_000)
    ]
    path = write_rows(tmp_path / "rows.jsonl", rows)
    kills = random.Random(7)  # noqa: S311
    async with Sandbox(Deployment()) as deployment:
        for _ in range(2):
            await kill(deployment, "profiles", path, after=kills.randint(3, 25))
        applied, refused, unknown, resumed = await complete(deployment, "profiles", path)
    assert (applied + resumed, refused, unknown) == (20_000, 0, 0)
    numbers = {name: each.profile.attributes["Number"] for name, each in deployment.profiles.items()}
    assert numbers == {f"customer-{number}": number + 15_000 for number in range(5000)}


async def test_killed_referrals_are_never_created_twice(tmp_path: Path) -> None:
    """After a kill, the referrals in flight are `unknown`, and no advocate has two codes."""
    rows = [{"campaignId": 1, "advocateProfileIntegrationId": f"customer-{number}"} for number in range(200)]
    path = write_rows(tmp_path / "rows.jsonl", rows)
    async with Sandbox(checked_deployment()) as deployment:
        await kill(deployment, "referrals", path, after=70)
        applied, refused, unknown, resumed = await complete(deployment, "referrals", path)
    assert (applied + unknown + resumed, refused) == (200, 0)
    assert 0 < unknown <= 32
    created = Counter(
        each.referral.advocate_profile_integration_id for each in deployment.store.referrals.values()
    )
    assert max(created.values()) == 1
    assert applied + resumed <= len(created) <= 200
    dead = [json.loads(line) for line in path.with_suffix(".dead.jsonl").read_text().splitlines()]
    assert [row["_outcome"] for row in dead] == ["unknown"] * unknown


async def test_referrals_that_were_refused_as_a_whole_are_sent_again(tmp_path: Path) -> None:
    """What a wrong key stopped was certainly not applied: a run with the right key sends it."""
    deployment = checked_deployment()
    rows = [{"campaign_id": 1, "advocate_profile_integration_id": f"customer-{each}"} for each in range(50)]
    job, journal = bulk.referrals(rows, name="invitations"), tmp_path / "invitations.journal"
    async with in_process(deployment, api_key="wrong") as talon:
        with pytest.raises(JobStoppedError):
            await bulk.run(talon, job, rate=FAST, journal=journal)
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, job, rate=FAST, journal=journal)
    assert (report.applied, report.unknown) == (50, 0)


async def test_events_of_long_ago_are_unknown(tmp_path: Path) -> None:
    """Events in flight when a run ended are `unknown` after 24 hours: the service has forgotten the keys."""
    deployment = checked_deployment()
    rows = [{"profile_id": f"customer-{number}", "type": "viewed"} for number in range(50)]
    journal = tmp_path / "views.journal"
    async with in_process(deployment, api_key="wrong") as talon:
        with pytest.raises(JobStoppedError):
            await bulk.run(talon, bulk.events(rows, name="views"), rate=FAST, journal=journal)
    os.utime(journal, (0, 0))
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, bulk.events(rows, name="views"), rate=FAST, journal=journal)
    assert report.unknown > 0
    assert report.applied + report.unknown == 50
    assert len(deployment.store.events) == report.applied


async def test_a_journal_belongs_to_one_job(tmp_path: Path) -> None:
    """A journal refuses another file, mapping, name or kind."""
    names = [f"customer-{number}" for number in range(3)]
    first = write_rows(tmp_path / "first.jsonl", list(profile_rows(names)))
    other = write_rows(tmp_path / "other.jsonl", list(profile_rows(names[:2])))
    journal = tmp_path / "job.journal"
    mapping = bulk.Mapping({"Number": "attributes.Number"})
    async with in_process(checked_deployment()) as talon:
        await bulk.run(talon, bulk.profiles(first, name="nightly"), journal=journal)
        again = await bulk.run(talon, bulk.profiles(first, name="nightly"), journal=journal)
        assert (again.resumed, again.requests) == (3, 0)
        for job in (
            bulk.profiles(other, name="nightly"),
            bulk.profiles(first, name="weekly"),
            bulk.profiles(first, name="nightly", mapping=mapping),
            bulk.events(first, name="nightly"),
        ):
            with pytest.raises(ConfigurationError, match="journal"):
                await bulk.run(talon, job, journal=journal)
