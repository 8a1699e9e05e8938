"""How a command writes a file: whole or not at all, in place of an old one."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from usagetwin.commands.files import OUTPUT, refuse_taken, refuse_unwritable, write_or_say, write_whole
from usagetwin.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable

OLD: Final = "old"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a file that is there already."""
    file = tmp_path / "report.json"
    file.write_text(OLD, encoding="utf-8")
    return file


def test_an_old_file_is_replaced_and_keeps_its_mode(file: Path) -> None:
    """Who opened the old one still reads all of it."""
    file.chmod(0o640)
    with file.open(encoding="utf-8") as reader:
        write_whole(file, "new, with \ud800")

        assert reader.read() == OLD
    assert file.read_text(encoding="utf-8") == "new, with \\ud800"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [file] == list(file.parent.iterdir())


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    """Not that of a temporary one, which nobody else may read."""
    other = tmp_path / "other"
    other.touch()

    write_whole(tmp_path / "new", "text")

    assert (tmp_path / "new").stat().st_mode == other.stat().st_mode


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    """It is what it leads to that is replaced."""
    link = tmp_path / "latest.json"
    link.symlink_to(file)

    write_whole(link, "new")

    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "new"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """As with `--json >(jq .verdict)`; nothing waits for its reader before the run."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    refuse_unwritable(pipe, "--json")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    write_whole(pipe, "text")

    assert os.read(reader, 100) == b"text"
    os.close(reader)


def test_looking_whether_a_file_can_be_written_leaves_all_as_it_is(file: Path) -> None:
    """Neither the old file nor its folder shows it."""
    refuse_unwritable(file, "--json")
    refuse_unwritable(file.parent / "new", "--json")

    assert file.read_text(encoding="utf-8") == OLD
    assert [file] == list(file.parent.iterdir())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no/folder", "No such file or directory"),
        ("", "Is a directory"),
        ("report.json/x", "Not a directory"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_by_its_option(file: Path, name: str, reason: str) -> None:
    """The error has the option, the path and the reason."""
    path = file.parent / name

    with pytest.raises(SettingError, match=f"--markdown .* can't be written: {reason}"):
        refuse_unwritable(path, "--markdown")


def test_a_text_that_can_no_longer_be_written_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What it says counts all the same, so nothing is raised."""
    write_or_say(file / "x", "text", "the table")

    assert "usagetwin: the table can't be written to" in capsys.readouterr().err


@pytest.mark.parametrize("make", [Path.symlink_to, Path.hardlink_to])
def test_a_file_is_not_written_over_what_is_read(make: "Callable[[Path, Path], None]", file: Path) -> None:
    """By whatever name it goes; a name that is no file's may be one of the twin's own."""
    link = file.with_name("link")
    make(link, file)

    for name in (file, file.parent / "." / file.name, link):
        with pytest.raises(SettingError, match="the patch would take the place of the world '"):
            refuse_taken({"--json": None, "--patch": name}, {"the profile": None, "the world": str(file)})
    refuse_taken({"--json": file.parent / "new", "--html": OUTPUT}, {"the world": str(file), "B": "-"})
    refuse_taken({"--json": file.parent / "idle"}, {"the world": str(file.parent / "idle"), "B": "\0"})


@pytest.mark.parametrize("name", ["-", "new", "report.json"])
def test_two_options_do_not_write_one_file(name: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor both the output, where each would be in the middle of the other."""
    monkeypatch.chdir(file.parent)

    with pytest.raises(SettingError, match="--json and --sarif name one file, '"):
        refuse_taken({"--json": Path(name), "--html": Path("x"), "--sarif": Path(name)})
