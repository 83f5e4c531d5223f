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
    """The command, started on any free port with a key of the test's own and the options of its parameter."""
    arguments = [*COMMAND, "sandbox", "--port", "0", "--api-key", "my-key", *getattr(request, "param", [])]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()


def ready(served: "subprocess.Popen[str]") -> tuple[str, str]:
    """Wait until the command serves; give its address and all it said."""
    assert served.stdout
    told = ""
    while "Ctrl-C" not in told:
        line = served.stdout.readline()
        assert line, served.communicate()
        told += line
    found = re.search(r"http://127\.0\.0\.1:\d+", told)
    assert found
    return found[0], told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_serves_until_it_is_told_to_end(
    served: "subprocess.Popen[str]", number: signal.Signals
) -> None:
    """The command says its address, key and a coupon, answers calls, and ends with 0 and no traceback."""
    url, told = ready(served)
    assert "my-key" in told
    assert "WELCOME10" in told
    async with TalonClient(url, api_key="my-key") as talon:
        answer = await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    assert types(answer.effects) == ["acceptCoupon", "setDiscount"]
    served.send_signal(number)
    _, errors = served.communicate(timeout=5)
    assert (served.returncode, errors) == (0, "")


async def test_it_tells_of_each_call(served: "subprocess.Popen[str]") -> None:
    """Each call is a line with its operation and status; no line names the key or the customer."""
    url, _ = ready(served)
    async with TalonClient(url, api_key="my-key") as talon, TalonClient(url, api_key="nope") as stranger:
        await talon.sessions.update("cart-1", shoes_and_socks())
        with pytest.raises(AuthenticationError):
            await stranger.sessions.get("cart-1")
    served.send_signal(signal.SIGINT)
    lines, _ = served.communicate(timeout=5)
    update, refused, end = lines.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d  PUT +updateCustomerSessionV2 +200 +[\d.]+ ms", update)
    assert re.fullmatch(r"\d\d:\d\d:\d\d  GET +- +401 +[\d.]+ ms", refused)
    assert end == "The sandbox has ended; nothing of it is kept."


@pytest.mark.parametrize(
    "served",
    [["--seed", "7", "--latency", "0-0.001", "--fail", "getCustomerSession:503", "--fail", "all:418:1e-300"]],
    indirect=True,
)
async def test_calls_can_be_made_to_fail(served: "subprocess.Popen[str]") -> None:
    """Faults are given with the command, and said as it starts."""
    url, told = ready(served)
    assert "all calls: held up 0 to 0.001 s" in told
    assert "getCustomerSession: answered with 503" in told
    assert "1e-300 of all calls: answered with 418" in told
    patient = RetryPolicy(attempts=1)
    async with TalonClient(url, api_key="my-key", retry=patient) as talon:
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
def test_faults_are_read_from_words(text: str, fault: Fault) -> None:
    """``--fail`` names operation, status or reset, and rate."""
    assert read_fault(text) == fault


@pytest.mark.parametrize(
    "text", ["", "all", "all:", "nope:503", "all:200", "all:503:2", "all:503:x", "all:x"]
)
def test_faults_that_are_none_are_refused(text: str) -> None:
    """What ``--fail`` cannot mean is refused with an example of what it can."""
    with pytest.raises(typer.BadParameter, match=r"updateCustomerSessionV2:503:0\.1"):
        read_fault(text)


def test_latencies_are_read_from_words() -> None:
    """``--latency`` takes seconds or a range of them, and refuses all else."""
    assert read_latency("0.2").latency_range == (0.2, 0.2)
    assert read_latency("0.1-0.5").latency_range == (0.1, 0.5)
    for text in ("", "x", "0.5-0.1", "-1", "0"):
        with pytest.raises(typer.BadParameter, match="seconds"):
            read_latency(text)


def test_the_command_has_a_name_of_its_own() -> None:
    """``talon-async`` is the same command as ``python -m talon_async``."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["scripts"] == {"talon-async": f"talon_async.__main__:{command.__name__}"}


def test_a_taken_port_is_said_in_one_line() -> None:
    """A port in use ends the command with 1 and a line that names it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [*COMMAND, "sandbox", "--port", str(port)], capture_output=True, text=True, check=False
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Cannot listen on 127.0.0.1:{port}")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("package", ["typer", "rich", "uvicorn", "starlette"])
def test_missing_packages_are_named_in_one_line(tmp_path: Path, package: str) -> None:
    """Without one of the extras, the command says what to install and ends with 2."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "from importlib.machinery import PathFinder\n"
        "class Hiding:\n"
        "    @staticmethod\n"
        "    def find_spec(name, path=None, target=None):\n"
        f"        return None if name == {package!r} else PathFinder.find_spec(name, path, target)\n"
        "sys.meta_path[sys.meta_path.index(PathFinder)] = Hiding\n"
    )
    ended = subprocess.run(
        [*COMMAND, "sandbox"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == ["This needs more packages: pip install 'talon-async[sandbox,cli]'"]
