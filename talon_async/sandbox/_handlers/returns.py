"""Returns: units of cart items that come back after a session was closed."""

import attrs

from talon_async._operations import RETURN_CART_ITEMS
from talon_async.models.effects import Effect, EffectProps
from talon_async.models.integration import IntegrationStateV2, ReturnIntegrationRequest
from talon_async.models.sessions import CustomerSessionV2, Return, ReturnedCartItem
from talon_async.sandbox._campaigns import EvaluationContext
from talon_async.sandbox._deployment.deployment import Deployment, RunningCampaign
from talon_async.sandbox._deployment.records import ACCOUNT_ID, APPLICATION_ID
from talon_async.sandbox._deployment.store import SessionRecord
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.carts import remaining, without_returns, worth
from talon_async.sandbox._errors import ApiError, bad_field
from talon_async.sandbox._handlers.answers import parts
from talon_async.sandbox._handlers.registry import handles
from talon_async.sandbox._rules.evaluation import EvaluationResult, apply_effects, run
from talon_async.sandbox._rules.points_reversal import ReturnPolicies
from talon_async.sandbox._rules.rollback import ReturnedShare, roll_back


@handles(RETURN_CART_ITEMS)
def return_items(
    deployment: Deployment,
    body: ReturnIntegrationRequest,
    *,
    customer_session_id: str,
    dry: bool = False,
    run_rule_engine: bool = False,
) -> IntegrationStateV2:
    """Take units back, and with them their share of discounts and points."""
    record = deployment.session(customer_session_id)
    before = record.session
    if before.state not in ("closed", "partially_returned"):
        raise ApiError(400, f"Nothing can be returned of a session that is {before.state}")
    units = _units(before, body.return_.returned_cart_items)
    share = ReturnedShare(before, units)
    session = share.after(deployment.clock.now())
    customer = deployment.profiles.get(session.profile_id)
    event = deployment.event(
        "talon_session_partially_returned", session=session, profile_id=session.profile_id, keep=not dry
    )
    context = deployment.context(event, session=session, profile=customer.profile if customer else None)
    again = _campaigns_to_run_again(deployment, record) if run_rule_engine else []
    result, held = _outcome(deployment, record, share, session, context, again)
    result = attrs.evolve(result, returns_before=tuple(record.returns))
    made = Return(
        id=0 if dry else deployment.next_id("return"),
        created=context.now,
        application_id=APPLICATION_ID,
        account_id=ACCOUNT_ID,
        returned_cart_items=[
            ReturnedCartItem(position=position, quantity=count, sku=session.cart_items[position].sku)
            for position, count in units.items()
        ],
        event_id=event.id,
        session_id=session.id,
        session_integration_id=session.integration_id,
        profile_id=customer.profile.id if customer else None,
        profile_integration_id=session.profile_id or None,
    )
    if not dry:
        apply_effects(deployment, result)
        record.session, record.effects = session, held
        record.returns.append(made)
        if customer:
            returned = sum(worth(session.cart_items[position], count) for position, count in units.items())
            customer.profile.total_sales = amount(customer.profile.total_sales - returned)
            customer.profile.last_activity = context.now
    return IntegrationStateV2(
        effects=result.effects,
        created_coupons=result.created_coupons,
        created_referrals=result.created_referrals,
        return_=made,
        **parts(deployment, body.response_content, result),
    )


def _units(session: CustomerSessionV2, returned: list[ReturnedCartItem]) -> dict[int, int]:
    """Find the units that are meant, by position in the cart.

    Raises:
        ApiError: There are none such, or not as many.
    """
    if not returned:
        raise bad_field("/return/returnedCartItems", "expected at least 1 item, found none")
    units: dict[int, int] = {}
    for index, entry in enumerate(returned):
        pointer = f"/return/returnedCartItems/{index}"
        left = {
            position: remaining(session.cart_items[position]) - units.get(position, 0)
            for position in _positions(session, entry, pointer)
        }
        available = sum(left.values())
        wanted = entry.quantity if isinstance(entry.quantity, int) else max(available, 1)
        if not 1 <= wanted <= available:
            raise bad_field(f"{pointer}/quantity", f"expected 1 to {available} units, found {wanted}")
        for position, count in left.items():
            taken = min(count, wanted)
            if taken:
                units[position] = units.get(position, 0) + taken
                wanted -= taken
    return units


def _positions(session: CustomerSessionV2, entry: ReturnedCartItem, pointer: str) -> list[int]:
    """The items that an entry can mean: the one at its position, or all with its SKU."""
    items = session.cart_items
    if isinstance(entry.position, int):
        if not 0 <= entry.position < len(items):
            raise bad_field(f"{pointer}/position", f"the cart has no item {entry.position}")
        if entry.sku and items[entry.position].sku != entry.sku:
            raise bad_field(f"{pointer}/sku", f"the item at {entry.position} has another SKU")
        return [entry.position]
    if not entry.sku:
        raise bad_field(pointer, "expected a position or a SKU", title="required")
    found = [position for position, item in enumerate(items) if item.sku == entry.sku]
    if not found:
        raise bad_field(f"{pointer}/sku", "the cart has no item with this SKU")
    return found


def _campaigns_to_run_again(deployment: Deployment, record: SessionRecord) -> list[RunningCampaign]:
    now = deployment.clock.now()
    fired = {effect.campaign_id for effect in record.effects}
    return [
        running
        for running in deployment.campaigns.values()
        if running.campaign.reevaluate_on_return and running.campaign.runs(now) and running.id in fired
    ]


def _outcome(
    deployment: Deployment,
    record: SessionRecord,
    share: ReturnedShare,
    session: CustomerSessionV2,
    context: EvaluationContext,
    again: list[RunningCampaign],
) -> tuple[EvaluationResult, list[Effect]]:
    """Roll back a share of each effect; those of campaigns that run again go whole, for new ones."""
    numbers = {running.id for running in again}
    points = ReturnPolicies(deployment, record, share)

    def whole(props: EffectProps | None) -> float:
        return points.limited(props, 1.0) if share(props) > 0 else 0.0

    profile_id = record.session.profile_id
    others = [effect for effect in record.effects if effect.campaign_id not in numbers]
    theirs = [effect for effect in record.effects if effect.campaign_id in numbers]
    rollbacks, held = roll_back(others, points, profile_id)
    rolled_back_whole, still_theirs = roll_back(theirs, whole, profile_id)
    left = attrs.evolve(context, session=without_returns(session), closing=True)
    anew = run(deployment, left, again, theirs)
    granted = [effect for effect in anew.effects if effect not in still_theirs]
    result = EvaluationResult(
        context=context,
        effects=rollbacks + rolled_back_whole + granted,
        campaign_results=anew.campaign_results,
    )
    return result, held + still_theirs + granted
