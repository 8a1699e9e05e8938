"""The view *account*: the numbers of the ledger, as a table, and as what charts are drawn from."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from tests.acme import INCREMENTAL, MONTHLY, NOW_S, ROLLING_30D
from tests.page.paged import BROWSER, HOST, Document, Paged, paged
from usagetwin.account.world import load_world
from usagetwin.page.choosing import kinds
from usagetwin.stage.accounts import world_of

if TYPE_CHECKING:
    from usagetwin.account.world import World

HOSTILE = "<img src=x onerror=alert(1)>\"'&javascript:alert(1)"


@pytest.fixture(scope="module")
def twin() -> Paged:
    """Give the small account's page, which nobody changes."""
    return paged()


def rows(document: Document) -> dict[str, list[str]]:
    """Give the cells of each bucket, without what groups digits."""
    cleaned = [[cell.replace("\N{NARROW NO-BREAK SPACE}", "") for cell in row] for row in document.rows]
    return {label: cells for label, *cells in cleaned}


def data(twin: Paged, what: str, **query: object) -> Any:  # noqa: ANN401 -- JSON
    """Fetch what a script does."""
    asked = urlencode({name.rstrip("_"): value for name, value in query.items()}, doseq=True)
    answer = twin.get(f"/__twin__/page/account/{what}?{asked}", HOST, ("accept", "application/json"))
    assert answer.status == 200, answer
    return answer.json()


def test_the_table_has_each_project_and_the_sum(twin: Paged) -> None:
    """The newest bucket first; a dash stands before a project's creation, and the open day is called so."""
    assert rows(twin.document()) == {
        "Day": ["All projects", "web", "app"],
        "2026-03-03 (open)": ["27", "25", "2"],
        "2026-03-02": ["42", "40", "2"],
        "2026-03-01": ["31", "30", "1"],
        "2026-02-28": ["20", "20", "-"],
        "2026-02-27": ["10", "10", "-"],
    }


@pytest.mark.parametrize(
    ("series", "window", "total"),
    [
        ("incremental,daily", {}, [10, 20, *INCREMENTAL]),
        ("month_to_date,daily", {}, [10, 30, 31, 73, 100]),
        ("rolling_30d,daily", {"from_": "2026-03-01"}, ROLLING_30D),
        ("month_to_date,monthly", {}, MONTHLY),
        ("incremental,daily", {"from_": "2026-02-28", "to": "2026-03-02"}, [20, 31]),
        ("incremental,daily", {"from_": 1772323200, "to": 1772323201}, [31]),
        ("incremental,daily", {"from_": "2026-02-01", "to": "2026-02-01"}, []),
    ],
)
def test_a_chart_has_the_numbers_of_every_view(
    twin: Paged, series: str, window: dict[str, object], total: list[int]
) -> None:
    """All that a request may ask for, over the window that is asked for."""
    found = data(twin, "total", series=series, **window)

    assert found["total"]["values"] == total
    assert len(found["times"]) == len(total)


def test_there_is_no_other_kind_of_series() -> None:
    """The contract has four pairs of view and granularity, and they are found by asking."""
    assert kinds() == (
        "month_to_date,daily",
        "month_to_date,monthly",
        "incremental,daily",
        "rolling_30d,daily",
    )


def test_a_chart_knows_which_bucket_is_open(twin: Paged) -> None:
    """The first so many are closed; a window in the past has no open one."""
    assert data(twin, "total")["closed"] == 4
    assert data(twin, "total", to="2026-03-02")["closed"] == 3
    assert data(twin, "total", series="month_to_date,monthly")["closed"] == 1
    assert data(twin, "total", series="month_to_date,monthly", to="2026-02-20")["closed"] == 1


def test_the_open_bucket_is_told_in_words(twin: Paged) -> None:
    """And not told of where there is none, or otherwise where it counts its whole day at once."""
    assert (
        "The bucket 2026-03-03 is open: it has what was counted until 2026-03-03T12:00:00Z"
        in twin.document().text
    )
    assert "is open" not in twin.document("/?to=2026-03-02").text
    assert "whole count at once" in paged(policies={"open_day": "whole"}).document().text
    assert "The bucket 2026-03 is open" in twin.document("/?series=month_to_date,monthly").text


def test_each_project_is_fetched_by_its_place(twin: Paged) -> None:
    """With its key, so that a script knows when the account became another; no place has no column."""
    found = data(twin, "projects", place=[1, 0, 7, "x"])

    assert found["columns"] == [
        {"key": "app", "values": [1, 2, 2]},
        {"key": "web", "values": [10, 20, 30, 40, 25]},
    ]
    assert found["times"][-1] == "2026-03-03"


@pytest.mark.parametrize("series", kinds())
def test_the_numbers_are_those_that_the_control_api_expects(twin: Paged, series: str) -> None:
    """Asked there in the words of the API, over the same window."""
    view, granularity = series.split(",")
    asked = f"from=1751328000&aggregationType={view}&granularity={granularity}"

    expected = twin.get(f"/__twin__/plays/default/expected?{asked}", HOST).json()

    found = data(twin, "total", series=series, from_=1751328000)
    assert found["total"]["values"] == expected["values"]
    assert [f"{time}T00:00:00Z" for time in found["times"]] == expected["times"]


def many(count: int) -> "World":
    """Give an account whose first projects are the smallest."""
    return world_of({f"p-{n:03}": {"2026-03-01": n, "2026-03-02": n} for n in range(count)})


def test_the_largest_projects_are_told_apart_in_the_stack() -> None:
    """And all others are one, so that the layers add up to the total."""
    found = data(paged(many(40)), "total", from_="2026-03-01", to="2026-03-03")

    assert [layer["key"] for layer in found["layers"]] == [*(f"p-{n:03}" for n in range(39, 28, -1)), ""]
    assert found["rest"] is True
    assert found["layers"][-1]["values"] == [sum(range(29))] * 2
    assert found["total"]["values"] == [sum(range(40))] * 2


def test_of_very_many_projects_the_sum_is_shown_alone() -> None:
    """To rank them would take longer than anybody waits."""
    found = data(paged(many(1_001)), "total", from_="2026-03-01", to="2026-03-02")

    assert (found["layers"], found["rest"]) == ([], False)
    assert found["total"]["values"] == [sum(range(1_001))]


def test_a_few_projects_are_all_told_apart(twin: Paged) -> None:
    """Nothing is left over."""
    found = data(twin, "total")

    assert [layer["key"] for layer in found["layers"]] == ["web", "app"]
    assert found["rest"] is False


def test_separate_projects_are_added_up_all_the_same() -> None:
    """The policy is of answers to several keys."""
    found = data(
        paged(many(40), policies={"projects": "separate"}), "total", from_="2026-03-01", to="2026-03-02"
    )

    assert found["layers"][-1]["values"] == [sum(range(29))]


def test_numbers_that_javascript_would_round_come_with_their_digits() -> None:
    """2^53 - 1 and more: a chart shows them in full."""
    twin = paged(load_world("near-2-53"), now="2026-03-03")

    found = data(twin, "total", from_="2026-03-01", to="2026-03-02")

    exact = int(found["total"]["exact"][0])
    assert exact > 2**53
    assert found["total"]["values"] == [exact]
    cells = rows(twin.document("/?from=2026-03-01&to=2026-03-02"))["2026-03-01"]
    assert cells[0] == str(exact)
    assert cells[1] == str(2**53 - 1)
    assert "exact" not in data(twin, "projects", from_="2026-03-01", to="2026-03-02", place=0)["columns"][0]


def test_many_projects_are_shown_a_page_at_a_time() -> None:
    """With links that keep all else, and no page behind the last."""
    twin = paged(many(60))

    first = twin.document("/?from=2026-03-01")
    last = twin.document("/?from=2026-03-01&page=9")

    assert first.rows[0][2:] == [f"p-{n:03}" for n in range(24)]
    assert last.rows[0][2:] == [f"p-{n:03}" for n in range(48, 60)]
    assert "/?from=2026-03-01&page=2" in [link.get("href") for link in first.all("a")]
    assert "/?from=2026-03-01&page=2" in [link.get("href") for link in last.all("a")]
    assert "60 of 60 projects; page 1 of 3" in first.text
    assert len(twin.document("/?size=200").all("h3")) == 60


def test_projects_are_found_by_a_part_of_their_key() -> None:
    """In whatever case; the sum stays that of all."""
    document = paged(many(60)).document("/?find=P-03&from=2026-03-01&to=2026-03-02")

    assert document.rows[0][2:] == [f"p-{n:03}" for n in range(30, 40)]
    assert rows(document)["2026-03-01"][0] == f"{sum(range(60))}"
    assert "10 of 60 projects have P-03 in their key" in document.text


@pytest.mark.parametrize("series", kinds())
def test_a_long_window_is_shown_a_page_of_buckets_at_a_time(series: str) -> None:
    """The newest come first, and each has the value that it has in the whole window."""
    twin = paged(load_world("single-project"), now="2026-03-03T12:00:00Z")
    whole = data(twin, "total", from_="2025-01-01", series=series)
    expected = dict(zip(whole["times"], map(str, whole["total"]["values"]), strict=True))

    sheets = [twin.document(f"/?from=2025-01-01&series={series}&rows={page}") for page in range(1, 6)]

    shown = {label: cells for sheet in sheets for label, cells in rows(sheet).items() if label[0] == "2"}
    days = {label.removesuffix(" (open)"): cells for label, cells in shown.items()}
    by = 7 if series.endswith("monthly") else 10
    assert {day[:by]: cells[0] for day, cells in days.items()} == {
        day[:by]: value for day, value in expected.items()
    }
    assert all(cells[0] == cells[1] for cells in days.values()), "the sum is that of the one project"
    assert "(open)" in sheets[0].rows[1][0]


def test_pages_of_buckets_lead_to_one_another() -> None:
    """With links that keep all else."""
    twin = paged(load_world("single-project"), now="2026-03-03T12:00:00Z")

    second = twin.document("/?from=2025-01-01&rows=2")

    links = [link.get("href") for link in second.all("a")]
    assert second.rows[1][0] == "2025-12-01"
    assert "/?from=2025-01-01#values" in links
    assert "/?from=2025-01-01&rows=3#values" in links


def test_a_window_without_buckets_says_so(twin: Paged) -> None:
    """Before the first creation, and behind now."""
    assert "No buckets" in twin.document("/?to=2026-01-01").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("series=weekly", "series can't be 'weekly'"),
        ("from=soon", "the instant 'soon' can't be read"),
        ("to=20260303", "may be a date"),
        ("scale=cubic", "scale can't be 'cubic'"),
        ("page=0", "page can't be '0'"),
        ("rows=-1", "rows can't be '-1'"),
        ("size=7", "size can't be '7'"),
        ("from=2026-03-03&to=2026-03-01", "lies after"),
    ],
)
def test_what_can_t_be_shown_is_explained(twin: Paged, query: str, said: str) -> None:
    """With what would be right, above a form that still has what was typed."""
    document = twin.document(f"/?{query}", status=400)

    assert said in document.text
    assert "Try: " in document.text
    assert document.all("table") == []


def test_a_refusal_of_the_api_s_has_its_rule_and_the_sentence_behind_it(twin: Paged) -> None:
    """As `usagetwin explain` has them."""
    text = twin.document("/?from=2026-03-03&to=2026-03-01", status=400).text

    assert "Rule window-not-inverted:" in text
    assert "usagetwin explain window-not-inverted" in text
    assert "semantics.md 3" in text


def test_a_script_reads_the_same_refusals(twin: Paged) -> None:
    """As JSON, with the API's code or the control API's."""
    headers = (HOST, ("accept", "application/json"))

    inverted = twin.get("/__twin__/page/account/total?from=2026-03-03&to=2026-03-01", *headers)
    unread = twin.get("/__twin__/page/account/projects?from=soon", *headers)

    assert (inverted.status, inverted.json()["code"]) == (400, "invalid_request")
    assert (unread.status, unread.json()["code"]) == (400, "invalid_request")


def test_hostile_keys_are_text() -> None:
    """In the document no element and no attribute is made of one, wherever it stands."""
    twin = paged(world_of({HOSTILE: {"2026-03-01": 1}}))

    document = twin.document(f"/?{urlencode({'find': HOSTILE})}")

    assert "img" not in [tag for tag, _ in document.elements]
    assert document.rows[0][2] == HOSTILE
    (chart,) = [each for each in document.all("div") if "data-key" in each]
    assert chart["data-key"] == HOSTILE
    assert [each["value"] for each in document.all("input") if each["name"] == "find"] == [HOSTILE]


@pytest.mark.parametrize("sent", ["\u202eevil", "a\u200bb", "\u0000"])
def test_what_nobody_would_see_is_written_out(twin: Paged, sent: str) -> None:
    """A mark that turns the direction of text turns none of the page's."""
    document = twin.document(f"/?{urlencode({'find': sent})}")

    assert f"0 of 2 projects have {sent!r}".replace("'", "") in document.text


def test_a_play_s_account_is_shown_by_its_number() -> None:
    """Its token is nowhere, and each link of the page stays with the play."""
    twin = paged()
    made = twin.served.plays.make(twin.served.first, name="<b>billing</b>")
    made.play.change(world=world_of({"other": {"2026-03-01": 7}}))

    document = twin.document("/?play=1")

    assert document.rows[0][2:] == ["other"]
    assert made.token not in document.source
    assert "1 <b>billing</b>" in document.text
    links = [link["href"] or "" for link in document.all("a")]
    assert all("play=1" in link for link in links if "series=" in link or link.startswith("/__twin__"))
    assert ("input", {"type": "hidden", "name": "play", "value": "1"}) in document.elements
    assert data(twin, "total", play=1)["total"]["values"] == [7, 0, 0]
    assert rows(twin.document())["2026-03-01"] == ["31", "30", "1"]


@pytest.mark.parametrize("play", ["2", "x", "-1", "\u0661"])
def test_a_play_that_there_is_not_is_refused(play: str) -> None:
    """As the control API does it."""
    document = paged().document(f"/?{urlencode({'play': play})}", status=404)

    assert "404: this can't be shown" in document.text


def test_where_nobody_can_tell_a_twin_anything_its_account_is_shown() -> None:
    """With several workers, or without the control API; of a play it says why there is none."""
    twin = paged(stage=False)

    assert rows(twin.document())["2026-03-01"] == ["31", "30", "1"]
    assert "this twin is closed for the test" in twin.document("/?play=1", status=409).text


def test_a_clock_that_moves_moves_what_is_shown() -> None:
    """From the next document on."""
    twin = paged()

    twin.served.default.change(frozen_s=float(NOW_S + 86400))

    assert rows(twin.document())["2026-03-03"] == ["54", "50", "4"]


def test_a_deviation_is_told_of_and_not_shown() -> None:
    """The account is what is true; answers of this twin are not."""
    document = paged(deviation="metadata-missing").document()

    assert "metadata-missing" in document.text
    assert rows(document)["2026-03-01"] == ["31", "30", "1"]


def test_a_defect_is_told_without_its_details(twin: Paged, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log has them."""
    monkeypatch.setattr("usagetwin.page.account._table", None)

    answer = twin.get("/", *BROWSER)

    assert answer.status == 500
    assert "a defect of the twin" in answer.body.decode()
    assert "Traceback" not in answer.body.decode()
