"""A project that runs the suite, and twins that it is run against."""

import importlib
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import NOW
from tests.plugin.project import Project
from tests.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Twin

LIBRARIES: Final = (
    "anyio._backends._asyncio",
    "usagetwin_checker.running.fuzz",
    "usagetwin_checker.plugin.checking",
    "usagetwin_checker.suite",
    "httpx",
)


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Give a project in a folder of its own, run as a person does, not CI."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    for name in LIBRARIES:  # a run in this process would load them, and unload them at its end
        importlib.import_module(name)
    return Project(pytester)


@pytest.fixture(scope="session")
def text_twin(acme_file: str) -> "Iterator[Twin]":
    """Serve a twin whose counts are texts, which a rule of tier schema forbids."""
    with served("--world", acme_file, "--now", NOW, "--fault", "counts-are-strings") as twin:
        yield twin


@pytest.fixture(scope="session")
def own_codes_twin(acme_file: str) -> "Iterator[Twin]":
    """Serve a twin whose 400 has a code of its own, which a rule of tier observed names otherwise."""
    with served("--world", acme_file, "--now", NOW, "--fault", "wrong-code-for-400") as twin:
        yield twin
