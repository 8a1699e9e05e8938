"""GitHub takes our files, and the weekly workflow reports as it says."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.project.checkout import ROOT, assert_keeps, pyproject, text

WORKFLOWS = sorted(path.name for path in (ROOT / ".github/workflows").glob("*.yml"))
ON_A_RUNNER = pytest.mark.skipif(sys.platform == "win32", reason="the step is written for a shell of Linux")
GH = """#!/bin/sh
if [ "$2" = list ]; then printf '%s' "$OPEN_ISSUE"; else printf '%s\\n' "$@" > "$CALLED"; fi
"""


def jobs(name: str) -> dict[str, Any]:
    """Give the jobs of a workflow."""
    found: dict[str, Any] = yaml.safe_load(text(f".github/workflows/{name}.yml"))["jobs"]
    return found


def reported(folder: Path, *, open_issue: str) -> list[str]:
    """Run what the weekly workflow runs after a failure, and give the call that writes to the issues."""
    (step,) = jobs("newest")["report"]["steps"]
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    variables = {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "CALLED": str(folder / "called"),
        "OPEN_ISSUE": open_issue,
        "TITLE": step["env"]["TITLE"],
        "BODY": "see the run",
    }
    subprocess.run(["bash", "-euo", "pipefail", "-c", step["run"]], env=variables, check=True)  # noqa: S607 -- as the runner does
    return (folder / "called").read_text().splitlines()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_keeps_its_published_schema(name: str) -> None:
    """GitHub would accept the file."""
    assert_keeps("vendor.github-workflows", f".github/workflows/{name}")


def test_the_file_of_dependabot_keeps_its_published_schema() -> None:
    """GitHub would accept the file."""
    assert_keeps("vendor.dependabot", ".github/dependabot.yml")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_by_its_commit(name: str) -> None:
    """A tag can be moved to other code; the comment says which release the commit is."""
    used = re.findall(r"uses: (.+)$", text(f".github/workflows/{name}"), re.MULTILINE)

    assert used
    assert [each for each in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


def test_one_commit_of_each_action_is_used() -> None:
    """Dependabot moves all of them at once."""
    texts = "".join(text(f".github/workflows/{name}") for name in WORKFLOWS)

    pins = set(re.findall(r"uses: (.+)$", texts, re.MULTILINE))

    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


def test_dependabot_watches_the_folder_of_the_locks() -> None:
    """It reads requirements files in the folders that it is given, and in no other."""
    updates = yaml.safe_load(text(".github/dependabot.yml"))["updates"]

    folders = {update["package-ecosystem"]: update["directory"] for update in updates}

    assert folders == {"pip": "/requirements", "github-actions": "/", "docker": "/"}


@ON_A_RUNNER
def test_something_newer_that_breaks_us_opens_an_issue(tmp_path: Path) -> None:
    """Where none of that title is open."""
    called = reported(tmp_path, open_issue="")

    assert called == [
        "issue",
        "create",
        "--title",
        "Something newer breaks us",
        "--body",
        "see the run",
    ]


@ON_A_RUNNER
def test_something_newer_that_still_breaks_us_adds_to_the_open_issue(tmp_path: Path) -> None:
    """A month of failures is one issue."""
    assert reported(tmp_path, open_issue="7") == ["issue", "comment", "7", "--body", "see the run"]


def test_no_job_may_write_but_those_that_report_and_publish() -> None:
    """What our tests and their dependencies run has no right to write anything."""
    writing = {
        (name, job)
        for name in (Path(each).stem for each in WORKFLOWS)
        for job, what in jobs(name).items()
        if "write" in str(what.get("permissions", {}))
    }

    assert writing == {("newest", "report"), ("release", "pypi"), ("release", "image")}
    assert jobs("newest")["newest"]["permissions"] == {"contents": "read"}


def test_the_newest_versions_are_tried_on_the_oldest_and_the_newest_python() -> None:
    """They are the ends of what the classifiers name."""
    named = re.findall(r"Python :: (3\.\d+)", " ".join(pyproject()["project"]["classifiers"]))

    assert jobs("newest")["newest"]["strategy"]["matrix"]["python"] == [named[0], named[-1]]


def test_the_locks_are_installed_on_the_python_that_runs_the_oldest_pip() -> None:
    """On a newer Python, that pip does not start."""
    steps = jobs("check")["locks"]["steps"]

    assert {"python-version": "3.11"} in [step.get("with") for step in steps]
    assert {"run": "make locks-install"} in steps
