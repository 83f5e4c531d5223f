"""The sandbox as a process: it keeps answering, and it ends, whatever its clients and its output do."""

import contextlib
import itertools
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from typing import Final

import httpx
import pytest

SCRIPT: Final = """
import time
from talon_async.cli._serving import serve
from talon_async.sandbox import Campaign, Deployment

def block(context):
    print("blocked", flush=True)
    time.sleep(60)
    return []

def fail(context):
    raise RuntimeError("x" * 4000)

rule = {"block": block, "fail": fail}[%r]
serve(Deployment(campaigns=[Campaign(name="rule", rule=rule)]), host="127.0.0.1", port=0)
"""
CALL: Final = (
    "PUT /v2/customer_sessions/cart-1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: ApiKey-v1 sandbox-key\r\n"
)
BODY: Final = '{"customerSession": {}}'
WHOLE: Final = f"{CALL}Content-Length: {len(BODY)}\r\n\r\n{BODY}"
UNFINISHED: Final = f"{CALL}Content-Length: 1000\r\n\r\n{{"


@contextlib.contextmanager
def started(*arguments: str) -> Generator["subprocess.Popen[str]"]:
    """A process whose output goes into pipes of a page, which fill up quickly."""
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, pipesize=4096
    ) as process:
        yield process
        process.kill()


def sandbox(*options: str) -> "contextlib.AbstractContextManager[subprocess.Popen[str]]":
    """The command, on any free port."""
    return started("-m", "talon_async", "sandbox", "--port", "0", *options)


def address(process: "subprocess.Popen[str]") -> str:
    """Wait until a process serves; give its URL."""
    assert process.stdout
    lines = iter(process.stdout.readline, "")
    first, *_ = itertools.takewhile(lambda line: "Ctrl-C" not in line, lines)
    return first.split()[-1]


def connect(url: str, text: str) -> socket.socket:
    """Open a connection and send a text."""
    parsed = httpx.URL(url)
    connection = socket.create_connection((parsed.host, parsed.port))
    connection.sendall(text.encode())
    return connection


def seconds_to_end(process: "subprocess.Popen[str]") -> float:
    """Wait until a process ends, without reading its output; give the time it takes."""
    began = time.monotonic()
    process.wait(timeout=10)
    return time.monotonic() - began


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("text", [WHOLE, UNFINISHED])
def test_it_ends_while_calls_are_in_flight(number: signal.Signals, text: str) -> None:
    """A call that a fault holds up, or whose body never arrives, is dropped: the process ends with 0."""
    with sandbox("--latency", "60") as process:
        url = address(process)
        with connect(url, text) as connection, httpx.Client(trust_env=False) as http:
            http.get(url)  # the call before is in flight when this is answered
            process.send_signal(number)
            assert seconds_to_end(process) < 3
            assert process.returncode == 0
            assert connection.recv(1) == b""
        assert process.stderr
        assert process.stderr.read() == ""


@pytest.mark.parametrize("again", [False, True])
def test_it_ends_while_a_rule_blocks_the_event_loop(*, again: bool) -> None:
    """Within 3 seconds of a signal the process ends in any case, and immediately on the second signal."""
    with started("-c", SCRIPT % "block") as process:
        url = address(process)
        with connect(url, WHOLE):
            assert process.stdout
            assert process.stdout.readline() == "blocked\n"
            process.send_signal(signal.SIGINT)
            if again:
                began = time.monotonic()
                while process.poll() is None:  # signals that are sent too quickly count as one
                    process.send_signal(signal.SIGINT)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(timeout=0.05)
                assert time.monotonic() - began < 1
            assert seconds_to_end(process) < 3


@pytest.mark.parametrize("gone", [False, True])
def test_it_answers_when_nobody_reads_its_output(*, gone: bool) -> None:
    """Neither a full pipe nor a broken one stops the answers, on standard output or on standard error."""
    with started("-c", SCRIPT % "fail") as process, httpx.Client(trust_env=False) as http:
        http.headers["authorization"] = "ApiKey-v1 sandbox-key"
        url = address(process)
        if gone:
            assert process.stdout
            assert process.stderr
            process.stdout.close()
            process.stderr.close()
        for _ in range(150):  # each writes a line to one, and a traceback to the other
            response = http.put(f"{url}/v2/customer_sessions/cart-1", json={"customerSession": {}})
            assert response.status_code == 500
        process.send_signal(signal.SIGINT)
        assert seconds_to_end(process) < 3
        assert process.returncode == 0


def test_output_is_whole_when_somebody_reads_it() -> None:
    """A reader that keeps up gets a line for each call, to the last."""
    with sandbox() as process, httpx.Client(trust_env=False) as http:
        url = address(process)
        for _ in range(20):
            http.get(f"{url}/nowhere")
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=10)
    assert output.count(" 401 ") == 20
    assert output.endswith("The sandbox has stopped; its data is discarded.\n")
