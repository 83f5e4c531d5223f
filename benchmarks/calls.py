"""Calls over loopback: calls per second, p99 latency, and the client's CPU time per call."""

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

import attrs

from benchmarks.clients import (
    OpenAsync,
    aiohttp_alone,
    httpx2_alone,
    httpx_alone,
    ours,
    ours_with_all,
    ours_with_nothing,
    pyreqwest_alone,
)
from benchmarks.load import Load, Rate, Response, run_async, run_threads
from benchmarks.measure import (
    HTTPX,
    LIMIT_OF_CALLS,
    OURS,
    PROVIDER,
    Case,
    Pace,
    Target,
    Unit,
    summarize,
)
from benchmarks.payloads import CART_SIZE
from benchmarks.server import running_server
from benchmarks.workers import Bounds, TimedOut, Workers

_MOST_THREADS: Final = 50
_MOST_SECONDS: Final = 30.0
_ASYNC: Final[dict[str, OpenAsync]] = {OURS: ours, HTTPX: httpx_alone, LIMIT_OF_CALLS: aiohttp_alone}

_ON_UVLOOP: Final = "on uvloop"
_OTHERS: Final[dict[str, OpenAsync]] = {
    f"{OURS} {_ON_UVLOOP}": ours,
    f"{LIMIT_OF_CALLS} {_ON_UVLOOP}": aiohttp_alone,
    "httpx2": httpx2_alone,
    "pyreqwest + orjson": pyreqwest_alone,
}
"""Further entrants of the rows with 50 calls in flight."""

_WITH_NOTHING: Final = f"{OURS} without"
_RELIABILITY: Final[dict[str, OpenAsync]] = {OURS: ours_with_all, _WITH_NOTHING: ours_with_nothing}

_OURS_AT_10: Final = f"{OURS} at 10"


TINY: Final = Response("tiny response", "small", items=1)
LARGE: Final = Response("45 KB response", "large", items=CART_SIZE)

_IN_FLIGHT: Final = (1, 10, 50, 200, 500, 1000)
_QUICK: Final = (10, 50, 500)
"""Of these, the ones with targets that a short run measures."""

_CARTS: Final = (1, 10, 100, 1000)
"""The numbers of cart items for which the growth of the cost is measured."""

_TARGETS: Final[Mapping[tuple[str, Response, int], tuple[Target, ...]]] = {
    ("calls", TINY, 50): (Target(1.7, PROVIDER),),
    ("CPU per call", TINY, 50): (Target(2.0, LIMIT_OF_CALLS),),
    ("calls", LARGE, 50): (Target(5, PROVIDER),),
    ("CPU per call", TINY, 500): (Target(1.25, _OURS_AT_10),),
    ("calls", TINY, 500): (Target(10, HTTPX),),
    ("p99 latency", TINY, 200): (Target(2.0, LIMIT_OF_CALLS),),
}


_Rates: TypeAlias = list[Rate] | TimedOut


def _cpu(rate: Rate) -> float:
    return rate.cpu_ms_per_call


_MEASURES: Final[Mapping[str, tuple[Unit, Callable[[Rate], float | None]]]] = {
    "calls": ("calls/s", lambda rate: rate.calls_per_second),
    "CPU per call": ("ms", _cpu),
    "p99 latency": ("ms", lambda rate: rate.p99_ms),
    "server busy": ("%", lambda rate: rate.server_share),
}


def cases(
    pace: Pace, bounds: Bounds, *, passes: int, longest_turn: float, quick: bool = False
) -> Iterator[Case]:
    """Measure all clients.

    Args:
        pace: How long to measure.
        bounds: The time limits.
        passes: The number of passes over all clients at each load.
        longest_turn: The maximum seconds a turn waits for one call per caller.
        quick: Whether to leave out the rows that take longest.
    """
    rows = [*((TINY, number) for number in (_QUICK if quick else _IN_FLIGHT)), (LARGE, 1), (LARGE, 50)]
    with Workers([*_ASYNC, *_OTHERS, PROVIDER, _WITH_NOTHING], bounds) as workers:
        for tls in (False, True):
            with running_server(tls=tls) as server:
                loads = [Load(server, *row, pace, longest_turn) for row in rows]
                yield from _compare(workers, loads, passes)
        with running_server() as server:
            for items in _CARTS[:2] if quick else _CARTS:
                cart = attrs.evolve(TINY, name=f"tiny response, cart of {items}", items=items)
                load = Load(server, cart, 50, pace, longest_turn)
                rates = _take_turns(workers, _jobs({OURS: ours, LIMIT_OF_CALLS: aiohttp_alone}, load), passes)
                yield _case("CPU per call", load, rates)
            load = Load(server, TINY, 50, pace, longest_turn)
            rates = _take_turns(workers, _jobs(_RELIABILITY, load), passes * 2)
    yield Case(
        "calls",
        "CPU per call, tiny response, 50 in flight: retries, queueing, breaker and hook",
        "ms",
        {name: summarize(_figures(turns, _cpu)) for name, turns in rates.items()},
        (Target(1.05, _WITH_NOTHING),),
    )


def _compare(workers: Workers, loads: Iterable[Load], passes: int) -> Iterator[Case]:
    at_10: _Rates = []
    for load in loads:
        clients = dict(_ASYNC)
        if load.in_flight > 50 and (load.in_flight != 500 or load.server.ca_file):
            del clients[HTTPX]  # which takes long to reach a steady rate: one such row is enough
        if load.in_flight == 50:
            clients |= _OTHERS
        jobs = _jobs(clients, load)
        if load.in_flight <= _MOST_THREADS:
            jobs[PROVIDER] = functools.partial(run_threads, load)
        rates = _take_turns(workers, jobs, passes)
        if (load.response, load.in_flight) == (TINY, 10):
            at_10 = rates[OURS]
        if (load.response, load.in_flight) == (TINY, 500):
            rates[_OURS_AT_10] = at_10
        for measure in _MEASURES:
            yield _case(measure, load, rates)


def _jobs(clients: Mapping[str, OpenAsync], load: Load) -> dict[str, Callable[[], list[Rate]]]:
    return {
        name: functools.partial(run_async, open_client, load, uvloop=name.endswith(_ON_UVLOOP))
        for name, open_client in clients.items()
    }


def _take_turns(
    workers: Workers, jobs: Mapping[str, Callable[[], list[Rate]]], passes: int
) -> dict[str, _Rates]:
    """Let the clients take turns; each job warms its client up."""
    rates: dict[str, _Rates] = {name: [] for name in jobs}
    for _, (name, job) in itertools.product(range(passes), jobs.items()):
        so_far = rates[name]
        if isinstance(so_far, TimedOut):
            continue
        turns = workers.run(name, job, _MOST_SECONDS)
        rates[name] = turns if isinstance(turns, TimedOut) else so_far + turns
    return rates


def _case(measure: str, load: Load, rates: Mapping[str, _Rates]) -> Case:
    unit, figure = _MEASURES[measure]
    tls = load.server.ca_file is not None
    outcomes = {
        name: summarize(values)
        for name, turns in rates.items()
        if isinstance(values := _figures(turns, figure), TimedOut) or values
    }
    return Case(
        "calls over TLS" if tls else "calls",
        f"{measure}, {load.response.name}, {load.in_flight} in flight{', TLS' if tls else ''}",
        unit,
        outcomes,
        tuple(
            target
            for target in _TARGETS.get((measure, load.response, load.in_flight), ())
            if target.than in outcomes
        ),
    )


def _figures(turns: _Rates, figure: Callable[[Rate], float | None]) -> list[float] | TimedOut:
    if isinstance(turns, TimedOut):
        return turns
    return [value for turn in turns if (value := figure(turn)) is not None]
