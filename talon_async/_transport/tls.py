"""How the certificates of servers are verified by default."""

import os
import re
import ssl
from pathlib import Path
from typing import Final

import httpx

from talon_async.errors import ConfigurationError

_HASHED_NAME: Final = re.compile(r"[0-9a-f]{8}\.[0-9]+")


def default_ssl_context() -> ssl.SSLContext:
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
