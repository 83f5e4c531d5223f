"""The provider's own client works with the sandbox, in every operation."""

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from talon_async.sandbox import (
    Achievement,
    Campaign,
    Deployment,
    LoyaltyProgram,
    percentage_coupon,
    points_per_unit,
)
from talon_async.testing import ServedSandbox
from tests.sandbox.checked import checked_deployment

if TYPE_CHECKING:
    import talon_one  # slow to import, so only the process that runs the test imports it

PROGRAM: Final = 1
CARDS: Final = 2
CUSTOMER: Final = "customer-7"


@pytest.fixture
def talon_deployment() -> Deployment:
    """A deployment with the configuration that the steps need."""
    return checked_deployment(
        campaigns=[
            percentage_coupon("WELCOME10", 10),
            points_per_unit(),
            Campaign(name="visits", rule=lambda context: context.achievements.increase("visits")),
        ],
        loyalty_programs=[
            LoyaltyProgram(id=PROGRAM, name="points", title="Points", default_pending="on_action"),
            LoyaltyProgram(id=CARDS, name="cards", title="Cards", card_based=True),
        ],
        achievements=[Achievement(id=1, name="visits", title="Ten visits", target=10.0)],
    )


class Recorder:
    """The provider's client: records the called operations and accepts bodies as plain values."""

    def __init__(self, api: "talon_one.IntegrationApi") -> None:
        self._api = api
        self.called: set[str] = set()

    def __call__(self, name: str, *arguments: Any, body: Any = None, **options: Any) -> Any:
        """Call an operation, with the body converted to the model of its parameter."""
        self.called.add(name)
        method = getattr(self._api, name)
        if body is not None:
            parameter = list(inspect.signature(method).parameters.values())[len(arguments)]
            model = parameter.annotation.__args__[0]
            arguments = (*arguments, model.from_dict(body) if hasattr(model, "from_dict") else body)
        return method(*arguments, **options)


@pytest.fixture
def call(talon_sandbox: ServedSandbox) -> Iterator[Recorder]:
    """The provider's client for the test's deployment."""
    import talon_one

    configuration = talon_one.Configuration(
        host=talon_sandbox.url,
        api_key={"api_key_v1": talon_sandbox.api_key},
        api_key_prefix={"api_key_v1": "ApiKey-v1"},
    )
    with talon_one.ApiClient(configuration) as client:
        yield Recorder(talon_one.IntegrationApi(client))
        client.rest_client.pool_manager.clear()


def test_every_operation_works(call: Recorder) -> None:
    """The sandbox accepts all its operations, and its strict models parse all responses."""
    from talon_one import IntegrationApi

    audiences(call)
    catalog(call)
    orders(call)
    points(call)
    cards(call)
    codes(call)
    achievements(call)
    call("delete_customer_data", CUSTOMER)
    operations = {
        name
        for name, _ in inspect.getmembers(IntegrationApi, inspect.isfunction)
        if not name.startswith("_") and not name.endswith(("_with_http_info", "_without_preload_content"))
    }
    assert call.called == operations


def audiences(call: Recorder) -> None:
    """Create, fill, rename, clear and delete an audience, and update profiles."""
    profile = {"attributes": {"Name": "Ada"}, "responseContent": ["customerProfile"]}
    response = call("update_customer_profile_v2", CUSTOMER, body=profile, run_rule_engine=True)
    assert response.customer_profile.attributes == {"Name": "Ada"}
    many = {"customerProfiles": [{"integrationId": "customer-8"}, {"integrationId": "customer-9"}]}
    assert len(call("update_customer_profiles_v2", body=many, silent="no").integration_states) == 2
    audience = call("create_audience_v2", body={"name": "Runners", "integrationId": "runners"})
    member = {"action": "add", "profileIntegrationId": CUSTOMER, "audienceId": audience.id}
    call("update_customer_profile_audiences", body={"data": [member]})
    call("update_audience_customers_attributes", audience.id, body={"Club": "North"})
    assert call("update_audience_v2", audience.id, body={"name": "Joggers"}).name == "Joggers"
    call("delete_audience_memberships_v2", audience.id)
    call("delete_audience_v2", audience.id)


def catalog(call: Recorder) -> None:
    """Sync the catalog, and request a best prior price."""
    add = {"type": "ADD", "payload": {"sku": "SOCKS", "price": 20.0, "product": {"name": "Socks"}}}
    assert call("sync_catalog", 1, body={"actions": [add]}).version == 2
    prices = {
        "skus": ["SOCKS"],
        "timeframeEndDate": datetime.now(UTC).isoformat(),
        "timeframe": "30",
        "strictEndDate": False,
    }
    call("best_prior_price", body=prices)


def orders(call: Recorder) -> None:
    """Fill a cart, close it, reopen and close it again, and return an item."""
    cart = {
        "customerSession": {
            "profileId": CUSTOMER,
            "cartItems": [{"sku": "SOCKS", "quantity": 3}, {"sku": "HAT", "quantity": 1, "price": 40.0}],
            "couponCodes": ["WELCOME10", "NOPE"],
            "state": "open",
        },
        "responseContent": ["customerSession", "customerProfile", "coupons", "loyalty", "event"],
    }
    state = call("update_customer_session_v2", "cart-1", body=cart)
    kinds = [effect.effect_type for effect in state.effects]
    assert {"acceptCoupon", "rejectCoupon", "setDiscount", "increaseAchievementProgress"} == set(kinds)
    assert state.customer_session.total == 100.0
    closing = {"customerSession": {"state": "closed"}}
    call("update_customer_session_v2", "cart-1", body=closing)
    assert call("get_customer_session", "cart-1").customer_session.state == "closed"
    assert call("reopen_customer_session", "cart-1").effects
    call("update_customer_session_v2", "cart-1", body=closing)
    returned = {"return": {"returnedCartItems": [{"position": 0, "quantity": 1}]}}
    assert call("return_cart_items", "cart-1", body=returned).effects
    event = {"profileId": CUSTOMER, "type": "Visited", "attributes": {"Page": "/"}}
    call("track_event_v2", body=event, silent="no")


def points(call: Recorder) -> None:
    """List points, activate them, and delete the transactions."""
    from talon_one import DeleteLoyaltyTransactionsRequest

    (entry,) = call("get_loyalty_program_profile_points", PROGRAM, CUSTOMER, status="pending").data
    assert entry.amount == 80.0
    call("activate_loyalty_points", PROGRAM, body={"sessionId": "cart-1"})
    assert call("get_loyalty_balances", PROGRAM, CUSTOMER).balance.active_points == 80.0
    log = call("get_loyalty_program_profile_transactions", PROGRAM, CUSTOMER)
    assert {entry.type for entry in log.data} == {"addition", "subtraction"}
    everything = DeleteLoyaltyTransactionsRequest.from_dict({"scope": "AllSubledgers"})
    call(
        "delete_loyalty_transactions_from_ledgers",
        PROGRAM,
        CUSTOMER,
        delete_loyalty_transactions_request=everything,
    )
    assert call("get_loyalty_balances", PROGRAM, CUSTOMER).balance.active_points == 0.0


def cards(call: Recorder) -> None:
    """Generate a card, link it, read it, and unlink it."""
    card = call("generate_loyalty_card", CARDS, body={"status": "active"}).identifier
    call("link_loyalty_card_to_profile", CARDS, card, body={"integrationId": CUSTOMER})
    assert call("get_loyalty_card_balances", CARDS, card).balance.active_points == 0.0
    assert call("get_loyalty_card_points", CARDS, card).data == []
    assert call("get_loyalty_card_transactions", CARDS, card).data == []
    call("unlink_loyalty_card_from_profile", CARDS, card, body={"integrationId": CUSTOMER})


def codes(call: Recorder) -> None:
    """Reserve and release a coupon, create referrals, and read the inventory."""
    reservation = {"integrationIDs": [CUSTOMER]}
    assert call("create_coupon_reservation", "WELCOME10", body=reservation).value == "WELCOME10"
    assert [one.integration_id for one in call("get_reserved_customers", "WELCOME10").data] == [CUSTOMER]
    call("delete_coupon_reservation", "WELCOME10", body=reservation)
    referral = {"campaignId": 1, "advocateProfileIntegrationId": CUSTOMER}
    assert call("create_referral", body=referral).code
    many = {"campaignId": 1, "advocateProfileIntegrationIds": [CUSTOMER, "customer-8"], "usageLimit": 1}
    assert len(call("create_referrals_for_multiple_advocates", body=many, silent="no").data) == 2
    sections = dict.fromkeys(
        ("profile", "referrals", "coupons", "loyalty", "giveaways", "achievements"), True
    )
    assert call("get_customer_inventory", CUSTOMER, **sections).profile.integration_id == CUSTOMER


def achievements(call: Recorder) -> None:
    """Read achievements and the history of one."""
    (entry,) = call("get_customer_achievements", CUSTOMER).data
    assert entry.current_progress.progress > 0
    assert call("get_customer_achievement_history", CUSTOMER, entry.id).total_result_size == 1
