"""The locks pin every dependency by hash, for every machine."""

import re

import pytest
from packaging.requirements import Requirement

from tests.project.checkout import ROOT, lock, normal, pyproject, text

LOCKS = ["run", "dev", "build", "bench"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_distribution_has_a_hash(name: str) -> None:
    """Each pin is followed by at least one hash, or pip would refuse the whole lock."""
    entries = text(f"requirements/{name}.txt").replace("\\\n", " ").splitlines()

    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_index_and_no_path(name: str) -> None:
    """A lock holds names, versions, markers and hashes: nothing of the machine that made it."""
    foreign = re.findall(
        r"://|--index-url|--find-links| @ |^[./]", text(f"requirements/{name}.txt"), re.MULTILINE
    )

    assert foreign == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_one_version_for_all_pythons(name: str) -> None:
    """The same question gets the same bytes on each Python, so no version depends on it."""
    pins = re.findall(r"^([A-Za-z0-9][\w.-]*)==", text(f"requirements/{name}.txt"), re.MULTILINE)

    assert len(pins) == len(set(pins))
    by_python = [
        line for line in text(f"requirements/{name}.txt").splitlines() if "python_full_version" in line
    ]
    assert [
        line for line in by_python if "sys_platform == 'emscripten'" not in line
    ] == []  # no machine of ours


def test_every_lock_in_the_folder_is_guarded() -> None:
    """No lock lies in `requirements/` that these tests do not read."""
    assert sorted(path.stem for path in (ROOT / "requirements").glob("*.txt")) == sorted(LOCKS)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (pyproject()["project"]["dependencies"], "run"),
        (pyproject()["project"]["dependencies"], "dev"),
        (pyproject()["project"]["optional-dependencies"]["dev"], "dev"),
        (pyproject()["build-system"]["requires"], "build"),
    ],
    ids=["run", "run-in-dev", "dev", "build"],
)
def test_the_lock_satisfies_the_ranges(wanted: list[str], name: str) -> None:
    """What `pyproject.toml` asks for is in the lock, at a version inside its range."""
    pinned = lock(name)

    unmet = [
        str(requirement)
        for requirement in map(Requirement, wanted)
        if not requirement.specifier.contains(pinned.get(normal(requirement.name), "0"))
    ]

    assert unmet == []


def test_tools_run_on_the_versions_that_users_run() -> None:
    """Whatever `run.txt` pins, `dev.txt` pins at the same version, so that the tests test it."""
    run, dev = lock("run"), lock("dev")

    assert {name: dev.get(name) for name in run} == run
