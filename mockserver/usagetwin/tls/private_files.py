"""Files that only their owner may read: how they are written, and what keeps one from being believed.

Rule: a file is looked at before it is opened, stands whole or not at all, and is never readable by others,
not even while it is written. A folder that is made here is its owner's alone.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from usagetwin.errors import SettingError, readable

SETTING: Final = "ca_dir"
ELSEWHERE: Final = "--ca-dir DIR, a folder of your own that you can write to"
LARGEST: Final = 64 * 1024
ANYBODY: Final = stat.S_IRWXG | stat.S_IRWXO
WRITERS: Final = stat.S_IWGRP | stat.S_IWOTH


def refusal(path: Path, problem: str, remedy: str) -> SettingError:
    """Make the error about a file or folder that can't be used."""
    return SettingError(f"{readable(str(path))} {problem}", remedy, SETTING)


def make_folder(folder: Path) -> None:
    """Make it where it is missing. Raises SettingError where it can't be, or where others could change it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except FileExistsError:
        raise refusal(folder, "is no folder", f"move it away; or {ELSEWHERE}") from None
    except OSError as error:
        raise _failed(folder, "can't be made", error) from None
    _refuse_another_owner(folder, found)
    if os.name == "posix" and found.st_mode & WRITERS:
        problem = f"is a folder that others can write to (mode {stat.S_IMODE(found.st_mode):o})"
        raise refusal(folder, problem, f"chmod go-w on it; or {ELSEWHERE}")


def read(path: Path) -> bytes | None:
    """Give what a private file holds; None where it is missing. Raises SettingError."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise refusal(path, "is a folder, or no ordinary file", f"move it away; or {ELSEWHERE}")
        _refuse_another_owner(path, found)
        if os.name == "posix" and found.st_mode & ANYBODY:
            problem = f"holds a key, and others can read it (mode {stat.S_IMODE(found.st_mode):o})"
            remedy = "delete it, and the next start makes another; or chmod 600, if nobody else has read it"
            raise refusal(path, problem, remedy)
        with path.open("rb") as file:
            return file.read(LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failed(path, "can't be read", error) from None


def write(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a private file, whole. Without `replace` one that is there stays. Raises SettingError."""
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as new:  # mode 0600
            try:
                new.write(content)
                new.close()
                if replace or not _linked(Path(new.name), path):
                    Path(new.name).replace(path)
            finally:
                Path(new.name).unlink(missing_ok=True)
    except IsADirectoryError:
        raise refusal(path, "is a folder", f"move it away; or {ELSEWHERE}") from None
    except OSError as error:
        raise _failed(path, "can't be written", error) from None


def _linked(new: Path, path: Path) -> bool:
    """Give a file its name unless another has it; False where the file system knows no links."""
    try:
        os.link(new, path)
    except FileExistsError:
        return True
    except OSError:
        return path.exists()
    return True


def _refuse_another_owner(path: Path, found: os.stat_result) -> None:
    if os.name == "posix" and found.st_uid != os.geteuid():
        problem = f"is another user's ({_user(found.st_uid)}), and you are {_user(os.geteuid())}"
        raise refusal(path, problem, f"run this as its owner; or {ELSEWHERE}")


def _user(number: int) -> str:
    with suppress(ImportError, KeyError):
        from pwd import getpwuid

        return getpwuid(number).pw_name
    return f"user {number}"


def _failed(path: Path, what: str, error: OSError) -> SettingError:
    return refusal(path, f"{what}: {error.strerror or error}", ELSEWHERE)
