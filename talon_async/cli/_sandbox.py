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
    """Read what ``--latency`` says.

    Args:
        text: Seconds, or a range of them such as ``0.1-0.5``.

    Raises:
        typer.BadParameter: It says neither.
    """
    low, _, high = text.partition("-")
    try:
        return Fault(latency=(float(low), float(high or low)))
    except ValueError:
        raise typer.BadParameter(f"expected seconds such as 0.2 or 0.1-0.5, found {text!r}") from None


def read_fault(text: str) -> Fault:
    """Read what ``--fail`` says.

    Args:
        text: An operationId or ``all``, then a status, ``reset-before`` or ``reset-after``, and then the
            rate if it is not 1, with colons between.

    Raises:
        typer.BadParameter: It says something else.
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
        raise typer.BadParameter(f"expected updateCustomerSessionV2:503:0.1 or alike: {error}") from None


def sandbox(
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1; 0 takes any free port.")] = 8765,
    api_key: Annotated[
        str | None, typer.Option(help="API key clients must send (default: sandbox-key).")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of generated identifiers and random faults (default: 0).")
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
            help="Hold up each call, by 0.2 seconds or by a range such as 0.1-0.5.",
        ),
    ] = None,
    fail: Annotated[
        list[Fault] | None,
        typer.Option(
            parser=read_fault,
            metavar="OPERATION:WHAT[:RATE]",
            help="Let calls fail, such as updateCustomerSessionV2:503:0.1 or all:reset-after:0.01. WHAT is a "
            "status, or reset-before or reset-after for a connection that is dropped before the call is "
            "carried out or after it. May be given more than once.",
        ),
    ] = None,
) -> None:
    """Serve a local Talon.One deployment until Ctrl-C."""
    console = Console(soft_wrap=True, highlight=False)
    given: dict[str, Any] = {"api_key": api_key, "seed": seed}
    settings = {name: value for name, value in given.items() if value is not None}
    try:
        deployment = deployment_from_config(config, **settings) if config else Deployment(**settings)
    except ValueError as error:
        raise typer.BadParameter(f"{config}: {error}", param_hint="--config") from None
    for fault in [latency, *(fail or ())]:
        if fault is not None:
            deployment.faults.add(fault)
    deployment.observers.append(lambda call: console.print(access_line(call)))
    try:
        # Where signals cannot be taken by the loop, Ctrl-C still comes as an exception.
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(deployment, port, console))
    except OSError as error:
        Console(stderr=True).print(f"Cannot listen on 127.0.0.1:{port}: {error.strerror}", style="red")
        raise typer.Exit(1) from None
    console.print("The sandbox has ended; nothing of it is kept.")


async def _serve(deployment: Deployment, port: int, console: Console) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with Sandbox(deployment, port=port):
        console.print(Text.assemble("The sandbox answers on ", (deployment.url, "bold")))
        for name, text in _set_up(deployment):
            console.print(Text.assemble("  ", (f"{name:<11}", "cyan"), text))
        console.print("Ctrl-C ends it.")
        await ended.wait()


def _set_up(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """What a user of the sandbox needs to know."""
    yield "API key", deployment.api_key
    yield "To try it", f"export TALON_BASE_URL={deployment.url} TALON_API_KEY={deployment.api_key}"
    for running in deployment.campaigns.values():
        codes = ", ".join(terms.code for terms in running.campaign.coupons)
        yield "Campaign", f"{running.campaign.name} (coupon {codes})" if codes else running.campaign.name
    for active in deployment.faults:
        yield "Fault", _described(active.fault)


def _described(fault: Fault) -> str:
    low, high = fault.latency_range
    harms = {
        f"held up {low:g} s": low == high > 0,
        f"held up {low:g} to {high:g} s": low < high,
        f"answered with {fault.status}": fault.status is not None,
        f"dropped {fault.reset} being carried out": fault.reset is not None,
    }
    hits = f"{fault.rate:.4g} of {fault.operation or 'all calls'}" if fault.rate < 1 else fault.operation
    return f"{hits or 'all calls'}: {', '.join(harm for harm, given in harms.items() if given)}"


def access_line(call: RecordedCall) -> Text:
    """Write the line of the access log for a call: nothing in it names a customer."""
    status = "dropped" if call.status is None else str(call.status)
    failed = call.status is None or call.status >= 500
    style = "red" if failed else "yellow" if call.status and call.status >= 400 else "green"
    return Text.assemble(
        (f"{call.moment.astimezone():%H:%M:%S}", "dim"),
        f"  {call.method:<6}  {call.operation or '-':<37}  ",
        (f"{status:<7}", style),
        f"  {call.seconds * 1000:8.1f} ms",
    )
