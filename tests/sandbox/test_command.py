"""The command ``python -m talon_async sandbox``."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from talon_async import TalonClient
from tests.sandbox.support import shoes_and_socks, types

COMMAND = [sys.executable, "-m", "talon_async"]


@pytest.fixture
def served() -> Iterator["subprocess.Popen[str]"]:
    """The command, started on any free port with a key of the test's own."""
    arguments = [*COMMAND, "sandbox", "--port", "0", "--api-key", "my-key"]
    with subprocess.Popen(  # noqa: S603  our own words
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_serves_until_it_is_told_to_end(
    served: "subprocess.Popen[str]", number: signal.Signals
) -> None:
    """The command says its address, key and a coupon, answers calls, and ends with 0 and no traceback."""
    assert served.stdout
    told = ""
    while "Ctrl-C" not in told:
        line = served.stdout.readline()
        assert line, served.communicate()
        told += line
    found = re.search(r"http://127\.0\.0\.1:\d+", told)
    assert found
    assert "my-key" in told
    assert "WELCOME10" in told
    async with TalonClient(found[0], api_key="my-key") as talon:
        answer = await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    assert types(answer.effects) == ["acceptCoupon", "setDiscount"]
    served.send_signal(number)
    _, errors = served.communicate(timeout=5)
    assert (served.returncode, errors) == (0, "")


def test_a_taken_port_is_said_in_one_line() -> None:
    """A port in use ends the command with 1 and a line that names it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(  # noqa: S603  our own words
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
    ended = subprocess.run(  # noqa: S603  our own words
        [*COMMAND, "sandbox"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == ["This needs more packages: pip install 'talon-async[sandbox,cli]'"]
