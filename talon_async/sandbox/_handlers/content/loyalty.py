"""The section of loyalty data."""

from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    DeductLoyaltyPointsEffectProps,
)
from talon_async.models.loyalty import Loyalty
from talon_async.sandbox._campaigns.campaign import EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.loyalty.programs import with_dates
from talon_async.sandbox._handlers.loyalty_models import Change, loyalty_of
from talon_async.sandbox._rules.loyalty_holders import find_holder
from talon_async.sandbox._rules.results import EvaluationResult


def loyalty(deployment: DeploymentView, result: EvaluationResult) -> Loyalty | None:
    """The customer's loyalty data, and the card of the session."""
    context = result.context
    named = (context.session.loyalty_cards if context.session else None) or ()
    cards = [
        card
        for identifier in named
        for program_cards in deployment.store.loyalty_cards.values()
        if (card := program_cards.get(identifier))
    ]
    if context.profile is None and not cards:
        return None
    return loyalty_of(deployment, context.profile_id, cards, context.now, _changes(deployment, result))


def _changes(
    deployment: DeploymentView, result: EvaluationResult
) -> dict[tuple[int, str], dict[str, Change]]:
    """The changes by the effects of an open session if it closed now."""
    context = result.context
    changes: dict[tuple[int, str], dict[str, Change]] = {}
    if context.session is None or context.session.state != "open":
        return changes
    for effect in result.effects:
        match effect.props:
            case AddLoyaltyPointsEffectProps() as props:
                change = _change(deployment, context, props, props.recipient_integration_id, changes)
                points = with_dates(
                    deployment.application.loyalty_program(props.program_id), props, context.now
                )
                if points.awaits_activation or (points.start_date or context.now) > context.now:
                    change.pending += props.value
                else:
                    change.active += props.value
            case DeductLoyaltyPointsEffectProps() as props:
                change = _change(deployment, context, props, context.profile_id, changes)
                change.active -= props.value
            case _:
                pass
    return changes


def _change(
    deployment: DeploymentView,
    context: EvaluationContext,
    props: AddLoyaltyPointsEffectProps | DeductLoyaltyPointsEffectProps,
    profile_id: str,
    changes: dict[tuple[int, str], dict[str, Change]],
) -> Change:
    """The change of an effect's ledger; a discarded one if the ledger has no holder."""
    holder = find_holder(
        deployment,
        props.program_id,
        profile_id=profile_id,
        card_identifier=props.card_identifier,
        session=context.session,
    )
    if holder is None:
        return Change()
    ledgers = changes.setdefault((props.program_id, holder), {})
    return ledgers.setdefault(props.sub_ledger_id, Change())
