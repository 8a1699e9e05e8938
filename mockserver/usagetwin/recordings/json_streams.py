"""JSON of any size and any malice, read piece by piece: values under some place, in bounded memory.

Rule: a text that is cut off ends the values, and is no error. What is no JSON, is nested without end or has a
value without end is one: `NotReadError`.
"""

import re
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Final

import ijson

from usagetwin.errors import UsageTwinError, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from usagetwin.recordings.entries import Head

    Event = tuple[str, Any]
    Place = tuple[str | None, ...]  # names, and ITEM for the elements of a list

ITEM: Final = None  # the place of every element of a list
MOST_DEEP: Final = 400  # the stack traces of a browser are nested some dozen times
MOST_PIECE: Final = 64 << 20  # bytes of one value: the largest body that is judged, however it is escaped
PIECE: Final = 1 << 16
MOST: Final = 10**15  # no instant, duration or size is as large
MARK: Final = b"\xef\xbb\xbf"  # that some programs on Windows begin a file with
STARTS: Final = ("start_map", "start_array")
ENDS: Final = ("end_map", "end_array")
INNER: Final = (*ENDS, "map_key")  # what no value begins with
LINE: Final = "\n"
LONGEST: Final = 100  # characters of what a parser says, which may quote the file
DIGITS: Final = 2000  # in a row; ijson's C parser ends the process where Python reads no number, at 4300
FIGURES: Final = b"0123456789"
QUOTE: Final = b'"'
BACKSLASH: Final = b"\\"
ESCAPED: Final = BACKSLASH * 2
ESCAPED_QUOTE: Final = BACKSLASH + QUOTE
LONG_NUMBER: Final = re.compile(rb"[0-9]{%d}" % DIGITS)
TOO_LARGE: Final = f"it has a number of more than {DIGITS} digits"


class NotReadError(UsageTwinError):
    """A file that can't be read on, and why."""


class Bounded:
    """A file of which no more than so much is read for one value, which is kept whole meanwhile."""

    def __init__(self, file: IO[bytes]) -> None:
        """Take the file; `ended` says that all of it was read, `pending` how much was for one value."""
        self._file: Final = file
        self._begun = False
        self._numbers = _Numbers()
        self.ended = False
        self.pending = 0

    def read(self, size: int = PIECE) -> bytes:
        """Read the next piece. Raises NotReadError where a value has no end."""
        if self.pending > MOST_PIECE:
            message = f"it has an entry of more than {MOST_PIECE >> 20} MiB"
            raise NotReadError(message)
        piece = self._file.read(size)
        self.pending += len(piece)
        self._numbers.check(piece)
        self.ended = bool(size) and not piece
        if not self._begun and size:
            self._begun = True
            piece = piece.removeprefix(MARK)
        return piece


class _Numbers:
    """Watches a text of JSON for a number without end: digits in a row that no string has."""

    def __init__(self) -> None:
        self._inside = False  # a string
        self._escape = b""
        self._digits = 0  # in a row, outside of strings, at the end of what was seen

    def check(self, piece: bytes) -> None:
        """Look at the next piece. Raises NotReadError."""
        cleaned = (self._escape + piece).replace(ESCAPED, b"").replace(ESCAPED_QUOTE, b"")
        self._escape = BACKSLASH if cleaned.endswith(BACKSLASH) else b""
        begins = len(piece) - len(piece.lstrip(FIGURES))
        if not self._inside:
            long = self._digits + begins >= DIGITS
            if long or (LONG_NUMBER.search(piece) and _is_long(cleaned.split(QUOTE)[::2])):
                raise NotReadError(TOO_LARGE)
        elif LONG_NUMBER.search(piece) and _is_long(cleaned.split(QUOTE)[1::2]):
            raise NotReadError(TOO_LARGE)
        self._inside ^= cleaned.count(QUOTE) % 2 == 1
        before = self._digits if begins == len(piece) else 0
        self._digits = 0 if self._inside else before + len(piece) - len(piece.rstrip(FIGURES))


def _is_long(texts: "Iterable[bytes]") -> bool:
    return any(map(LONG_NUMBER.search, texts))


class _Here:
    """Where in a text the next value is: the names and elements that lead there."""

    def __init__(self) -> None:
        self.at: Place = ()

    def before(self, event: str) -> None:
        if event in ENDS:
            self.at = self.at[:-1]

    def after(self, event: str, value: object) -> None:
        if event == "map_key":
            self.at = (*self.at[:-1], str(value))
        elif event in STARTS:
            self.at = (*self.at, ITEM)
            if len(self.at) > MOST_DEEP:
                message = f"it is nested more than {MOST_DEEP} times"
                raise NotReadError(message)


def values(
    file: IO[bytes],
    places: "Collection[Place]",
    head: "Head",
    beside: "Callable[[Place, Any], None]",
) -> "Iterator[tuple[Place, Any]]":
    """Give each value at one of the places, such as `("log", "entries", ITEM)`; tell of scalars elsewhere.

    One JSON text may follow another. Notes in the head where the file is cut off. Raises NotReadError.
    """
    bounded, here, builder = Bounded(file), _Here(), None
    place: Place = ()
    for event, value in _events(bounded, head):
        here.before(event)
        if builder is None and event not in INNER:
            if here.at in places:
                head.found, builder, place = True, ijson.ObjectBuilder(), here.at
            elif event == "start_array" and (*here.at, ITEM) in places:
                head.found = True
            elif event not in STARTS:
                beside(here.at, value)
        if builder is None:
            bounded.pending = 0
        else:
            builder.event(event, value)
            if here.at == place and event not in STARTS:
                yield place, builder.value
                builder, bounded.pending = None, 0
        here.after(event, value)


def _events(bounded: Bounded, head: "Head") -> "Iterator[Event]":
    """Give what the parser meets. Raises NotReadError."""
    try:
        yield from ijson.basic_parse(bounded, buf_size=PIECE, multiple_values=True)
    except ijson.JSONError as error:
        said = error.args[0] if error.args else ""
        said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        if not bounded.ended:
            message = readable(f"it is no JSON: {said.partition(LINE)[0][:LONGEST]}")
            raise NotReadError(message) from None
        head.cut = True
    except (ArithmeticError, ValueError):  # of an exponent without end
        raise NotReadError(TOO_LARGE) from None


def number(value: object) -> float | None:
    """Give a number of a recording; None where it is none, or no finite one."""
    match value:
        case bool():
            return None
        case int() | float() | Decimal() if -MOST < value < MOST:
            return float(value)
    return None
