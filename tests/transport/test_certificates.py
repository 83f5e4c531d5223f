"""Certificates: a faulty set-up is a configuration error, and a bad certificate is no reason to retry."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from talon_async import (
    CertificateError,
    ConfigurationError,
    ServiceConnectionError,
    TalonClient,
)
from tests.security.leaks import leakable_text
from tests.transport.server import http_response, read, send, serving
from tests.transport.support import KEY, SESSION, FakeSleep, client_of, rewired
from tests.transport.test_tls import server_side

OK = send(http_response())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority that nobody trusts by default."""
    return trustme.CA()


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)


def _missing(folder: Path) -> Path:
    return folder / "missing"


def _folder(folder: Path) -> Path:
    return folder


def _no_pem(folder: Path) -> Path:
    path = folder / "ca.pem"
    path.write_text("no certificate")
    return path


def _empty(folder: Path) -> Path:
    path = folder / "ca.pem"
    path.touch()
    return path


@pytest.mark.parametrize(
    ("variable", "make"),
    [
        ("SSL_CERT_FILE", _missing),
        ("SSL_CERT_FILE", _folder),
        ("SSL_CERT_FILE", _no_pem),
        ("SSL_CERT_FILE", _empty),
        ("SSL_CERT_DIR", _missing),
        ("SSL_CERT_DIR", _no_pem),
        ("SSL_CERT_DIR", _folder),
    ],
)
async def test_a_variable_that_leads_to_no_certificates_is_named(
    variable: str, make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the variable and the path, before anything is sent, and without the key."""
    path = make(tmp_path)
    monkeypatch.setenv(variable, str(path))
    sleep = FakeSleep()
    talon = TalonClient("https://shop.invalid", api_key=KEY)
    async with rewired(talon, sleep=sleep):
        with pytest.raises(ConfigurationError, match=f"^{variable}: .* at {path}: ") as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert sleep.delays == []
    assert KEY not in leakable_text(caught.value)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_variables_that_lead_to_certificates_are_used(
    variable: str, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the authority in the file or folder, the service is reached."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    if variable == "SSL_CERT_DIR":
        openssl = shutil.which("openssl") or pytest.skip("only openssl names the files of a folder")
        rehash = await asyncio.create_subprocess_exec(openssl, "rehash", str(tmp_path))
        assert await rehash.wait() == 0
    monkeypatch.setenv(variable, str(tmp_path if variable == "SSL_CERT_DIR" else tmp_path / "ca.pem"))
    async with (
        serving([read, OK], tls=server_side(authority, "127.0.0.1")) as server,
        client_of(server) as talon,
    ):
        await talon.sessions.update("cart-1", SESSION)


@pytest.mark.parametrize("own", [False, True], ids=["the client's transport", "httpx's transport"])
async def test_a_certificate_that_is_not_accepted_is_not_retried(authority: trustme.CA, own: bool) -> None:
    """The next attempt would meet the same certificate: one attempt, nothing sent, and no backoff."""
    sleep = FakeSleep()
    settings: dict[str, Any] = {"transport": httpx.AsyncHTTPTransport()} if own else {}
    async with (
        serving(*[[read, OK]] * 3, tls=server_side(authority, "127.0.0.1")) as server,
        rewired(client_of(server, **settings), sleep=sleep) as talon,
    ):
        with pytest.raises(CertificateError, match="certificate") as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert isinstance(caught.value, ServiceConnectionError)
    assert (caught.value.sent, caught.value.attempts) == (False, 1)
    assert sleep.delays == []
    assert KEY not in leakable_text(caught.value)
