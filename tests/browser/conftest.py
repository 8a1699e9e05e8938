"""One Chromium for all tests of a process, as good as new for each of them."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import ABSENT, Browser, browsing

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Start Chromium."""
    if ABSENT:
        pytest.skip(ABSENT)
    with browsing() as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> "Iterator[Browser]":
    """Give the browser; when the test is over, its console is clean and no other host was asked."""
    chromium.fresh()
    yield chromium
    assert chromium.noticed() == []
