"""Custom events."""

from talon_async.models.events import IntegrationEventV2Request
from talon_async.models.integration import IntegrationEventV2Response
from talon_async.operations import TRACK_EVENT
from talon_async.sandbox.answers import parts
from talon_async.sandbox.evaluation import evaluate, take_hold
from talon_async.sandbox.refusal import bad_field
from talon_async.sandbox.registry import handles
from talon_async.sandbox.state import Deployment


@handles(TRACK_EVENT)
def track_event(
    deployment: Deployment,
    body: IntegrationEventV2Request,
    *,
    silent: bool = True,
    dry: bool = False,
    force_complete_evaluation: bool = False,  # noqa: ARG001  every campaign is evaluated anyway
) -> IntegrationEventV2Response | None:
    """Evaluate an event and let its effects take hold at once; a silent call is told nothing of them."""
    if not body.profile_id:
        raise bad_field("/profileId", "expected the customer of the event", title="required")
    if body.type.startswith("talon_"):
        raise bad_field("/type", "built-in events cannot be tracked")
    profile = deployment.profile(body.profile_id, keep=not dry).profile
    occasion = deployment.occasion(
        deployment.event(
            body.type,
            profile_id=body.profile_id,
            attributes=body.attributes or {},
            store_integration_id=body.store_integration_id or None,
            keep=not dry,
        ),
        profile=profile,
    )
    outcome = evaluate(deployment, occasion, body.evaluable_campaign_ids if dry else None)
    if not dry:
        profile.last_activity = occasion.now
        take_hold(deployment, outcome)
    if silent:
        return None
    return IntegrationEventV2Response(
        effects=outcome.effects,
        created_coupons=[],
        created_referrals=[],
        **parts(deployment, body.response_content, outcome),
    )
