"""The view *account* in a browser: charts of the numbers of the ledger, and tables without scripts."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.acme import INCREMENTAL, MONTHLY, NOW, ROLLING_30D
from tests.browser.chromium import AXE
from tests.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.chromium import Browser
    from tests.served import Twin

HOSTILE = "<img src=x onerror=alert(1)>"
TRACES = """
return document.querySelector(arguments[0]).data.map((each) =>
  ({name: each.name, x: [...each.x], y: [...each.y], digits: each.customdata, symbols: each.marker?.symbol,
    shapes: each.marker?.pattern?.shape}))
"""


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Twin]":
    """Serve the small account, with a project beside whose key is markup."""
    from tests.acme import WORLD

    file: Path = tmp_path_factory.mktemp("worlds") / "acme.yaml"
    more = f"  - key: '{HOSTILE}'\n    counts: {{2026-03-01: 0, 2026-03-02: 0}}\n"
    file.write_text(WORLD.replace("tokens:\n", f"{more}tokens:\n"), encoding="utf-8")
    with served("--world", str(file), "--now", NOW) as twin:
        yield twin


def traces(browser: "Browser", selector: str) -> list[Any]:
    """Give what a chart has drawn, once it has come into sight and is drawn."""
    browser.run("document.querySelector(arguments[0]).scrollIntoView()", selector)
    browser.until(lambda: browser.all(f"{selector}[data-drawn]"), "the chart")
    found: list[Any] = browser.run(TRACES, selector)
    return found


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", [10, 20, *INCREMENTAL]),
        pytest.param("?series=month_to_date,monthly", MONTHLY, marks=pytest.mark.proof),
        pytest.param("?series=rolling_30d,daily&from=2026-03-01", ROLLING_30D, marks=pytest.mark.proof),
    ],
)
def test_charts_have_the_points_of_the_ledger(
    browser: "Browser", account: "Twin", query: str, total: list[int]
) -> None:
    """The sum and its layers, and the last bucket marked as open in each."""
    browser.open(f"{account.url}/{query}")

    *layers, whole = traces(browser, "#total")

    assert whole["y"] == total
    assert whole["symbols"] == ["circle"] * (len(total) - 1) + ["circle-open"]
    assert [layer["shapes"][-1] for layer in layers if layer["y"]] == ["/"] * len(layers)
    assert sum(layer["y"][-1] for layer in layers) == total[-1]
    stripes = [each.get_attribute("stroke") for each in browser.all("#total pattern path")]
    grounds = [each.get_attribute("fill") for each in browser.all("#total pattern rect")]
    assert len(grounds) == len(stripes) > 0
    assert not set(grounds) & set(stripes), "each stripe is to be seen on its bar"


@pytest.mark.proof
def test_each_project_has_a_chart(browser: "Browser", account: "Twin") -> None:
    """A key is text there, whatever it says; one is drawn where there is something to draw."""
    browser.open(account.url)

    names = [each["name"] for each in traces(browser, ".multiples li:nth-child(3) .chart")]

    assert names == [HOSTILE.replace("<", "&lt;").replace(">", "&gt;")]
    assert browser.all("img") == []
    assert HOSTILE in [heading.text for heading in browser.all("h3")]


@pytest.mark.proof
def test_values_are_shown_on_hover(browser: "Browser", account: "Twin") -> None:
    """With the project's name as it is written."""
    browser.open(account.url)
    traces(browser, "#total")

    browser.run("Plotly.Fx.hover('total', {xval: Date.parse('2026-03-01')})")

    shown = browser.until(
        lambda: " ".join(each.text for each in browser.all("#total .hoverlayer")), "a label"
    )
    assert "31" in shown
    assert "all projects : 31" in shown
    assert HOSTILE in shown


@pytest.mark.proof
def test_a_layer_tells_its_own_digits_on_hover(browser: "Browser") -> None:
    """All of them, in groups, and not where the layer stands in the stack."""
    with served("--world", "two-hundred", "--now", "2026-12-31T12:00:00Z") as twin:
        browser.open(f"{twin.url}/?from=2024-01-01")
        *layers, whole = (each for each in traces(browser, "#total") if each["name"])
        browser.run("Plotly.Fx.hover('total', {xval: Date.parse('2025-03-01')})")
        shown = browser.until(
            lambda: " ".join(each.text for each in browser.all("#total .hoverlayer")), "a label"
        )

    day = whole["x"].index("2025-03-01")
    assert sum(each["y"][day] for each in layers) == whole["y"][day]
    for each in (layers[0], whole):
        assert f"{each['name']} : {each['y'][day]:,}" in shown


@pytest.mark.proof
def test_a_log_scale_has_all_digits_of_a_large_world(browser: "Browser") -> None:
    """Beyond 2^53 a number of JavaScript's has not."""
    with served("--world", "near-2-53", "--now", NOW) as twin:
        browser.open(f"{twin.url}/?scale=log&from=2026-03-01&to=2026-03-02")

        *_, whole = traces(browser, "#total")
        kind = browser.run("return document.getElementById('total').layout.yaxis.type")

    assert kind == "log"
    digits = int(whole["digits"][0])
    assert digits > 2**53
    assert digits != int(whole["y"][0]) or digits % 2 == 0


@pytest.mark.proof
def test_charts_follow_light_and_dark(browser: "Browser", account: "Twin") -> None:
    """When the reader's system changes, too."""
    browser.open(account.url)
    traces(browser, "#total")
    ink = "return document.getElementById('total').layout.font.color"
    light = browser.run(ink)

    browser.look(dark=True)

    browser.until(lambda: browser.run(ink) != light, "the other colours")


@pytest.mark.proof
@pytest.mark.skipif(not AXE.is_file(), reason="make browser installs axe-core")
@pytest.mark.parametrize("size", ["wide", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nobody_is_kept_from_reading_it(
    browser: "Browser", account: "Twin", size: str, *, dark: bool
) -> None:
    """By the rules of WCAG 2.2 that a program can judge."""
    browser.look(size, dark=dark)
    browser.open(account.url)
    traces(browser, "#total")

    assert browser.violations() == []
    assert browser.run("return document.documentElement.scrollWidth <= window.innerWidth")


def test_with_scripts_off_there_are_tables(browser: "Browser", account: "Twin") -> None:
    """And no empty places for charts; the form works."""
    browser.scripts(on=False)
    browser.open(f"{account.url}/?from=2026-03-01")

    assert [each.is_displayed() for each in browser.all("#total")] == [False]
    assert "2026-03-03 (open) 27 25 2" in browser.one("table").text
    browser.press("form.fields button")
    assert "2026-03-01 31 30 1" in browser.one("table").text
