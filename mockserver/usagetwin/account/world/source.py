"""How a user's file becomes text: the only module that opens one.

Rule: kind and size are known before a byte is read, so that no pipe, device or huge file can stall a start.
"""

import re
import stat
from pathlib import Path
from typing import Final, NoReturn

from usagetwin.account.world.place import Place
from usagetwin.account.world.scalars import INVISIBLE

_MIB: Final = 1 << 20
_UNPRINTABLE: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff{INVISIBLE}]")
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def read_text(file: str, *, limit_mib: int) -> str:
    """Read a whole regular file as UTF-8, without its byte order mark; raise `FileError` otherwise."""
    place = Place(file)
    try:
        _refuse_kind_and_size(Path(file), place, limit_mib)
        with Path(file).open("rb") as source:
            content = source.read(limit_mib * _MIB + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        _unreadable(error, place)
    if len(content) > limit_mib * _MIB:
        _too_large(place, limit_mib)
    return _decoded(content, place)


def _refuse_kind_and_size(path: Path, place: Place, limit_mib: int) -> None:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        kind = next((name for test, name in _KINDS if test(status.st_mode)), "no regular file")
        problem = f"this is {kind}, and a world is read from a regular file"
        place.refuse(problem, "the path of a .yaml, .yml or .csv file")
    if status.st_size > limit_mib * _MIB:
        _too_large(place, limit_mib)


def _too_large(place: Place, limit_mib: int) -> NoReturn:
    problem = f"the file is larger than the {limit_mib} MiB that a world of this format may have"
    place.refuse(problem, f"a file of at most {limit_mib} MiB, with fewer days or projects")


def _unreadable(error: OSError | ValueError, place: Place) -> NoReturn:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    problem = f"the file can't be read: {reason or type(error).__name__}"
    place.refuse(problem, "the path of a file that exists and that this user may read")


def _decoded(content: bytes, place: Place) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before, byte = error.object[: error.start], error.object[error.start]
        problem = f"byte 0x{byte:02x} is not UTF-8"
        here = Place(place.file, _line(before.decode("utf-8", "replace")))
        here.refuse(problem, "the same file saved as UTF-8")
    found = _UNPRINTABLE.search(text)
    if found:
        kind = "invisible" if found.group() > "\x9f" else "control"
        problem = f"the {kind} character {found.group()!a} has no place in a world"
        Place(place.file, _line(text[: found.start()])).refuse(problem, "a plain text file without it")
    return text


def _line(text_before: str) -> int:
    return text_before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
