"""How an import that comes later is noticed."""

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from usagetwin_checker.redirect.late_imports import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "usagetwin_module_to_watch"


@pytest.fixture
def module_file(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> "Iterator[Path]":
    """Give the file of a module that can be imported, and is forgotten afterwards."""
    file = tmp_path / f"{NAME}.py"
    file.write_text("value = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield file
    sys.modules.pop(NAME, None)


@pytest.fixture
def imported() -> list[object]:
    """Give the list that a watch fills."""
    return []


@pytest.fixture
def watch(imported: list[object]) -> "Iterator[Watch]":
    """Watch for the module, until the test ends; note what it holds when its import has ended."""
    watch = Watch(
        [NAME, "usagetwin_no_such_module"], lambda name: imported.append(vars(sys.modules[name])["value"])
    )
    watch.start()
    yield watch
    watch.stop()


@pytest.mark.usefixtures("watch", "module_file")
def test_a_watched_module_is_announced_when_it_is_complete(imported: list[object]) -> None:
    """Once."""
    importlib.import_module(NAME)
    importlib.import_module(NAME)

    assert imported == [1]


@pytest.mark.usefixtures("watch")
def test_the_module_keeps_no_trace(module_file: "Path") -> None:
    """Its loader is its own, so that its source and its resources are found."""
    module = importlib.import_module(NAME)

    assert module.__spec__ is not None
    assert module.__loader__ is module.__spec__.loader
    assert type(module.__loader__).__name__ == "SourceFileLoader"
    assert module.__file__ == str(module_file)


@pytest.mark.usefixtures("module_file")
def test_after_the_end_nothing_is_announced(watch: Watch, imported: list[object]) -> None:
    """And the import system is as it was; a second end is harmless."""
    watch.stop()
    watch.stop()
    importlib.import_module(NAME)

    assert imported == []
    assert watch not in sys.meta_path


@pytest.mark.usefixtures("watch")
def test_a_module_that_does_not_exist_still_does_not() -> None:
    """With the error that it always gives."""
    with pytest.raises(ModuleNotFoundError, match="usagetwin_no_such_module"):
        importlib.import_module("usagetwin_no_such_module")


@pytest.mark.usefixtures("watch")
def test_an_import_that_fails_is_not_announced(module_file: "Path", imported: list[object]) -> None:
    """The error is the module's own."""
    module_file.write_text("raise ValueError('mine')\n", encoding="utf-8")

    with pytest.raises(ValueError, match="mine"):
        importlib.import_module(NAME)

    assert imported == []
