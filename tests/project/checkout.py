"""What the guard tests read of the checkout: its root, its `pyproject.toml`, its locks, its configuration."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement

ROOT: Final = Path(__file__).resolve().parents[2]
_PINNED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[\w,-]+\])?==([^\s;]+)", re.MULTILINE)


def text(name: str) -> str:
    """Give the text of a file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def pyproject() -> dict[str, Any]:
    """Give `pyproject.toml`, parsed."""
    return tomllib.loads(text("pyproject.toml"))


def lock(name: str) -> dict[str, str]:
    """Give the version that `requirements/NAME.txt` pins for each distribution."""
    return {normal(found): version for found, version in _PINNED.findall(text(f"requirements/{name}.txt"))}


def pinned(name: str) -> list[Requirement]:
    """Give the lines of `requirements/NAME.txt`, with extras and markers, without hashes."""
    lines = text(f"requirements/{name}.txt").replace("\\\n", " ").splitlines()
    return [Requirement(line.partition(" --hash=")[0].strip()) for line in lines]


def normal(distribution: str) -> str:
    """Write a distribution's name in the one form that compares equal."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def assert_keeps(schema: str, file: str) -> None:
    """Hold a file to one of the published schemas that come with check-jsonschema."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file]

    result = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout + result.stderr
