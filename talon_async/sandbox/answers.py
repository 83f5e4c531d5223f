"""The parts of an answer that a call asks for in its ``responseContent``."""

from collections.abc import Collection, Sequence
from typing import Any

from talon_async.models.base import Omittable
from talon_async.models.campaigns import Campaign
from talon_async.models.coupons import IntegrationCoupon
from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    DeductLoyaltyPointsEffectProps,
)
from talon_async.models.eligibility import (
    CampaignEligibility,
    CampaignEligibilityDetails,
    CampaignEligibilityFailureDetails,
    RuleEligibility,
    RuleEligibilityFailureDetails,
    RuleMetadataEligibility,
)
from talon_async.models.loyalty import LedgerInfo, Loyalty, LoyaltyProgramLedgers
from talon_async.models.sessions import Return
from talon_async.sandbox.amounts import amount
from talon_async.sandbox.evaluation import Outcome, Verdict
from talon_async.sandbox.ledger import LoyaltyProgram
from talon_async.sandbox.state import APPLICATION_ID, Deployment, RunningCampaign


def parts(
    deployment: Deployment,
    wanted: Omittable[Collection[str]],
    outcome: Outcome,
    returns: Sequence[Return] = (),
) -> dict[str, Any]:
    """Make the parts of an answer, by the attributes of its model.

    Args:
        deployment: Where the call went.
        wanted: The parts that the call asks for.
        outcome: What came of the call.
        returns: What was returned of the session before.
    """
    occasion = outcome.occasion
    found: dict[str, Any] = {}
    for part in wanted or ():
        match part:
            case "customerSession":
                found["customer_session"] = occasion.session
            case "customerProfile":
                found["customer_profile"] = occasion.profile
            case "event":
                found["event"] = occasion.event
            case "coupons":
                found["coupons"] = _coupons(deployment, outcome)
            case "loyalty":
                found["loyalty"] = _loyalty(deployment, outcome)
            case "triggeredCampaigns":
                fired = {v.running.id: v.running for v in outcome.verdicts if v.passed}
                found["triggered_campaigns"] = [described(running) for running in fired.values()]
            case "ruleFailureReasons":
                found["rule_failure_reasons"] = [v.failure() for v in outcome.verdicts if not v.passed]
            case "campaignEligibility":
                found["campaign_eligibility"] = _eligibility(outcome.verdicts)
            case "previousReturns":
                found["previous_returns"] = list(returns)
            case "awardedGiveaways":
                found["awarded_giveaways"] = []
            case "achievements":
                found["achievements"] = []
            case _:
                pass
    return found


def described(running: RunningCampaign) -> Campaign:
    """A campaign as answers show it."""
    campaign = running.campaign
    return Campaign(
        id=running.id,
        created=running.created,
        application_id=APPLICATION_ID,
        user_id=1,
        name=campaign.name,
        description="",
        state="enabled",
        active_ruleset_id=running.ruleset_id,
        tags=[],
        reevaluate_on_return=campaign.reevaluate_on_return,
        features=["coupons"] if campaign.coupons else [],
        limits=[],
        type="advanced",
        frontend_state="running",
        stores_imported=False,
    )


def _coupons(deployment: Deployment, outcome: Outcome) -> list[IntegrationCoupon]:
    occasion = outcome.occasion
    profile_id = occasion.profile.integration_id if occasion.profile else ""
    records = [deployment.coupons[code] for code in occasion.coupon_codes if code in deployment.coupons]
    return [
        IntegrationCoupon(
            id=record.id,
            created=record.created,
            campaign_id=record.campaign_id,
            value=record.code,
            usage_limit=0,
            usage_counter=sum(record.redemptions.values()),
            profile_redemption_count=record.redemptions.get(profile_id, 0),
        )
        for record in records
    ]


def _loyalty(deployment: Deployment, outcome: Outcome) -> Loyalty | None:
    profile = outcome.occasion.profile
    if profile is None:
        return None
    tentative = _tentative(outcome)
    subledgers = deployment.points.subledgers(profile.integration_id)
    for program_id, name in tentative:
        names = subledgers.setdefault(program_id, [])
        if name not in names:
            names.append(name)
    for program_id in deployment.loyalty_programs:
        subledgers.setdefault(program_id, [])
    programs: dict[str, LoyaltyProgramLedgers] = {}
    for program_id, names in subledgers.items():
        program = deployment.loyalty_programs.get(program_id) or LoyaltyProgram(
            id=program_id, name=f"program-{program_id}", title=f"Program {program_id}"
        )
        infos = {
            name: _ledger_info(deployment, outcome, program_id, name, tentative)
            for name in {"": 0} | dict.fromkeys(names)
        }
        main = infos.pop("")
        programs[program.name] = LoyaltyProgramLedgers(
            id=program.id, title=program.title, name=program.name, ledger=main, sub_ledgers=infos
        )
    return Loyalty(programs=programs)


def _tentative(outcome: Outcome) -> dict[tuple[int, str], float]:
    """What the effects of an open session would add to each ledger, were it closed now."""
    session = outcome.occasion.session
    changes: dict[tuple[int, str], float] = {}
    if session is not None and session.state == "open":
        for effect in outcome.effects:
            match effect.props:
                case AddLoyaltyPointsEffectProps() | DeductLoyaltyPointsEffectProps() as props:
                    key = props.program_id, props.sub_ledger_id
                    sign = 1 if isinstance(props, AddLoyaltyPointsEffectProps) else -1
                    changes[key] = changes.get(key, 0.0) + sign * props.value
                case _:
                    pass
    return changes


def _ledger_info(
    deployment: Deployment,
    outcome: Outcome,
    program_id: int,
    name: str,
    tentative: dict[tuple[int, str], float],
) -> LedgerInfo:
    profile = outcome.occasion.profile
    balance = deployment.points.balance(
        profile.integration_id if profile else "",
        outcome.occasion.now,
        program_id=program_id,
        sub_ledger_id=name,
    )
    after = amount(balance.active + balance.negative + tentative.get((program_id, name), 0.0))
    return LedgerInfo(
        current_balance=balance.active,
        pending_balance=balance.pending,
        negative_balance=balance.negative,
        expired_balance=0.0,
        spent_balance=0.0,
        tentative_current_balance=max(after, 0.0),
        tentative_pending_balance=balance.pending,
        tentative_negative_balance=min(after, 0.0),
    )


def _eligibility(verdicts: list[Verdict]) -> list[CampaignEligibility]:
    by_campaign: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        by_campaign.setdefault(verdict.running.id, []).append(verdict)
    return [
        CampaignEligibility(
            application_id=APPLICATION_ID,
            id=campaign_id,
            name=of_campaign[0].running.campaign.name,
            state="enabled",
            tags=[],
            features=["coupons"] if of_campaign[0].running.campaign.coupons else [],
            eligibility=[_campaign_eligibility(verdict) for verdict in of_campaign],
            rules=[
                RuleMetadataEligibility(
                    title=of_campaign[0].running.campaign.name,
                    eligibility=[_rule_eligibility(verdict) for verdict in of_campaign],
                )
            ],
        )
        for campaign_id, of_campaign in by_campaign.items()
    ]


def _campaign_eligibility(verdict: Verdict) -> CampaignEligibilityDetails:
    return CampaignEligibilityDetails(
        passed=verdict.passed,
        coupon_code=verdict.coupon.code if verdict.coupon else None,
        details=None
        if verdict.passed
        else CampaignEligibilityFailureDetails(failure_code="ALL_RULES_FAILED"),
    )


def _rule_eligibility(verdict: Verdict) -> RuleEligibility:
    return RuleEligibility(
        passed=verdict.passed,
        coupon_code=verdict.coupon.code if verdict.coupon else None,
        details=None
        if verdict.passed
        else RuleEligibilityFailureDetails(
            failure_code="CONDITION_NOT_MET", condition_index=0, details="the rule granted nothing"
        ),
    )
