"""The project whose tests are run."""

import importlib
from typing import Final

import pytest

from tests.plugin.project import Project

LIBRARIES: Final = (
    "aiohttp",
    "aioresponses",
    "anyio._backends._asyncio",
    "usagetwin_checker.plugin.blind_spots",
    "usagetwin_checker.plugin.serving",
    "usagetwin_checker.plugin.sources",
    "usagetwin.stage.faults",
    "freezegun",
    "httpcore2",
    "httpx",
    "httpx2",
    "hypothesis.internal.detection",
    "usagetwin.app",
    "usagetwin.deviations.held_out",
    "usagetwin.deviations.known",
    "usagetwin.deviations.legal",
    "requests",
    "responses",
    "respx",
    "time_machine",
    "trustme",
)


@pytest.fixture(scope="session")
def _libraries() -> None:
    """Load what runs in this process need: each run unloads what it loads, which not all survive."""
    for name in LIBRARIES:
        importlib.import_module(name)


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run projects as a person does: where CI does, pytest says whole messages once more in its summary."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(_libraries: None, pytester: pytest.Pytester) -> Project:
    """Give a project in a folder of its own."""
    return Project(pytester)
