"""The wheel has all that the commands need, and nothing of the tests."""

import re
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import usagetwin
from tests.project.checkout import ROOT, pyproject

SHIPPED = {"mockserver/usagetwin": "usagetwin", "contract_tests/usagetwin_checker": "usagetwin_checker"}
SHIPPED |= {"openapi": "usagetwin/_data/openapi", "fixtures": "usagetwin/_data/fixtures"}


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """List the files of the wheel."""
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.parametrize("folder", SHIPPED)
def test_every_file_of_a_shipped_folder_is_in_the_wheel(folder: str, names: set[str]) -> None:
    """Code and data of the four folders arrive, the data where `usagetwin.data` looks."""
    here = [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"]

    missing = {f"{SHIPPED[folder]}/{path.relative_to(ROOT / folder).as_posix()}" for path in here} - names

    assert missing == set()


def test_the_texts_that_rules_cite_are_in_the_wheel(names: set[str]) -> None:
    """The facts and the semantics arrive where `usagetwin.data` looks; other documents stay behind."""
    texts = {name for name in names if "_data/docs/" in name}

    assert texts == {"usagetwin/_data/docs/facts.md", "usagetwin/_data/docs/semantics.md"}


def test_nothing_else_is_in_the_wheel(names: set[str]) -> None:
    """Tests, tools and benchmarks stay in the checkout."""
    tops = {name.partition("/")[0] for name in names}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"usagetwin", "usagetwin_checker"}
    assert [name for name in names if "__pycache__" in name] == []


def test_the_wheel_has_the_command_and_the_licence(wheel: Path, names: set[str]) -> None:
    """Installing it gives `usagetwin`, and the licence goes with it."""
    info = f"usagetwin-{usagetwin.__version__}.dist-info"

    entry_points = zipfile.ZipFile(wheel).read(f"{info}/entry_points.txt").decode()

    assert "usagetwin = usagetwin_checker.commands.entry:main" in entry_points
    assert f"{info}/licenses/LICENSE" in names


def test_the_version_is_written_once(wheel: Path) -> None:
    """The wheel's version is `usagetwin.__version__`; `pyproject.toml` states none."""
    info = f"usagetwin-{usagetwin.__version__}.dist-info"
    metadata = Parser().parsestr(zipfile.ZipFile(wheel).read(f"{info}/METADATA").decode())

    assert metadata["Version"] == usagetwin.__version__
    assert "version" not in pyproject()["project"]


def test_the_metadata_names_no_private_host(wheel: Path) -> None:
    """Every URL in the metadata is one that a stranger can open."""
    info = f"usagetwin-{usagetwin.__version__}.dist-info"
    head = zipfile.ZipFile(wheel).read(f"{info}/METADATA").decode().partition("\n\n")[0]

    assert set(re.findall(r"\w+://\S+", head)) == set(pyproject()["project"]["urls"].values())
