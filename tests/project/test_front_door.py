"""`make` is the one front door: its targets are listed, documented, and what CI calls."""

import os
import re
import subprocess

import pytest

from tests.project.checkout import ROOT, text

PROMISED = [
    "serve",
    "contract",
    "test",
    "check",
    "bench",
    "proof",
    "format",
    "golden",
    "clients",
    "example",
    "lock",
    "wheel-test",
    "clean",
]


def make(*arguments: str) -> str:
    """Run make, free of the make that may be running the tests, and give what it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],  # noqa: S607 -- whichever make the user has
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_make_alone_lists_every_target() -> None:
    """Without a target, make says what there is; it does nothing."""
    phony = re.search(r"^\.PHONY: (.*)$", text("Makefile"), re.MULTILINE)
    assert phony is not None

    listed = re.findall(r"^  make ([a-z-]+)", make(), re.MULTILINE)

    assert sorted(listed) == sorted(phony[1].split())


@pytest.mark.parametrize("target", PROMISED)
def test_a_target_is_explained_to_contributors(target: str) -> None:
    """CONTRIBUTING.md has a row for each target that people use."""
    assert f"| `make {target}` |" in text("CONTRIBUTING.md")


@pytest.mark.parametrize("target", PROMISED)
def test_a_target_makes_the_environment_that_it_needs(target: str) -> None:
    """In a clone where nothing is installed, the target starts by making an environment."""
    plan = make("--dry-run", target, "VENV=no-such-environment", "PYTHON=python3")

    assert ('-m venv --clear "no-such-environment' in plan) is (target != "clean")


@pytest.mark.parametrize("file", [".ci/run", ".github/workflows/check.yml"])
def test_ci_goes_through_the_front_door(file: str) -> None:
    """CI calls make targets that exist, check and contract among them."""
    called = set(re.findall(r"\bmake ([a-z-]+)$", text(file), re.MULTILINE))

    assert {"check", "contract"} <= called
    assert called <= set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))


def test_the_workflow_runs_every_python_that_we_name() -> None:
    """The classifiers and the workflow's matrix list the same Pythons."""
    named = re.findall(r"Programming Language :: Python :: (3\.\d+)", text("pyproject.toml"))
    matrix = re.search(r"python: \[(.*)\]", text(".github/workflows/check.yml"))
    assert matrix is not None

    assert re.findall(r"3\.\d+", matrix[1]) == named
