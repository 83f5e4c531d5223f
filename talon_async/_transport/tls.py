"""How the certificates of servers are verified by default."""

import asyncio
import copy
import os
import re
import ssl
from pathlib import Path
from typing import Final

import httpx

from talon_async.errors import ConfigurationError

_HASHED_NAME: Final = re.compile(r"[0-9a-f]{8}\.[0-9]+")


class DefaultSslContext:
    """Creates the default context once, in a thread: that can take 0.3 s, and the event loop goes on.

    Requests that wait for the context share it. Cancelling one of them leaves the thread to the others.
    """

    def __init__(self) -> None:
        self._creation: asyncio.Future[ssl.SSLContext] | None = None

    async def get(self) -> ssl.SSLContext:
        """Wait for the context.

        Raises:
            ConfigurationError: As of `create_default`; the next request tries again.
        """
        creation = self._creation
        if creation is None:
            creation = asyncio.get_running_loop().run_in_executor(None, create_default)
            creation.add_done_callback(self._forget_failure)
            self._creation = creation
        await asyncio.wait([creation])  # in contrast to `await creation`, cancelling it does not cancel that
        if (error := creation.exception()) is not None:
            raise copy.copy(error)  # of its own for each request, as each adds its traceback
        return creation.result()

    def _forget_failure(self, creation: asyncio.Future[ssl.SSLContext]) -> None:
        if creation.cancelled() or creation.exception() is not None:
            self._creation = None


def create_default() -> ssl.SSLContext:
    """Create httpx's context, with the authorities in SSL_CERT_FILE, or in SSL_CERT_DIR, or those of certifi.

    Raises:
        ConfigurationError: The variable does not lead to certificates; the message names it and the path.
    """
    if path := os.environ.get("SSL_CERT_FILE"):
        return _context("SSL_CERT_FILE", path)
    if path := os.environ.get("SSL_CERT_DIR"):
        _check_folder(path)
        return _context("SSL_CERT_DIR", path)
    return httpx.create_ssl_context()


def _context(variable: str, path: str) -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # of which `ssl.SSLError` is one
        reason = "it is a folder" if Path(path).is_dir() else error.strerror or str(error)
    raise ConfigurationError(f"{variable}: expected a file of certificates in PEM format at {path}: {reason}")


def _check_folder(path: str) -> None:
    # OpenSSL would accept anything, and then trust nobody.
    try:
        names = os.listdir(path)
    except OSError as error:
        reason = error.strerror
    else:
        if any(map(_HASHED_NAME.fullmatch, names)):
            return
        reason = "it has no files with hashed names, as 'openssl rehash' makes them"
    raise ConfigurationError(f"SSL_CERT_DIR: expected a folder of certificates at {path}: {reason}")
