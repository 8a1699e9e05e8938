"""Tests of reading files: what is not opened, what is not read on, and what is no text."""

import os
import sys
import time
from pathlib import Path

import pytest

from tests.account.world.reading import error_of, written
from usagetwin.account.world.source import read_text
from usagetwin.errors import FileError

MIB = 1 << 20
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs the files of Linux")


@pytest.mark.parametrize(("name", "limit"), [("huge.yaml", 4), ("huge.yml", 4), ("huge.csv", 64)])
def test_a_huge_file_is_refused_unread(tmp_path: Path, name: str, limit: int) -> None:
    """100 MB are refused by their size, at once, and the message says the limit."""
    path = written(tmp_path, name, "")
    os.truncate(path, 100 * MIB)

    started = time.perf_counter()
    error = error_of(path)

    assert f"larger than the {limit} MiB" in error.problem
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(("name", "limit"), [("edge.yaml", 4), ("edge.csv", 64)])
def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path, name: str, limit: int) -> None:
    """The limit itself is allowed: what is refused then is the NUL that the file begins with."""
    path = written(tmp_path, name, "")
    os.truncate(path, limit * MIB)

    assert "control character '\\x00'" in error_of(path).problem


def test_a_missing_file_is_named_as_the_user_gave_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path stays relative in the message."""
    monkeypatch.chdir(tmp_path)

    message = str(error_of(Path("nowhere/mine.csv")))

    assert message.startswith("nowhere/mine.csv: the file can't be read: No such file or directory\n")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder whose name ends like a world is no world."""
    (tmp_path / "folder.yaml").mkdir()

    assert "this is a folder" in error_of(tmp_path / "folder.yaml").problem


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("name", ["pipe.yaml", "pipe.csv"])
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path, name: str) -> None:
    """Opening a pipe that nobody writes to would never return."""
    os.mkfifo(tmp_path / name)

    assert "this is a pipe" in error_of(tmp_path / name).problem


@on_linux
def test_an_endless_device_is_refused(tmp_path: Path) -> None:
    """A link to /dev/zero is a device, which has no end."""
    (tmp_path / "zero.csv").symlink_to("/dev/zero")

    assert "this is a device" in error_of(tmp_path / "zero.csv").problem


@on_linux
def test_a_file_that_grows_past_the_limit_is_refused() -> None:
    """Files of /proc say that they are empty, and are not."""
    with pytest.raises(FileError, match="larger than the 0 MiB"):
        read_text("/proc/self/status", limit_mib=0)


@on_linux
def test_a_file_that_fails_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """/proc/self/mem opens as a regular file of no size, and its first byte can't be read."""
    (tmp_path / "memory.yaml").symlink_to("/proc/self/mem")

    assert "the file can't be read: Input/output error" in error_of(tmp_path / "memory.yaml").problem


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    """A file that the user may not read is named with the system's reason."""
    path = written(tmp_path, "secret.yaml", "name: x\n")
    path.chmod(0)

    assert "Permission denied" in error_of(path).problem


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    """A link to itself leads nowhere."""
    (tmp_path / "circle.yaml").symlink_to(tmp_path / "circle.yaml")

    assert "the file can't be read" in error_of(tmp_path / "circle.yaml").problem


def test_a_name_that_no_system_knows_is_refused() -> None:
    """A NUL in a path is an error message, not a traceback."""
    assert "the file can't be read" in error_of(Path("a\0b.yaml")).problem


@pytest.mark.parametrize("name", ["world.yaml", "world.csv"])
@pytest.mark.parametrize(
    ("content", "line", "trouble"),
    [
        (b"a\nb\xe9\n", 2, "byte 0xe9 is not UTF-8"),
        (b"\xef\xbb\xbfa\r\nb\r\nc\xff\n", 3, "byte 0xff is not UTF-8"),
        ("name: x\n".encode("utf-16"), 1, "byte 0xff is not UTF-8"),
        (b"a\n\xed\xa0\x80\n", 2, "byte 0xed is not UTF-8"),
        (b"a\rb\r\x00\n", 3, "the control character '\\x00'"),
        (b"a\n\x1b[31m\n", 2, "the control character '\\x1b'"),
        (b"a\n\x7f\n", 2, "the control character '\\x7f'"),
        ("a\n\x9b\n".encode(), 2, "the control character '\\x9b'"),
    ],
)
def test_what_is_no_text_is_refused(
    tmp_path: Path, name: str, content: bytes, line: int, trouble: str
) -> None:
    """Other encodings and control characters are named with their line, in both formats."""
    error = error_of(written(tmp_path, name, content))

    assert trouble in error.problem
    assert error.line == line
