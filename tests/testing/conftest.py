"""A user's test suite, in which warnings are errors and which a pytest process of its own runs."""

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
    """An empty suite beside a module `cart`, whose `CART` a test can send."""
    pytester.makepyfile(cart=CART)
    return Suite(pytester)
