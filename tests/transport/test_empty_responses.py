"""Empty responses: `None` where the call asks for nothing, an error where it asks for a model."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from talon_async import (
    CustomerProfileIntegrationRequestV2,
    IntegrationEventV2Request,
    IntegrationEventV3Request,
    NewReferralsForMultipleAdvocates,
    ResponseDecodeError,
    TalonClient,
)
from talon_async.models import MultipleCustomerProfileIntegrationRequestItem
from tests.transport.support import SESSION, mocked

EVENT = IntegrationEventV2Request(profile_id="customer-7", type="Seen")
EVENT_V3 = IntegrationEventV3Request(profile_id="customer-7", type="Seen", integration_id="event-1")
ITEMS = [MultipleCustomerProfileIntegrationRequestItem(integration_id="customer-7")]
REFERRALS = NewReferralsForMultipleAdvocates(
    campaign_id=1, usage_limit=1, advocate_profile_integration_ids=["customer-7"]
)

Call = Callable[[TalonClient, bool], Awaitable[object]]
SILENT: dict[str, Call] = {
    "trackEventV2": lambda talon, silent: talon.events.track(EVENT, silent=silent),
    "trackEventV3": lambda talon, silent: talon.events.track_advanced(EVENT_V3, silent=silent),
    "updateCustomerProfilesV2": lambda talon, silent: talon.profiles.update_many(ITEMS, silent=silent),
    "createReferralsForMultipleAdvocates": lambda talon, silent: talon.referrals.create_many(
        REFERRALS, silent=silent
    ),
}
EMPTY = pytest.mark.parametrize(("status", "body"), [(200, b""), (201, b" \r\n"), (204, b"")])


def responding(status: int, body: bytes) -> TalonClient:
    """Make a client of a service that always responds the same."""
    return mocked(httpx.MockTransport(lambda _: httpx.Response(status, content=body)))


@EMPTY
@pytest.mark.parametrize("operation", SILENT)
async def test_an_empty_response_in_place_of_a_model_is_an_error(
    operation: str, status: int, body: bytes
) -> None:
    """With `silent=False` a call returns a model or raises: the service has done the work, so no retry."""
    async with responding(status, body) as talon:
        with pytest.raises(ResponseDecodeError, match="the response has no body") as caught:
            await SILENT[operation](talon, False)
    assert (caught.value.status, caught.value.attempts, caught.value.sent) == (status, 1, True)


@EMPTY
@pytest.mark.parametrize("operation", SILENT)
async def test_an_empty_response_to_a_silent_call_is_none(operation: str, status: int, body: bytes) -> None:
    """With `silent=True` the call returns `None`."""
    async with responding(status, body) as talon:
        assert await SILENT[operation](talon, True) is None


@EMPTY
async def test_other_operations_always_have_a_body(status: int, body: bytes) -> None:
    """Where the schema has no response without a body, an empty one is an error."""
    async with responding(status, body) as talon:
        with pytest.raises(ResponseDecodeError, match="the response has no body"):
            await talon.sessions.update("cart-1", SESSION)
        with pytest.raises(ResponseDecodeError, match="the response has no body"):
            await talon.profiles.update("customer-7", CustomerProfileIntegrationRequestV2())
