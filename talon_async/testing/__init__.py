"""For tests of code that uses talon_async: pytest fixtures, models with valid defaults, what was sent.

The fixtures `talon_client`, `talon_deployment`, `talon_sandbox` and `talon_transport` come with pytest by
themselves.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from talon_async.testing.factories import make as make
    from talon_async.testing.factories import to_json as to_json
    from talon_async.testing.recorded import SentCall as SentCall
    from talon_async.testing.recorded import last_sent as last_sent
    from talon_async.testing.recorded import sent as sent
else:  # pytest loads the plugin, and so this package, in every run: what it hands on waits until it is used
    _HOME_OF = {"make": "factories", "to_json": "factories"} | dict.fromkeys(
        ("SentCall", "last_sent", "sent"), "recorded"
    )

    def __getattr__(name: str) -> Any:
        if name not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value
