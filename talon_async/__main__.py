"""Starts the command line, or names the packages that are missing."""

import sys

from talon_async._extras import CLI, installed


def main() -> None:
    """Run the command line."""
    if not installed(CLI):
        sys.exit(_missing())
    from talon_async.cli import app

    app()


def _missing() -> int:
    print(
        "Packages are missing. Install them with: pip install 'talon-async[sandbox,cli]'",
        file=sys.stderr,
    )
    return 2


if __name__ == "__main__":
    main()
