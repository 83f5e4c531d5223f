"""Random orders: the sandbox agrees with a simple model of sessions, coupons and points."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any, Final, TypeVar

import attrs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from talon_async import (
    AcceptCouponEffectProps,
    BadRequestError,
    CartItem,
    DeductLoyaltyPointsEffectProps,
    NewCustomerSessionV2,
    ReturnedCartItem,
    TalonClient,
)
from talon_async._transport.in_process import InProcessTransport
from talon_async.models import EffectProps
from talon_async.sandbox import (
    Campaign,
    CouponTerms,
    EvaluationContext,
    LoyaltyProgram,
    create_app,
    percentage_coupon,
    points_per_unit,
)
from tests.sandbox.checked import checked_deployment

T = TypeVar("T")

LIMIT: Final = 1
DAYS: Final = 30
_STATES: Final = ("open", "closed", "partially_returned", "cancelled")
PICK: Final = st.integers(0, 99)
CUSTOMERS: Final = st.sampled_from(["ada", "bob"])


@attrs.define
class Order:
    """The modeled state of a session."""

    customer: str
    units: int
    price: float
    coupon: bool
    pay: int
    state: str = "open"
    earned: float = 0.0
    spent: float = 0.0
    redeemed: bool = False


@attrs.frozen
class Points:
    """The points of a customer, by state."""

    active: float = 0.0
    pending: float = 0.0
    expired: float = 0.0
    negative: float = 0.0


def paying(context: EvaluationContext) -> Iterator[EffectProps]:
    """Deduct points when the session closes, if the balance suffices."""
    points = context.session.attributes.get("Pay") if context.session else 0
    if context.closing and points and context.points(1) >= points:
        yield DeductLoyaltyPointsEffectProps(
            rule_title="pay",
            program_id=1,
            sub_ledger_id="",
            value=float(points),
            transaction_uuid=context.new_uuid(),
            name="pay",
        )


class Orders(RuleBasedStateMachine):
    """Customers fill carts, close, cancel, reopen and return orders, while time passes."""

    def __init__(self) -> None:
        super().__init__()
        coupon = attrs.evolve(
            percentage_coupon("CODE", 10), coupons=(CouponTerms("CODE", usage_limit=LIMIT),)
        )
        program = LoyaltyProgram(id=1, name="points", title="Points", default_validity=f"{DAYS}D")
        self.deployment = checked_deployment(
            campaigns=[coupon, points_per_unit(), Campaign(name="pay", rule=paying)],
            loyalty_programs=[program],
        )
        self.talon = TalonClient(
            "http://localhost",
            api_key=self.deployment.api_key,
            strict=True,
            transport=InProcessTransport(create_app(self.deployment)),
        )
        self.runner = asyncio.Runner()
        self.orders: dict[str, Order] = {}
        self.used = 0
        self.net: dict[str, float] = {"ada": 0.0, "bob": 0.0}
        self.days = 0.0

    def teardown(self) -> None:
        """Close the event loop."""
        self.runner.close()

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Make a call."""
        return self.runner.run(call)

    def refused(self, call: Coroutine[Any, Any, object]) -> None:
        """Make a call that the sandbox must refuse."""
        with pytest.raises(BadRequestError):
            self.run(call)

    def points(self, customer: str) -> Points:
        """The points of a customer; zero for an unknown one."""
        if customer not in self.deployment.profiles:
            return Points()
        balance = self.run(self.talon.loyalty.profiles(1, customer).balances()).balance
        assert balance
        return Points(
            active=balance.active_points or 0.0,
            pending=balance.pending_points or 0.0,
            expired=balance.expired_points or 0.0,
            negative=abs(balance.negative_points or 0.0),
        )

    def sessions(self, *states: str) -> list[str]:
        """The sessions in any of these states."""
        return [session for session, order in self.orders.items() if order.state in states]

    @rule(
        pick=PICK,
        customer=CUSTOMERS,
        units=st.integers(1, 4),
        price=st.sampled_from([1.0, 2.5, 10.0]),
        coupon=st.booleans(),
        pay=st.sampled_from([0, 5, 20]),
    )
    def fill(self, pick: int, customer: str, units: int, price: float, coupon: bool, pay: int) -> None:
        """Fill an open or a new cart. The coupon is accepted up to its limit."""
        given = NewCustomerSessionV2(
            profile_id=customer,
            cart_items=[CartItem(name="Sock", sku="SOCK", quantity=units, price=price)],
            coupon_codes=["CODE"] if coupon else [],
            attributes={"Pay": pay},
        )
        sessions = [*self.sessions("open"), f"cart-{len(self.orders)}"]
        session = sessions[pick % len(sessions)]
        state = self.run(self.talon.sessions.update(session, given))
        accepted = any(isinstance(effect.props, AcceptCouponEffectProps) for effect in state.effects)
        assert accepted == (coupon and self.used < LIMIT)
        self.orders[session] = Order(customer, units, price, coupon, pay)

    @precondition(lambda self: self.sessions("open"))
    @rule(pick=PICK)
    def close(self, pick: int) -> None:
        """Close a cart, which earns points, redeems its coupon, and may spend points."""
        session, order = self._pick(pick, "open")
        before = self.points(order.customer)
        self.run(self.talon.sessions.update(session, NewCustomerSessionV2(state="closed")))
        order.state = "closed"
        order.earned = order.units * order.price
        order.spent = order.pay if before.active >= order.pay else 0.0
        order.redeemed = order.coupon and self.used < LIMIT
        self.used += order.redeemed
        self.net[order.customer] += order.earned - order.spent

    @precondition(lambda self: self.sessions("closed", "partially_returned"))
    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        """Cancel an order, which rolls back all effects and is final."""
        session, order = self._pick(pick, "closed", "partially_returned")
        self.run(self.talon.sessions.update(session, NewCustomerSessionV2(state="cancelled")))
        self._undo(order, "cancelled")

    @precondition(lambda self: self.sessions("closed"))
    @rule(pick=PICK)
    def reopen(self, pick: int) -> None:
        """Reopen a closed order, which rolls back all effects."""
        session, order = self._pick(pick, "closed")
        self.run(self.talon.sessions.reopen(session))
        self._undo(order, "open")

    @precondition(lambda self: self.sessions("closed", "partially_returned"))
    @rule(pick=PICK)
    def return_unit(self, pick: int) -> None:
        """Return one unit, which rolls back its share of earned and spent points."""
        session, order = self._pick(pick, "closed", "partially_returned")
        returning = self.talon.sessions.return_items(session, [ReturnedCartItem(position=0, quantity=1)])
        if not order.units:
            self.refused(returning)
            return
        self.run(returning)
        earned, spent = order.earned / order.units, order.spent / order.units
        self.net[order.customer] -= earned - spent
        order.earned, order.spent = order.earned - earned, order.spent - spent
        order.units, order.state = order.units - 1, "partially_returned"

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        """Advance the clock, which expires points."""
        self.deployment.clock.advance(days=days)
        self.days += days

    @precondition(lambda self: self.orders)
    @rule(pick=PICK, change=st.sampled_from(["fill", "reopen", "return", "cancel"]))
    def try_invalid_change(self, pick: int, change: str) -> None:
        """Request a change that the session's state does not allow; it is refused and changes nothing."""
        session, order = self._pick(pick, *_STATES)
        update = self.talon.sessions.update
        match change:
            case "fill" if order.state != "open":
                self.refused(update(session, NewCustomerSessionV2(coupon_codes=[])))
            case "reopen" if order.state != "closed":
                self.refused(self.talon.sessions.reopen(session))
            case "return" if order.state in ("open", "cancelled"):
                self.refused(self.talon.sessions.return_items(session, [ReturnedCartItem(position=0)]))
            case "cancel" if order.state == "cancelled":
                self.refused(update(session, NewCustomerSessionV2(state="cancelled")))
            case _:
                pass

    def _pick(self, pick: int, *states: str) -> tuple[str, Order]:
        sessions = self.sessions(*states)
        session = sessions[pick % len(sessions)]
        return session, self.orders[session]

    def _undo(self, order: Order, state: str) -> None:
        self.net[order.customer] -= order.earned - order.spent
        self.used -= order.redeemed
        order.state, order.earned, order.spent, order.redeemed = state, 0.0, 0.0, False

    @invariant()
    def session_states_agree(self) -> None:
        """Each session is in the state of the model."""
        for session, order in self.orders.items():
            stored = self.run(self.talon.sessions.get(session)).customer_session
            assert stored
            assert stored.state == order.state

    @invariant()
    def redemptions_agree(self) -> None:
        """The coupon is redeemed once per closed order that uses it, and never above its limit."""
        assert self.deployment.coupons["CODE"].used == self.used <= LIMIT

    @invariant()
    def points_are_conserved(self) -> None:
        """Points earned and not spent are active, pending, expired or a negative balance."""
        for customer, net in self.net.items():
            points = self.points(customer)
            total = points.active + points.pending + points.expired - points.negative
            assert total == pytest.approx(net, abs=1e-3)
            assert min(attrs.astuple(points)) >= 0
            assert not (points.active and points.negative)
            assert self.days >= DAYS or not points.expired


def test_random_orders_agree_with_the_model() -> None:
    """After any sequence of actions, session states, coupons and points agree with the model."""
    profile = settings.get_profile(settings.get_current_profile_name())
    run_state_machine_as_test(
        Orders,
        settings=settings(
            profile,
            max_examples=2 * profile.max_examples,
            stateful_step_count=25,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
