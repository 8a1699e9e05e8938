"""The page in a browser: what is drawn, built, explained, told and seen."""

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.acme import FEB_27, MAR_3, NOW
from tests.browser.chromium import AXE, SIZES, Browser
from tests.browser.paged import IN_SWAGGER_UI, PAGE, VIEWS, Paged, asked_with
from tests.page.hostile import HOSTILE
from tests.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Twin

TRACES = "return document.querySelector(arguments[0]).data.map(each => [each.name, [...each.y]])"
WITHOUT_AXE = pytest.mark.skipif(not AXE.exists(), reason="make browser installs axe-core")


@pytest.fixture(scope="session")
def told_twin(request: pytest.FixtureRequest, acme_file: str) -> "Iterator[Twin]":
    """Serve the small account, for tests that tell it things; without a browser there are none."""
    request.getfixturevalue("chromium")
    with served("--world", acme_file, "--now", NOW, "--quiet") as twin:
        yield twin


@pytest.fixture
def page(told_twin: "Twin", browser: Browser) -> "Iterator[Paged]":
    """Give the twin as good as new, and the browser."""
    paged = Paged(told_twin, browser)
    paged.tell("POST", "/reset")
    paged.tell("PUT", "/journal", {"recording": False})
    yield paged
    browser.driver.get("about:blank")  # which ends its streams


@pytest.mark.proof
def test_charts_are_drawn_with_what_the_ledger_holds(page: Paged) -> None:
    """Each project's, and all of them: as many points, and the same last value."""
    window = "from=2026-02-27&to=2026-03-04"
    page.open(f"/?series=incremental,daily&{window}")
    page.browser.one("#total.js-plotly-plot .main-svg")
    page.browser.one('[data-key="web"].js-plotly-plot .main-svg')

    total = dict(page.browser.run(TRACES, "#total"))
    web = page.browser.run(TRACES, '[data-key="web"]')[0][1]

    asked = f"from={FEB_27}&to={MAR_3 + 86_400}&granularity=daily&aggregationType=incremental"
    assert web == page.expected(f"{asked}&projectKey=web") == [10, 20, 30, 40, 25]
    assert total["web"] == web
    assert [each for each in total["app"] if each is not None] == page.expected(f"{asked}&projectKey=app")
    assert web[-1] + total["app"][-1] == page.expected(asked)[-1] == 27


@pytest.mark.proof
def test_a_query_is_built_with_the_mouse_and_its_curl_gives_the_same(page: Paged) -> None:
    """The chart has the answer's points, and so has what a shell prints."""
    page.open(f"{PAGE}/query")
    page.browser.one(
        '#aggregationType option[value="rolling_30d"], #aggregationType option:nth-child(4)'
    ).click()
    page.browser.one('input[name="projectKey"][value="web"]').click()
    page.browser.press("main form button")
    page.browser.one("#chart.js-plotly-plot .main-svg")

    drawn = page.browser.run(TRACES, "#chart")[0][1]
    command = page.browser.one('[aria-labelledby="in-curl"] code').get_attribute("textContent")
    answer = json.loads(page.curl(str(command)))

    expected = page.expected("aggregationType=rolling_30d&projectKey=web")
    assert drawn == [each["0"] for each in answer["series"]] == expected == [60, 100, 125]


@pytest.mark.proof
def test_a_refusal_is_explained(page: Paged) -> None:
    """With the rule, and the sentence of the document."""
    page.open(f"{PAGE}/query?from=1735689600000")

    said = page.browser.one("main .refusal").text

    assert said.startswith("400 from='1735689600000' looks like milliseconds")
    assert "Try: from=1735689600" in said
    assert "timestamp-fits-ten-digits" in said


def test_a_fault_from_control_is_seen_with_the_requests_as_it_happens(page: Paged) -> None:
    """The page is not loaded again: the row comes by itself, and then the count in words."""
    page.open(f"{PAGE}/control")
    page.browser.one("#fault-name").send_keys("rate-limited")
    page.browser.one("#fault-times").send_keys("1")
    page.browser.press("#form-fault button")
    assert page.browser.one("section[aria-labelledby=faults] th[scope=row]").text == "rate-limited"
    page.drawn("requests")
    assert page.browser.all("#rows tr") == []

    assert page.ask("from=1735689600000").status_code == 429
    page.browser.until(lambda: "429" in page.browser.one("#rows tr").text, "the answer")
    row = page.browser.one("#rows tr")

    assert "fault rate-limited" in row.text
    assert "timestamp-fits-ten-digits" in row.text
    told = page.browser.until(lambda: page.browser.one("#news").text, "the count in words")
    assert told == "1 new request, 1 of them broke a rule"
    link = page.browser.one("#rows tr td.asked a").get_attribute("href")
    assert str(link).endswith(f"{PAGE}/query?from=1735689600000")


@pytest.mark.proof
def test_live_updates_are_paused_and_go_on_with_what_came_meanwhile(page: Paged) -> None:
    """By a button that says what it does."""
    page.tell("PUT", "/journal", {"recording": True})
    page.drawn("requests")
    page.ask()
    first = page.newest()
    page.browser.one(f'#rows tr[data-number="{first}"]')
    page.browser.one("#pause").click()
    assert page.browser.one("#pause").text == "Go on with live updates"

    page.ask("projectKey=nope")
    page.browser.one("#pause").click()

    page.browser.one(f'#rows tr[data-number="{first + 1}"]')
    numbers = [each.get_attribute("data-number") for each in page.browser.all("#rows tr")]
    assert numbers == [str(first + 1), str(first)]


def test_nothing_that_a_request_brings_is_more_than_text(page: Paged) -> None:
    """Neither in the document nor in rows that come live: no element, alert or link but the page's."""
    page.tell("PUT", "/journal", {"recording": True})
    texts = [text for text in HOSTILE if len(text) < 10_000]
    for text in texts:
        page.ask(asked_with(text))
    page.drawn("requests")
    before = _made_of(page.browser)
    for text in texts:
        page.ask(asked_with(text))
    page.browser.until(lambda: len(page.browser.all("#rows tr")) == 2 * len(texts), "all rows")
    page.browser.until(lambda: "404" in page.browser.one("#rows tr").text, "the answer of the last")

    after = _made_of(page.browser)

    assert (
        before["elements"]
        == after["elements"]
        <= {"tr", "td", "time", "bdi", "code", "a", "span", "p", "ul", "li"}
    )
    assert before["attributes"] == after["attributes"] <= {"class", "data-number", "datetime", "href"}
    assert {each.partition("?")[0] for each in after["links"]} == {f"{PAGE}/query"}
    assert any("<img src=x onerror=alert(1)>" in each for each in after["texts"])
    assert all(text.isprintable() for text in after["texts"])


@pytest.mark.proof
def test_what_control_refuses_stands_beside_its_field(page: Paged) -> None:
    """With what was filled in, and the field is told of as wrong."""
    page.browser.forgiven.append("the server responded with a status of 400")
    page.open(f"{PAGE}/control")
    page.browser.one("#freeze-now").send_keys("never")
    page.browser.press("#form-freeze button")

    field = page.browser.one("#freeze-now")

    assert (field.get_attribute("value"), field.get_attribute("aria-invalid")) == ("never", "true")
    described = str(field.get_attribute("aria-describedby")).split()
    said = " ".join(page.browser.one(f"#{each}").text for each in described)
    assert "'never'" in said
    assert "Try: " in said


@pytest.mark.proof
def test_without_scripts_every_view_tells_the_same(page: Paged) -> None:
    """In tables; forms work, and requests are seen when the page is loaded again."""
    page.browser.scripts(on=False)
    page.open("/?series=month_to_date,daily&from=2026-03-01&to=2026-03-04")
    assert "100" in page.browser.one("table").text
    page.open(f"{PAGE}/query?aggregationType=month_to_date")
    assert re.search(r"\b100\b", page.browser.one("main table").text)
    page.open(f"{PAGE}/requests")
    page.browser.press("main .notice button")
    page.ask("projectKey=nope")
    page.browser.press(".live a")
    assert "There is no project" in page.browser.one("#rows tr").text
    page.open(f"{PAGE}/control")
    page.browser.one("#freeze-now").send_keys("2026-03-01")
    page.browser.press("#form-freeze button")
    assert "It is 2026-03-01T00:00:00Z" in page.browser.one("main").text
    page.open(f"{PAGE}/contract/reference")
    assert "openapi.yaml" in page.browser.one("main").text


@WITHOUT_AXE
@pytest.mark.proof
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_wrong_in_any_look(page: Paged, view: str, size: str, dark: bool) -> None:  # noqa: FBT001 -- a table
    """Wide and on a phone, light and dark; but that Swagger UI has a `main` of its own."""
    _fill(page)
    page.browser.look(size, dark=dark)
    page.drawn(view)

    found = page.browser.violations()

    known = IN_SWAGGER_UI if view == "reference" else ()
    assert [each for each in found if each.partition(":")[0] not in known] == []
    assert page.browser.run("return document.documentElement.scrollWidth <= innerWidth")


@WITHOUT_AXE
@pytest.mark.proof
@pytest.mark.parametrize(
    ("form", "field", "given", "status"),
    [("fault", "name", "resett", 400), ("own-world", "world_text", "x", 400), ("make", "name", "mine", 200)],
)
def test_axe_finds_nothing_wrong_in_what_control_answers(
    page: Paged, form: str, field: str, given: str, status: int
) -> None:
    """Neither in a refusal nor in a play that was made, with what stands in `details` unfolded."""
    if status >= 400:
        page.browser.forgiven.append(f"the server responded with a status of {status}")
    page.open(f"{PAGE}/control")
    page.browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.browser.one(f"#{form}-{field}").send_keys(given)
    page.browser.press(f"#form-{form} button")
    page.browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")

    assert page.browser.violations() == []


@pytest.mark.proof
def test_the_reference_tries_what_it_describes_on_this_twin(page: Paged) -> None:
    """And nothing of another host."""
    page.tell("PUT", "/journal", {"recording": True})
    page.browser.forgiven.append("the server responded with a status of 401")
    page.drawn("reference")
    page.browser.one(".try-out button").click()
    page.browser.one(".execute").click()

    code = page.browser.one(".live-responses-table tr.response td.response-col_status").text

    assert code.startswith("401")
    assert page.tell("GET", "/journal")["total"] == 1


@pytest.mark.proof
def test_a_page_in_the_background_has_no_stream_and_misses_nothing(page: Paged) -> None:
    """What came meanwhile is there when it is seen again."""
    page.tell("PUT", "/journal", {"recording": True})
    page.drawn("requests")
    mine = page.browser.driver.current_window_handle
    page.browser.driver.switch_to.new_window("tab")
    page.browser.open("about:blank")
    page.ask()
    page.browser.driver.close()
    page.browser.driver.switch_to.window(mine)

    page.browser.one(f'#rows tr[data-number="{page.newest()}"]')


@pytest.mark.proof
def test_who_has_the_control_token_signs_in_once(browser: Browser, acme_file: str) -> None:
    """Then forms are taken and requests come live; the token is in no address, and in no cookie."""
    browser.forgiven.append("the server responded with a status of 401")
    environment = {"USAGETWIN_CONTROL_TOKEN": "s3cret-of-the-test"}
    with served("--world", acme_file, "--now", NOW, "--quiet", environment=environment) as twin:
        page = Paged(twin, browser)
        page.open(f"{PAGE}/control")
        browser.one("#token").send_keys("s3cret-of-the-test")
        browser.press("main form button")
        page.open(f"{PAGE}/control")
        browser.one("#freeze-now").send_keys("2026-03-01")
        browser.press("#form-freeze button")
        assert "It is 2026-03-01T00:00:00Z" in browser.one("main").text
        page.drawn("requests")
        page.ask("projectKey=nope")
        browser.until(lambda: "404" in browser.one("#rows tr").text, "the answer")

        cookies = browser.driver.get_cookies()
        browser.driver.get("about:blank")

    assert {(each["httpOnly"], each["sameSite"]) for each in cookies} == {(True, "Strict")}
    assert not any("s3cret" in each["value"] for each in cookies)


def _fill(page: Paged) -> None:
    """Have requests, findings and faults to show."""
    page.tell("PUT", "/journal", {"recording": True})
    page.ask("from=1735689600000&projectKey=nope")
    page.tell("POST", "/faults", {"name": "delay", "times": 2, "chance": 0.5, "details": {"seconds": 0}})


def _made_of(browser: Browser) -> "dict[str, set[str]]":
    """Tell what the rows are made of."""
    told = browser.run(
        "const all = [...document.querySelectorAll('#rows *')];"
        "return {elements: all.map(each => each.localName),"
        " attributes: all.flatMap(each => each.getAttributeNames()),"
        " links: all.filter(each => each.localName === 'a').map(each => each.getAttribute('href')),"
        " texts: all.filter(each => each.localName === 'bdi').map(each => each.textContent)}"
    )
    return {name: set(values) for name, values in told.items()}
