"""Where the access token comes from: a variable, or a file that a variable names, which only its owner reads.

Rule: no message has a character of a token, nor of a file that may hold one.
"""

import os
import stat
from typing import Final

from usagetwin.errors import SettingError, quoted, readable
from usagetwin.settings import DEMO_TOKEN

VARIABLE: Final = "USAGETWIN_TOKEN"
FILE_VARIABLE: Final = "USAGETWIN_TOKEN_FILE"
ANY_TOKEN: Final = DEMO_TOKEN  # the twin takes any
LONGEST: Final = 4096  # bytes of a file; no header of a request may be much longer
ANYBODY: Final = stat.S_IRWXG | stat.S_IRWXO
WITHOUT_WAITING: Final = getattr(os, "O_NONBLOCK", 0) | getattr(
    os, "O_CLOEXEC", 0
)  # at a pipe without a writer


def access_token() -> str:
    """Give the access token; without one, that which any twin takes. Raises SettingError."""
    given, file = os.environ.get(VARIABLE, "").strip(), os.environ.get(FILE_VARIABLE, "")
    if given and file:
        problem = f"{VARIABLE} and {FILE_VARIABLE} are both set, and either may be the token that is meant"
        raise SettingError(problem, f"{FILE_VARIABLE} alone, or {VARIABLE} alone")
    if not file:
        return _sendable(given, VARIABLE) if given else ANY_TOKEN
    token = _held_by(file).strip()
    if not token:
        raise _unusable(file, "is empty")
    return _sendable(token, FILE_VARIABLE)


def _held_by(file: str) -> str:
    """Give what a file holds, if it is an ordinary one that nobody else may read."""
    try:
        opened = os.open(file, os.O_RDONLY | WITHOUT_WAITING)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise _unusable(file, f"can't be read: {said}") from None
    try:
        _refuse_shared(file, os.fstat(opened))  # of what was opened, whatever has that name by then
        content = os.read(opened, LONGEST + 1)
    finally:
        os.close(opened)
    if len(content) > LONGEST:
        raise _unusable(file, f"has more than {LONGEST} bytes, which no token has")
    return content.decode("latin-1")  # what is beyond ASCII is refused as a token


def _refuse_shared(file: str, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise _unusable(file, "is no ordinary file")
    if os.name == "posix" and found.st_mode & ANYBODY:
        shared = f"may be read by others than its owner (mode {stat.S_IMODE(found.st_mode):04o})"
        raise _unusable(file, shared, f"chmod 600 {readable(file)}, and a new token if others have read it")


def _unusable(file: str, what: str, remedy: str = "") -> SettingError:
    problem = f"{FILE_VARIABLE} is {quoted(file)}, which {what}"
    return SettingError(
        problem, remedy or f"{FILE_VARIABLE} with a file of mode 0600 that holds the token alone"
    )


def _sendable(token: str, variable: str) -> str:
    """Give the token back. Raises SettingError for one that no header can hold, without showing it."""
    if not (token.isascii() and token.isprintable()):
        problem = f"the access token in {variable} has characters that no header can hold"
        what = "set to the token alone" if variable == VARIABLE else "with a file that holds the token alone"
        raise SettingError(problem, f"{variable} {what}")
    return token
