"""The handler of returns: cart items that are returned after their session was closed."""

import attrs

from talon_async.models.effects import Effect, EffectProps
from talon_async.models.integration import IntegrationStateV2, ReturnIntegrationRequest
from talon_async.models.sessions import CustomerSessionV2, Return, ReturnedCartItem
from talon_async.sandbox._campaigns.campaign import EvaluationContext, RunningCampaign
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.carts import remaining, without_returns, worth
from talon_async.sandbox._domain.records import ACCOUNT_ID, APPLICATION_ID, SessionRecord
from talon_async.sandbox._errors import ApiError, bad_field
from talon_async.sandbox._handlers.content.table import build_sections
from talon_async.sandbox._rules.activity import record_activity
from talon_async.sandbox._rules.context import evaluation_context
from talon_async.sandbox._rules.effects.apply import apply_effects
from talon_async.sandbox._rules.evaluation import run_campaigns
from talon_async.sandbox._rules.points_reversal import ReturnPolicies
from talon_async.sandbox._rules.results import EvaluationResult
from talon_async.sandbox._rules.rollback import ReturnedShare, roll_back


def return_items(
    deployment: DeploymentView,
    body: ReturnIntegrationRequest,
    *,
    customer_session_id: str,
    run_rule_engine: bool = False,
) -> IntegrationStateV2:
    """Return units of cart items, and roll back their share of discounts and points."""
    store, now = deployment.store, deployment.clock.now()
    record = store.require_session(customer_session_id)
    before = record.session
    if before.state not in ("closed", "partially_returned"):
        raise ApiError(400, f"Nothing can be returned of a session that is {before.state}")
    units = _units(before, body.return_.returned_cart_items)
    share = ReturnedShare(before, units)
    session = share.after(now)
    customer = store.profiles.get(session.profile_id)
    event = store.record_event(
        "talon_session_partially_returned", now, session=session, profile_id=session.profile_id
    )
    context = evaluation_context(
        deployment, event, session=session, profile=customer.profile if customer else None
    )
    reevaluated = _campaigns_to_reevaluate(deployment, record) if run_rule_engine else []
    result, effects = _evaluate_return(deployment, record, share, session, context, reevaluated)
    result = attrs.evolve(result, returns_before=record.returns)
    made = Return(
        id=store.next_id("return"),
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
    apply_effects(deployment, result)
    record.session, record.effects, record.returns = session, effects, (*record.returns, made)
    if customer:
        returned = sum(worth(session.cart_items[position], count) for position, count in units.items())
        record_activity(deployment, customer.profile, context.now, sales=-returned)
    return IntegrationStateV2(
        effects=result.effects,
        created_coupons=result.created_coupons,
        created_referrals=result.created_referrals,
        return_=made,
        **build_sections(deployment, body.response_content, result),
    )


def _units(session: CustomerSessionV2, returned: list[ReturnedCartItem]) -> dict[int, int]:
    """Find the returned units, by position in the cart.

    Raises:
        ApiError: There are no such units, or not as many; status 400.
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
    """The positions that an entry matches: its own position, or those of all items with its SKU."""
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


def _campaigns_to_reevaluate(deployment: DeploymentView, record: SessionRecord) -> list[RunningCampaign]:
    now = deployment.clock.now()
    triggered = {effect.campaign_id for effect in record.effects}
    return [
        running
        for running in deployment.application.campaigns.values()
        if running.campaign.reevaluate_on_return and running.campaign.runs(now) and running.id in triggered
    ]


def _evaluate_return(
    deployment: DeploymentView,
    record: SessionRecord,
    share: ReturnedShare,
    session: CustomerSessionV2,
    context: EvaluationContext,
    reevaluated: list[RunningCampaign],
) -> tuple[EvaluationResult, list[Effect]]:
    """Roll back a share of each effect; reevaluated campaigns replace their effects as a whole.

    Returns:
        The result with the rollbacks and new effects, and the effects in force after the return.
    """
    ids = {running.id for running in reevaluated}
    points = ReturnPolicies(deployment, record, share)

    def whole(props: EffectProps | None) -> float:
        return points.limited(props, 1.0) if share(props) > 0 else 0.0

    profile_id = record.session.profile_id
    other_effects = [effect for effect in record.effects if effect.campaign_id not in ids]
    replaced_effects = [effect for effect in record.effects if effect.campaign_id in ids]
    rollbacks, kept = roll_back(other_effects, points, profile_id)
    replacement_rollbacks, not_rolled_back = roll_back(replaced_effects, whole, profile_id)
    remaining_cart = attrs.evolve(context, session=without_returns(session), closing=True)
    reevaluation = run_campaigns(deployment, remaining_cart, reevaluated, replaced_effects)
    granted = [effect for effect in reevaluation.effects if effect not in not_rolled_back]
    result = EvaluationResult(
        context=context,
        effects=rollbacks + replacement_rollbacks + granted,
        campaign_results=reevaluation.campaign_results,
    )
    return result, kept + not_rolled_back + granted
