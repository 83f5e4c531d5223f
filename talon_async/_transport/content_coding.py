"""Decompresses the bodies of responses, up to a size."""

import zlib
from typing import Final

import httpx

_GZIP_HEADER: Final = b"\x1f\x8b"
_MAX_MEMBERS: Final = 16  # each costs a copy of the rest of the body
_GZIP: Final = zlib.MAX_WBITS | 16
_ZLIB: Final = zlib.MAX_WBITS
_RAW: Final = -zlib.MAX_WBITS
_NOT_REQUESTED: Final = frozenset({"br", "zstd", "compress", "x-compress"})


class BodyTooLarge(httpx.TransportError):
    """The body of a response exceeds the size accepted.

    Args:
        limit: That size, in bytes.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"the response is larger than {limit} bytes")


def decompress(body: bytes, coding: str, limit: int) -> bytes:
    """Decompress a body.

    Args:
        body: The body as received.
        coding: The ``Content-Encoding``; of one that is unknown, the body is returned as it is.
        limit: The largest size accepted, in bytes.

    Raises:
        BodyTooLarge: It is larger, decompressed.
        httpx.DecodingError: It is not valid, or encoded in a way that was not requested.
    """
    coding = coding.strip().lower()
    if not body or coding in ("", "identity"):
        return body
    if coding in _NOT_REQUESTED:
        raise httpx.DecodingError(
            f"the response is encoded with {coding}, which was not requested; "
            "configure the gateway to send gzip, deflate or no encoding, as Accept-Encoding says"
        )
    try:
        if coding in ("gzip", "x-gzip"):
            return _inflate(body, _GZIP, limit)
        if coding == "deflate":
            # Of the two formats in use, only that of zlib begins with the number of its method.
            return _inflate(body, _ZLIB if body[0] & 0x0F == zlib.DEFLATED else _RAW, limit)
    except zlib.error:
        raise httpx.DecodingError(f"the body of the response is not valid {coding}") from None
    return body


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for _ in range(_MAX_MEMBERS):
        member = zlib.decompressobj(window)
        part = member.decompress(body, limit + 1 - size)
        size += len(part)
        if size > limit:
            raise BodyTooLarge(limit)
        if not member.eof:
            raise zlib.error("truncated")
        parts.append(part)
        body = member.unused_data
        if window != _GZIP or not body.startswith(_GZIP_HEADER):
            return b"".join(parts)
    raise zlib.error("too many members")
