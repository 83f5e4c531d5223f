"""Customer sessions: read, updated and reopened."""

from datetime import datetime

import attrs

from talon_async._operations import GET_CUSTOMER_SESSION, REOPEN_CUSTOMER_SESSION, UPDATE_CUSTOMER_SESSION
from talon_async.models.effect_props_loyalty import IncreaseAchievementProgressEffectProps
from talon_async.models.effects import Effect, EffectProps
from talon_async.models.integration import (
    IntegrationCustomerSessionResponse,
    IntegrationRequest,
    IntegrationStateV2,
    ReopenSessionResponse,
)
from talon_async.models.sessions import CustomerSessionV2, NewCustomerSessionV2
from talon_async.sandbox._campaigns import EvaluationContext
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._deployment.store import ProfileRecord, SessionRecord
from talon_async.sandbox._domain.achievement_progress import can_roll_back
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.attributes import check_attributes
from talon_async.sandbox._domain.carts import returned_worth, transition, updated_session
from talon_async.sandbox._errors import ApiError, bad_parameter
from talon_async.sandbox._handlers.answers import parts
from talon_async.sandbox._handlers.registry import handles
from talon_async.sandbox._rules.evaluation import EvaluationResult, apply_effects, evaluate
from talon_async.sandbox._rules.points_reversal import ReturnPolicies
from talon_async.sandbox._rules.rollback import everything, roll_back


@handles(GET_CUSTOMER_SESSION)
def get_session(deployment: Deployment, *, customer_session_id: str) -> IntegrationCustomerSessionResponse:
    """Tell a session and the effects that hold for it."""
    record = deployment.session(customer_session_id)
    return IntegrationCustomerSessionResponse(customer_session=record.session, effects=record.effects)


@handles(UPDATE_CUSTOMER_SESSION)
def update_session(
    deployment: Deployment,
    body: IntegrationRequest,
    *,
    customer_session_id: str,
    dry: bool = False,
    now: datetime | None = None,
) -> IntegrationStateV2:
    """Create or change a session, evaluate it, and let its effects take hold if that closes it.

    A dry call sees no stored session and stores nothing.
    """
    given = body.customer_session
    _check_attributes(deployment, given)
    moment = deployment.clock.now()
    if now is not None and now <= moment:
        raise bad_parameter("now", "expected a moment that is still to come")
    record = None if dry else deployment.sessions.get(customer_session_id)
    previous = record.session if record else None
    kind, state = transition(previous, given)
    session = updated_session(
        previous,
        given,
        integration_id=customer_session_id,
        state=state,
        now=now or moment,
        view_for=lambda profile_id: deployment.catalog_view(profile_id, now or moment),
    )
    if not dry and previous is None:
        session.id = deployment.next_id("session")
    customer = deployment.profile(session.profile_id, keep=not dry) if session.profile_id else None
    if customer:
        session.first_session = customer.first_session in (None, customer_session_id)
    context = deployment.context(
        deployment.event(kind, session=session, profile_id=session.profile_id, keep=not dry),
        session=session,
        profile=customer.profile if customer else None,
        closing=state == "closed",
        now=now or moment,
    )
    if record and state == "cancelled":
        result, held = _undo(deployment, record, context)
    else:
        result = evaluate(deployment, context, given.evaluable_campaign_ids if dry else None)
        held = result.effects
    if not dry:
        closed = previous is not None and previous.state != "open"
        apply_effects(deployment, result, session_open=not closed and state != "closed")
        if previous and previous.profile_id != session.profile_id:
            _leave(deployment, previous)
        _count(customer, session, closed=(state == "closed") - closed)
        _store(deployment, session, held)
    if record:
        result = attrs.evolve(result, returns_before=record.returns)
    return IntegrationStateV2(
        effects=result.effects,
        created_coupons=result.created_coupons,
        created_referrals=result.created_referrals,
        **parts(deployment, body.response_content, result),
    )


def _check_attributes(deployment: Deployment, given: NewCustomerSessionV2) -> None:
    if deployment.attributes is not None:
        items = enumerate(given.cart_items or ())
        check_attributes(
            deployment.attributes,
            [
                ("CustomerSession", given.attributes, "/attributes"),
                *(("CartItem", item.attributes, f"/cartItems/{index}/attributes") for index, item in items),
            ],
        )


@handles(REOPEN_CUSTOMER_SESSION)
def reopen_session(deployment: Deployment, *, customer_session_id: str) -> ReopenSessionResponse:
    """Open a closed session again, and take back what closing it granted."""
    record = deployment.session(customer_session_id)
    if record.session.state != "closed":
        raise ApiError(400, f"A session that is {record.session.state} cannot be reopened")
    now = deployment.clock.now()
    session = attrs.evolve(record.session, state="open", updated=now)
    customer = deployment.profiles.get(session.profile_id)
    context = deployment.context(
        deployment.event("talon_session_reopened", session=session, profile_id=session.profile_id, keep=True),
        session=session,
        profile=customer.profile if customer else None,
    )
    result, held = _undo(deployment, record, context)
    apply_effects(deployment, result)
    _count(customer, session, closed=-1)
    _store(deployment, session, held)
    return ReopenSessionResponse(effects=result.effects)


def _undo(
    deployment: Deployment, record: SessionRecord, context: EvaluationContext
) -> tuple[EvaluationResult, list[Effect]]:
    """Take back all that a session granted: what comes of it, and the effects that hold nonetheless."""
    rounds = deployment.achievement_progress.get(context.profile_id, [])
    # What an open session granted took no hold yet.
    points = everything if record.session.state == "open" else ReturnPolicies(deployment, record, everything)

    def share(props: EffectProps | None) -> float:
        if isinstance(props, IncreaseAchievementProgressEffectProps):
            return 1.0 if can_roll_back(deployment.achievements, rounds, props) else 0.0
        return points(props)

    rollbacks, held = roll_back(record.effects, share, record.session.profile_id)
    return EvaluationResult(context=context, effects=rollbacks), held


def _leave(deployment: Deployment, session: CustomerSessionV2) -> None:
    """Note that a session is no longer its customer's: if it was the first one, another can be."""
    customer = deployment.profiles.get(session.profile_id)
    if customer and customer.first_session == session.integration_id:
        customer.first_session = None


def _count(customer: ProfileRecord | None, session: CustomerSessionV2, *, closed: int) -> None:
    """Note a call at its customer, and whether it made a closed session more or one less."""
    if customer is None:
        return
    customer.first_session = customer.first_session or session.integration_id
    profile = customer.profile
    profile.last_activity = session.updated
    profile.closed_sessions += closed
    profile.total_sales = amount(profile.total_sales + closed * (session.total - returned_worth(session)))


def _store(deployment: Deployment, session: CustomerSessionV2, effects: list[Effect]) -> None:
    record = deployment.sessions.get(session.integration_id)
    if record is None:
        deployment.sessions[session.integration_id] = SessionRecord(session=session, effects=effects)
    else:
        record.session, record.effects = session, effects
