"""The table of response sections."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

import attrs

from talon_async.models.base import Omittable
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._handlers.content import achievements, campaigns, codes, context, giveaways, loyalty
from talon_async.sandbox._rules.results import EvaluationResult

SectionBuilder: TypeAlias = Callable[[DeploymentView, EvaluationResult], Any]


@attrs.frozen
class Section:
    """A section of a response.

    Attributes:
        attribute: Its attribute in the response model.
        build: Builds it.
    """

    attribute: str
    build: SectionBuilder


SECTIONS: Final[Mapping[str, Section]] = {
    "achievements": Section("achievements", achievements.active_achievements),
    "advancedEvent": Section("advanced_event", context.advanced_event),
    "awardedGiveaways": Section("awarded_giveaways", giveaways.awarded_giveaways),
    "campaignEligibility": Section("campaign_eligibility", campaigns.campaign_eligibility),
    "coupons": Section("coupons", codes.coupons),
    "customerProfile": Section("customer_profile", context.customer_profile),
    "customerSession": Section("customer_session", context.customer_session),
    "event": Section("event", context.event),
    "loyalty": Section("loyalty", loyalty.loyalty),
    "previousReturns": Section("previous_returns", context.previous_returns),
    "referral": Section("referral", codes.referral),
    "ruleFailureReasons": Section("rule_failure_reasons", campaigns.rule_failure_reasons),
    "triggeredCampaigns": Section("triggered_campaigns", campaigns.triggered_campaigns),
}
"""The sections, by their names in ``responseContent``."""


def build_sections(
    deployment: DeploymentView, requested: Omittable[Collection[str]], result: EvaluationResult
) -> dict[str, Any]:
    """Build the requested sections, by their attributes in the response model.

    Args:
        deployment: The deployment.
        requested: The ``responseContent`` of the request.
        result: The result of the request's evaluation.
    """
    return {
        SECTIONS[name].attribute: SECTIONS[name].build(deployment, result)
        for name in requested or ()
        if name in SECTIONS
    }
