"""`unittest.mock.create_autospec(TalonClient)`: a mock with the methods of the resources."""

import inspect
from typing import Any
from unittest.mock import create_autospec

import pytest

from talon_async import IntegrationStateV2, NewCustomerSessionV2, TalonClient
from talon_async.testing import make

RESOURCES = [
    name
    for name, value in inspect.getmembers(TalonClient)
    if inspect.isclass(value) and value.__module__.startswith("talon_async.resources")
]


@pytest.mark.parametrize("instance", [True, False], ids=["instance", "class"])
async def test_a_mock_has_the_methods_of_the_resources(instance: bool) -> None:
    """The methods of a mocked client's resources are async and return what the test sets."""
    mock = (
        create_autospec(TalonClient, instance=True)
        if instance
        else create_autospec(TalonClient)("url", api_key="k")
    )
    state = make(IntegrationStateV2)
    mock.sessions.update.return_value = state
    assert await mock.sessions.update("cart-1", NewCustomerSessionV2()) is state
    mock.sessions.update.assert_awaited_once_with("cart-1", NewCustomerSessionV2())


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_mock_has_no_other_methods(resource: str) -> None:
    """A mock of a resource has the resource's methods with their signatures, and no others."""
    mocked: Any = getattr(create_autospec(TalonClient, instance=True), resource)
    real = getattr(TalonClient("https://shop.invalid", api_key="k"), resource)
    methods = [name for name, _ in inspect.getmembers(real, inspect.ismethod) if not name.startswith("_")]
    assert methods
    for name in methods:
        assert callable(getattr(mocked, name))
        with pytest.raises(TypeError):
            getattr(mocked, name)(no_such_argument=1)
    with pytest.raises(AttributeError):
        _ = mocked.no_such_method


def test_every_resource_is_mocked() -> None:
    """The check above covers every resource of a client."""
    assert [
        *("audiences", "campaigns", "catalogs", "coupons", "events", "loyalty", "profiles", "referrals"),
        "sessions",
    ] == RESOURCES
