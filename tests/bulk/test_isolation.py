"""Isolation: a row that is refused never costs its neighbors."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from talon_async import MultipleCustomerProfileIntegrationRequestItem, bulk
from talon_async.bulk import Outcome
from tests.bulk.support import FAST, ids_in, in_one_lane, in_process, profile_rows, responding
from tests.sandbox.checked import checked_deployment

NAMES = in_one_lane(1000)
BAD = NAMES[617]
NUMBERS = {"CustomerProfile": {"Number": "number"}}


async def test_the_row_that_a_pointer_names_is_taken_out() -> None:
    """One row that the service refuses costs one further request, and 999 rows are applied."""
    deployment = checked_deployment(attributes=NUMBERS)
    rows = list(profile_rows(NAMES))
    rows[617]["attributes"]["Nonsense"] = True
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, bulk.profiles(rows, name="nightly"), rate=FAST)
    assert (report.applied, report.refused, report.requests) == (999, 1, 2)
    (refusal,) = report.examples
    assert (refusal.number, refusal.key, refusal.status) == (618, BAD, "refused")
    assert refusal.field == "/customerProfiles/617/attributes/Nonsense"
    assert set(deployment.profiles) == set(NAMES) - {BAD}


def refusing_bad(error: Callable[[int], dict[str, Any]], applied: list[str]) -> Any:
    """A service that refuses each request with the bad row by an error for its position."""

    def respond(request: httpx.Request) -> httpx.Response:
        names = ids_in(request)
        if BAD in names:
            errors = [error(names.index(BAD))]
            return httpx.Response(400, json={"message": "invalid", "errors": errors if errors[0] else []})
        applied.extend(names)
        return httpx.Response(204)

    return respond


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("pointer", "/customerProfiles/{index}/attributes/Age"),
        ("pointer", "customerProfiles[{index}].attributes.Age"),
        ("pointer", "$.customerProfiles[{index}]"),
        ("pointer", "/{index}/attributes/Age"),
        ("details", "in customerProfiles[{index}]: no such attribute"),
    ],
)
async def test_every_spelling_of_a_place_is_read(part: str, text: str) -> None:
    """The position of a row is read from a JSON pointer, a JSON path, or the explanation."""
    applied: list[str] = []

    def error(index: int) -> dict[str, Any]:
        place = text.format(index=index)
        return {"title": "Invalid", "source": {"pointer": place}} if part == "pointer" else {part: place}

    async with responding(refusing_bad(error, applied)) as talon:
        report = await bulk.run(talon, bulk.profiles(profile_rows(NAMES), name="nightly"), rate=FAST)
    assert (report.applied, report.refused, report.requests) == (999, 1, 2)
    assert applied == [name for name in NAMES if name != BAD]


async def test_a_chunk_is_halved_when_nothing_names_the_row() -> None:
    """Without a place, halving finds the row with at most 21 further requests, and keeps the order."""
    applied: list[str] = []
    async with responding(refusing_bad(lambda _: {}, applied)) as talon:
        report = await bulk.run(talon, bulk.profiles(profile_rows(NAMES), name="nightly"), rate=FAST)
    assert (report.applied, report.refused) == (999, 1)
    assert report.requests <= 1 + 21
    assert report.examples == (Outcome(618, BAD, "refused", "", "HTTP 400: invalid"),)
    assert applied == [name for name in NAMES if name != BAD]


async def test_a_request_that_is_too_large_is_halved() -> None:
    """After a 413 each half is sent, until the service takes it; nothing is refused."""
    sizes: list[int] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sizes.append(len(ids_in(request)))
        return httpx.Response(413 if sizes[-1] > 300 else 204)

    async with responding(respond) as talon:
        report = await bulk.run(talon, bulk.profiles(profile_rows(NAMES), name="nightly"), rate=FAST)
    assert (report.applied, report.refused) == (1000, 0)
    assert sizes == [1000, 500, 250, 250, 500, 250, 250]


async def test_a_row_that_is_not_valid_is_not_sent() -> None:
    """A row that cannot be encoded is refused with its field, and the others are sent without it."""
    rows: list[Any] = list(profile_rows(NAMES[:5]))
    rows[1]["attributes"]["Ratio"] = float("nan")
    rows[2] = {"attributes": {}}
    rows[3] = "no mapping"
    deployment = checked_deployment()
    async with in_process(deployment) as talon:
        job = bulk.profiles(rows, name="nightly")
        checked = await bulk.check(job)
        report = await bulk.run(talon, job, rate=FAST)
    assert sorted((each.number, each.field) for each in report.examples) == [
        (2, "attributes['Ratio']"),
        (3, "integration_id"),
        (4, "row"),
    ]
    assert (report.applied, report.refused) == (2, 3)
    assert (checked.rows, checked.refused, checked.requests) == (5, 3, 1)
    (call,) = deployment.calls
    assert json.loads(call.request)["customerProfiles"][1] == {
        "integrationId": NAMES[4],
        "attributes": {"Number": 1},
    }


async def test_a_text_that_json_cannot_carry_is_refused_by_its_name() -> None:
    """A lone surrogate is refused with the name of its attribute, in a model of a subclass too."""

    class Profile(MultipleCustomerProfileIntegrationRequestItem):
        """A subclass of the user's own."""

    rows = [
        MultipleCustomerProfileIntegrationRequestItem(integration_id="1", attributes={"Name": "\ud800"}),
        Profile(integration_id="2", attributes={"Name": "\ud800"}),
        Profile(integration_id="3", attributes={"Name": "Ada"}),
    ]
    deployment = checked_deployment()
    async with in_process(deployment) as talon:
        report = await bulk.run(talon, bulk.profiles(rows, name="nightly"), rate=FAST)
    assert sorted((each.key, each.field) for each in report.examples) == [
        ("1", "attributes['Name']"),
        ("2", "attributes['Name']"),
    ]
    assert set(deployment.profiles) == {"3"}
