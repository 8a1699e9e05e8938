"""The wheel, and an environment that has it, made once for the tests of this folder."""

from pathlib import Path

import pytest

from tests.project.installed import Environment, built_wheel


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the wheel."""
    return built_wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Give an environment that the wheel is installed in."""
    return Environment(tmp_path_factory.mktemp("installed") / "venv", wheel)
