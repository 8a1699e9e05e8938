"""The page of two workers with a Redis in a browser: a form, the journal live, the Redis gone and back."""

from typing import TYPE_CHECKING

import pytest

from tests.acme import NOW
from tests.browser.paged import PAGE, Paged
from tests.redis_server import redis_server
from tests.served import served

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.chromium import Browser

ROWS = "#rows tr"
NEWS = "return document.getElementById('news').textContent"


@pytest.mark.proof
def test_a_fault_is_switched_on_and_seen_live_whichever_worker_has_it(
    browser: "Browser", acme_file: str, tmp_path: "Path"
) -> None:
    """Requests come live, and go on to after their store was gone, of which the page tells meanwhile."""
    options = ("--world", acme_file, "--now", NOW, "--quiet", "--workers", "2")
    with (
        redis_server(str(tmp_path), "--appendonly", "yes") as redis,
        served(*options, "--store", redis.url) as twin,
    ):
        page = Paged(twin, browser)
        page.open(f"{PAGE}/control")
        browser.one("#fault-name").send_keys("unavailable")
        browser.press("#form-fault button")
        page.drawn("requests")

        statuses = [page.ask().status_code for _ in range(4)]

        assert statuses == [503] * 4
        browser.until(lambda: len(browser.all(ROWS)) == 4, "a row of each request")
        assert all("fault unavailable" in row.text for row in browser.all(ROWS))
        redis.stop()
        browser.until(lambda: "does not answer" in browser.run(NEWS), "that the store is gone")
        redis.start()
        browser.until(lambda: "go on" in browser.run(NEWS), "that it is back")
        browser.until(lambda: page.ask().status_code == 503, "the fault again")
        browser.until(lambda: len(browser.all(ROWS)) > 4, "what came since")
        page.open(f"{PAGE}/contract")  # which has no stream that the end of the twin would break off
