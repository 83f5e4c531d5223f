"""The parts of an answer that a call asks for in its ``responseContent``."""

from collections.abc import Collection
from typing import Any

from talon_async.models.base import Omittable
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._handlers.registry import answer_parts
from talon_async.sandbox._rules.evaluation import EvaluationResult


def parts(
    deployment: Deployment, wanted: Omittable[Collection[str]], result: EvaluationResult
) -> dict[str, Any]:
    """Make the parts of an answer, by the attributes of its model.

    Args:
        deployment: Where the call went.
        wanted: The parts that the call asks for.
        result: What came of the call.
    """
    known = answer_parts()
    return {
        known[part].attribute: known[part].tell(deployment, result) for part in wanted or () if part in known
    }
