"""Test support for code that uses talon_async: fixtures, models with valid defaults, recorded calls.

The fixtures `talon_client`, `talon_deployment`, `talon_sandbox` and `talon_transport` are part of a pytest
plugin (`talon_async.testing.plugin`) that pytest finds by itself.
"""

from typing import TYPE_CHECKING

from talon_async._lazy import lazy_getattr

if TYPE_CHECKING:
    from talon_async._transport.in_process import InProcessTransport as InProcessTransport
    from talon_async.testing._factories import make as make
    from talon_async.testing._factories import to_json as to_json
    from talon_async.testing._recorded import SentCall as SentCall
    from talon_async.testing._recorded import last_sent as last_sent
    from talon_async.testing._recorded import sent as sent
    from talon_async.testing._serving import ServedSandbox as ServedSandbox

__all__ = ("InProcessTransport", "SentCall", "ServedSandbox", "last_sent", "make", "sent", "to_json")

_MODULES = {
    "InProcessTransport": "talon_async._transport.in_process",
    "SentCall": "talon_async.testing._recorded",
    "ServedSandbox": "talon_async.testing._serving",
    "last_sent": "talon_async.testing._recorded",
    "make": "talon_async.testing._factories",
    "sent": "talon_async.testing._recorded",
    "to_json": "talon_async.testing._factories",
}

if not TYPE_CHECKING:  # to which any name would look valid
    __getattr__ = lazy_getattr(__name__, _MODULES)


def __dir__() -> list[str]:
    return sorted(_MODULES)
