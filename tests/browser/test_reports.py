"""Reports as a page in a browser, opened from disk with no server: drawn, read aloud, and not run."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.browser.chromium import AXE
from tests.checker.honest import checked
from tests.checker.reporting.page.test_check_page import HOSTILE, hostile_report
from tests.checker.reporting.page.test_score_page import ALL
from tests.noticing.test_noticed import FAULT, LEGAL, OTHER, noticed
from usagetwin_checker.noticing.noticed_page import noticed_page
from usagetwin_checker.reporting.page.check_page import check_page
from usagetwin_checker.reporting.page.score_page import score_page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.chromium import Browser

NOW: Final = "2026-03-17T15:20:00Z"
DRAWN: Final = """
const graph = document.getElementById(arguments[0]);
return graph.data.map(trace => [trace.name, (trace.y ?? []).length, trace.y?.[trace.y.length - 1]]);
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> "dict[str, Path]":
    """Write a page of each kind: a failing check, a score, blind spots, a check of a hostile target."""
    folder = tmp_path_factory.mktemp("pages")
    failing = checked(budget=60, now=NOW, deviation="rolling-of-31-days")
    texts = {
        "check": check_page(failing),
        "score": score_page(ALL),
        "blind-spots": noticed_page(noticed(), (FAULT, OTHER, LEGAL)),
        "hostile": check_page(hostile_report("".join(HOSTILE))),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


def opened(browser: "Browser", file: "Path") -> "dict[str, Any]":
    """Open a page from disk, look at each chart, and give what they are to draw, by their elements."""
    browser.open(file.as_uri())
    charts = browser.run("return JSON.parse(document.getElementById('charts').textContent)")
    for chart in charts:
        seen = f"#chart-{chart['name']}"
        browser.run(
            "const chart = document.querySelector(arguments[0]);"
            "for (let up = chart; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true;"
            "chart.scrollIntoView();",
            seen,
        )
        browser.one(f"{seen}[data-drawn=true]")
    return {f"chart-{chart['name']}": chart for chart in charts}


@pytest.mark.parametrize("name", ["check", "score", "blind-spots"])
def test_each_chart_is_drawn_with_its_points(browser: "Browser", pages: "dict[str, Path]", name: str) -> None:
    """With no server, no message in the console and no request to anybody, which the fixture looks for."""
    charts = opened(browser, pages[name])

    assert charts
    for element, chart in charts.items():
        expected = [
            [trace.get("name"), len(trace["y"]), trace["y"][-1]] for trace in chart["traces"] if trace["y"]
        ]
        assert [each for each in browser.run(DRAWN, element) if each[1]] == expected
        assert browser.all(f"#{element} .cartesianlayer path, #{element} .cartesianlayer image")


def test_a_finding_shows_the_values_that_disagree(browser: "Browser", pages: "dict[str, Path]") -> None:
    """The chart's last value is the one that the finding says, and the table has it too."""
    opened(browser, pages["check"])

    drawn = {name: last for name, _, last in browser.run(DRAWN, "chart-finding-1")}
    (value,) = [last for name, last in drawn.items() if name.startswith("rolling_30d") and "question" in name]
    assert f"and is {value}" in browser.one(".finding .here").text


@pytest.mark.skipif(not AXE.is_file(), reason="make browser installs axe-core")
@pytest.mark.parametrize(
    ("name", "size", "dark"),
    [
        ("check", "phone", True),
        pytest.param("check", "wide", False, marks=pytest.mark.proof),
        pytest.param("check", "wide", True, marks=pytest.mark.proof),
        pytest.param("score", "phone", True, marks=pytest.mark.proof),
        ("blind-spots", "phone", False),
    ],
)
def test_axe_finds_nothing_wrong(
    browser: "Browser", pages: "dict[str, Path]", name: str, size: str, *, dark: bool
) -> None:
    """On a wide screen, in the dark, and on a phone, on which nothing is wider than the screen."""
    browser.look(size, dark=dark)
    opened(browser, pages[name])

    assert browser.violations() == []
    assert browser.run("return document.documentElement.scrollWidth - innerWidth") <= 0


def test_with_scripts_off_the_tables_say_all(browser: "Browser", pages: "dict[str, Path]") -> None:
    """No chart has a place then, and each part opens by itself."""
    browser.scripts(on=False)
    browser.open(pages["check"].as_uri())

    assert [each for each in browser.all(".chart") if each.is_displayed()] == []
    browser.one("figure summary").click()
    assert browser.one(".finding figure table").is_displayed()
    assert "in question" in browser.one(".finding figure table").text


def test_before_it_is_printed_every_chart_is_drawn(browser: "Browser", pages: "dict[str, Path]") -> None:
    """Those that nobody came near to as well, and the tables of findings are open."""
    browser.open(pages["check"].as_uri())

    browser.run("dispatchEvent(new Event('beforeprint'))")

    charts = len(browser.run("return JSON.parse(document.getElementById('charts').textContent)"))
    browser.until(lambda: len(browser.all("[data-drawn=true]")) == charts, "every chart")
    assert browser.one(".finding figure table").is_displayed()


def test_a_link_of_a_finding_leads_to_its_rule(browser: "Browser", pages: "dict[str, Path]") -> None:
    """And opens the part that the rule is in; links are in reach of the keyboard."""
    browser.open(pages["check"].as_uri())

    browser.one(".finding h3 a").send_keys("\n")

    assert browser.one("tr:target").is_displayed()


def test_what_a_target_sent_makes_no_element(browser: "Browser", pages: "dict[str, Path]") -> None:
    """As the browser parses and draws it: no tag, no attribute and no link of it, and nothing of it runs."""
    opened(browser, pages["hostile"])

    found = browser.run(
        "return [...document.querySelectorAll('*')].flatMap(each => ["
        "each.localName, ...[...each.attributes].filter(it => it.name !== 'data-unformatted')"
        ".map(it => `${it.name}=${it.value}`)]).filter(text => text.includes('zevil'))"
    )
    assert found == []
    assert browser.run("return typeof zevil") == "undefined"
    assert browser.run("return document.body.innerText.split('zevil').length") > 20


@pytest.mark.proof
def test_a_page_of_many_findings_opens(browser: "Browser", tmp_path: "Path") -> None:
    """Charts are drawn when they come near to what is seen: the first screen does not wait for all."""
    report = checked(budget=60, now=NOW, deviation="rolling-of-31-days")
    file = tmp_path / "many.html"
    file.write_text(check_page(replace(report, findings=report.findings * 300)), encoding="utf-8")

    browser.open(file.as_uri())

    browser.one("#chart-finding-1[data-drawn=true]")
    assert len(browser.all("[data-drawn=true]")) < 5
