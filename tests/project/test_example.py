"""The example passes, and each mistake can be planted in it; `make example` tries both from the wheel."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.project.checkout import ROOT, lock, normal
from tools.example_test import BESIDE, EXAMPLE, INSTALL, WORKFLOW, Caught, commands, told
from tools.planted_mistakes import CLIENT, MISTAKES, Mistake, NoLongerFitsError, plant
from usagetwin.stage.mistakes import MISTAKES as HELD

PROJECT = ROOT / EXAMPLE
BY_RULE = pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.rule)


def text_of(name: str) -> str:
    """Give the text of one of the example's files."""
    return (PROJECT / name).read_text(encoding="utf-8")


def copied(folder: Path) -> Path:
    """Copy the example's sources, to plant mistakes in."""
    (folder / CLIENT).parent.mkdir(parents=True)
    shutil.copy(PROJECT / CLIENT, folder / CLIENT)
    return folder


def caught(*rules: str, test: str | None = "test_something") -> Caught:
    """Give what tests make of the first mistake when they name these rules."""
    return Caught(MISTAKES[0], rules, test, "")


def test_the_example_passes() -> None:
    """Its tests pass with nothing but our plugin, whatever else is installed beside it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": "src"}

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "usagetwin_checker.plugin", "-p", "no:cacheprovider"],
        cwd=PROJECT,
        env={**kept, **alone},
        check=False,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout + run.stderr


@BY_RULE
def test_a_mistake_can_be_planted(mistake: Mistake, tmp_path: Path) -> None:
    """Its text is in the client, and what replaces it is Python."""
    planted = copied(tmp_path)

    plant(mistake, planted)

    source = (planted / CLIENT).read_text(encoding="utf-8")
    assert source != (PROJECT / CLIENT).read_text(encoding="utf-8")
    compile(source, CLIENT, "exec")


@BY_RULE
def test_a_mistake_breaks_a_rule_that_requests_are_held_to(mistake: Mistake) -> None:
    """Otherwise no test could name it."""
    assert mistake.rule in HELD


def test_there_are_ten_mistakes_and_more() -> None:
    """Each breaks a rule of its own."""
    assert len({mistake.rule for mistake in MISTAKES}) == len(MISTAKES) >= 10


def test_a_mistake_that_no_longer_fits_is_refused(tmp_path: Path) -> None:
    """A client that has changed must not look like one whose mistake was caught."""
    mistake = Mistake("a loop", "from-is-unix-seconds", (("while True:", "while False:"),))

    with pytest.raises(NoLongerFitsError, match="'while True:' 0 times"):
        plant(mistake, copied(tmp_path))


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        (caught(MISTAKES[0].rule), True),
        (caught(), False),
        (caught(MISTAKES[1].rule), False),
        (caught(MISTAKES[0].rule, MISTAKES[1].rule), False),
        (caught(MISTAKES[0].rule, test=None), False),
    ],
)
def test_a_mistake_is_caught_when_a_test_names_its_rule_and_no_other(seen: Caught, right: bool) -> None:  # noqa: FBT001 -- a column of the table
    """No failing test, no rule, or another rule: each is a miss."""
    assert seen.is_right is right


def test_a_mistake_that_is_not_caught_fails_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    """The table shows what was named instead."""
    status = told([caught(MISTAKES[0].rule), caught(MISTAKES[1].rule), caught(test=None)])

    rows = capsys.readouterr().out
    assert status == 1
    assert [line.split()[-2:] for line in rows.splitlines() if line.startswith(MISTAKES[0].about)] == [
        [MISTAKES[0].rule, "test_something"],
        [MISTAKES[1].rule, "test_something"],
        ["NONE", "NONE"],
    ]
    assert "1 of 3 planted mistakes are caught" in rows


def test_the_commands_of_the_ci_file_are_found() -> None:
    """Both its jobs install the project the same way; all else is run by `make example`."""
    workflow = (PROJECT / WORKFLOW).read_text(encoding="utf-8")

    assert workflow.count(f"- run: {INSTALL}") == workflow.count("steps:") == 2
    assert len(commands(workflow)) == 3
    assert all(line.startswith("pytest ") for line in commands(workflow))


def test_the_example_needs_nothing_that_is_not_locked() -> None:
    """What its clean environment gets is in the two locks."""
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    there = {*lock("run"), *BESIDE, "usagetwin"}

    assert {normal(Requirement(each).name) for each in wanted} <= there
    assert set(BESIDE) <= set(lock("dev"))


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w./]+\.\w+)`", text_of("README.md")))))
def test_a_file_that_the_example_points_to_is_there(name: str) -> None:
    """Its README says where to look for what."""
    assert (PROJECT / name).is_file()
