"""Removes the API key from what the service or a gateway sends back: an error page may quote the request."""

import functools
import html.entities
import re
from collections.abc import Mapping
from typing import Final

import attrs

from talon_async.errors import ResponseDecodeError

_HIDDEN: Final = "[API key]"
_SCHEME: Final = "ApiKey-v1"

_MIN_LENGTH: Final = 8
"""The shortest key that is replaced wherever it occurs: replacing "a" or "400" would garble texts.

The provider's keys have 64 characters. A shorter one than this is a placeholder in a test.
"""


@attrs.frozen
class Redactor:
    """Replaces one API key, however it is escaped: for JSON, HTML or a URL.

    A key of fewer than 8 characters is replaced only as credentials, behind the scheme ``ApiKey-v1``.
    """

    _key: str = attrs.field(repr=False)

    @functools.cached_property
    def _pattern(self) -> re.Pattern[str]:
        key = _spelled(self._key)
        if len(self._key) >= _MIN_LENGTH:
            return re.compile(f"(){key}")
        return re.compile(rf"({_spelled(_SCHEME)}(?:\+|{_spellings(' ')}))" + key + r"(?!\w)")

    def text(self, text: str) -> str:
        """A text without the key."""
        return self._pattern.sub(rf"\1{_HIDDEN}", text)

    def body(self, body: bytes) -> bytes:
        """A body without the key."""
        return self.text(body.decode("latin-1")).encode("latin-1")

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Header fields without the key."""
        return {self.text(name): self.text(value) for name, value in headers.items()}

    def decode_error(self, error: ResponseDecodeError) -> ResponseDecodeError:
        """Create the same error from a response without the key."""
        return ResponseDecodeError(
            self.text(str(error.args[0])),
            operation=error.operation,
            status=error.status,
            body=self.body(error.body),
            headers=self.headers(error.headers),
            path=self.text(error.path),
            drifts=tuple(
                attrs.evolve(drift, field=self.text(drift.field), path=self.text(drift.path))
                for drift in error.drifts
            ),
        )


def _spelled(text: str) -> str:
    """A pattern for a text as it is and escaped."""
    return "".join(c if c.isalnum() else _spellings(c) for c in text)


@functools.cache
def _spellings(character: str) -> str:
    """A pattern for a character that is no letter or digit, as it is and escaped."""
    code = ord(character)
    names = [name for name, text in html.entities.html5.items() if text == character]
    forms = [rf"\\u00{code:02x}", f"%{code:02x}", f"&#0*{code};", f"&#x0*{code:x};"]
    forms += [f"&{name}" for name in sorted(names, reverse=True)]  # those that end in a semicolon first
    literal = re.escape(character)
    return f"(?:(?i:{'|'.join(forms)})|\\\\{literal}|{literal})"
