"""Where a sandbox is served: ports, hosts beyond loopback, and one sandbox for each deployment."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from talon_async import __version__
from talon_async.sandbox import Deployment, Sandbox
from tests.sandbox.test_process import address, sandbox

COMMAND = [sys.executable, "-m", "talon_async"]


@pytest.mark.parametrize("port", [-1, 65536, 70000])
def test_a_port_out_of_range_is_refused(port: int) -> None:
    """The error names the port and the range."""
    with pytest.raises(ValueError, match=f"port: expected 0 to 65535, found {port}"):
        Sandbox(port=port)


async def test_a_deployment_is_served_once() -> None:
    """A second sandbox of a served deployment is refused, and does not disturb the first one."""
    deployment = Deployment()
    async with Sandbox(deployment) as served, httpx.AsyncClient() as http:
        url = served.url
        with pytest.raises(RuntimeError, match=f"already served at {url}"):
            async with Sandbox(deployment):
                pass
        assert deployment.url == url
        assert (await http.get(url)).status_code == 200
    async with Sandbox(deployment):
        assert deployment.url != ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104  what is tested
async def test_beyond_loopback_the_api_serves_any_host(host: str) -> None:
    """Containers use names that the sandbox cannot know; the page stays with loopback hosts."""
    async with Sandbox(host=host) as deployment, httpx.AsyncClient(base_url=deployment.url) as http:
        http.headers["authorization"] = f"ApiKey-v1 {deployment.api_key}"
        named = {"host": "talon:8765"}
        response = await http.put("/v2/customer_sessions/a", json={"customerSession": {}}, headers=named)
        assert response.status_code == 200
        assert (await http.get("/", headers=named)).status_code == 403
        assert (await http.get("/")).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
async def test_loopback_names_keep_the_host_check(host: str) -> None:
    """Each way to say loopback has a URL that works, and refuses other hosts."""
    async with Sandbox(host=host) as deployment, httpx.AsyncClient(base_url=deployment.url) as http:
        assert (await http.get("/")).status_code == 200
        assert (await http.get("/v2", headers={"host": "talon:8765"})).status_code == 403


@pytest.mark.parametrize(
    ("host", "warns"),
    [("0.0.0.0", True), ("localhost", False), ("127.0.0.1", False)],  # noqa: S104
)
def test_the_command_warns_beyond_loopback(host: str, *, warns: bool) -> None:
    """``--host`` of an address that others reach comes with a warning."""
    with sandbox("--host", host) as process:
        url = address(process)
        assert httpx.get(url, trust_env=False).status_code == 200
        process.terminate()
        _, errors = process.communicate(timeout=10)
    assert (f"anyone who reaches {host}" in errors) is warns


def test_the_command_prints_its_version() -> None:
    """``--version`` prints the version of the package."""
    ended = subprocess.run([*COMMAND, "--version"], capture_output=True, text=True, check=True)
    assert ended.stdout == f"talon-async {__version__}\n"


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--port", "70000"], "--port: expected 0 to 65535, found 70000"),
        (["--port", "-1"], "--port: expected 0 to 65535, found -1"),
        (["--api-key", ""], "api_key: expected at least 1 character, found ''"),
        (["--config", "number.toml"], "number.toml: api_key: expected text, found 5"),
        (["--config", "empty.toml"], "empty.toml: api_key: expected at least 1 character, found ''"),
        (["--config", "list.toml"], "list.toml: campaigns: expected an array of tables, found 'x'"),
        (["--config", "broken.toml"], "broken.toml: "),
        (["--config", "latin.toml"], "latin.toml: "),
        (["--host", "203.0.113.1"], "Cannot listen on 203.0.113.1:0: "),
        (["--host", "no such host"], "Cannot listen on no such host:0: "),
    ],
)
def test_errors_take_one_line(tmp_path: Path, options: list[str], line: str) -> None:
    """A mistake in an option or in the file ends the command with one line that names it."""
    files = {
        "number": b"api_key = 5",
        "empty": b'api_key = ""',
        "list": b'campaigns = "x"',
        "broken": b"api_key =",
        "latin": b'api_key = "\xe9"',
    }
    for name, content in files.items():
        (tmp_path / f"{name}.toml").write_bytes(content)
    ended = subprocess.run(
        [*COMMAND, "sandbox", "--port", "0", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=20,
    )
    assert ended.returncode == (1 if "--host" in options else 2)
    assert ended.stdout == ""
    assert ended.stderr.startswith(line)
    assert len(ended.stderr.splitlines()) == 1
