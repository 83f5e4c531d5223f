"""Stops: a job ends early, and says why, when going on makes no sense."""

import pickle

import httpx
import pytest

from talon_async import AuthenticationError, PermissionDeniedError, RateLimitError, ServerError, bulk
from talon_async.bulk import JobStoppedError
from tests.bulk.support import FAST, in_process, profile_rows, responding, run_with_clock
from tests.sandbox.checked import checked_deployment
from tests.transport.support import Clock

NAMES = [f"customer-{number}" for number in range(5000)]


async def test_a_wrong_key_stops_the_job() -> None:
    """A 401 stops the job: what is in flight ends, and nothing more is sent."""
    deployment = checked_deployment()
    async with in_process(deployment, api_key="wrong") as talon:
        job = bulk.profiles(profile_rows(NAMES * 20), name="nightly")
        with pytest.raises(JobStoppedError, match="401") as stopped:
            await bulk.run(talon, job, rate=FAST, in_flight=4)
    assert isinstance(stopped.value.__cause__, AuthenticationError)
    assert (stopped.value.report.applied, stopped.value.report.refused) == (0, 0)
    assert stopped.value.report.requests <= 4
    assert pickle.loads(pickle.dumps(stopped.value)).report == stopped.value.report  # noqa: S301


@pytest.mark.parametrize(("status", "error"), [(403, PermissionDeniedError), (405, httpx.HTTPError)])
async def test_a_response_that_concerns_no_row_stops_the_job(status: int, error: type[Exception]) -> None:
    """A 403, or a status that the operation does not know, stops the job and refuses no row."""
    async with responding(lambda _: httpx.Response(status)) as talon:
        with pytest.raises(JobStoppedError, match=str(status)) as stopped:
            await bulk.run(talon, bulk.profiles(profile_rows(NAMES), name="nightly"), rate=FAST)
    assert stopped.value.report.refused == 0
    assert status == 405 or isinstance(stopped.value.__cause__, error)


async def test_a_service_that_stays_down_stops_the_job() -> None:
    """When nothing succeeds for `patience` seconds, the job stops; a shorter outage does not stop it."""
    clock = Clock()
    began = clock.time

    def respond(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(503 if clock.time < began + outage else 204)

    outage = 100.0
    async with responding(respond) as talon:
        job = bulk.profiles(list(profile_rows(NAMES)), name="nightly")
        report = await run_with_clock(talon, job, clock, patience=150.0)
        assert report.applied == 5000
        began, outage = clock.time, 1000.0
        with pytest.raises(JobStoppedError, match="150 s") as stopped:
            await run_with_clock(talon, job, clock, patience=150.0)
    assert isinstance(stopped.value.__cause__, ServerError)
    assert 150.0 <= clock.time - began < 200.0


async def test_a_wait_longer_than_the_patience_stops_the_job() -> None:
    """A `Retry-After` beyond `patience` stops the job instead of waiting."""
    clock = Clock()
    async with responding(lambda _: httpx.Response(429, headers={"Retry-After": "3600"})) as talon:
        job = bulk.profiles(profile_rows(NAMES), name="nightly")
        with pytest.raises(JobStoppedError) as stopped:
            await run_with_clock(talon, job, clock, patience=60.0)
    assert isinstance(stopped.value.__cause__, RateLimitError)
    assert clock.time < 1000.0 + 60.0


async def test_too_many_refused_rows_stop_the_job() -> None:
    """More than `max_refused` refused rows stop the job, and the error shows one of them."""
    deployment = checked_deployment(attributes={"CustomerProfile": {"Number": "number"}})
    async with in_process(deployment) as talon:
        job = bulk.profiles(profile_rows(NAMES, Nonsense=1), name="nightly")
        with pytest.raises(
            JobStoppedError, match=r"more than 20 rows are refused; row .*Nonsense"
        ) as stopped:
            await bulk.run(talon, job, rate=FAST, max_refused=20)
    assert 21 <= stopped.value.report.refused <= 20 + 32  # each lane ends with its next refusal
    assert len(stopped.value.report.examples) == 10
