"""The view *query* in a browser: a question built with mouse and keyboard, its chart, and its refusal."""

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.support.ui import Select

from tests.acme import MONTH_TO_DATE
from tests.browser.chromium import AXE

if TYPE_CHECKING:
    from tests.browser.chromium import Browser
    from tests.served import Twin

VIEW = "/__twin__/page/query"
ASK = "form button"


def drawn(browser: "Browser") -> list[int]:
    """Give the values of the answer's chart."""
    browser.until(lambda: browser.run("return document.getElementById('chart')?.dataset.drawn"), "the chart")
    values: list[int] = browser.run("return [...document.getElementById('chart').data[0].y]")
    return values


def test_a_query_is_built_and_answered(browser: "Browser", twin: "Twin") -> None:
    """By a day, a list and a box; the answer is a chart, and the command for it is beside."""
    browser.open(f"{twin.url}{VIEW}")
    assert drawn(browser) == MONTH_TO_DATE

    browser.run(
        "const day = document.getElementById('day-from'); day.value = '2026-02-27';"
        "day.dispatchEvent(new Event('input'))"
    )
    Select(browser.one("#aggregationType")).select_by_visible_text("incremental")
    browser.one("input[type=checkbox][value=web]").click()
    browser.press(ASK)

    assert drawn(browser) == [10, 20, 30, 40, 25]
    assert browser.one("#from").get_attribute("value") == "1772150400"
    assert (
        "from=1772150400&projectKey=web&aggregationType=incremental"
        in browser.one("section pre:last-of-type").text
    )


@pytest.mark.proof
def test_what_is_typed_wrong_is_refused_by_the_api(browser: "Browser", twin: "Twin") -> None:
    """No control of the form keeps it back, and the rule is told."""
    browser.open(f"{twin.url}{VIEW}")

    browser.one("#from").send_keys("1772150400000")
    browser.press(ASK)

    assert "looks like milliseconds" in browser.one("[role=alert]").text
    assert "timestamp-fits-ten-digits" in browser.one("[role=alert]").text
    assert browser.all("#chart") == []


@pytest.mark.proof
@pytest.mark.skipif(not AXE.is_file(), reason="make browser installs axe-core")
@pytest.mark.parametrize("query", ["", "?granularity=weekly"])
@pytest.mark.parametrize(("size", "dark"), [("wide", False), ("phone", True)])
def test_nobody_is_kept_from_reading_it(
    browser: "Browser", twin: "Twin", query: str, size: str, *, dark: bool
) -> None:
    """By the rules of WCAG 2.2 that a program can judge."""
    browser.look(size, dark=dark)
    browser.open(f"{twin.url}{VIEW}{query}")
    if not query:
        drawn(browser)

    assert browser.violations() == []
    assert browser.run("return document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.proof
def test_with_scripts_off_the_answer_is_a_table(browser: "Browser", twin: "Twin") -> None:
    """And the form asks as before."""
    browser.scripts(on=False)
    browser.open(f"{twin.url}{VIEW}")

    browser.one("#from").send_keys("1772409600")
    browser.press(ASK)

    assert "2026-03-02 (1772409600000) 73" in browser.one("table").text
    assert not browser.one("#chart").is_displayed()
