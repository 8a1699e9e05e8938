"""A recording's file, opened: an ordinary one, in one of the formats, or a clear error in its place.

Rule: whatever is in the file, its user gets entries or one clear error, in bounded memory.
"""

import stat
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from usagetwin.errors import FileError, SettingError, readable
from usagetwin.recordings.entries import Head
from usagetwin.recordings.formats import FORMATS, entries
from usagetwin.recordings.json_streams import NotReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin.recordings.entries import Entry, PassedOver

TARGETS: Final = "a recording that exists and can be read, `twin`, or a base URL with http:// or https://"

STREAM: Final = "-"


@contextmanager
def opened(name: str, remedy: str = TARGETS) -> "Iterator[tuple[Head, Iterator[Entry | PassedOver]]]":
    """Open a recording: its head, which fills while the entries are read. All are to be read.

    Raises FileError, on entry, while entries are read, and at the end where there were none, and SettingError
    for no name; `remedy` says what would be right where there is no such file.
    """
    if not name:
        problem = "the name of the recording is empty, as a variable is that nobody set"
        raise SettingError(problem, remedy)
    if name == STREAM:
        raise FileError(name, None, "a recording is read from a file, not from a stream", "FILE.har")
    file, head = Path(name), Head()
    try:
        with _ordinary(file, readable(name)) as stream:
            yield head, entries(stream, head)
    except NotReadError as error:
        raise FileError(file.name, None, str(error), FORMATS) from None
    except OSError as error:
        said = error.strerror or str(error)
        raise FileError(readable(name), None, f"the recording can't be read: {said}", remedy) from None
    if not head.found:
        problem = (
            "it is empty, or cut off before its first entry"
            if head.cut
            else "it has no entries of a format that is read"
        )
        raise FileError(file.name, None, problem, FORMATS)


@contextmanager
def _ordinary(file: Path, shown: str) -> "Iterator[IO[bytes]]":
    """Open an ordinary file; anything else may never end, or never begin. Raises FileError and OSError."""
    if not stat.S_ISREG(file.stat().st_mode):
        kind = "a directory" if file.is_dir() else "a pipe, a socket or a device"
        raise FileError(shown, None, f"it is {kind}, and no ordinary file", "a file with a recording")
    with file.open("rb") as opened:
        yield opened
