"""What a server does to its process is taken back, where that is the tests' own."""

import gc
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def collector() -> "Iterator[None]":
    """Let the collector see again what was frozen: libraries look for who refers to an object."""
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
