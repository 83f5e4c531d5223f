"""The subcommand ``talon-async sandbox``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from talon_async._extras import SANDBOX, installed
from talon_async.cli._failures import failure
from talon_async.cli._serving import serve
from talon_async.sandbox import Deployment, Fault, deployment_from_config

_RESETS: Final[Mapping[str, Literal["before", "after"]]] = {"reset-before": "before", "reset-after": "after"}


def read_latency(text: str) -> Fault:
    """Parse ``--latency``.

    Args:
        text: Seconds, or a range of seconds such as ``0.1-0.5``.

    Raises:
        typer.BadParameter: The text is neither.
    """
    low, _, high = text.partition("-")
    try:
        return Fault(latency=(float(low), float(high or low)))
    except ValueError:
        raise typer.BadParameter(
            f"expected seconds such as 0.2, or a range such as 0.1-0.5, found {text!r}"
        ) from None


def read_fault(text: str) -> Fault:
    """Parse ``--fail``.

    Args:
        text: ``OPERATION:WHAT`` or ``OPERATION:WHAT:RATE``: an operationId or ``all``; a status,
            ``reset-before`` or ``reset-after``; the fraction of requests to fail (default: 1).

    Raises:
        typer.BadParameter: The text does not have this form.
    """
    operation, _, rest = text.partition(":")
    what, _, rate = rest.partition(":")
    try:
        return Fault(
            operation=None if operation == "all" else operation,
            status=None if what in _RESETS else int(what),
            reset=_RESETS.get(what),
            rate=float(rate or 1),
        )
    except ValueError as error:
        raise typer.BadParameter(
            f"expected OPERATION:WHAT[:RATE], such as updateCustomerSessionV2:503:0.1 ({error})"
        ) from None


def sandbox(
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 serves other machines and containers, too.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes any free port.")] = 8765,
    api_key: Annotated[
        str | None, typer.Option(help="The API key that clients must send (default: sandbox-key).")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="The seed of generated identifiers and random faults (default: 0).")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="A TOML file that declares the deployment and its campaigns."
        ),
    ] = None,
    latency: Annotated[
        Fault | None,
        typer.Option(
            parser=read_latency,
            metavar="SECONDS",
            help="Delay each request by seconds such as 0.2, or by a range such as 0.1-0.5.",
        ),
    ] = None,
    fail: Annotated[
        list[Fault] | None,
        typer.Option(
            parser=read_fault,
            metavar="OPERATION:WHAT[:RATE]",
            help="Inject a fault, such as updateCustomerSessionV2:503:0.1 or all:reset-after:0.01. OPERATION "
            "is an operationId or all. WHAT is an HTTP status, or reset-before or reset-after: drop the "
            "connection before or after the request takes effect. RATE is the fraction of requests "
            "(default: 1). Can be repeated.",
        ),
    ] = None,
) -> None:
    """Serve a local Talon.One deployment until Ctrl-C."""
    if not installed(SANDBOX):
        raise failure("Packages are missing. Install them with: pip install 'talon-async[sandbox,cli]'")
    options: dict[str, Any] = {"api_key": api_key, "seed": seed}
    settings = {name: value for name, value in options.items() if value is not None}
    try:
        deployment = deployment_from_config(config, **settings) if config else Deployment(**settings)
    except (OSError, ValueError) as error:
        raise failure(f"{config}: {error}" if config else str(error)) from None
    for fault in [latency, *(fail or ())]:
        if fault is not None:
            deployment.faults.add(fault)
    try:
        serve(deployment, host=host, port=port)
    except ValueError as error:
        raise failure(f"--{error}") from None
    except OSError as error:
        raise failure(f"Cannot listen on {host}:{port}: {error.strerror}", code=1) from None
