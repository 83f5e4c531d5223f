"""Starts the command line, or names the packages that are missing."""

import sys
from importlib.util import find_spec

_NEEDED = ("jinja2", "rich", "starlette", "typer", "uvicorn")


def main() -> None:
    """Run the command line."""
    if any(find_spec(name) is None for name in _NEEDED):
        sys.exit(_missing())
    from talon_async.cli import app

    app()


def _missing() -> int:
    print("Packages are missing. Install them with: pip install 'talon-async[sandbox,cli]'", file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
