"""What the code imports, the project declares."""

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.project.checkout import ROOT, normal, pyproject

PROJECT = pyproject()["project"]
EXTRAS = PROJECT["optional-dependencies"]
OURS = {"usagetwin", "usagetwin_checker", "tests", "tools", "benchmarks"}


def declared(*ranges: str) -> set[str]:
    """Give the distributions that ranges of `pyproject.toml` name."""
    return {normal(Requirement(text).name) for text in ranges}


def imported(path: Path) -> Iterator[str]:
    """Give the top-level packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def foreign(folder: str) -> set[str]:
    """Give the third-party packages that a folder's files import."""
    names = {name for path in (ROOT / folder).rglob("*.py") for name in imported(path)}
    return names - OURS - sys.stdlib_module_names


def ranges_of(*extras: str) -> list[str]:
    """Give what an installation with some extras declares."""
    return [*PROJECT["dependencies"], *(each for extra in extras for each in EXTRAS[extra])]


@pytest.mark.parametrize(
    ("folder", "ranges"),
    [
        ("mockserver", [*PROJECT["dependencies"], *EXTRAS["redis"], *EXTRAS["otel"], *EXTRAS["page"]]),
        ("contract_tests", [*PROJECT["dependencies"], *EXTRAS["check"], *EXTRAS["page"], *EXTRAS["dask"]]),
        (
            "tests",
            [
                *PROJECT["dependencies"],
                *EXTRAS["check"],
                *EXTRAS["dask"],
                *EXTRAS["otel"],
                *EXTRAS["page"],
                *EXTRAS["dev"],
            ],
        ),
    ],
)
def test_every_import_is_a_declared_dependency(folder: str, ranges: list[str]) -> None:
    """Nothing works only because another dependency happens to bring it along."""
    providers = packages_distributions()

    undeclared = {
        name
        for name in foreign(folder)
        if not {normal(found) for found in providers.get(name, [])} & declared(*ranges)
    }

    assert undeclared == set()


def test_the_tools_need_nothing_but_the_standard_library() -> None:
    """They run where nothing of ours is installed."""
    assert foreign("tools") == set()
