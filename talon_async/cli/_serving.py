"""Serves a deployment as a process, until a signal ends it."""

import asyncio
import contextlib
import ipaddress
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Final

from rich.console import Console
from rich.text import Text

from talon_async.cli._queued_output import QueuedOutput
from talon_async.sandbox import Deployment, Fault, RecordedCall, Sandbox

logger = logging.getLogger("talon_async.sandbox")

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_END: Final = 2.5
"""How long the process may take to end, in seconds; then it is killed, as a rule may block the event loop."""
_FLUSH: Final = 0.3


def serve(deployment: Deployment, *, host: str, port: int) -> None:
    """Serve a deployment until SIGINT or SIGTERM, and print its address and its calls.

    Calls in flight, and an output that nobody reads, do not hold up the end. A second signal kills the
    process.

    Args:
        deployment: The deployment.
        host: The address to listen on.
        port: The port; 0 for any free port.

    Raises:
        OSError: The port is taken, or the host is not this machine.
        ValueError: The port is not one.
    """
    output, errors = QueuedOutput(sys.stdout), QueuedOutput(sys.stderr)
    logging.basicConfig(stream=errors.text, format="%(message)s")
    console = Console(file=output.text, soft_wrap=True, highlight=False)
    deployment.observers.append(lambda call: console.print(access_line(call)))
    with contextlib.suppress(KeyboardInterrupt):  # from a signal before the loop handles them
        asyncio.run(_serve(Sandbox(deployment, host=host, port=port), host, console))
    console.print("The sandbox has stopped; its data is discarded.")
    for stream in (output, errors):
        stream.finish(_FLUSH)


async def _serve(sandbox: Sandbox, host: str, console: Console) -> None:
    async with sandbox as deployment:
        ended = _event_of_signals()
        console.print(Text.assemble("The sandbox is listening on ", (deployment.url, "bold")))
        for name, text in _set_up(deployment):
            console.print(Text.assemble("  ", (f"{name:<13}", "cyan"), text))
        if not _is_loopback(host):
            logger.warning("Warning: anyone who reaches %s can read and change this sandbox.", host)
        console.print("Press Ctrl-C to stop.")
        await ended.wait()


def _is_loopback(host: str) -> bool:
    address = socket.getaddrinfo(host, None)[0][4][0]
    return ipaddress.ip_address(address).is_loopback


def _event_of_signals() -> asyncio.Event:
    """Make an event that the first signal sets."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, _END)
        loop.call_soon_threadsafe(ended.set)

    # Not `loop.add_signal_handler`: its handlers wait for the loop, which a rule may block.
    for number in _SIGNALS:
        signal.signal(number, end)
    return ended


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
