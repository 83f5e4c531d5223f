"""The check of the ``Host`` header, against web sites whose names resolve to this machine."""

import re
from typing import Final

from starlette.types import Scope

_LOOPBACK: Final = re.compile(
    rb"(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE
)


def is_loopback_host(scope: Scope) -> bool:
    """Whether a request has exactly one ``Host`` field, and it names this machine.

    The raw field is matched as a whole: a URL parser may fall back to another host if the field is not
    valid.

    Args:
        scope: The ASGI scope of the request.
    """
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return len(hosts) == 1 and _LOOPBACK.fullmatch(hosts[0]) is not None
