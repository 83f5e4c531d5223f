"""Attributes that effects set."""

import re
from typing import Any, Final

from talon_async.models.effect_props import UpdateAttributeEffectProps
from talon_async.sandbox._campaigns import EvaluationContext
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._handlers.registry import carries_out

_PATH: Final = re.compile(r"(Profile|Session|Event|Session\.CartItems\[(\d+)\])\.Attributes\.(.+)")


@carries_out(UpdateAttributeEffectProps, at_once=True)
def set_attribute(
    _deployment: Deployment, context: EvaluationContext, props: UpdateAttributeEffectProps
) -> None:
    """Set an attribute of the customer, the session, one of its cart items or the event.

    A path that leads elsewhere, such as to an item that the cart does not have, is for the client alone.
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
