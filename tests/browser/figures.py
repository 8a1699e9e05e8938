"""How heavy the page is, measured in Chromium, and the table that the guide has of it.

`python -m tests.browser.figures` measures it, and writes that table.
"""

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from os import cpu_count, getloadavg
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from tests.browser.chromium import ABSENT, browsing
from tests.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.chromium import Browser

GUIDE: Final = Path(__file__).parents[2] / "docs" / "page.md"
TABLE: Final = re.compile(r"(?s)(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)")
WORLD: Final = ("--world", "two-hundred", "--now", "2026-12-31T12:00:00Z")  # three years of 200 projects
VISITS: Final = {
    "the account, 90 days": "/",
    "three years, 200 projects on the page": "/?from=2024-01-01&size=200",
    "three years by month": "/?from=2024-01-01&size=200&series=month_to_date,monthly",
    "a query of three years": "/__twin__/page/query?from=1704067200&aggregationType=incremental",
}
TIMES: Final = 3
SHOWN: Final = """
const seen = [...document.querySelectorAll('.chart')].filter((each) =>
  each.checkVisibility({contentVisibilityAuto: true}) && each.getBoundingClientRect().top < innerHeight);
return seen.length > 0 && seen.every((each) => each.dataset.drawn);
"""
WATCH: Final = """
window.lastDrawn = 0;
new MutationObserver(() => { window.lastDrawn = performance.now(); })
  .observe(document, {subtree: true, attributes: true, attributeFilter: ['data-drawn']});
window.longTasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((each) =>
  window.longTasks.push(each.startTime + each.duration))).observe({type: 'longtask', buffered: true});
"""
RESTED: Final = "return performance.now() - Math.max(window.lastDrawn, ...window.longTasks) > 200"
PAINTED: Final = "return performance.getEntriesByName('first-contentful-paint')[0].startTime"
QUIET: Final = "return Math.max(window.lastDrawn, ...window.longTasks)"
ENCODINGS: Final = ("br, gzip", "gzip")  # a browser takes the first over HTTPS and from its own machine alone
HEAD: Final = """\
| document | compression | first contentful paint | quiet | requests | received |
|---|---|---|---|---|---|"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a document: until something is painted, until all is quiet, and what came."""

    painted_ms: float
    quiet_ms: float
    received: int
    requests: int


def visits(browser: "Browser", url: str, *, encoding: str) -> "Iterator[Visit]":
    """Look at a document for the first time, again and again: with nothing kept from before."""
    tell = browser.driver.execute_cdp_cmd
    tell("Network.enable", {})
    tell("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": encoding}})
    added = tell("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    for _ in range(TIMES):
        browser.fresh()
        tell("Network.clearBrowserCache", {})
        with _unwatched(browser):
            tell("Page.navigate", {"url": url})
            browser.until(lambda: _said(browser, SHOWN), "the charts that are to be seen")
            browser.until(lambda: _said(browser, RESTED), "the end of all tasks")
            painted_ms, quiet_ms = _said(browser, PAINTED), _said(browser, QUIET)
        yield Visit(painted_ms, max(painted_ms, quiet_ms), *_received(browser))
    tell("Page.removeScriptToEvaluateOnNewDocument", {"identifier": added["identifier"]})


@contextmanager
def _unwatched(browser: "Browser") -> "Iterator[None]":
    """Let scripts run as nobody's browser is driven: while it is, V8 notes the line of each error.

    For that it reads plotly.js, which tries what a browser can, twice more: some 450 ms that no user waits.
    """
    browser.driver.execute_cdp_cmd("Runtime.disable", {})
    try:
        yield
    finally:
        browser.driver.execute_cdp_cmd("Runtime.enable", {})


def _said(browser: "Browser", script: str) -> Any:  # noqa: ANN401 -- what the script gives
    asked = {"expression": f"(() => {{{script}}})()", "returnByValue": True}
    return browser.driver.execute_cdp_cmd("Runtime.evaluate", asked)["result"].get("value")


def _received(browser: "Browser") -> tuple[int, int]:
    """Add up what came over the network since the last time: bytes, heads included, and answers."""
    entries = browser.driver.get_log("performance")  # type: ignore[no-untyped-call]  # -- selenium's
    messages = [json.loads(entry["message"])["message"] for entry in entries]
    ended = [each["params"] for each in messages if each["method"] == "Network.loadingFinished"]
    return sum(round(each["encodedDataLength"]) for each in ended), len(ended)


def measured() -> "Iterator[tuple[str, str, list[Visit]]]":
    """Look at all documents, with each compression; a twin that nobody has asked answers each time."""
    with browsing() as browser:
        for encoding in ENCODINGS:
            for name, path in VISITS.items():
                with served(*WORLD) as twin:
                    seen = list(visits(browser, f"{twin.url}{path}", encoding=encoding))
                yield name, encoding.partition(",")[0], seen


def table() -> str:
    """Write what was measured as a table in Markdown."""
    lines, before = [HEAD], getloadavg()[0]
    for name, encoding, seen in measured():
        painted, quiet = (
            median(getattr(each, field) for each in seen) for field in ("painted_ms", "quiet_ms")
        )
        received = max(each.received for each in seen)
        numbers = (
            f"{painted / 1000:.2f} s | {quiet / 1000:.2f} s | {seen[-1].requests} | {received / 1e6:.2f} MB"
        )
        lines.append(f"| {name} | {encoding} | {numbers} |")
    load = max(before, getloadavg()[0])
    lines += ["", f"The machine has {cpu_count()} cores, and had a load of up to {load:.0f} meanwhile."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if ABSENT:
        raise SystemExit(ABSENT)
    GUIDE.write_text(TABLE.sub(table(), GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
