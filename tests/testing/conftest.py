"""A user's test suite, which runs in its own pytest process with warnings as errors."""

import pytest

from tests.testing.suites import Suite

CART = """
    from talon_async import CartItem, NewCustomerSessionV2

    CART = NewCustomerSessionV2(
        profile_id="customer-7",
        cart_items=[CartItem(name="Shoes", sku="SHOES", quantity=1, price=60.0)],
        coupon_codes=["WELCOME10"],
    )
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    """An empty suite with a module `cart`, whose `CART` a test can send."""
    pytester.makepyfile(cart=CART)
    return Suite(pytester)
