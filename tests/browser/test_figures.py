"""The bars that the page is held to: what is received, how soon something is seen, and all is quiet."""

from os import cpu_count, getloadavg
from typing import TYPE_CHECKING

import pytest

from tests.browser.figures import ENCODINGS, VISITS, WORLD, visits
from tests.served import served

if TYPE_CHECKING:
    from tests.browser.chromium import Browser

MOST_BYTES = 1_600_000
WITHIN_MS = 1_500


@pytest.mark.proof
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", VISITS)
def test_a_document_of_many_projects_is_light(browser: "Browser", name: str, encoding: str) -> None:
    """Three years of 200 projects, at the first visit to a twin that nobody has asked; the best of three."""
    load = getloadavg()[0]
    with served(*WORLD) as twin:
        seen = list(visits(browser, f"{twin.url}{VISITS[name]}", encoding=encoding))

    assert max(each.received for each in seen) < MOST_BYTES
    assert min(each.painted_ms for each in seen) < WITHIN_MS
    if load <= (cpu_count() or 1):  # else it tells of what else the machine does
        assert min(each.quiet_ms for each in seen) < WITHIN_MS
