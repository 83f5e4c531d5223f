"""The command ``talon-async sandbox``."""

import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from talon_async import AuthenticationError, RetryPolicy, ServerError, TalonClient
from talon_async.__main__ import main as command
from talon_async.cli._sandbox import read_fault, read_latency
from talon_async.sandbox import Fault
from tests.sandbox.support import shoes_and_socks, types

COMMAND = [sys.executable, "-m", "talon_async"]


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[str]"]:
    """A running command on a free port, with the API key `my-key` and the options of the parameter."""
    arguments = [*COMMAND, "sandbox", "--port", "0", "--api-key", "my-key", *getattr(request, "param", [])]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()


def ready(served: "subprocess.Popen[str]") -> tuple[str, str]:
    """Wait until the command serves; return its address and its output so far."""
    assert served.stdout
    output = ""
    while "Ctrl-C" not in output:
        line = served.stdout.readline()
        assert line, served.communicate()
        output += line
    found = re.search(r"http://127\.0\.0\.1:\d+", output)
    assert found
    return found[0], output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_serves_until_a_signal(served: "subprocess.Popen[str]", number: signal.Signals) -> None:
    """The command prints its address, key and a coupon, serves requests, and exits with 0."""
    url, output = ready(served)
    assert "my-key" in output
    assert "WELCOME10" in output
    async with TalonClient(url, api_key="my-key") as talon:
        response = await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    assert types(response.effects) == ["acceptCoupon", "setDiscount"]
    served.send_signal(number)
    _, errors = served.communicate(timeout=5)
    assert (served.returncode, errors) == (0, "")


async def test_it_logs_each_request(served: "subprocess.Popen[str]") -> None:
    """Each request is one line with operation and status, without the key or the customer."""
    url, _ = ready(served)
    async with TalonClient(url, api_key="my-key") as talon, TalonClient(url, api_key="nope") as other:
        await talon.sessions.update("cart-1", shoes_and_socks())
        with pytest.raises(AuthenticationError):
            await other.sessions.get("cart-1")
    served.send_signal(signal.SIGINT)
    lines, _ = served.communicate(timeout=5)
    update, refused, end = lines.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d  PUT +updateCustomerSessionV2 +200 +[\d.]+ ms", update)
    assert re.fullmatch(r"\d\d:\d\d:\d\d  GET +- +401 +[\d.]+ ms", refused)
    assert end == "The sandbox has stopped; its data is discarded."


@pytest.mark.parametrize(
    "served",
    [["--seed", "7", "--latency", "0-0.001", "--fail", "getCustomerSession:503", "--fail", "all:418:1e-300"]],
    indirect=True,
)
async def test_options_inject_faults(served: "subprocess.Popen[str]") -> None:
    """The command injects the faults of its options and prints them at the start."""
    url, output = ready(served)
    assert "all requests: delay 0 to 0.001 s" in output
    assert "getCustomerSession: status 503" in output
    assert "1e-300 of all requests: status 418" in output
    once = RetryPolicy(attempts=1)
    async with TalonClient(url, api_key="my-key", retry=once) as talon:
        await talon.sessions.update("cart-1", shoes_and_socks())
        with pytest.raises(ServerError):
            await talon.sessions.get("cart-1")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("updateCustomerSessionV2:503:0.1", Fault(operation="updateCustomerSessionV2", status=503, rate=0.1)),
        ("all:409", Fault(status=409)),
        ("all:reset-before:0.5", Fault(reset="before", rate=0.5)),
        ("trackEventV2:reset-after", Fault(operation="trackEventV2", reset="after")),
    ],
)
def test_fail_options_are_parsed(text: str, fault: Fault) -> None:
    """``--fail`` has an operation, a status or reset, and a rate."""
    assert read_fault(text) == fault


@pytest.mark.parametrize(
    "text", ["", "all", "all:", "nope:503", "all:200", "all:503:2", "all:503:x", "all:x"]
)
def test_invalid_fail_options_are_errors(text: str) -> None:
    """An invalid ``--fail`` is refused with a valid example."""
    with pytest.raises(typer.BadParameter, match=r"updateCustomerSessionV2:503:0\.1"):
        read_fault(text)


def test_latency_options_are_parsed() -> None:
    """``--latency`` is a number of seconds or a range. Anything else is refused."""
    assert read_latency("0.2").latency_range == (0.2, 0.2)
    assert read_latency("0.1-0.5").latency_range == (0.1, 0.5)
    for text in ("", "x", "0.5-0.1", "-1", "0"):
        with pytest.raises(typer.BadParameter, match="seconds"):
            read_latency(text)


def test_the_command_is_installed() -> None:
    """``talon-async`` is the same command as ``python -m talon_async``."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["scripts"] == {"talon-async": f"talon_async.__main__:{command.__name__}"}


def test_a_port_in_use_is_a_one_line_error() -> None:
    """With a port in use, the command exits with 1 and one line that names the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = subprocess.run(
            [*COMMAND, "sandbox", "--port", str(port)], capture_output=True, text=True, check=False
        )
    assert process.returncode == 1
    assert process.stderr.startswith(f"Cannot listen on 127.0.0.1:{port}")
    assert len(process.stderr.splitlines()) == 1


@pytest.mark.parametrize("package", ["typer", "rich", "uvicorn", "starlette"])
def test_missing_extras_are_a_one_line_error(tmp_path: Path, package: str) -> None:
    """Without an extra, the command prints the install command and exits with 2."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "from importlib.machinery import PathFinder\n"
        "class Hiding:\n"
        "    @staticmethod\n"
        "    def find_spec(name, path=None, target=None):\n"
        f"        return None if name == {package!r} else PathFinder.find_spec(name, path, target)\n"
        "sys.meta_path[sys.meta_path.index(PathFinder)] = Hiding\n"
    )
    process = subprocess.run(
        [*COMMAND, "sandbox"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.splitlines() == [
        "Packages are missing. Install them with: pip install 'talon-async[sandbox,cli]'"
    ]
