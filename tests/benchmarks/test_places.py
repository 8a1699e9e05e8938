"""What is absent is said in words, with the way to get it."""

from pathlib import Path

import pytest

from benchmarks import places
from benchmarks.claims import AbsentError


def test_an_absent_program_is_named_with_the_way_to_get_it() -> None:
    """A row that needs it is skipped with this reason."""
    with pytest.raises(AbsentError, match="no-such-program is not on PATH; install it"):
        places.program("no-such-program", "install it")


@pytest.mark.parametrize("path", ["", "no-such-folder/schemathesis"])
def test_schemathesis_is_absent_unless_the_environment_names_it(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """It lives in an environment of its own, which `make bench` makes."""
    monkeypatch.setenv("SCHEMATHESIS", path)

    with pytest.raises(AbsentError, match="make bench"):
        places.schemathesis()


def test_schemathesis_is_found_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The Makefile names it from the project's root, and the benchmarks run it elsewhere."""
    command = tmp_path / "schemathesis"
    command.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCHEMATHESIS", "./schemathesis")

    assert Path(places.schemathesis()).is_absolute()
