"""The benchmarks of bulk jobs: books that find every error, and a page that keeps its prose."""

import json
from pathlib import Path

from benchmarks.bulk import page
from benchmarks.bulk.costs import RESUMED
from benchmarks.bulk.plan import UnitCosts, table
from benchmarks.bulk.server import Books
from benchmarks.bulk.throughput import CPU_OF_EVENT, CPU_OF_ROW
from benchmarks.measure import OURS, Case, Measurement


def event(customer: str, number: int) -> bytes:
    """The body of an event."""
    return json.dumps({"profileId": customer, "attributes": {"Number": number}}).encode()


def test_books_find_every_error() -> None:
    """Rows that are lost, applied under two keys, or out of order are counted; replays are not applied."""
    books = Books(rows=4)
    for key, body in {
        b"1": event("a", 1),
        b"2": event("a", 0),
        b"3": event("b", 2),
        b"4": event("b", 2),
    }.items():
        books.apply(b"/v2/events", key, body)
    books.apply(b"/v2/events", b"1", event("a", 1))
    assert books.totals() == {"requests": 0, "replays": 1, "lost": 1, "doubled": 1, "out_of_order": 1}


def test_a_refused_request_is_not_applied() -> None:
    """A request with a bad row is refused, with its place on demand, and none of its rows counts."""
    rows = [{"integrationId": "a", "attributes": {"Number": 0}}]
    rows.append({"integrationId": "b", "attributes": {"Number": 1, "Bad": True}})
    body = json.dumps({"customerProfiles": rows}).encode()
    for pointers in (True, False):
        books = Books(rows=2, pointers=pointers)
        response = books.apply(b"/v2/customer_profiles", b"1", body)
        assert response.startswith(b"HTTP/1.1 400")
        assert (b"/customerProfiles/1/" in response) == pointers
        assert books.totals()["lost"] == 2


def test_the_plan_is_computed_from_unit_costs() -> None:
    """The slower of pace and core is the bottleneck, and the time is requests divided by their rate."""
    rows = list(table({"profiles": UnitCosts(1000, 10.0, 4.0), "events": UnitCosts(1, 300.0, 4.0)}))
    assert (
        "| 10 million profiles | 40 | 10,000 | 4.2 min | 1.7 min, 40% of a core | the rate | 40 s |" in rows
    )
    assert (
        "| one billion profiles | 300 | 1,000,000 | 56 min | 2.8 h, 300% of a core "
        "| one core (4 processes keep the rate) | 67 min |"
    ) in rows
    assert (
        "| 10 million events | 40 | 10,000,000 | 2.9 days | 50 min, 1% of a core | the rate | 40 s |" in rows
    )


def test_the_page_keeps_its_prose(tmp_path: Path) -> None:
    """A run replaces both tables, and nothing else on the page."""
    path = tmp_path / "plan.md"
    path.write_text(
        "# Plan\n<!-- figures -->\nold\n<!-- /figures -->\nbetween\n<!-- plan -->\nold\n<!-- /plan -->\nend\n"
    )
    cases = [
        Case("bulk", name, "us", {OURS: Measurement.of([10.0])})
        for name in (CPU_OF_ROW, CPU_OF_EVENT, RESUMED)
    ]
    for _ in range(2):
        page.save(cases, {"processor": "a CPU", "cores": 2, "python": "CPython 3.11"}, path)
    text = path.read_text()
    assert "old" not in text
    assert text.count("a CPU, 2 cores") == text.count("| 10 million profiles | 40 |") == 1
    assert [part in text for part in ("# Plan", "between", "end\n")] == [True] * 3
