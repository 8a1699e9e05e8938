"""Standard output and error of a command: what can't be written is let go of, and no command fails by it.

Rule: nothing that takes time is imported here. A character that the encoding lacks is written as its escape.
"""

import codecs
import errno
import io
import os
import select
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from typing import TextIO

ASCII: Final = "ascii"
PLAIN: Final = "usagetwin_plain"  # ASCII by another name
ESCAPED: Final = "backslashreplace"
INPUT: Final = 0
OUTPUT: Final = 1
ERRORS: Final = 2
SIZES: Final = ("COLUMNS", "LINES")
MOST_DIGITS: Final = 5


class LenientFile(io.FileIO):
    """The file behind a stream: what can't be written counts as written, and `problem` says why it can't."""

    def __init__(self, descriptor: int) -> None:
        """Take the descriptor, which stays open."""
        super().__init__(descriptor, "w", closefd=False)
        self.problem: OSError | None = None

    def write(self, data: Any, /) -> int:  # noqa: ANN401 -- whatever is made of bytes
        """Write as much as there is room for; wait for room where the descriptor does not."""
        try:
            while (written := super().write(data)) is None:
                select.select([], [self], [])
        except OSError as error:
            self.problem = self.problem or error
            return memoryview(data).nbytes
        return int(written)


class LenientText(io.TextIOWrapper):
    """A stream over such a file."""

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a plain attribute there
        """Name the encoding; click writes UTF-8 to a stream that calls itself ASCII, so that none does."""
        name = super().encoding
        return PLAIN if codecs.lookup(name).name == ASCII else name


def make_lenient() -> None:
    """Put such streams in the places of standard output and error, also where these are closed.

    COLUMNS and LINES that are no size of a screen are forgotten: in 0 columns nothing would be printed.
    """
    _fill_the_standard_descriptors()
    codecs.register(_plain)
    for name in SIZES:
        given = os.environ.get(name, "")
        if not (given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS and int(given)):
            os.environ.pop(name, None)
    sys.stdout = _lenient(sys.stdout, OUTPUT)
    sys.stderr = _lenient(sys.stderr, ERRORS)


def _plain(name: str) -> codecs.CodecInfo | None:
    if name != PLAIN:
        return None
    ascii_ = codecs.lookup(ASCII)
    return codecs.CodecInfo(ascii_.encode, ascii_.decode, name=PLAIN)


def problem_of_output() -> OSError | None:
    """Give why not all output could be written; None where it was, or its reader wants no more."""
    sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    problem = raw.problem if isinstance(raw, LenientFile) else None
    return None if problem is None or problem.errno == errno.EPIPE else problem


def _fill_the_standard_descriptors() -> None:
    """Let no file or socket get the number of a standard stream that is closed."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) in (INPUT, OUTPUT, ERRORS):
        pass
    os.close(descriptor)


def _lenient(stream: "TextIO | None", descriptor: int) -> LenientText:
    encoding, by_line = "utf-8", True
    if isinstance(stream, io.TextIOWrapper):
        stream.flush()
        encoding, by_line = stream.encoding, stream.line_buffering or stream.write_through
        descriptor = stream.fileno()
    file = io.BufferedWriter(LenientFile(descriptor))
    return LenientText(file, encoding, ESCAPED, line_buffering=by_line)
