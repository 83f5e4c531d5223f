"""A small HTTP/1.1 server that responds to session updates fast: ``python -m benchmarks.server [CA_FILE]``.

With a file for the certificate of its authority, it uses TLS.

It reads a request only to find its end, and writes a prepared response: the large one for sessions whose
identifier starts with ``large``, the small one for all others.

The benchmarks verify that it does not limit the clients: it has its own core, and `Server.seconds` reads its
CPU time at the start and the end of each turn. The report prints its share of that core. A share near 100 %
would mean that a client waited for the server and its figure is too low.
"""

import asyncio
import contextlib
import json
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import attrs
import trustme

from benchmarks.machine import SERVER_CORE, pin
from benchmarks.payloads import large_response, small_response

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


def _response(document: object) -> bytes:
    body = json.dumps(document, separators=(",", ":")).encode()
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    ) + body


class _Connection(asyncio.Protocol):
    small = _response(small_response())
    large = _response(large_response())

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (head_end := self._buffer.find(_HEAD_END)) >= 0:
            head = bytes(self._buffer[:head_end])
            end = head_end + len(_HEAD_END) + _content_length(head)
            if len(self._buffer) < end:
                return
            del self._buffer[:end]
            assert self._transport is not None
            target = head.split(b" ", 2)[1]
            self._transport.write(self.large if b"/large" in target else self.small)


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.find(_LENGTH)
    return int(lowered[start + len(_LENGTH) :].split(b"\r\n", 1)[0]) if start >= 0 else 0


async def _serve(ca_file: str | None) -> None:
    pin(SERVER_CORE)
    server = await asyncio.get_running_loop().create_server(
        _Connection, "127.0.0.1", 0, backlog=1024, ssl=_tls(Path(ca_file)) if ca_file else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    # It ends with its parent process, which has the other end of the standard input.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


def _tls(ca_file: Path) -> ssl.SSLContext:
    """Create a certificate, and write that of its authority for the clients."""
    authority = trustme.CA()
    ca_file.write_bytes(authority.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@attrs.frozen
class Server:
    """A running server.

    Attributes:
        base_url: Its URL.
        pid: Its process.
        ca_file: The certificate of the authority that clients trust; `None` without TLS.
    """

    base_url: str
    pid: int
    ca_file: str | None = None

    def seconds(self) -> float | None:
        """The processor time since its start; `None` where the system does not report it."""
        if sys.platform != "linux":
            return None
        # The clock of another process on Linux, as computed by `clock_getcpuclockid` in libc.
        return time.clock_gettime((~self.pid << 3) | 2)


@contextlib.contextmanager
def running_server(*, tls: bool = False, module: str = "benchmarks.server") -> Generator[Server, None, None]:
    """Run a server in its own process: this one, or that of another module that prints its port."""
    with tempfile.TemporaryDirectory() as directory:
        ca_file = str(Path(directory, "ca.pem")) if tls else None
        command = [sys.executable, "-m", module, *([ca_file] if ca_file else [])]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                origin = f"{'https' if tls else 'http'}://127.0.0.1:{int(process.stdout.readline())}"
                yield Server(origin, process.pid, ca_file)
            finally:
                process.stdin.close()
                process.wait(timeout=10)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1] if len(sys.argv) > 1 else None))
