"""Projects whose folders have the names that teams give them: nothing of ours is in their way."""

import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from tests.project.installed import Environment
from tests.sampling import sampled

FOLDERS: Final = ("contract_tests", "mockserver", "tests", "openapi", "fixtures")
TEST: Final = """\
import {folder}

URL = "https://app.launchdarkly.com/api/v2/usage/observability/sessions"


def test_the_folder_is_the_projects_own():
    assert {folder}.__path__[0] == {place!r}


def test_the_twin_answers(usage_twin):
    import requests

    usage_twin.freeze("2026-03-17")
    series = requests.get(URL, headers={{"Authorization": "api-1"}}, timeout=10).json()["series"]
    assert [point["0"] for point in series] == list(usage_twin.expected().values)
"""
INI: Final = "[pytest]\naddopts = -p no:randomly\n"
NOTHING_OF_OURS: Final = "def test_nothing_of_the_twin():\n    assert True\n"
OTHERS_PLUGIN: Final = """\
import pytest


@pytest.fixture
def mockserver():
    return "theirs"
"""
BOTH: Final = """
def test_the_other_fixture(mockserver, usage_twin):
    assert mockserver == "theirs"
    usage_twin.assert_not_called()
"""


def project(folder: Path, name: str, *, package: bool) -> Path:
    """Write a project with its tests in a folder of this name, which is a package or not."""
    place = folder / name
    place.mkdir(parents=True)
    if package:
        (place / "__init__.py").touch()
    (place / "test_project.py").write_text(TEST.format(folder=name, place=str(place)), encoding="utf-8")
    (place / "test_unrelated.py").write_text(NOTHING_OF_OURS, encoding="utf-8")
    (folder / "pytest.ini").write_text(
        "[pytest]\npythonpath = .\naddopts = -p no:randomly\n", encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize(
    ("name", "package", "runner"),
    sampled(
        product(FOLDERS, [False, True], ["pytest", "python -m pytest"]),
        [*product(FOLDERS, [False], ["pytest"]), *product(FOLDERS, [True], ["python -m pytest"])],
    ),
)
def test_a_project_may_have_a_folder_of_this_name(
    name: str, runner: str, environment: Environment, tmp_path: Path, *, package: bool
) -> None:
    """Its tests are imported from it, the twin answers in them, and tests without the twin run as well."""
    folder = project(tmp_path, name, package=package)
    command = (environment.pytest,) if runner == "pytest" else (environment.python, "-m", "pytest")

    ended = environment.run(folder, *command, "-q", name)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "3 passed" in ended.stdout


def test_a_plugin_of_the_name_that_the_root_has(environment: Environment, tmp_path: Path) -> None:
    """A plugin `mockserver` with a fixture of that name works beside ours."""
    (tmp_path / "mockserver").mkdir()
    (tmp_path / "mockserver" / "__init__.py").write_text(OTHERS_PLUGIN, encoding="utf-8")
    (tmp_path / "test_both.py").write_text(BOTH, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(INI.replace("-p", "-p mockserver -p", 1), encoding="utf-8")

    ended = environment.run(tmp_path, environment.python, "-m", "pytest", "-q")

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.proof
def test_mockserver_client_of_the_index(wheel: Path, tmp_path: Path) -> None:
    """PyPI's `mockserver-client` brings a package and a fixture `mockserver` (FACTS 24): both are there."""
    environment = Environment(tmp_path / "venv", wheel)
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--target", str(environment.site_packages))
    subprocess.run([*pip, "mockserver-client"], check=True, timeout=120)
    (tmp_path / "test_theirs.py").write_text(
        "import mockserver\n\n\ndef test_the_twin(usage_twin):\n"
        "    assert mockserver.__file__ and usage_twin.calls == 0\n",
        encoding="utf-8",
    )

    ended = environment.run(tmp_path, environment.python, "-m", "pytest", "-q", "-p", "no:randomly")
    fixtures = environment.run(tmp_path, environment.python, "-m", "pytest", "--fixtures", "-q")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert {"mockserver", "usage_twin"} <= {line.partition(" ")[0] for line in fixtures.stdout.splitlines()}


@pytest.mark.parametrize("runner", ["pytest", "python -m pytest"])
def test_a_package_of_our_own_name_is_told_in_one_sentence(
    runner: str, environment: Environment, tmp_path: Path
) -> None:
    """It hides the twin, for `pytest` as for `python -m pytest`; tests without the twin pass."""
    (tmp_path / "usagetwin").mkdir()
    (tmp_path / "usagetwin" / "__init__.py").touch()
    (tmp_path / "test_twin.py").write_text("def test_it(usage_twin):\n    pass\n", encoding="utf-8")
    (tmp_path / "test_unrelated.py").write_text(NOTHING_OF_OURS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(INI, encoding="utf-8")
    command = (environment.pytest,) if runner == "pytest" else (environment.python, "-m", "pytest")

    ended = environment.run(tmp_path, *command, "-q")

    assert f"{tmp_path / 'usagetwin'} is found as the package usagetwin, and hides" in ended.stdout
    assert "try   another name for that folder" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "1 passed, 1 error" in ended.stdout


def test_the_command_runs_beside_such_folders(environment: Environment, tmp_path: Path) -> None:
    """`python -m usagetwin` looks in the working directory first, and finds nothing of ours there."""
    for name in FOLDERS:
        project(tmp_path / name, name, package=True)
        (tmp_path / name / "__init__.py").touch()

    ended = environment.run(tmp_path, environment.python, "-m", "usagetwin", "--version")

    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_environment_has_the_wheel_and_not_the_checkout(environment: Environment) -> None:
    """What these tests try is what users install."""
    program = (
        "import usagetwin, usagetwin_checker; print(usagetwin.__file__); print(usagetwin_checker.__file__)"
    )

    places = environment.run(environment.site_packages, environment.python, "-c", program).stdout.split()

    assert [Path(place).is_relative_to(environment.site_packages) for place in places] == [True, True]
