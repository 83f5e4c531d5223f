"""How much of the points that a session earned can be taken back, by the policy of their program."""

from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    DeductLoyaltyPointsEffectProps,
)
from talon_async.models.effects import EffectProps
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.loyalty.ledger import Ledger
from talon_async.sandbox._domain.records import SessionRecord
from talon_async.sandbox._rules.loyalty_holders import find_holder
from talon_async.sandbox._rules.rollback import Share


class ReturnPolicies:
    """The shares that are taken back of the effects of a session that was closed.

    Of points that were added, no more goes back than the return policy of their program lets; pending ones
    always do. All else goes back as `share` says. It is made for one undoing, and asked once for each effect.

    Args:
        deployment: Where the points are.
        record: The session.
        share: Tells how much would be taken back if there were no policies.
    """

    def __init__(self, deployment: DeploymentView, record: SessionRecord, share: Share) -> None:
        self._deployment = deployment
        self._session = record.session
        self._share = share
        self._now = deployment.clock.now()
        self._taken: dict[tuple[int, str, str], float] = {}
        for effect in record.effects:
            if isinstance(effect.props, DeductLoyaltyPointsEffectProps):
                # What the session spent comes back with the same undoing, and can be taken from.
                self._take(effect.props, -effect.props.value * share(effect.props))

    def __call__(self, props: EffectProps | None) -> float:
        """Tell the share of an effect: from 0, nothing, to 1, all of it."""
        return self.limited(props, self._share(props))

    def limited(self, props: EffectProps | None, portion: float) -> float:
        """Tell which share of an effect can be taken back where another one is wanted than `share` says."""
        if not isinstance(props, AddLoyaltyPointsEffectProps) or portion <= 0 or props.value <= 0:
            return portion
        wanted = amount(props.value * portion)
        taken = min(wanted, self._returnable(props, wanted))
        self._take(props, taken)
        return portion if taken == wanted else taken / props.value

    def _returnable(self, props: AddLoyaltyPointsEffectProps, wanted: float) -> float:
        ledger = self._ledger(props)
        session_id = self._session.integration_id
        entry = ledger.find("addition", props.transaction_uuid, session_id) if ledger else None
        if ledger is None or entry is None:  # the transactions were deleted
            return 0.0
        policy = self._deployment.application.loyalty_program(props.program_id).return_policy
        status = entry.status(self._now)
        if policy == "unlimited":
            return wanted
        if status != "active":
            return ledger.left(entry.number)
        if policy == "only_pending":
            return 0.0
        return max(amount(ledger.balance(self._now).active - self._taken.get(self._key(props), 0.0)), 0.0)

    def _take(
        self, props: AddLoyaltyPointsEffectProps | DeductLoyaltyPointsEffectProps, points: float
    ) -> None:
        key = self._key(props)
        self._taken[key] = self._taken.get(key, 0.0) + points

    def _key(
        self, props: AddLoyaltyPointsEffectProps | DeductLoyaltyPointsEffectProps
    ) -> tuple[int, str, str]:
        profile_id = self._session.profile_id
        if isinstance(props, AddLoyaltyPointsEffectProps):
            profile_id = props.recipient_integration_id
        holder = find_holder(
            self._deployment,
            props.program_id,
            profile_id=profile_id,
            card_identifier=props.card_identifier,
            session=self._session,
        )
        return props.program_id, holder or "", props.sub_ledger_id

    def _ledger(self, props: AddLoyaltyPointsEffectProps) -> Ledger | None:
        program_id, holder, sub_ledger_id = self._key(props)
        account = self._deployment.store.points.find(program_id, holder)
        return account.ledgers.get(sub_ledger_id) if account else None
