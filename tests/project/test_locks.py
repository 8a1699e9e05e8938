"""The locks pin every dependency by hash, for every machine."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from itertools import product
from typing import Final

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

from tests.project.checkout import ROOT, lock, normal, pinned, pyproject, text

LOCKS = ["run", "dev", "build", "bench", "docs"]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
SYSTEMS = {  # what markers read of each system
    "Linux": {"os_name": "posix", "sys_platform": "linux"},
    "Darwin": {"os_name": "posix", "sys_platform": "darwin"},
    "Windows": {"os_name": "nt", "sys_platform": "win32"},
}
HERE = {name: str(value) for name, value in default_environment().items()}
MACHINES = [
    {
        **HERE,
        **SYSTEMS[system],
        "platform_system": system,
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    for python, system in product(PYTHONS, SYSTEMS)
]


def requirements(pin: Requirement) -> list[Requirement]:
    """Give what a locked distribution asks for; none of one that is for another system than this."""
    try:
        found = distribution(pin.name)
    except PackageNotFoundError:
        assert not applies(pin, HERE), f"{pin.name} is locked, but not installed"
        return []
    if not pin.specifier.contains(found.version, prereleases=True):
        pytest.skip(f"{pin} is locked, {found.version} is installed: this environment is not the lock's")
    return [Requirement(line) for line in found.requires or []]


def applies(pin: Requirement, machine: dict[str, str]) -> bool:
    """Tell whether a machine gets a pin."""
    return pin.marker is None or pin.marker.evaluate(machine)


def asks(pin: Requirement, wanted: Requirement, machine: dict[str, str]) -> bool:
    """Tell whether a pin, with the extras that it has, asks for a requirement on a machine."""
    extras = ["", *pin.extras]
    return wanted.marker is None or any(wanted.marker.evaluate({**machine, "extra": each}) for each in extras)


def meets(pin: Requirement, wanted: Requirement, machine: dict[str, str]) -> bool:
    """Tell whether a pin is what a requirement asks for, with its extras, on a machine."""
    (exact,) = pin.specifier
    return (
        normal(pin.name) == normal(wanted.name)
        and applies(pin, machine)
        and set(map(normal, wanted.extras)) <= set(map(normal, pin.extras))
        and wanted.specifier.contains(exact.version, prereleases=True)
    )


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


ON_3_11: Final = ("async-timeout==", "importlib-metadata==", "lazy-importer==", "zipp==")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_one_version_for_all_pythons(name: str) -> None:
    """The same question gets the same bytes on each Python, so no version depends on it.

    Some releases of 3.11 need `async-timeout`, for a client of Redis that is not used here, and Dask takes
    backports of the standard library there.
    """
    pins = re.findall(
        r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==", text(f"requirements/{name}.txt"), re.MULTILINE
    )

    assert len(pins) == len(set(pins))
    by_python = [
        line
        for line in text(f"requirements/{name}.txt").splitlines()
        if "python_full_version" in line and not line.startswith(ON_3_11)
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
        (pyproject()["project"]["optional-dependencies"]["check"], "run"),
        (pyproject()["project"]["optional-dependencies"]["dev"], "dev"),
        (pyproject()["build-system"]["requires"], "build"),
    ],
    ids=["run", "run-in-dev", "check", "dev", "build"],
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


@pytest.mark.parametrize("name", ["run", "dev", "build"])
def test_the_lock_has_all_that_its_distributions_ask_for(name: str) -> None:
    """Each requirement of each pin, extras included, is pinned with these extras, on every Python and system.

    Where one is not, pip looks for the newest version, and refuses it once that is not the locked one.
    """
    locked = pinned(name)
    wants = {pin.name: requirements(pin) for pin in locked}

    unmet = {
        f"{pin.name} asks for {wanted}"
        for machine in MACHINES
        for pin in locked
        if applies(pin, machine)
        for wanted in wants[pin.name]
        if asks(pin, wanted, machine) and not any(meets(each, wanted, machine) for each in locked)
    }

    assert unmet == set()
