"""The path of one call to the socket and back; the only package that knows the HTTP libraries."""

import importlib
import sys

# Where click and rich are installed, as for our own command, httpx imports its command line. It takes longer
# than the rest of httpx. Without that module, httpx does what it does where they are not installed.
if "httpx" not in sys.modules:
    sys.modules["httpx._main"] = None  # type: ignore[assignment]
    try:
        importlib.import_module("httpx")
    finally:
        del sys.modules["httpx._main"]
