"""The part of answers that tells what a customer has in loyalty programs."""

from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    DeductLoyaltyPointsEffectProps,
)
from talon_async.models.loyalty import Loyalty
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._rules.evaluation import Outcome
from talon_async.sandbox._rules.loyalty_holders import holder_of
from talon_async.sandbox._domain.loyalty.programs import dated
from talon_async.sandbox._handlers.loyalty_models import Change, loyalty_of
from talon_async.sandbox._campaigns import Occasion
from talon_async.sandbox._handlers.registry import tells


@tells("loyalty", "loyalty")
def loyalty_part(deployment: Deployment, outcome: Outcome) -> Loyalty | None:
    """What the customer has in the programs, and the card that the session names."""
    occasion = outcome.occasion
    named = (occasion.session.loyalty_cards if occasion.session else None) or ()
    cards = [
        card
        for identifier in named
        for program_cards in deployment.loyalty_cards.values()
        if (card := program_cards.get(identifier))
    ]
    if occasion.profile is None and not cards:
        return None
    return loyalty_of(deployment, occasion.profile_id, cards, occasion.now, _changes(deployment, outcome))


def _changes(deployment: Deployment, outcome: Outcome) -> dict[tuple[int, str], dict[str, Change]]:
    """What the effects of an open session would change, were it closed now."""
    occasion = outcome.occasion
    changes: dict[tuple[int, str], dict[str, Change]] = {}
    if occasion.session is None or occasion.session.state != "open":
        return changes
    for effect in outcome.effects:
        match effect.props:
            case AddLoyaltyPointsEffectProps() as props:
                change = _change(deployment, occasion, props, props.recipient_integration_id, changes)
                points = dated(deployment.loyalty_program(props.program_id), props, occasion.now)
                if points.awaits_activation or (points.start_date or occasion.now) > occasion.now:
                    change.pending += props.value
                else:
                    change.active += props.value
            case DeductLoyaltyPointsEffectProps() as props:
                change = _change(deployment, occasion, props, occasion.profile_id, changes)
                change.active -= props.value
            case _:
                pass
    return changes


def _change(
    deployment: Deployment,
    occasion: Occasion,
    props: AddLoyaltyPointsEffectProps | DeductLoyaltyPointsEffectProps,
    profile_id: str,
    changes: dict[tuple[int, str], dict[str, Change]],
) -> Change:
    """The change of the ledger that an effect means; one that counts nowhere if it is nobody's."""
    holder = holder_of(
        deployment,
        props.program_id,
        profile_id=profile_id,
        card_identifier=props.card_identifier,
        session=occasion.session,
    )
    if holder is None:
        return Change()
    ledgers = changes.setdefault((props.program_id, holder), {})
    return ledgers.setdefault(props.sub_ledger_id, Change())
