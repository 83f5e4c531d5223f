"""Mutates HTTP messages: status lines, headers, framing, and the responses in them."""

import gzip
import zlib
from typing import Final

from tests.fuzz.responses import BYTE_MUTATIONS, Chance, mutated_response

_FIELDS: Final = (
    b"Content-Length: 5",
    b"Content-Length: 99999999999999999999",
    b"Content-Length: -1",
    b"Content-Length: 0x10",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: identity",
    b"Content-Encoding: gzip",
    b"Content-Encoding: deflate",
    b"Content-Encoding: br",
    b"Content-Encoding: x-unheard-of",
    b"Content-Type: text/html; charset=\xff\xfe",
    b"Connection: close",
    b"Connection: upgrade\r\nUpgrade: h2c",
    b"Retry-After: nan",
    b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
    b"Retry-After-Ms: 1e400",
    b"Set-Cookie: a=b; Max-Age=inf",
    b"X: " + b"y" * 9000,
    b"X\xff: \xff\x80",
    b": nameless",
    b"no colon",
    b" folded",
    b"X: a\0b",
)
_STATUS_LINES: Final = (
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 204 No Content",
    b"HTTP/1.1 301 Moved\r\nLocation: //elsewhere.invalid/",
    b"HTTP/1.1 304 Not Modified",
    b"HTTP/1.1 400 \xff\xfe",
    b"HTTP/1.1 409 Conflict",
    b"HTTP/1.1 503 ",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
    b"HTTP/1.1 101 Switching Protocols",
    b"HTTP/1.1 000 No",
    b"HTTP/1.1 999 No",
    b"HTTP/1.1 99999 No",
    b"HTTP/1.0 200 OK",
    b"HTTP/2 200",
    b"HTTP/1.1  200 OK",
    b"ICY 200 OK",
)


def mutated_message(chance: Chance) -> tuple[str, bytes]:
    """Make an HTTP response whose headers, framing and body may all be mutated: its operation and bytes."""
    operation_id, status, body = mutated_response(chance)
    fields = [b"HTTP/1.1 %d Status" % status, b"Connection: close"]
    if chance.random() < 0.2:
        coding, compress = chance.choice(((b"gzip", gzip.compress), (b"deflate", zlib.compress)))
        fields.append(b"Content-Encoding: " + coding)
        body = compress(body)
        if chance.random() < 0.5:
            body = chance.choice(BYTE_MUTATIONS)(body, chance)
    if chance.random() < 0.3:
        size = chance.choice((1, 7, 4096))
        parts = [body[n : n + size] for n in range(0, min(len(body), 1000 * size), size)]
        body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
        fields.append(b"Transfer-Encoding: chunked")
    else:
        fields.append(b"Content-Length: %d" % len(body))
    if chance.random() < 0.15:
        fields[0] = chance.choice(_STATUS_LINES)
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        fields.insert(chance.randint(1, len(fields)), chance.choice(_FIELDS))
    head = b"\r\n".join([*fields, b"", b""])
    for _ in range(chance.choice((0, 0, 0, 0, 1))):
        head = chance.choice(BYTE_MUTATIONS)(head, chance)
    return operation_id, head + body
