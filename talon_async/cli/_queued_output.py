"""Standard output and error that never hold up the program."""

import contextlib
import io
import os
import queue
import threading
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

MAX_WRITES: Final = 1000


class QueuedOutput(io.RawIOBase):
    """Writes to a stream's descriptor in a thread, so that a reader that is slow, or gone, holds up nothing.

    At most 1000 writes are queued; further ones are dropped, and so is what the descriptor refuses.

    Args:
        stream: The stream.

    Attributes:
        name: The name of the stream.
        text: A text stream that writes here.
    """

    def __init__(self, stream: TextIO) -> None:
        self.name = stream.name
        self._descriptor = stream.fileno()
        self._writes = queue.Queue[bytes | None](MAX_WRITES)
        self._thread = threading.Thread(target=self._write_queued, daemon=True)
        self._thread.start()
        self.text = io.TextIOWrapper(self, stream.encoding, errors="replace", write_through=True)

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    def isatty(self) -> bool:
        """Whether the descriptor is a terminal."""
        return os.isatty(self._descriptor)

    def fileno(self) -> int:
        """The descriptor."""
        return self._descriptor

    def write(self, data: "ReadableBuffer", /) -> int:
        """Queue a write, unless the queue is full."""
        written = bytes(data)
        self._put(written)
        return len(written)

    def finish(self, seconds: float) -> None:
        """Wait until everything queued is written, but no longer than some seconds."""
        self._put(None)
        self._thread.join(seconds)

    def _put(self, data: bytes | None) -> None:
        with contextlib.suppress(queue.Full):
            self._writes.put_nowait(data)

    def _write_queued(self) -> None:
        # Not by `stream.write`: a thread blocked there would hold a lock that the interpreter needs to end.
        while (data := self._writes.get()) is not None:
            with contextlib.suppress(OSError):  # the pipe is broken, for example
                while data:
                    data = data[os.write(self._descriptor, data) :]
