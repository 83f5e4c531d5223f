"""Throughput: jobs beside bare loops, and customers that have many rows."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from benchmarks.bulk import loops
from benchmarks.bulk.loops import Kind, Turn, control
from benchmarks.measure import OURS, Case, Measurement, Target
from benchmarks.server import Server
from benchmarks.workers import Bounds, TimedOut, Workers

BARE: Final = "bare loop"
CPU_OF_ROW: Final = "CPU of a row"
CPU_OF_EVENT: Final = "CPU of an event"
"""How the names of cases begin."""

_TURN_SECONDS: Final = 120.0
_CUSTOMERS: Final = 1_000_000
_REPEATED: Final = (100_000, 10_000)


def cases(server: Server, bounds: Bounds, *, rounds: int, profiles: int, events: int) -> Iterator[Case]:
    """Measure the rows per second of jobs, and their CPU time per row.

    Args:
        server: A server that keeps books.
        bounds: The time limits.
        rounds: The number of turns of each entrant.
        profiles: The number of profiles in a turn; more if responses are slow.
        events: The number of events in a turn.
    """
    for delay, times in ((0.0, 1), (0.1, 2), (0.3, 3)):  # the slower, the longer until the limit is found
        yield from _beside_bare(server, bounds, rounds, "profiles", times * profiles, delay, 32, (8, 16, 32))
    yield from _beside_bare(server, bounds, rounds, "events", events, 0.05, 256, (64, 128, 256))
    yield from _events_at_equal_load(server, bounds, rounds, events // 2)
    yield from _repeated(server, bounds, rounds, profiles)


def _beside_bare(
    server: Server,
    bounds: Bounds,
    rounds: int,
    kind: Kind,
    rows: int,
    delay: float,
    in_flight: int,
    fixed: Sequence[int],
) -> Iterator[Case]:
    """Find the best fixed number of a bare loop, and let a job and that loop take turns."""
    with Workers([OURS, BARE], bounds) as workers:
        best, most = fixed[-1], 0.0
        for number in fixed:
            turn = workers.run(BARE, _turn(loops.bare, server, kind, rows // 4, delay, number), _TURN_SECONDS)
            if not isinstance(turn, TimedOut) and turn.rate > most:
                best, most = number, turn.rate
        jobs = {
            OURS: _turn(loops.job, server, kind, rows, delay, in_flight),
            BARE: _turn(loops.bare, server, kind, rows, delay, best),
        }
        turns = workers.take_turns(jobs, rounds, _TURN_SECONDS)
    where = f"{rows:,} {kind}, responses after {delay * 1000:.0f} ms"
    yield _case(f"{where}, bare loop of {best}", turns, "rate", Target(0.9, BARE))
    if kind == "profiles":
        yield _case(f"{CPU_OF_ROW}: {where}", turns, "microseconds", Target(1.1, BARE))
    yield _case(f"server busy: {where}", turns, "server")


def _events_at_equal_load(server: Server, bounds: Bounds, rounds: int, rows: int) -> Iterator[Case]:
    with Workers([OURS, BARE], bounds) as workers:
        jobs = {
            OURS: _turn(loops.job, server, "events", rows, 0.05, 32),
            BARE: _turn(loops.bare, server, "events", rows, 0.05, 32),
        }
        turns = workers.take_turns(jobs, rounds, _TURN_SECONDS)
    yield _case(f"{CPU_OF_EVENT}, 32 in flight each", turns, "microseconds", Target(1.25, BARE))


def _repeated(server: Server, bounds: Bounds, rounds: int, rows: int) -> Iterator[Case]:
    different = f"{rows:,} customers"
    customers = {different: rows} | {
        f"{count:,} customers": count
        for each in _REPEATED
        if (count := each if rows > each else each * rows // _CUSTOMERS)
    }
    with Workers(customers, bounds) as workers:
        jobs = {
            name: _turn(loops.job, server, "profiles", rows, 0.1, 32, customers=count)
            for name, count in customers.items()
        }
        turns = workers.take_turns(jobs, rounds, _TURN_SECONDS)
        disorder = _disorder(server, workers, different, rows)
    for name in customers:
        if name != different:
            case = {OURS: turns[name], different: turns[different]}
            yield _case(f"{rows:,} profiles of {name}, after 100 ms", case, "rate", Target(0.9, different))
    yield Case(
        "bulk",
        "events of 100 customers out of order, 256 in flight",
        "rows",
        {OURS: disorder if isinstance(disorder, TimedOut) else Measurement.of([disorder])},
        (Target(0),),
    )


def _disorder(server: Server, workers: Workers, entrant: str, rows: int) -> float | TimedOut:
    events = max(rows // 100, 1000)
    turn = workers.run(entrant, _turn(loops.job, server, "events", events, 0.02, 256, customers=100))
    books = control(server, "/books")
    return turn if isinstance(turn, TimedOut) else float(books["out_of_order"] + books["lost"])


def _turn(
    entrant: Callable[..., Turn],
    server: Server,
    kind: Kind,
    rows: int,
    delay: float,
    in_flight: int,
    customers: int | None = None,
) -> Callable[[], Turn]:
    return functools.partial(
        _with_new_books, entrant, server, kind, rows, delay, in_flight, customers or rows
    )


def _with_new_books(
    entrant: Callable[..., Turn],
    server: Server,
    kind: Kind,
    rows: int,
    delay: float,
    in_flight: int,
    customers: int,
) -> Turn:
    control(server, "/control", rows=rows, delay=delay)
    return entrant(server, kind, rows, customers, in_flight)


def _case(name: str, turns: Mapping[str, list[Turn] | TimedOut], figure: str, *targets: Target) -> Case:
    units = {"rate": "rows/s", "microseconds": "us", "server": "%"}
    return Case(
        "bulk",
        name,
        units[figure],  # type: ignore[arg-type]
        {
            entrant: each
            if isinstance(each, TimedOut)
            else Measurement.of(getattr(turn, figure) for turn in each)
            for entrant, each in turns.items()
        },
        targets,
    )
