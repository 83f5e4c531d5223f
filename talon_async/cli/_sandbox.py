"""The subcommand ``talon-async sandbox``."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from rich.console import Console
from rich.text import Text

from talon_async.sandbox import Deployment, Fault, RecordedCall, Sandbox, deployment_from_config

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
    port: Annotated[
        int, typer.Option(help="The port to listen on, on 127.0.0.1; 0 selects a free port.")
    ] = 8765,
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
    console = Console(soft_wrap=True, highlight=False)
    options: dict[str, Any] = {"api_key": api_key, "seed": seed}
    settings = {name: value for name, value in options.items() if value is not None}
    try:
        deployment = deployment_from_config(config, **settings) if config else Deployment(**settings)
    except ValueError as error:
        raise typer.BadParameter(f"{config}: {error}", param_hint="--config") from None
    for fault in [latency, *(fail or ())]:
        if fault is not None:
            deployment.faults.add(fault)
    deployment.observers.append(lambda call: console.print(access_line(call)))
    try:
        # Where the event loop cannot handle signals, Ctrl-C raises KeyboardInterrupt.
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(deployment, port, console))
    except OSError as error:
        Console(stderr=True).print(f"Cannot listen on 127.0.0.1:{port}: {error.strerror}", style="red")
        raise typer.Exit(1) from None
    console.print("The sandbox has stopped; its data is discarded.")


async def _serve(deployment: Deployment, port: int, console: Console) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with Sandbox(deployment, port=port):
        console.print(Text.assemble("The sandbox is listening on ", (deployment.url, "bold")))
        for name, text in _set_up(deployment):
            console.print(Text.assemble("  ", (f"{name:<13}", "cyan"), text))
        console.print("Press Ctrl-C to stop.")
        await stopped.wait()


def _set_up(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Yield what a user of the sandbox needs to know, as labels and texts."""
    yield "API key", deployment.api_key
    yield "Environment", f"export TALON_BASE_URL={deployment.url} TALON_API_KEY={deployment.api_key}"
    for running in deployment.campaigns.values():
        codes = ", ".join(terms.code for terms in running.campaign.coupons)
        yield "Campaign", f"{running.campaign.name} (coupon {codes})" if codes else running.campaign.name
    for active in deployment.faults:
        yield "Fault", _described(active.fault)


def _described(fault: Fault) -> str:
    low, high = fault.latency_range
    effects = {
        f"delay {low:g} s": low == high > 0,
        f"delay {low:g} to {high:g} s": low < high,
        f"status {fault.status}": fault.status is not None,
        f"connection reset {fault.reset} taking effect": fault.reset is not None,
    }
    target = fault.operation or "all requests"
    share = f"{fault.rate:.4g} of {target}" if fault.rate < 1 else target
    return f"{share}: {', '.join(effect for effect, present in effects.items() if present)}"


def access_line(call: RecordedCall) -> Text:
    """Format the access log line of a request, without identifiers of customers."""
    status = "dropped" if call.status is None else str(call.status)
    failed = call.status is None or call.status >= 500
    style = "red" if failed else "yellow" if call.status and call.status >= 400 else "green"
    return Text.assemble(
        (f"{call.moment.astimezone():%H:%M:%S}", "dim"),
        f"  {call.method:<6}  {call.operation or '-':<37}  ",
        (f"{status:<7}", style),
        f"  {call.seconds * 1000:8.1f} ms",
    )
