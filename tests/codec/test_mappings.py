"""Requests consist of models: a mapping instead of a model is refused at any depth."""

from collections.abc import Awaitable, Callable
from types import MappingProxyType
from typing import Any, Final

import orjson
import pytest

from talon_async import (
    CartItem,
    CatalogAction,
    CustomerProfileIntegrationRequestV2,
    InvalidRequestError,
    NewCustomerSessionV2,
    TalonClient,
)
from talon_async._operations.profiles import UPDATE_CUSTOMER_PROFILE

ITEM: Final[Any] = {"sku": "S-1", "quantity": 1, "price": 9.0}
GIVEN: Final[Any] = {"profileId": "customer-7"}

CALLS: Final[dict[str, tuple[Callable[[TalonClient], Awaitable[object]], str, str]]] = {
    "a session": (
        lambda talon: talon.sessions.update("cart-1", GIVEN),
        "customer_session",
        "expected object NewCustomerSessionV2, found dict, not a model",
    ),
    "another mapping": (
        lambda talon: talon.sessions.update("cart-1", MappingProxyType(GIVEN)),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        "customer_session",
        "found mappingproxy, not a model",
    ),
    "a cart item": (
        lambda talon: talon.sessions.update(
            "cart-1", NewCustomerSessionV2(cart_items=[CartItem(sku="S-0", quantity=1, price=1.0), ITEM])
        ),
        "customer_session.cart_items[1]",
        "expected object CartItem, found dict, not a model",
    ),
    "an additional cost": (
        lambda talon: talon.sessions.update(
            "cart-1",
            NewCustomerSessionV2(additional_costs={"shipping": {"price": 5.0}}),  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
        ),
        "customer_session.additional_costs['shipping']",
        "expected object AdditionalCost",
    ),
    "a returned item": (
        lambda talon: talon.sessions.return_items("cart-1", [GIVEN]),
        "return_.returned_cart_items[0]",
        "expected object ReturnedCartItem",
    ),
    "a profile": (
        lambda talon: talon.profiles.update("customer-7", GIVEN),
        "body",
        "expected CustomerProfileIntegrationRequestV2, found dict",
    ),
    "one of many profiles": (
        lambda talon: talon.profiles.update_many([GIVEN]),
        "customer_profiles[0]",
        "expected object MultipleCustomerProfileIntegrationRequestItem",
    ),
    "an event": (
        lambda talon: talon.events.track(GIVEN),
        "body",
        "expected IntegrationEventV2Request, found dict",
    ),
    "a membership": (
        lambda talon: talon.audiences.update_members([GIVEN]),
        "data[0]",
        "expected object CustomerProfileAudienceRequestItem",
    ),
    "a catalog action": (
        lambda talon: talon.catalogs.sync(1, [CatalogAction(type="ADD", payload=ITEM)]),
        "actions[0].payload",
        "expected object AddItemCatalogAction, found dict, not a model",
    ),
}


@pytest.mark.parametrize(("call", "field", "reason"), CALLS.values(), ids=CALLS.keys())
async def test_a_mapping_is_not_a_model(call: Any, field: str, reason: str) -> None:
    """The error names the field and the expected model; nothing is sent."""
    async with TalonClient("https://shop.invalid", api_key="key") as talon:
        with pytest.raises(InvalidRequestError) as caught:
            await call(talon)
    assert caught.value.field == field
    assert reason in caught.value.reason


def test_attributes_are_mappings() -> None:
    """Custom attributes are mappings and are sent unchanged."""
    attributes = {"address": {"city": "Berlin"}, "items": [{"sku": "S-1"}]}
    body = CustomerProfileIntegrationRequestV2(attributes=attributes)
    request = UPDATE_CUSTOMER_PROFILE.encode(body, integration_id="customer-7")
    assert orjson.loads(request.content or b"") == {"attributes": attributes}
