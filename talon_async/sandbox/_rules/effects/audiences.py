"""Appliers of audience memberships."""

from talon_async.models.audiences import Audience
from talon_async.models.effect_props_loyalty import AddToAudienceEffectProps, RemoveFromAudienceEffectProps
from talon_async.models.profiles import CustomerProfile
from talon_async.sandbox._campaigns.campaign import EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.audiences import join, leave


def add_to_audience(
    deployment: DeploymentView, context: EvaluationContext, props: AddToAudienceEffectProps
) -> None:
    """Add the customer, or the profile that the effect names, to an audience."""
    if (found := _find(deployment, context, props)) is not None:
        join(*found, context.now)


def remove_from_audience(
    deployment: DeploymentView, context: EvaluationContext, props: RemoveFromAudienceEffectProps
) -> None:
    """Remove the customer, or the profile that the effect names, from an audience."""
    if (found := _find(deployment, context, props)) is not None:
        leave(*found, context.now)


def _find(
    deployment: DeploymentView,
    context: EvaluationContext,
    props: AddToAudienceEffectProps | RemoveFromAudienceEffectProps,
) -> tuple[Audience, CustomerProfile] | None:
    audience = deployment.store.audiences.get(props.audience_id or 0)
    record = deployment.store.profiles.get(props.profile_integration_id or context.profile_id)
    return (audience, record.profile) if audience and record else None
