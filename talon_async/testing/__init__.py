"""Test support for code that uses talon_async: fixtures, models with valid defaults, recorded calls.

The fixtures `talon_client`, `talon_deployment`, `talon_sandbox` and `talon_transport` are part of a pytest
plugin (`talon_async.testing.plugin`) that pytest finds by itself.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from talon_async._transport.in_process import InProcessTransport as InProcessTransport
    from talon_async.testing._factories import make as make
    from talon_async.testing._factories import to_json as to_json
    from talon_async.testing._recorded import SentCall as SentCall
    from talon_async.testing._recorded import last_sent as last_sent
    from talon_async.testing._recorded import sent as sent
    from talon_async.testing._serving import ServedSandbox as ServedSandbox

__all__ = ("InProcessTransport", "SentCall", "ServedSandbox", "last_sent", "make", "sent", "to_json")

_MODULE_OF = {
    "InProcessTransport": "talon_async._transport.in_process",
    "SentCall": "talon_async.testing._recorded",
    "ServedSandbox": "talon_async.testing._serving",
    "last_sent": "talon_async.testing._recorded",
    "make": "talon_async.testing._factories",
    "sent": "talon_async.testing._recorded",
    "to_json": "talon_async.testing._factories",
}


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> Any:
        # pytest imports this package in every run, so a name loads its module on first use.
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(_MODULE_OF[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
