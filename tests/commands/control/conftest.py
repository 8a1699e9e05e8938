"""One twin for all tests of the commands, and a play of it for each."""

from typing import TYPE_CHECKING

import pytest

from tests.commands.control.told import NOW, Told, play_of
from tests.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")
def url() -> "Iterator[str]":
    """Serve a twin."""
    with served("--quiet", "--now", NOW) as twin:
        yield twin.url


@pytest.fixture
def play(url: str) -> "Iterator[Told]":
    """Give a play, and end it."""
    made = play_of(url)
    yield made
    made.tell("reset")
