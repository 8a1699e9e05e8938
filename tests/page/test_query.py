"""The view *query*: the play's own answer, byte by byte, what refuses it, and the same in other languages."""

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests import inprocess
from tests.acme import FULL, MONTH_TO_DATE, PATH
from tests.page.paged import BROWSER, Paged, paged
from tests.siblings import ERRORS, LOGS, operations
from usagetwin.account.world import load_world
from usagetwin.page.asking import Answered, rows_of
from usagetwin.page.query import shown_label
from usagetwin.page.snippets import snippets
from usagetwin.stage.accounts import world_of
from usagetwin.stage.faults import make_fault

if TYPE_CHECKING:
    from tests.answer import Answer
    from tests.served import Twin

VIEW = "/__twin__/page/query"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def page() -> Paged:
    """Give the small account's page, which nobody changes."""
    return paged()


def by_itself(twin: Paged, query: str, play: str = "") -> "Answer":
    """Ask a query string in the page, and give the answer alone."""
    return twin.get(f"{VIEW}/answer?{urlencode({'raw': query, 'play': play})}")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=1772150400&granularity=monthly",
        "projectKey=web&projectKey=app&aggregationType=incremental",
        "projectKey=nobody",
        "from=soon",
        "from=1&from=2",
        "to=&x=%zz",
        "projectKey=%3Cimg%3E",
        "granularity=monthly&aggregationType=incremental",
    ],
)
def test_the_answer_is_what_a_client_gets(page: Paged, query: str) -> None:
    """Its status, its type and its bytes, whether it is one or a refusal."""
    client = inprocess.ask(page.served, query)

    answer = by_itself(page, query)

    assert (answer.status, answer.body) == (client.status, client.body)
    assert answer.header("content-type") == client.header("content-type")


def test_the_document_shows_it_as_json_and_as_a_table(page: Paged) -> None:
    """Values in groups of three, and the label as it came."""
    document = page.document(VIEW)

    assert [row[-1] for row in document.rows[1:]] == list(map(str, reversed(MONTH_TO_DATE)))
    assert document.rows[1][0] == "2026-03-03 (1772496000000)"
    assert '"href": "/api/v2/usage/observability/sessions"' in document.text


def test_the_form_has_what_was_asked(page: Paged) -> None:
    """However it was asked: as fields, or as a query string."""
    document = page.document(f"{VIEW}?from=5&granularity=monthly&projectKey=app")

    values = {each.get("name"): each.get("value") for each in document.all("input") if "checked" not in each}
    checked = [each["value"] for each in document.all("input") if "checked" in each]
    assert values["from"] == "5"
    assert checked == ["app"]
    assert "from=5&projectKey=app&granularity=monthly" in document.text


def test_a_value_that_no_list_has_stays_in_the_form(page: Paged) -> None:
    """So that it can be asked again, and put right."""
    document = page.document(f"{VIEW}?raw=granularity%3Dweekly%26projectKey%3Dnobody")

    assert {"value": "weekly", "selected": None} in document.all("option")
    assert {"type": "checkbox", "name": "projectKey", "value": "nobody", "checked": None} in document.all(
        "input"
    )


def test_a_refusal_is_explained(page: Paged) -> None:
    """The API's own words, the rule, and the sentence of the document behind it; the page is no error."""
    text = page.document(f"{VIEW}?granularity=weekly").text

    assert "The answer: 400" in text
    assert "granularity='weekly' is not valid" in text
    assert "Rule granularity-is-documented" in text
    assert "Valid values depend on" in text
    assert "launchdarkly-usage.yaml:46" in text
    assert "usagetwin explain granularity-is-documented" in text


def test_an_ignored_parameter_is_told_of(page: Paged) -> None:
    """With what was meant, where that is plain; the answer is a 200."""
    text = page.document(f"{VIEW}?raw=project_key%3Dweb%26zzz%3D1").text

    assert "no parameter project_key, so it changes nothing; projectKey may be meant" in text
    assert "no parameter zzz, so it changes nothing." in text


def test_hostile_queries_are_text(page: Paged) -> None:
    """In the form, the answer, the refusal and the snippets."""
    asked = urlencode({"projectKey": HOSTILE, "from": HOSTILE, "granularity": HOSTILE})

    document = page.document(f"{VIEW}?{asked}")

    assert "img" not in [tag for tag, _ in document.elements]
    assert not [attributes for _, attributes in document.elements if "onerror" in attributes]
    assert HOSTILE in [each.get("value") for each in document.all("input")]


def test_looking_leaves_no_trace() -> None:
    """No journal has it, no finding is made, no fault is spent and no quota."""
    twin = paged(policies={"quota": "1"})
    twin.served.recording = True
    twin.served.default.faults.add(make_fault("reset", times=1))

    first, second = (twin.document(f"{VIEW}?from=soon") for _ in range(2))

    assert "faults that are on (reset)" in first.text
    assert second.source == first.source
    assert len(twin.served.default.journal) == 0
    assert twin.served.default.findings == ()
    twin.served.default.faults.clear()
    assert inprocess.ask(twin.served).status == 200


def test_a_play_answers_for_itself() -> None:
    """By its own account; the token of it is in no document."""
    twin = paged()
    made = twin.served.plays.make(twin.served.first)
    made.play.change(world=world_of({"other": {"2026-03-01": 7}}))

    document = twin.document(f"{VIEW}?play=1")

    client = inprocess.ask(twin.served, headers=(("authorization", made.token),))
    assert by_itself(twin, "", "1").body == client.body
    assert made.token not in document.source
    assert "the one that the play was made with" in document.text


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"policies": {"unknown_tokens": "reject"}, "world": "tokens"}, 200),
        ({"profile": "observed"}, 200),
        ({"deviation": "metadata-missing"}, 200),
        ({"policies": {"unknown_tokens": "reject"}}, 401),
    ],
)
def test_what_the_options_say_counts(settings: dict[str, object], status: int) -> None:
    """A credential that gets an answer is found where one is known, and a deviation is shown."""
    chosen = dict(settings)
    world = load_world(str(chosen.pop("world"))) if "world" in chosen else None

    answer = by_itself(paged(world, **chosen), "")  # type: ignore[arg-type]  # -- settings by name

    assert answer.status == status
    if "deviation" in settings:
        assert "metadata" not in answer.json()


def test_the_beta_header_is_in_the_snippets_where_the_twin_wants_it() -> None:
    """And in none where it does not."""
    header = "LD-API-Version"

    assert paged(profile="observed").document(VIEW).text.count(header) == 3
    assert header not in paged().document(VIEW).text


@pytest.mark.parametrize(
    ("document", "names", "rows"),
    [
        (None, [], []),
        ([], [], []),
        ({"series": 3}, [], []),
        (
            {"series": [{"time": 1, "0": 5}, 7, {"time": 2, "1": "x"}]},
            ["0", "1"],
            [[2, None, "x"], [1, 5, None]],
        ),
        ({"metadata": [{"projectKey": "a"}, {}], "series": [{"0": 1, "1": 2}]}, ["a", "1"], [[None, 1, 2]]),
        ({"metadata": [{"projectKey": 3}, None], "series": [{"0": 1, "1": 2}]}, ["0", "1"], [[None, 1, 2]]),
    ],
)
def test_whatever_a_deviating_twin_answers_makes_a_table_or_none(
    document: object, names: list[str], rows: list[list[object]]
) -> None:
    """It may break the contract in any way."""
    assert rows_of(document) == (names, rows)


@pytest.mark.parametrize(
    "fault", ["body-is-a-bare-list", "series-is-keyed-by-time", "metadata-holds-null", "links-is-a-string"]
)
def test_a_broken_answer_is_shown_as_it_came(fault: str) -> None:
    """With no error of the page's own."""
    document = paged(deviation=fault).document(VIEW)

    assert "The answer: 200" in document.text


def test_curl_and_python_get_the_answer(twin: "Twin") -> None:
    """As they are pasted, and with the token from the environment."""
    made = dict(snippets(f"{twin.url}{PATH}", urlencode({"projectKey": "web"}), beta=True))
    environment = {"USAGETWIN_TOKEN": FULL, "PATH": "/usr/bin:/bin"}

    by_python = subprocess.run(
        [sys.executable, "-c", made["Python"]], capture_output=True, text=True, check=True, env=environment
    )

    assert "1772323200000, '0': 30" in by_python.stdout
    if shutil.which("curl"):
        by_curl = subprocess.run(
            ["/bin/sh", "-c", f"{made['curl'].strip()} -s"],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
        assert json.loads(by_curl.stdout)["series"][0] == {"time": 1772323200000, "0": 30}


def test_no_text_of_a_query_ends_a_snippet_s_quotes() -> None:
    """A shell, Python and JavaScript each quote as they do."""
    made = dict(snippets(f"http://127.0.0.1:1{PATH}", "projectKey='\"$(x)`\\", beta=False))

    assert (
        """'http://127.0.0.1:1/api/v2/usage/observability/sessions?projectKey='"'"'"$(x)`\\'"""
        in made["curl"]
    )
    assert json.loads(made["JavaScript"].partition("fetch(")[2].partition(", {")[0]).endswith(
        "projectKey='\"$(x)`\\"
    )
    compile(made["Python"], "snippet", "exec")


def test_the_view_is_there_where_nobody_can_tell_a_twin_anything() -> None:
    """With several workers, or without the control API."""
    twin = paged(stage=False)

    assert by_itself(twin, "").values == MONTH_TO_DATE
    assert twin.get(VIEW, *BROWSER).status == 200


@pytest.mark.parametrize("body", [b"\xff<html>", b"", b"[" * 100_000, b"7"])
def test_an_answer_that_is_no_json_is_shown_as_it_is(body: bytes) -> None:
    """No rule is named then, and no advice given."""
    answered = Answered(502, "text/html", body, None)

    assert rows_of(answered.document) == ([], [])
    assert answered.refused is not None
    assert (answered.refused.rule, answered.refused.remedy) == (None, "")
    assert answered.text == body.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        (1772496000000, "2026-03-03 (1772496000000)"),
        (1772496000001, "2026-03-03 (1772496000001)"),
        (1772539200000, "2026-03-03T12:00:00Z (1772539200000)"),
        (10**18, "1000000000000000000"),
        (10**400, str(10**400)),
        (-1, "1969-12-31T23:59:59Z (-1)"),
        (True, "True"),
        ("2026-03-03", "2026-03-03"),
        (None, "None"),
    ],
)
def test_a_label_is_told_as_an_instant_where_it_is_one(label: object, shown: str) -> None:
    """A broken answer may have anything there."""
    assert shown_label(label) == shown


def test_an_answer_with_other_labels_is_shown() -> None:
    """As the twin gives it."""
    assert paged(deviation="time-is-a-date").document(VIEW).rows[1][0].startswith("2026-03-03")


def test_of_a_twin_of_siblings_the_first_is_asked() -> None:
    """Its path is in what can be pasted, and its counts are in the answer and in the account view."""
    twin = paged(operations=operations(ERRORS, LOGS))
    query = "aggregationType=incremental"
    series = inprocess.ask(twin.served, query, path=ERRORS).json()["series"]

    document = twin.document(f"{VIEW}?{query}")
    data = twin.get(f"/__twin__/page/account/total?{query}").json()

    assert f"{ERRORS}?{query}" in document.text
    assert PATH not in document.text
    assert all(str(point["0"]) in document.text for point in series)
    assert data["total"]["values"][-len(series) :] == [point["0"] for point in series]
