"""Subclasses of strings and numbers are sent as their value, whatever their ``__str__`` returns."""

from enum import Enum, IntEnum, StrEnum
from typing import Any

import orjson
import pytest

from talon_async import (
    CustomerProfileIntegrationRequestV2,
    IntegrationRequest,
    InvalidRequestError,
    NewCustomerSessionV2,
    TalonClient,
)
from talon_async._operations.campaigns import LIST_CAMPAIGNS
from talon_async._operations.loyalty_profiles import GET_PROFILE_BALANCES
from talon_async._operations.profiles import UPDATE_CUSTOMER_PROFILE
from talon_async._operations.sessions import UPDATE_CUSTOMER_SESSION


class Name(str, Enum):  # noqa: UP042  the variant that prints as its member
    """A string that prints as its member."""

    CART = "cart-main"


class Key(StrEnum):
    """A string that prints as its value."""

    COLOR = "Color"


class Number(int, Enum):
    """A number that prints as its member."""

    SEVEN = 7


class WholeNumber(IntEnum):
    """A number that prints as its value."""

    SEVEN = 7


class Loud(str):
    """A string whose ``__str__`` returns something else."""

    __slots__ = ()

    def __str__(self) -> str:
        return "something else"

    __repr__ = __format__ = __str__  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]


class Money(float):
    """A number whose ``__str__`` returns something else."""

    def __str__(self) -> str:
        return "a lot"

    __repr__ = __str__


@pytest.mark.parametrize(("identifier", "segment"), [(Name.CART, "cart-main"), (Loud("cart-7"), "cart-7")])
def test_an_identifier_is_the_value_of_its_enum(identifier: str, segment: str) -> None:
    """The path and the queue use the enum's value as the identifier, not its string form."""
    body = IntegrationRequest(customer_session=NewCustomerSessionV2(profile_id=identifier))
    request = UPDATE_CUSTOMER_SESSION.encode(body, customer_session_id=identifier)
    assert request.target == f"/v2/customer_sessions/{segment}"
    assert orjson.loads(request.content or b"") == {"customerSession": {"profileId": segment}}
    keys = UPDATE_CUSTOMER_SESSION.keys_for(body, {"customer_session_id": identifier})
    assert keys == (f"session {segment}", f"profile {segment}")


@pytest.mark.parametrize("number", [Number.SEVEN, WholeNumber.SEVEN])
def test_a_number_is_the_value_of_its_enum(number: int) -> None:
    """Enum numbers in paths and queries are sent as digits."""
    request = GET_PROFILE_BALANCES.encode(loyalty_program_id=number, integration_id=Name.CART)
    assert request.target == "/v1/loyalty_programs/7/profile/cart-main/balances"
    assert LIST_CAMPAIGNS.encode(page_size=number, campaign_ids=[Loud("3"), Name.CART]).target == (
        "/v1/integration/campaigns?pageSize=7&campaignIds=3,cart-main"
    )


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Name.CART, "cart-main"),
        (Loud("red"), "red"),
        (Number.SEVEN, 7),
        (Money(1.5), 1.5),
        ({Key.COLOR: Money(2.5)}, {"Color": 2.5}),
        ([Key.COLOR, {Loud("a"): WholeNumber.SEVEN}], ["Color", {"a": 7}]),
    ],
)
def test_attributes_are_sent_as_values(value: Any, sent: Any) -> None:
    """Values and names of custom attributes may be of any subclass, at any depth."""
    body = CustomerProfileIntegrationRequestV2(attributes={Key.COLOR: value})
    request = UPDATE_CUSTOMER_PROFILE.encode(body, integration_id="customer-7")
    assert orjson.loads(request.content or b"") == {"attributes": {"Color": sent}}


@pytest.mark.parametrize(
    ("attributes", "field", "found"),
    [
        ({7: "x"}, "attributes", "integer key 7"),
        ({None: "x"}, "attributes", "null key None"),
        ({"a": {7: "x"}}, "attributes['a']", "integer key 7"),
        ({"a": [{("t",): 1}]}, "attributes['a'][0]", "tuple key"),
    ],
)
def test_names_in_maps_are_strings(attributes: Any, field: str, found: str) -> None:
    """A key that is not a string is refused, with the path of its map."""
    with pytest.raises(InvalidRequestError, match="expected string keys") as caught:
        UPDATE_CUSTOMER_PROFILE.encode(
            CustomerProfileIntegrationRequestV2(attributes=attributes), integration_id="customer-7"
        )
    assert caught.value.field == field
    assert found in caught.value.reason


def test_an_api_key_is_the_value_of_its_enum() -> None:
    """An API key from an enum is sent as its value."""
    talon = TalonClient("https://shop.invalid", api_key=Name.CART)
    assert talon._pipeline.settings.api_key == "cart-main"  # pyright: ignore[reportPrivateUsage]
    assert type(talon._pipeline.settings.api_key) is str  # pyright: ignore[reportPrivateUsage]
