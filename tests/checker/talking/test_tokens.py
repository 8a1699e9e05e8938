"""Tests of `usagetwin_checker.talking.tokens`: where the token comes from, and which file is believed."""

import os
from pathlib import Path
from typing import Final

import pytest

from usagetwin.errors import SettingError
from usagetwin_checker.talking.tokens import ANY_TOKEN, LONGEST, access_token

TOKEN: Final = "api-33333333-3333-4333-8333-3333333355ec"
of_modes = pytest.mark.skipif(os.name != "posix", reason="only there a file has a mode")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test without a token."""
    monkeypatch.delenv("USAGETWIN_TOKEN", raising=False)
    monkeypatch.delenv("USAGETWIN_TOKEN_FILE", raising=False)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a file of the token, which the variable names."""
    path = tmp_path / "token"
    path.touch(mode=0o600)
    path.write_text(f"{TOKEN}\n", encoding="ascii")
    monkeypatch.setenv("USAGETWIN_TOKEN_FILE", str(path))
    return path


def refused() -> str:
    """Give the words of the refusal, which have nothing of a token."""
    with pytest.raises(SettingError) as error:
        access_token()
    assert "3333" not in str(error.value)
    return str(error.value)


def test_without_a_token_it_is_the_one_that_any_twin_takes() -> None:
    """A twin needs none of the user's."""
    assert access_token() == ANY_TOKEN


def test_the_variable_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """White space around it is not part of it."""
    monkeypatch.setenv("USAGETWIN_TOKEN", f" {TOKEN}\n")

    assert access_token() == TOKEN


def test_the_file_holds_it(file: Path) -> None:
    """With its line break or without."""
    assert access_token() == TOKEN

    file.write_text(TOKEN, encoding="ascii")
    assert access_token() == TOKEN


def test_a_link_to_the_file_will_do(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a mounted secret of Kubernetes is one; the mode that counts is that of the file."""
    link = file.with_name("link")
    link.symlink_to(file)
    monkeypatch.setenv("USAGETWIN_TOKEN_FILE", str(link))

    assert access_token() == TOKEN


def test_two_tokens_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody guesses which of them is meant for the host that is asked."""
    assert file.exists()
    monkeypatch.setenv("USAGETWIN_TOKEN", TOKEN)

    assert "are both set" in refused()


@of_modes
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o777])
def test_a_file_that_others_may_open_is_refused(file: Path, mode: int) -> None:
    """With its mode, and the command that mends it."""
    file.chmod(mode)

    said = refused()

    assert f"may be read by others than its owner (mode 0{mode:o})" in said
    assert f"chmod 600 {file}" in said


@of_modes
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_its_owner_alone_is_believed(file: Path, mode: int) -> None:
    """One that nobody can change, too."""
    file.chmod(mode)

    assert access_token() == TOKEN


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"3" * (LONGEST + 1), f"has more than {LONGEST} bytes"),
        (TOKEN.encode() + b"\nother", "in USAGETWIN_TOKEN_FILE has characters that no header can hold"),
        ("é3333".encode(), "has characters that no header can hold"),
        (b"\xff\xfe3\x003\x00", "has characters that no header can hold"),
    ],
)
def test_a_file_that_holds_no_token_is_refused(file: Path, content: bytes, what: str) -> None:
    """By what is wrong with it, without a character of it."""
    file.write_bytes(content)

    assert what in refused()


def test_a_file_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is gone, a folder, and a name that no file can have."""
    for name, what in (
        ("gone", "can't be read: No such file"),
        (".", "is no ordinary file"),
        ("x" * 300, "read"),
    ):
        monkeypatch.setenv("USAGETWIN_TOKEN_FILE", str(tmp_path / name))

        assert what in refused()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for its writer."""
    os.mkfifo(tmp_path / "pipe", 0o600)
    monkeypatch.setenv("USAGETWIN_TOKEN_FILE", str(tmp_path / "pipe"))

    assert "is no ordinary file" in refused()
