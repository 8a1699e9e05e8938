"""Collect a body that may never end: decoded piece by piece, never past a bound.

Rule: no other module decompresses; a library that inflates a whole piece at once has no bound.
"""

import zlib
from typing import Final

from usagetwin.errors import quoted

MOST_BYTES: Final = 16 << 20  # of any answer that is read
PLAIN: Final = ("", "identity")
DEFLATED: Final = ("gzip", "x-gzip", "deflate")
ANY_HEADER: Final = 32 + zlib.MAX_WBITS  # zlib finds out by itself whether it is gzip or deflate


class TooLargeError(ValueError):
    """A body that goes on beyond the bound, `most` bytes."""

    def __init__(self, most: int) -> None:
        """Take the bound."""
        super().__init__(f"the body has no end within {most} bytes, far more than a right answer needs")
        self.most: Final = most


class Body:
    """The content of one body, so far."""

    def __init__(self, encoding: str, most: int) -> None:
        """Take the value of `Content-Encoding`, and a bound in bytes.

        Raises ValueError for an encoding that was not asked for.
        """
        self._most: Final = most
        self._encoding: Final = encoding.strip().lower()
        if self._encoding not in (*PLAIN, *DEFLATED):
            message = f"the body is encoded as {quoted(encoding)}, which was not asked for"
            raise ValueError(message)
        self._inflater = None if self._encoding in PLAIN else zlib.decompressobj(ANY_HEADER)
        self._content = bytearray()

    def add(self, piece: bytes) -> None:
        """Take the next bytes. Raises TooLargeError, and ValueError when they can't be decoded."""
        room = self._most + 1 - len(self._content)
        self._content += piece[:room] if self._inflater is None else self._inflated(piece, room)
        if len(self._content) > self._most:
            raise TooLargeError(self._most)

    def whole(self) -> bytes:
        """Give the content. Raises ValueError when a compressed body ends too soon."""
        if self._inflater is not None and self._content and not self._inflater.eof:
            message = f"the body ends before its {self._encoding} does"
            raise ValueError(message)
        return bytes(self._content)

    def _inflated(self, piece: bytes, room: int) -> bytes:
        assert self._inflater is not None  # noqa: S101 -- for the type checker; the caller has asked
        try:
            return self._inflater.decompress(piece, room)
        except zlib.error as error:
            message = f"the body is no {self._encoding}: {error}"
            raise ValueError(message) from None
