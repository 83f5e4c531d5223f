"""A sandbox with a fixed clock, a client for it, and plain HTTP access."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from talon_async import TalonClient
from talon_async.sandbox import Clock, Deployment, Sandbox
from tests.sandbox.checked import checked_deployment


@pytest.fixture
async def deployment() -> AsyncIterator[Deployment]:
    """A deployment with the default campaigns, served while the test runs."""
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    async with Sandbox(checked_deployment(clock=Clock(lambda: moment))) as served:
        yield served


@pytest.fixture
async def talon(deployment: Deployment) -> AsyncIterator[TalonClient]:
    """A strict client: it raises on any response that does not match the schema."""
    async with TalonClient(deployment.url, api_key=deployment.api_key, strict=True) as client:
        yield client


@pytest.fixture
async def http(deployment: Deployment) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP to the deployment, with its key, for requests that the client never sends."""
    async with httpx.AsyncClient(
        base_url=deployment.url,
        headers={"authorization": f"ApiKey-v1 {deployment.api_key}"},
    ) as client:
        yield client
