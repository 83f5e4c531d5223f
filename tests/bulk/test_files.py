"""Files of rows: CSV, JSON lines and Parquet, their columns, and the dead letters to mend and feed back."""

import csv
import gzip
import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from talon_async import ConfigurationError, MultipleCustomerProfileIntegrationRequestItem, bulk
from talon_async.bulk import JobStoppedError, Mapping, Progress
from tests.bulk.support import FAST, in_process, profile_rows
from tests.sandbox.checked import checked_deployment

CSV = (
    "\ufeffid,attributes.City,age,vip,since,tags,note\r\n"
    'a,Berlin,41,yes,2024-05-01T10:00:00+02:00,x;y,"two\r\nlines"\r\n'
    "b,,3.5,FALSE,2024-05-01,,\r\n"
    "\r\n"
    "c,Rome,many,true,2024-05-01,[1],\r\n"
    "d,Oslo\r\n"
)
MAPPING = Mapping(
    {
        "id": "integration_id",
        "age": "attributes.Age:number",
        "vip": "attributes.Vip:boolean",
        "since": "attributes.Since:timestamp",
        "tags": "attributes.Tags:list",
        "note": "-",
    },
    {"attributes.Source": "import"},
)


def attributes_of(deployment: Any) -> dict[str, Any]:
    """The attributes of each profile."""
    return {name: each.profile.attributes for name, each in deployment.profiles.items()}


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
async def test_columns_go_to_typed_attributes(tmp_path: Path, suffix: str) -> None:
    """Columns of a CSV file become attributes of the mapped types; an empty cell is not sent."""
    path = tmp_path / f"customers{suffix}"
    data = CSV.encode()
    path.write_bytes(gzip.compress(data) if suffix.endswith(".gz") else data)
    deployment = checked_deployment()
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, bulk.profiles(path, name="nightly", mapping=MAPPING), rate=FAST)
    assert attributes_of(deployment) == {
        "a": {
            "City": "Berlin",
            "Age": 41,
            "Vip": True,
            "Since": "2024-05-01T10:00:00+02:00",
            "Tags": ["x", "y"],
            "Source": "import",
        },
        "b": {"Age": 3.5, "Vip": False, "Since": "2024-05-01T00:00:00Z", "Source": "import"},
    }
    assert [
        (each.number, each.field, each.reason) for each in sorted(report.examples, key=lambda e: e.number)
    ] == [
        (3, "attributes.Age", "expected a number"),
        (4, "", "expected 7 cells, found 2"),
    ]


async def test_columns_with_the_names_of_fields_need_no_mapping(tmp_path: Path) -> None:
    """Columns are taken by the names of fields, in Python or in JSON, with the types of the fields."""
    path = tmp_path / "referrals.csv"
    path.write_text("campaignId,advocate_profile_integration_id,usageLimit,startDate\n1,a,5,2030-01-31\n")
    deployment = checked_deployment()
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, bulk.referrals(path, name="invitations"), rate=FAST)
    assert report.applied == 1
    (record,) = deployment.store.referrals.values()
    assert (record.referral.usage_limit, record.referral.campaign_id) == (5, 1)
    assert record.referral.start_date == datetime(2030, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "columns", "message"),
    [
        ("integrationId,email", {}, "no field for email"),
        ("integrationId", {"email": "attributes.Email"}, "no column 'email'"),
        ("integrationId,email", {"email": "attribute.Email"}, "has no field attribute.Email"),
        ("integrationId,integrationId", {}, "different columns"),
        ("", {}, "expected a header"),
    ],
)
async def test_a_column_without_a_place_is_refused(
    tmp_path: Path, header: str, columns: dict[str, str], message: str
) -> None:
    """A column that nobody placed, or a place that does not exist, fails before anything is sent."""
    path = tmp_path / "customers.csv"
    path.write_text(f"{header}\n" if header else "")
    with pytest.raises(ConfigurationError, match=message):
        await bulk.check(bulk.profiles(path, name="nightly", mapping=Mapping(columns)))


async def test_rows_without_names_are_refused_with_a_mapping() -> None:
    """A mapping applies to mappings; models are taken as they are, and anything else is refused."""
    rows = [{"id": "a"}, MultipleCustomerProfileIntegrationRequestItem(integration_id="b"), "c"]
    job = bulk.profiles(rows, name="nightly", mapping=Mapping({"id": "integration_id"}))
    report = await bulk.check(job)
    assert (report.rows, report.refused) == (3, 1)
    assert report.examples[0].reason.endswith("or a mapping, found str")


def test_a_type_that_does_not_exist_is_refused() -> None:
    """A mapping names the types that exist."""
    with pytest.raises(ConfigurationError, match="email: expected one of text, integer"):
        Mapping({"email": "attributes.Email:string"})


async def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    """Only the suffixes of supported files are read."""
    path = tmp_path / "customers.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(ConfigurationError, match=r"\.csv, \.jsonl or \.parquet"):
        await bulk.check(bulk.profiles(path, name="nightly"))


async def test_lines_that_are_no_objects_are_refused(tmp_path: Path) -> None:
    """A line that is not a JSON object is refused, and the other lines are sent."""
    path = tmp_path / "customers.jsonl"
    path.write_text(
        '{"integrationId": "a"}\n\n{"integrationId": \n[1]\n{"integrationId": "b", "attributez": {}}\n'
    )
    dead = tmp_path / "dead.jsonl"
    deployment = checked_deployment()
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, bulk.profiles(path, name="nightly"), rate=FAST, dead_letters=dead)
    assert (report.applied, report.refused) == (1, 3)
    letters = {row["_row"]: row for row in map(json.loads, dead.read_text().splitlines())}
    assert letters[2]["line"] == '{"integrationId": '
    assert letters[3]["_reason"] == "expected a JSON object"
    assert letters[4]["_field"] == "attributez"


@pytest.mark.parametrize("name", ["rows.csv.gz", "rows.jsonl.gz", "rows.csv"])
async def test_a_damaged_file_is_an_error(tmp_path: Path, name: str) -> None:
    """A file that ends too early, or is not UTF-8, is an error that says so."""
    path = tmp_path / name
    rows = b'{"integrationId": "a"}\n' if "jsonl" in name else b"integrationId\na\n"
    path.write_bytes(gzip.compress(rows * 1000)[:-9] if name.endswith("gz") else rows + b"\xff\n")
    with pytest.raises(ConfigurationError, match="cannot be read any further"):
        await bulk.check(bulk.profiles(path, name="nightly"))


async def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    """Columns of a Parquet file keep their types; nulls of attributes are sent as null."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "customers.parquet"
    columns = {"integration_id": ["a", "b"], "attributes.Age": [41, None], "attributes.Tags": [["x"], []]}
    parquet.write_table(pyarrow.table(columns), path)
    deployment = checked_deployment()
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, bulk.profiles(path, name="nightly"), rate=FAST)
    assert report.applied == 2
    assert attributes_of(deployment) == {"a": {"Age": 41, "Tags": ["x"]}, "b": {"Age": None, "Tags": []}}


async def test_progress_says_how_much_is_complete(tmp_path: Path) -> None:
    """The fraction of a file counts what is complete, and not what is only read."""
    path = tmp_path / "customers.csv"
    path.write_text("integrationId\n" + "".join(f"customer-{each}\n" for each in range(4000)))
    seen: list[Progress] = []
    async with in_process(checked_deployment()) as talon:
        await bulk.run(talon, bulk.profiles(path, name="nightly"), rate=FAST, on_progress=seen.append)
    assert [progress.fraction for progress in seen] == [
        pytest.approx(progress.report.applied / 4000) for progress in seen
    ]
    assert (len(seen), seen[-1].fraction) == (33, 1.0)


async def test_dead_letters_are_mended_and_fed_back(tmp_path: Path) -> None:
    """Refused rows are written with their columns and reason; mended, the file is the next job's input."""
    deployment = checked_deployment(attributes={"CustomerProfile": {"Age": "number"}})
    path, dead = tmp_path / "customers.csv", tmp_path / "dead.csv"
    path.write_text(
        "id,age\n" + "".join(f"customer-{each},{'x' if each in (3, 7) else each}\n" for each in range(10))
    )
    columns = Mapping({"id": "integrationId", "age": "attributes.Age:number"})
    async with in_process(deployment) as talon:
        first = await bulk.run(
            talon, bulk.profiles(path, name="nightly", mapping=columns), rate=FAST, dead_letters=dead
        )
        assert (first.applied, first.refused) == (8, 2)
        assert stat.S_IMODE(dead.stat().st_mode) == 0o600
        letters = sorted(csv.DictReader(dead.read_text().splitlines()), key=lambda row: row["id"])
        assert letters[0] == {
            "id": "customer-3",
            "age": "x",
            "_row": "4",
            "_outcome": "refused",
            "_field": "attributes.Age",
            "_reason": "expected a number",
        }
        dead.write_text(dead.read_text().replace(",x,", ",30,"))
        second = await bulk.run(talon, bulk.profiles(dead, name="mended", mapping=columns), rate=FAST)
    assert (second.applied, second.refused) == (2, 0)
    assert attributes_of(deployment)["customer-7"] == {"Age": 30}


async def test_a_resumed_job_writes_each_dead_letter_once(tmp_path: Path) -> None:
    """Rows that were refused before a stop, and are refused again afterwards, are dead letters once."""
    deployment = checked_deployment(attributes={"CustomerProfile": {"Number": "number"}})
    rows = list(profile_rows([f"customer-{number}" for number in range(2000)], Nonsense=1))
    job, dead = bulk.profiles(rows, name="nightly"), tmp_path / "dead.jsonl"
    journal = tmp_path / "nightly.journal"
    async with in_process(deployment) as talon:
        with pytest.raises(JobStoppedError):
            await bulk.run(talon, job, rate=FAST, max_refused=20, journal=journal, dead_letters=dead)
        assert 0 < len(dead.read_text().splitlines()) < 2000
        dead.write_text(dead.read_text() + '{"_row": 7, "torn')
        report = await bulk.run(talon, job, rate=FAST, max_refused=5000, journal=journal, dead_letters=dead)
    numbers = [json.loads(line)["_row"] for line in dead.read_text().splitlines()]
    assert sorted(numbers) == list(range(1, 2001))
    assert report.dead_letters == 2000


async def test_dead_letters_of_another_job_are_kept(tmp_path: Path) -> None:
    """A file of dead letters that exists is not written to by another job."""
    dead = tmp_path / "dead.jsonl"
    dead.write_text('{"_row": 1}\n')
    async with in_process(checked_deployment()) as talon:
        job = bulk.profiles(profile_rows(["a"]), name="nightly")
        for _ in range(2):
            with pytest.raises(ConfigurationError, match="exists"):
                await bulk.run(talon, job, dead_letters=dead, journal=tmp_path / "nightly.journal")
        with pytest.raises(ConfigurationError, match="no columns"):
            await bulk.run(talon, job, dead_letters=tmp_path / "dead.csv")
    assert dead.read_text() == '{"_row": 1}\n'
