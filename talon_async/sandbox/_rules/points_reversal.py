"""Limits the rollback of a session's points by the return policies of loyalty programs."""

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
    """The shares of a closed session's effects to roll back, limited by return policies.

    The return policy of a program limits the rollback of added points, except for pending ones. Other
    effects are rolled back by `share`. An instance is for one rollback, with one call per effect.

    Args:
        deployment: The deployment.
        record: The session.
        share: Returns the share to roll back without policies.
    """

    def __init__(self, deployment: DeploymentView, record: SessionRecord, share: Share) -> None:
        self._deployment = deployment
        self._session = record.session
        self._share = share
        self._now = deployment.clock.now()
        self._taken: dict[tuple[int, str, str], float] = {}
        for effect in record.effects:
            if isinstance(effect.props, DeductLoyaltyPointsEffectProps):
                # The same rollback returns what the session spent, which the policy can deduct from.
                self._take(effect.props, -effect.props.value * share(effect.props))

    def __call__(self, props: EffectProps | None) -> float:
        """Return the share of an effect: from 0, nothing, to 1, all of it."""
        return self.limited(props, self._share(props))

    def limited(self, props: EffectProps | None, portion: float) -> float:
        """Limit a share of an effect that differs from `share`."""
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
