"""`make` is the one front door: its targets are listed, documented, and what CI calls."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.checkout import ROOT, text

PROMISED = [
    "serve",
    "contract",
    "test",
    "check",
    "lint",
    "workflows",
    "bench",
    "abuse",
    "order",
    "score",
    "proof",
    "format",
    "golden",
    "clients",
    "samples",
    "pictures",
    "docs",
    "wheel",
    "dist",
    "example",
    "floors",
    "lock",
    "locks-install",
    "newest",
    "wheel-test",
    "clean",
]


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no make")
BY_INSTALLER = pytest.mark.parametrize("uv", ["", "uv"], ids=["pip", "uv"])
DEV = "-r requirements/dev.txt"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make, free of the make that may be running the tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],  # noqa: S607 -- whichever make the user has
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )


def make(*arguments: str) -> str:
    """Run make, which must succeed, and give what it prints."""
    result = run(*arguments)
    result.check_returncode()
    return result.stdout


def refusal(*arguments: str) -> str:
    """Give what `make contract` says when it can't make an environment, without make's own line."""
    result = run("contract", *arguments)
    assert result.returncode == 2
    lines = [line for line in result.stderr.splitlines() if not line.startswith("make: ***")]
    return "\n".join(lines)


def program(path: Path, script: str) -> Path:
    """Write a program of the shell."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def pretending(path: Path, first: str) -> Path:
    """Write a Python that runs a line of its own before each `-c`."""
    line = f"import sys; {first}; exec(sys.argv[2])"
    return program(path, f'exec {shlex.quote(sys.executable)} -c {shlex.quote(line)} "$@"')


def plan(folder: Path, target: str, *done: str, uv: str = "", changed: str = "") -> list[str]:
    """Give the lines that make would run, where some stages are done, and a file has changed since."""
    for name in done:
        (folder / name).touch()
    since = [f"--what-if={changed}"] if changed else []
    return make("--dry-run", *since, target, f"VENV={folder}", f"UV={uv}").splitlines()


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


@BY_INSTALLER
@pytest.mark.parametrize("target", PROMISED)
def test_a_target_makes_the_environment_that_it_needs(target: str, uv: str) -> None:
    """Where nothing is installed, it starts by making an environment, unless it needs none."""
    plan = make("--dry-run", target, "VENV=no-such-environment", f"UV={uv}")

    command = r'"uv" venv .* "no-such-environment' if uv else r'-m venv --clear "no-such-environment'
    assert bool(re.search(command, plan)) is (target not in {"clean", "locks-install"})


@BY_INSTALLER
@pytest.mark.parametrize(("target", "needed"), [("contract", False), ("serve", False), ("test", True)])
def test_only_what_tests_is_made_to_wait_for_the_tools(
    target: str,
    needed: bool,  # noqa: FBT001 -- a column of the table
    uv: str,
    tmp_path: Path,
) -> None:
    """A user gets a served twin, and a verdict on it, from the run-time lock alone."""
    lines = plan(tmp_path, target, uv=uv)

    assert any("-r requirements/run.txt -r requirements/build.txt" in line for line in lines)
    assert any(DEV in line for line in lines) is needed


def test_tests_after_a_check_add_to_the_environment(tmp_path: Path) -> None:
    """Nothing is installed twice."""
    lines = plan(tmp_path, "test", ".run", ".ready")

    assert any(DEV in line for line in lines)
    assert not any("venv --clear" in line or "run.txt" in line for line in lines)


@pytest.mark.parametrize("target", ["contract", "test"])
def test_an_environment_that_is_complete_is_left_as_it_is(target: str, tmp_path: Path) -> None:
    """A check after the tests, or the tests once more, install nothing."""
    assert len(plan(tmp_path, target, ".run", ".ready", ".tools")) == 1


@pytest.mark.parametrize("name", ["run", "build", "dev"])
def test_an_environment_is_made_anew_for_another_lock(name: str, tmp_path: Path) -> None:
    """What only the older lock had is not left over."""
    lines = plan(tmp_path, "test", ".run", ".ready", ".tools", changed=f"requirements/{name}.txt")

    assert any("venv --clear" in line for line in lines)
    assert any(DEV in line for line in lines)


def test_a_user_without_the_tools_does_not_mind_their_lock(tmp_path: Path) -> None:
    """The environment of `make contract` knows nothing of it."""
    assert len(plan(tmp_path, "contract", ".run", ".ready", changed="requirements/dev.txt")) == 1


def test_a_change_of_the_project_installs_the_project_alone(tmp_path: Path) -> None:
    """Its dependencies are those of the locks."""
    lines = plan(tmp_path, "test", ".run", ".ready", ".tools", changed="pyproject.toml")

    assert any("--no-build-isolation -e ." in line for line in lines)
    assert not any("--require-hashes" in line for line in lines)


def test_an_install_of_the_tools_that_is_cut_off_starts_from_nothing(tmp_path: Path) -> None:
    """While the tools are added, the first stage is not marked as complete."""
    lines = plan(tmp_path, "test", ".run", ".ready")
    (install,) = [number for number, line in enumerate(lines) if DEV in line]

    assert lines[install - 1] == f'rm -f "{tmp_path}/.run"'


def test_a_python_that_is_too_old_is_refused(tmp_path: Path) -> None:
    """One sentence has the version that is there, and the line that helps."""
    old = pretending(tmp_path / "python", 'sys.version_info = (3, 10, 13, "final", 0)')

    said = refusal(f"PYTHON={old}", f"VENV={tmp_path}/venv")

    assert said == f"usagetwin needs Python 3.11 or newer, {old} is 3.10: make contract PYTHON=python3.12"


def test_a_python_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """One sentence says so, and what to name instead."""
    said = refusal("PYTHON=no-such-python", f"VENV={tmp_path}/venv")

    assert said == (
        "usagetwin: there is no no-such-python here; name a Python 3.11 or newer that is: "
        "make contract PYTHON=python3.12"
    )


def test_a_python_that_cannot_make_environments_is_refused(tmp_path: Path) -> None:
    """Debian's comes so; one sentence names its package, and uv, which does without."""
    bare = pretending(tmp_path / "python", 'sys.modules["ensurepip"] = None')

    said = refusal(f"PYTHON={bare}", f"VENV={tmp_path}/venv", "UV=")

    assert said == (
        f"usagetwin: {bare} comes without venv or ensurepip; install them (Debian and Ubuntu: "
        "apt install python3-venv), or install uv, which make then uses"
    )


def test_a_pip_that_fails_says_what_to_do(tmp_path: Path) -> None:
    """Its own words come first, and the same make goes on from there."""
    broken = program(tmp_path / "python", 'case "$*" in *venv*--clear*) echo "no index" >&2; exit 1;; esac')

    first, second = refusal(f"PYTHON={broken}", f"VENV={tmp_path}/venv", "UV=").splitlines()

    assert first == "no index"
    assert second.startswith("usagetwin: pip could not install this, and says why above; ")
    assert second.endswith("again: make contract")


def test_a_uv_that_fails_or_is_missing_leaves_it_to_pip(tmp_path: Path) -> None:
    """Its own words come first, then the line that does without."""
    _, last = refusal(f"UV={tmp_path}/no-such-uv", f"VENV={tmp_path}/venv").splitlines()

    assert last.startswith("usagetwin: uv could not install this, and says why above; ")
    assert last.endswith("let pip do it: make contract UV=")


@pytest.mark.parametrize("target", ["test", "check"])
def test_what_goes_to_pytest_is_not_taken_for_a_folder_to_cover(target: str, tmp_path: Path) -> None:
    """`--cov` takes the word after it, so nothing of the user's comes after it."""
    (line,) = [
        line
        for line in make("--dry-run", target, "ARGS=tests/project", f"VENV={tmp_path}").splitlines()
        if "-m pytest" in line
    ]

    assert "-m pytest tests/project --cov" in line


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
