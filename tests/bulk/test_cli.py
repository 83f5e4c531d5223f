"""The command ``talon-async import``: exit statuses, what it prints, and resuming."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import MappingProxyType

import attrs
import pytest

from talon_async.sandbox import Deployment, Fault, RecordedCall, Sandbox
from tests.sandbox.checked import checked_deployment


@attrs.frozen
class Done:
    """A command that has ended."""

    status: int
    output: str
    errors: str


@attrs.frozen
class Shop:
    """A deployment, and a folder in which commands run."""

    deployment: Deployment
    folder: Path

    async def command(
        self,
        *arguments: str,
        interrupt_after: int | None = None,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> Done:
        """Run ``talon-async``, and interrupt it when the deployment has received some calls."""
        process: asyncio.subprocess.Process | None = None
        received = 0

        def interrupt(_call: RecordedCall) -> None:
            nonlocal received
            received += 1
            if received == interrupt_after and process is not None:
                process.send_signal(signal.SIGINT)

        self.deployment.observers.append(interrupt)
        place = {"TALON_BASE_URL": self.deployment.url, "TALON_API_KEY": self.deployment.api_key}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error", "-m", "talon_async", *arguments),
            cwd=self.folder,
            env={**os.environ, **place, "COLUMNS": "200", **environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        self.deployment.observers.remove(interrupt)
        return Done(process.returncode or 0, output.decode(), errors.decode())

    def customers(self, number: int, bad: tuple[int, ...] = ()) -> None:
        """Write ``customers.csv``; some rows have no number as their age."""
        rows = (
            f"customer-{each},a{each}@x.test,{'x' if each in bad else each % 90}" for each in range(number)
        )
        (self.folder / "customers.csv").write_text("\n".join(["id,email,age", *rows, ""]))


IMPORT = (
    *("import", "profiles", "customers.csv", "--name", "nightly", "--rate", "100000"),
    *("--map", "id=integration_id", "--map", "email=attributes.Email", "--map", "age=attributes.Age:integer"),
)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """A deployment that is served, and an empty folder."""
    async with Sandbox(checked_deployment()) as deployment:
        yield Shop(deployment, tmp_path)


async def test_a_file_is_imported(shop: Shop) -> None:
    """Every row is applied: exit status 0, and the figures are printed."""
    shop.customers(2500)
    done = await shop.command(*IMPORT)
    assert (done.status, done.errors) == (0, "")
    assert done.output.startswith("Rows: 2,500 applied; 32 requests in ")
    assert shop.deployment.profiles["customer-7"].profile.attributes == {"Email": "a7@x.test", "Age": 7}
    assert not (shop.folder / "nightly.dead.csv").exists()


async def test_refused_rows_are_dead_letters_that_can_be_mended(shop: Shop) -> None:
    """Refused rows give exit status 1 and a file, which is imported under another name after it is mended."""
    shop.customers(1000, bad=(10, 500, 999))
    done = await shop.command(*IMPORT)
    assert done.status == 1
    assert "997 applied, 3 refused" in done.output
    assert "row 11 is refused: attributes.Age: expected an integer" in done.output
    assert "Mend the rows in nightly.dead.csv (3)" in done.output
    dead = shop.folder / "nightly.dead.csv"
    assert dead.read_text().count("\n") == 4
    mended = dead.read_text().replace(",x,", ",30,")
    (shop.folder / "mended.csv").write_text(mended)
    done = await shop.command("import", "profiles", "mended.csv", "--name", "mended", *IMPORT[7:])
    assert done.status == 0
    assert len(shop.deployment.profiles) == 1000


async def test_a_dry_run_sends_nothing(shop: Shop) -> None:
    """A dry run shows where columns go, counts requests, and checks every row."""
    shop.customers(1000, bad=(10,))
    done = await shop.command(*IMPORT[:5], *IMPORT[7:], "--dry-run")
    assert done.status == 1
    assert done.output.splitlines() == [
        "  id -> integration_id:text",
        "  email -> attributes.Email:text",
        "  age -> attributes.Age:integer",
        "1,000 rows, 999 valid: 32 requests, at least 1 s at 40 requests per second. Nothing was sent.",
        "  row 11 is refused: attributes.Age: expected an integer",
    ]
    assert list(shop.deployment.calls) == []
    assert [each.name for each in shop.folder.iterdir()] == ["customers.csv"]


async def test_an_interrupted_import_is_resumed(shop: Shop) -> None:
    """Ctrl-C gives exit status 3 and says how to resume; the same command then completes the rest."""
    rows = "".join(json.dumps({"profileId": f"c-{each}", "number": each}) + "\n" for each in range(600))
    (shop.folder / "visits.jsonl").write_text(rows)
    arguments = [
        *("import", "events", "visits.jsonl", "--name", "visits", "--rate", "100000"),
        *("--set", "type=visit", "--map", "number=attributes.Number"),
    ]
    done = await shop.command(*arguments, interrupt_after=100)
    assert done.status == 3
    assert "Interrupted. Run the same command again to resume; visits.journal" in done.errors
    done = await shop.command(*arguments)
    assert done.status == 0
    assert "complete before" in done.output
    numbers = [each.attributes["Number"] for each in shop.deployment.store.events]
    assert sorted(numbers) == list(range(600))


async def test_a_stop_says_why_and_how_to_resume(shop: Shop) -> None:
    """A job that stops gives exit status 3, its reason in one line, and how to resume it."""
    shop.customers(10)
    shop.deployment.faults.add(Fault(status=403))
    done = await shop.command(*IMPORT)
    assert done.status == 3
    assert "403" in done.errors
    assert "Run the same command again to resume" in done.errors
    assert len(done.errors.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("import", "profiles", "customers.csv", "--name", "nightly"), "no field for id, email, age"),
        ((*IMPORT, "--map", "email"), "expected NAME=VALUE"),
        ((*IMPORT, "--map", "age=attributes.Age:float"), "expected one of text, integer"),
        ((*IMPORT, "--catalog-id", "1"), "only for it"),
        (("import", "profiles", "customers.csv", "--name", "a/b"), "without slashes"),
        ((*IMPORT, "--rate", "0"), "rate: expected a number above 0"),
        (("import", "profiles", "nothing.csv", "--name", "nightly"), "does not exist"),
    ],
)
async def test_a_mistake_in_the_command_sends_nothing(
    shop: Shop, arguments: tuple[str, ...], message: str
) -> None:
    """A mistake gives exit status 2 and names it; nothing is sent."""
    shop.customers(3)
    done = await shop.command(*arguments)
    assert done.status == 2
    assert message in done.errors
    assert list(shop.deployment.calls) == []


async def test_the_help_says_what_happens_to_mended_rows(shop: Shop) -> None:
    """The help says that refusals are repeated for 24 hours, so mended rows need another name."""
    done = await shop.command("import", "--help")
    words = " ".join(done.output.split())
    assert (
        "import it under a new name: the service repeats its refusals under the same name for 24 hours"
        in words
    )


async def test_imports_do_not_need_the_sandbox(shop: Shop) -> None:
    """The command imports files where the packages of the sandbox are not installed."""
    (shop.folder / "sitecustomize.py").write_text("import sys\nsys.modules['starlette'] = None\n")
    shop.customers(3)
    done = await shop.command(*IMPORT, environment={"PYTHONPATH": str(shop.folder)})
    assert (done.status, done.errors) == (0, "")
