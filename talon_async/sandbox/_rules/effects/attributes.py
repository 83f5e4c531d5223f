"""The applier of attribute updates."""

import re
from collections.abc import Mapping
from typing import Any, Final

from talon_async.models.effect_props import UpdateAttributeEffectProps
from talon_async.sandbox._campaigns.campaign import EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.attributes import Entity, write_times_in_utc

_PATH: Final = re.compile(r"(Profile|Session|Event|Session\.CartItems\[(\d+)\])\.Attributes\.(.+)")
_ENTITIES: Final[Mapping[str, Entity]] = {
    "Profile": "CustomerProfile",
    "Session": "CustomerSession",
    "Event": "Event",
}


def update_attribute(
    deployment: DeploymentView, context: EvaluationContext, props: UpdateAttributeEffectProps
) -> None:
    """Set an attribute of the customer, the session, one of its cart items or the event.

    Other paths, such as that of a cart item that does not exist, change nothing.
    """
    match = _PATH.fullmatch(props.path)
    if match is None:
        return
    entity, position, name = match.groups()
    attributes: dict[str, Any] | None = None
    if position is not None:
        items = context.session.cart_items if context.session else []
        if int(position) < len(items):
            item = items[int(position)]
            attributes = item.attributes = item.attributes or {}
    elif entity == "Profile":
        attributes = context.profile.attributes if context.profile else None
    elif entity == "Session":
        attributes = context.session.attributes if context.session else None
    else:
        attributes = context.event.attributes
    if attributes is not None:
        attributes[name] = props.value
        write_times_in_utc(
            deployment.application.attributes or {}, _ENTITIES.get(entity, "CartItem"), attributes
        )
