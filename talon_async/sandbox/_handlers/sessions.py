"""Handlers of customer sessions: get, update and reopen."""

from datetime import datetime

import attrs

from talon_async.models.effects import Effect
from talon_async.models.integration import (
    IntegrationCustomerSessionResponse,
    IntegrationRequest,
    IntegrationStateV2,
    ReopenSessionResponse,
)
from talon_async.models.sessions import CustomerSessionV2, NewCustomerSessionV2
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.attributes import check_attributes
from talon_async.sandbox._domain.carts import returned_worth, transition, updated_session
from talon_async.sandbox._domain.catalogs import CatalogView
from talon_async.sandbox._domain.records import ProfileRecord, SessionRecord
from talon_async.sandbox._errors import ApiError, bad_parameter
from talon_async.sandbox._handlers.content.table import build_sections
from talon_async.sandbox._rules.activity import record_activity
from talon_async.sandbox._rules.context import evaluation_context
from talon_async.sandbox._rules.effects.apply import apply_effects
from talon_async.sandbox._rules.evaluation import evaluate
from talon_async.sandbox._rules.session_rollback import roll_back_session


def get_session(
    deployment: DeploymentView, *, customer_session_id: str
) -> IntegrationCustomerSessionResponse:
    """Get a session and the effects in force."""
    record = deployment.store.require_session(customer_session_id)
    return IntegrationCustomerSessionResponse(customer_session=record.session, effects=record.effects)


def update_session(
    deployment: DeploymentView,
    body: IntegrationRequest,
    *,
    customer_session_id: str,
    now: datetime | None = None,
) -> IntegrationStateV2:
    """Create or update a session, evaluate it, and apply its effects if the update closes it.

    A dry run ignores the stored session: only the request's data counts.
    """
    given = body.customer_session
    _check_attributes(deployment, given)
    store, current = deployment.store, deployment.clock.now()
    if now is not None and now <= current:
        raise bad_parameter("now", "expected a time in the future")
    moment = now or current
    record = None if deployment.dry else store.sessions.get(customer_session_id)
    previous = record.session if record else None
    event_type, state = transition(previous, given)
    session = updated_session(
        previous,
        given,
        integration_id=customer_session_id,
        state=state,
        now=moment,
        view_for=lambda profile_id: _catalog_view(deployment, profile_id, moment),
    )
    if previous is None:
        session.id = store.next_id("session")
    customer = store.get_or_create_profile(session.profile_id, current) if session.profile_id else None
    if customer:
        session.profile_id = customer.profile.integration_id  # one text for all sessions of the customer
        session.first_session = customer.first_session in (None, customer_session_id)
    context = evaluation_context(
        deployment,
        store.record_event(event_type, current, session=session, profile_id=session.profile_id),
        session=session,
        profile=customer.profile if customer else None,
        closing=state == "closed",
        now=moment,
    )
    if record and state == "cancelled":
        result, effects = roll_back_session(deployment, record, context)
    else:
        result = evaluate(deployment, context, given.evaluable_campaign_ids)
        effects = result.effects
    was_closed = previous is not None and previous.state != "open"
    apply_effects(deployment, result, session_open=not was_closed and state != "closed")
    if previous and previous.profile_id != session.profile_id:
        _detach_customer(deployment, previous)
    _count_session(deployment, customer, session, closed=(state == "closed") - was_closed)
    _store(deployment, session, effects)
    if record and record.returns:
        result = attrs.evolve(result, returns_before=record.returns)
    return IntegrationStateV2(
        effects=result.effects,
        created_coupons=result.created_coupons,
        created_referrals=result.created_referrals,
        **build_sections(deployment, body.response_content, result),
    )


def _check_attributes(deployment: DeploymentView, given: NewCustomerSessionV2) -> None:
    if deployment.application.attributes is None:
        return
    items = enumerate(given.cart_items or ())
    check_attributes(
        deployment.application.attributes,
        [
            ("CustomerSession", given.attributes, "/attributes"),
            *(("CartItem", item.attributes, f"/cartItems/{index}/attributes") for index, item in items),
        ],
    )


def _catalog_view(deployment: DeploymentView, profile_id: str, now: datetime) -> CatalogView:
    """The Application's catalog with the prices of a customer; an anonymous one has an empty ID."""
    catalog = deployment.application.cart_catalog()
    customer = deployment.store.profiles.get(profile_id)
    memberships = customer.profile.audience_memberships if customer else None
    return CatalogView(
        record=deployment.store.catalogs.get(catalog.id),
        applies=catalog.prices_for([membership.id for membership in memberships or ()]),
        now=now,
    )


def reopen_session(deployment: DeploymentView, *, customer_session_id: str) -> ReopenSessionResponse:
    """Reopen a closed session, and roll back its effects."""
    store, now = deployment.store, deployment.clock.now()
    record = store.require_session(customer_session_id)
    if record.session.state != "closed":
        raise ApiError(400, f"A session that is {record.session.state} cannot be reopened")
    session = attrs.evolve(record.session, state="open", updated=now)
    customer = store.profiles.get(session.profile_id)
    context = evaluation_context(
        deployment,
        store.record_event("talon_session_reopened", now, session=session, profile_id=session.profile_id),
        session=session,
        profile=customer.profile if customer else None,
    )
    result, effects = roll_back_session(deployment, record, context)
    apply_effects(deployment, result)
    _count_session(deployment, customer, session, closed=-1)
    _store(deployment, session, effects)
    return ReopenSessionResponse(effects=result.effects)


def _detach_customer(deployment: DeploymentView, session: CustomerSessionV2) -> None:
    """Record that a session has another customer: its previous customer can have another first session."""
    customer = deployment.store.profiles.get(session.profile_id)
    if customer and customer.first_session == session.integration_id:
        customer.first_session = None


def _count_session(
    deployment: DeploymentView, customer: ProfileRecord | None, session: CustomerSessionV2, *, closed: int
) -> None:
    """Count the update of a session as an activity of its customer.

    Args:
        deployment: The deployment.
        customer: The customer; `None` if anonymous.
        session: The session after the update.
        closed: 1 if the update closes it, -1 if it is no longer closed, otherwise 0.
    """
    if customer is None:
        return
    customer.first_session = customer.first_session or session.integration_id
    record_activity(
        deployment,
        customer.profile,
        session.updated,
        closed_sessions=closed,
        sales=closed * (session.total - returned_worth(session)) if closed else 0.0,
    )


def _store(deployment: DeploymentView, session: CustomerSessionV2, effects: list[Effect]) -> None:
    record = deployment.store.sessions.get(session.integration_id)
    effects = list(effects)  # of exactly this length: a list that grew has spare room
    if record is None:
        deployment.store.sessions[session.integration_id] = SessionRecord(session=session, effects=effects)
    else:
        record.session, record.effects = session, effects
