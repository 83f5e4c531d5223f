"""The packages of the extras, and whether they are installed."""

from importlib.util import find_spec
from typing import Final

from talon_async.errors import MissingPackagesError

APP: Final = ("jinja2", "starlette")
"""The packages that the sandbox's app needs."""
SANDBOX: Final = (*APP, "uvicorn")
CLI: Final = ("rich", "typer")
PARQUET: Final = ("pyarrow",)


def installed(packages: tuple[str, ...]) -> bool:
    """Whether all packages can be imported, without importing them."""
    return all(find_spec(name) is not None for name in packages)


def require(packages: tuple[str, ...], *, user: str, extra: str) -> None:
    """Check that all packages can be imported.

    Args:
        packages: The packages.
        user: What needs them.
        extra: The extra that installs them.

    Raises:
        MissingPackagesError: One is not installed.
    """
    if not installed(packages):
        raise MissingPackagesError(f'{user} needs more packages: pip install "talon_async[{extra}]"')
