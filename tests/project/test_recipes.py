"""The recipes for CI servers: each keeps its published schema, and what it runs does what it says."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from tests.acme import NOW
from tests.project.checkout import ROOT, assert_keeps, text
from tests.project.test_workflows import GH
from tests.served import USAGETWIN, served

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.served import Twin

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the steps are written for a shell of Linux")
SMALL: Final = "--budget 60 --max-examples 0"


def in_bash(script: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a step as a runner does, in a folder of its own; our program is first on the path."""
    write_program(folder / "bin")
    path = os.pathsep.join((str(folder), str(folder / "bin"), os.environ["PATH"]))
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],  # noqa: S607 -- as the runner does
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), **variables},
        check=False,
        capture_output=True,
        text=True,
    )


def write_program(folder: Path) -> None:
    """Put our program into a folder, by its name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "usagetwin").write_text(f'#!/bin/sh\nexec {shlex.join(USAGETWIN)} "$@"\n')
    (folder / "usagetwin").chmod(0o755)


def action_step(name: str) -> "Mapping[str, Any]":
    """Give a step of the action by its name."""
    steps = yaml.safe_load(text("action.yml"))["runs"]["steps"]
    found: Mapping[str, Any] = next(step for step in steps if step.get("name") == name)
    return found


def checked_by_the_action(url: str, folder: Path, options: str) -> tuple[int, str, Path]:
    """Run what the action runs to check a target: its status, its outputs, and its folder of reports."""
    write_program(folder / "usagetwin/bin")
    said = folder / "output"
    ended = in_bash(
        action_step("Check the target")["run"],
        folder,
        TARGET=url,
        OPTIONS=options,
        REPORTS="reports of it",
        RUNNER_TEMP=str(folder),
        GITHUB_OUTPUT=str(said),
    )
    return ended.returncode, said.read_text("utf-8"), folder / "reports of it"


def test_the_action_keeps_its_published_schema() -> None:
    """GitHub would accept the file."""
    assert_keeps("vendor.github-actions", "action.yml")


def test_the_action_uses_what_our_workflows_use() -> None:
    """By the same commits."""
    ours = text(".github/workflows/check.yml") + text(".github/workflows/release.yml")

    used = re.findall(r"uses: (.+)", text("action.yml") + text("examples/ci/nightly.yml"))

    assert used
    assert all(f"uses: {each}" in ours for each in used)


def test_the_action_passes_and_leaves_its_reports(twin: "Twin", tmp_path: Path) -> None:
    """The verdict is an output, and the reports are where it was asked."""
    status, said, reports = checked_by_the_action(twin.url, tmp_path, SMALL)

    assert (status, said) == (0, "verdict=pass\n")
    assert json.loads((reports / "report.json").read_text("utf-8"))["verdict"] == "pass"
    assert {each.name for each in reports.iterdir()} == {"report.json", "junit.xml", "usagetwin.sarif"}


def test_the_action_fails_where_a_rule_is_broken(acme_file: str, tmp_path: Path) -> None:
    """With the check's own status, after the verdict was said; its options may be on several lines."""
    with served("--world", acme_file, "--now", NOW, "--fault", "metadata-missing") as broken:
        status, said, reports = checked_by_the_action(broken.url, tmp_path, f"{SMALL}\n--strict\n")

    assert (status, said) == (1, "verdict=fail\n")
    assert json.loads((reports / "report.json").read_text("utf-8"))["strict"] is True


def test_options_of_the_action_are_words_and_no_commands(tmp_path: Path) -> None:
    """What a shell would run in them is refused by the program as an option that it does not have."""
    status, said, _ = checked_by_the_action("twin", tmp_path, "$(touch ran) ; touch ran")

    assert (status, said) == (2, "verdict=inconclusive\n")
    assert not (tmp_path / "ran").exists()


def test_the_action_installs_itself(tmp_path: Path) -> None:
    """From the release that the workflow named, in an environment of its own."""
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >> {tmp_path}/asked\nmkdir -p "$3/bin"\ncp "$0" "$3/bin/python"\n'
    )
    python.chmod(0o755)
    folders = {"RUNNER_TEMP": str(tmp_path / "temp"), "GITHUB_ACTION_PATH": "/its own"}

    step = action_step("Install usagetwin where nothing of the job is")
    ended = in_bash(step["run"], tmp_path, PYTHON=str(python), **folders)

    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "asked").read_text().splitlines() == [
        f"-m venv {tmp_path}/temp/usagetwin",
        "-m pip install --quiet /its own[check]",
    ]


def test_the_component_is_a_job_of_gitlab(tmp_path: Path) -> None:
    """With its inputs in their places it keeps GitLab's schema."""
    file = tmp_path / "job.yml"
    file.write_text(_component("twin", ""), encoding="utf-8")

    assert_keeps("vendor.gitlab-ci", str(file))


def test_the_component_checks_its_target(twin: "Twin", tmp_path: Path) -> None:
    """Its second line writes the two files that GitLab reads."""
    job = yaml.safe_load(_component(twin.url, SMALL))["usagetwin-check"]

    ended = in_bash(job["script"][1], tmp_path)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert all((tmp_path / file).is_file() for file in job["artifacts"]["reports"].values())


def _component(target: str, options: str) -> str:
    """Put inputs into the component, as GitLab does: the defaults where nothing is given."""
    head, job = text("templates/check.yml").split("\n---\n")
    declared = yaml.safe_load(head)["spec"]["inputs"]
    inputs = {name: (each or {}).get("default") for name, each in declared.items()}
    inputs |= {"target": target, "options": options}
    return re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: str(inputs[found[1]]), job)


def test_the_pipeline_keeps_the_schema_of_azure() -> None:
    """Azure would accept the file."""
    command = [sys.executable, "-m", "check_jsonschema", "--regex-variant", "nonunicode"]
    options = ["--builtin-schema", "vendor.azure-pipelines", "examples/ci/azure-pipelines.yml"]

    ended = subprocess.run([*command, *options], cwd=ROOT, check=False, capture_output=True, text=True)

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("recipe", ["azure", "jenkins"])
def test_the_pipelines_check_their_target(recipe: str, twin: "Twin", tmp_path: Path) -> None:
    """Their commands, without the installation, write the file that is shown."""
    if recipe == "azure":
        steps = yaml.safe_load(text("examples/ci/azure-pipelines.yml"))["steps"]
        script = next(step["script"] for step in steps if step.get("displayName") == "Check the target")
    else:
        (_, script) = re.findall(r"sh '''\n(.*?)'''", text("examples/ci/Jenkinsfile"), re.DOTALL)
        script = script.replace(".usagetwin/bin/usagetwin", "usagetwin")

    ended = in_bash(f"{script.strip()} {SMALL}", tmp_path, TARGET=twin.url)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (tmp_path / "usagetwin.xml").is_file()


def test_the_nightly_workflow_keeps_the_schema_of_github() -> None:
    """GitHub would accept the file."""
    assert_keeps("vendor.github-workflows", "examples/ci/nightly.yml")


@pytest.mark.parametrize("open_issue", ["", "7"])
def test_the_nightly_workflow_has_one_issue(open_issue: str, tmp_path: Path) -> None:
    """It opens one, or adds to the one that is open."""
    (step,) = yaml.safe_load(text("examples/ci/nightly.yml"))["jobs"]["report"]["steps"]
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)

    in_bash(
        step["run"],
        tmp_path,
        CALLED=str(tmp_path / "called"),
        OPEN_ISSUE=open_issue,
        TITLE=step["env"]["TITLE"],
        BODY="see the run",
    )

    called = (tmp_path / "called").read_text().splitlines()
    opened = ["issue", "create", "--title", "The usage API does not keep its contract"]
    assert called[:-2] == (["issue", "comment", "7"] if open_issue else opened)


def test_the_hook_reads_worlds_and_refuses_what_is_none(acme_file: str, tmp_path: Path) -> None:
    """As pre-commit calls it: its entry, and the files of the commit that it takes."""
    (hook,) = yaml.safe_load(text(".pre-commit-hooks.yaml"))
    broken = tmp_path / "broken.csv"
    broken.write_text("date,project,count\n2026-03-01,web,-1\n", encoding="utf-8")

    good = in_bash(f"{hook['entry']} {shlex.quote(acme_file)} {shlex.quote(acme_file)}", tmp_path)
    bad = in_bash(f"{hook['entry']} {shlex.quote(acme_file)} broken.csv", tmp_path)

    assert good.returncode == 0, good.stderr
    assert bad.returncode != 0
    assert "broken.csv" in bad.stderr
    taken = [
        name
        for name in ("worlds/a.yaml", "tests/worlds/b.csv", "src/a.yaml")
        if re.search(hook["files"], name)
    ]
    assert taken == ["worlds/a.yaml", "tests/worlds/b.csv"]


def nightly_step(name: str) -> "Mapping[str, Any]":
    """Give a step of the nightly check by its name."""
    steps = yaml.safe_load(text("examples/ci/nightly.yml"))["jobs"]["check"]["steps"]
    found: Mapping[str, Any] = next(step for step in steps if step.get("name") == name)
    return found


@pytest.mark.proof
def test_the_nightly_workflow_tells_what_moved(acme_file: str, tmp_path: Path) -> None:
    """Last night's report against tonight's, and the document: each fails its step, and leaves its page."""
    folder = tmp_path / "usage-api"
    folder.mkdir()
    (folder / "account.yaml").write_text(Path(acme_file).read_text(encoding="utf-8"), encoding="utf-8")
    document = tmp_path / "page.md"
    vendored = text("openapi/launchdarkly-usage.yaml").replace("current time", "present time")
    document.write_text(f"# A page\n\n```yaml\n{vendored}```\n", encoding="utf-8")
    with served("--world", acme_file, "--now", NOW) as twin:
        in_bash(f"usagetwin check {twin.url} {SMALL} --json usage-api/baseline.json", tmp_path)
    with served("--world", acme_file, "--now", NOW, "--policy", "error_id=on") as twin:
        in_bash(f"usagetwin check {twin.url} {SMALL} --json report.json", tmp_path)

    moved = in_bash(nightly_step("Hold it against the last one that was read")["run"], tmp_path)
    step = nightly_step("Look at the document")["run"]
    other = in_bash(step, tmp_path, DOCUMENT=str(document))

    assert moved.returncode == 1, moved.stdout + moved.stderr
    assert "+policies:\n+  error_id: on\n" in (tmp_path / "drift.patch").read_text(encoding="utf-8")
    assert (tmp_path / "drift.html").is_file()
    assert other.returncode == 1, other.stdout + other.stderr
    assert "1 prose-only" in other.stdout
