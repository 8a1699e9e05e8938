"""Write a file that a command was asked for: whole, at the end, in place of an old one.

Rule: an old file stays as it is until the whole new one stands beside it. What can't be replaced (a device, a
pipe, a mounted file, a file in a folder that takes no other) is written to.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final

import click

from usagetwin.errors import SettingError, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

BEGINNING: Final = ".usagetwin-"
NEW_FILE_MODE: Final = 0o666
OUTPUT: Final = Path("-")
WRITTEN: Final = {  # what an option writes, where that is no report
    "-o": "the world",
    "--output": "the recording",
    "--record": "the recording",
    "--patch": "the patch",
    "--html": "the page",
    "--usage-twin-blind-spots-html": "the page",
    "--markdown": "the table",
    "--write-profile": "the profile that is learned",
}


def refuse_taken(
    outputs: "Mapping[str, Path | None]", inputs: "Mapping[str, Path | str | None] | None" = None
) -> None:
    """Raise SettingError where a file would take the place of what another option writes, or of an input.

    `outputs` go by their option, `inputs` by what they are; what is no ordinary file is no input to lose.
    """
    taken: dict[str, Path] = {}
    for option, file in outputs.items():
        if file is None:
            continue
        for other, theirs in taken.items():
            if _same(file, theirs):
                problem = f"{other} and {option} name one file, {quoted(str(file))}"
                raise SettingError(problem, "a file for each of them")
        taken[option] = file
        for what, name in {} if inputs is None or file == OUTPUT else inputs.items():
            if name is not None and _is_file(name) and _same(file, Path(name)):
                written = WRITTEN.get(option, "the report")
                problem = f"{written} would take the place of {what} {quoted(str(name))}"
                raise SettingError(problem, f"{option} with another file")


def refuse_unwritable(file: Path, option: str) -> None:
    """Raise SettingError for a file that can't be written, before there is anything to write."""
    try:
        _try(file)
    except OSError as error:
        problem = f"{option} {quoted(str(file))} can't be written: {error.strerror or error}"
        raise SettingError(problem, f"{option} FILE, in a folder that exists and can be written") from None


def write_whole(file: Path, text: str) -> None:
    """Write the text in place of what is there. Raises OSError, and leaves an old file whole where it can."""
    content = text.encode("utf-8", "backslashreplace")
    if not (_can_be_replaced(file) and _replaced(_real(file), content)):
        file.write_bytes(content)


def write_or_say(file: Path, text: str, what: str) -> None:
    """Write the text; where that fails, say so: what it says is said elsewhere too, and still counts."""
    try:
        write_whole(file, text)
    except OSError as error:
        said = error.strerror or str(error)
        click.echo(f"usagetwin: {what} can't be written to {quoted(str(file))}: {said}", err=True)


def _try(file: Path) -> None:
    """Raise OSError for a file that can't be written; a pipe is not opened, which waits for its reader."""
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not _can_be_replaced(file):
        if not os.access(file, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return
    try:
        with NamedTemporaryFile(dir=_real(file).parent, prefix=BEGINNING):
            return
    except OSError:
        if not _takes_more(file):
            raise


def _is_file(name: Path | str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # too long for a name, or with a character that none has
        return False


def _same(one: Path, other: Path) -> bool:
    """Tell whether two names lead to one file, by links too, or would."""
    with suppress(OSError, ValueError):
        return one.resolve() == other.resolve() or one.samefile(other)
    return False


def _real(file: Path) -> Path:
    """Follow a link: it is what it leads to that is replaced."""
    return Path(os.path.realpath(file))


def _can_be_replaced(file: Path) -> bool:
    """Tell whether nothing is there yet, or an ordinary file."""
    return file.is_file() or not file.exists()


def _takes_more(file: Path) -> bool:
    return file.exists() and not file.is_dir() and os.access(file, os.W_OK)


def _replaced(file: Path, content: bytes) -> bool:
    """Write a file beside it and give it its name; False where only the old file itself can be written."""
    try:
        with NamedTemporaryFile(dir=file.parent, prefix=BEGINNING, delete=False) as new:
            try:
                new.write(content)
                new.flush()
                Path(new.name).chmod(_mode(file))
                Path(new.name).replace(file)
            except OSError:
                with suppress(OSError):
                    Path(new.name).unlink()
                raise
    except OSError:
        if _takes_more(file):
            return False
        raise
    return True


def _mode(file: Path) -> int:
    """Give the mode of the old file, or that of any new one."""
    with suppress(OSError):
        return file.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return NEW_FILE_MODE & ~mask
