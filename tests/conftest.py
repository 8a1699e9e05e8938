"""The twins that many tests share: one small account, in-process and served, in both profiles."""

import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.acme import NOW, WORLD
from tests.served import served
from usagetwin import Settings, create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

    from tests.served import Twin

    MakeApp = Callable[..., ASGIApp]

settings.register_profile(
    "steady",
    deadline=None,  # a busy machine is no finding
    database=None,  # what one test drew is not tried first in the next one, nor in the next run
)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def nowhere_special() -> "Iterator[None]":
    """Let no program of ours see that it runs on GitHub Actions, where a check says more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GITHUB_ACTIONS", raising=False)
        yield


@pytest.fixture(scope="session")
def acme_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the file of the small account."""
    file = tmp_path_factory.mktemp("worlds") / "acme.yaml"
    file.write_text(WORLD, encoding="utf-8")
    return str(file)


@pytest.fixture(scope="session")
def make_app(acme_file: str) -> "MakeApp":
    """Give a function that makes a twin in this process, of the small account by default."""

    def make(**settings: object) -> "ASGIApp":
        return create_app(Settings(**{"world": acme_file, "now": NOW, **settings}))  # type: ignore[arg-type]  # -- settings by name

    return make


@pytest.fixture(scope="session")
def app(make_app: "MakeApp") -> "ASGIApp":
    """Give the twin of the small account, in this process."""
    return make_app()


@pytest.fixture(scope="session")
def observed_app(make_app: "MakeApp") -> "ASGIApp":
    """Give the same with the profile `observed`."""
    return make_app(profile="observed")


@pytest.fixture(scope="session")
def twin(acme_file: str) -> "Iterator[Twin]":
    """Serve the small account over HTTP."""
    with served("--world", acme_file, "--now", NOW) as twin:
        yield twin


@pytest.fixture(scope="session")
def observed_twin(acme_file: str) -> "Iterator[Twin]":
    """Serve it with the profile `observed`."""
    with served("--world", acme_file, "--now", NOW, "--profile", "observed") as twin:
        yield twin


@pytest.fixture
def unused_port() -> int:
    """Give a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
