"""docs/versions.md says which releases go with us, and beside whom: as `pyproject.toml` and a resolver do."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.project.checkout import ROOT, normal, pyproject, text

PROJECT = pyproject()["project"]
OURS = [Requirement(found) for found in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["check"]]
RANGES = {normal(found.name): found.specifier for found in OURS}
ROWS = {
    cells[0]: cells[1].strip("`")
    for line in text("docs/versions.md").splitlines()
    if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 3
}
BESIDE = {
    "FastAPI, newest": ["fastapi"],
    "FastAPI 0.109": ["fastapi==0.109.*"],
    "FastAPI 0.104": ["fastapi==0.104.*"],
    "Flask 2": ["flask==2.*"],
    "Flask 3": ["flask==3.*"],
    "Django 4.2": ["django==4.2.*"],
    "connexion 2": ["connexion==2.*"],
    "pydantic 1": ["pydantic==1.*"],
    "pydantic 2": ["pydantic==2.*"],
    "pytest 7.4": ["pytest==7.4.*"],
    "pytest 8": ["pytest==8.*"],
    "pytest 9": ["pytest==9.*"],
    "schemathesis, newest": ["schemathesis"],
    "requests-mock, newest": ["requests-mock"],
    "moto, newest": ["moto"],
}


def test_the_page_has_the_ranges_of_the_project() -> None:
    """Each dependency, extras included, with its range as it is asked for."""
    documented = {name: SpecifierSet(ROWS[name]) for name in RANGES if name in ROWS}

    assert documented == RANGES


def test_the_page_says_beside_whom_we_were_resolved() -> None:
    """No row that is never resolved, none resolved that has no row."""
    assert [name for name, said in ROWS.items() if said in {"yes", "no"}] == list(BESIDE)


@pytest.mark.parametrize(
    ("package", "version", "goes"),
    [
        ("starlette", "0.36.3", True),  # FastAPI 0.109.2
        ("starlette", "0.27.0", False),  # FastAPI 0.104.1
        ("connexion", "2.15.1", False),  # an application of connexion 2
        ("pytest", "7.4.4", True),
        ("pytest", "8.4.2", True),
        ("click", "8.1.8", True),
        ("openapi-schema-validator", "0.8.0", True),  # the newest that needs no pydantic 2
        ("uvicorn", "0.55.0", False),  # one that nobody has tried
    ],
)
def test_a_range_lets_neighbours_in(package: str, version: str, goes: bool) -> None:  # noqa: FBT001 -- pytest's
    """What a neighbour holds us to lies in our range, or is refused by it."""
    assert (version in RANGES[package]) is goes


def uv() -> str:
    """Give the uv that `make lock` uses, or the one on the path."""
    found = shutil.which("uv", path=f"{ROOT / '.venv-lock' / 'bin'}") or shutil.which("uv")
    if found is None:
        pytest.skip("there is no uv: `make lock` installs one, and `pip install uv` another")
    return found


@pytest.mark.proof
@pytest.mark.parametrize("name", BESIDE)
def test_we_resolve_beside(name: str, tmp_path: Path) -> None:
    """Or are refused, in words that name the package that both ask for."""
    ours = tmp_path / "ours.in"
    ours.write_text("\n".join([*map(str, OURS), *BESIDE[name]]), encoding="utf-8")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"

    result = subprocess.run(
        [uv(), "--no-config", "pip", "compile", "--quiet", "--python-version", python, str(ours)],
        capture_output=True,
        text=True,
        check=False,
    )

    if ROWS[name] == "yes":
        assert result.returncode == 0, result.stderr
    else:
        assert re.search("(starlette|connexion)[<>=].*unsatisfiable", result.stderr, re.DOTALL)
