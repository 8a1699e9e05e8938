"""What the commands tell of a play: requests, findings, the ledger's series, the verdict, the plays."""

import json

import pytest

from tests.commands.control.told import Told, play_of, told
from usagetwin.commands.control import asking

MILLISECONDS = "from=1773532800000"
NOON = "2026-03-05T12:00:00Z"


def test_the_journal_has_each_request_on_a_line(play: Told) -> None:
    """With its number, instant, status, method and target; some of them, by what became of them."""
    play.tell("fault", "502", "--times", "1")
    for query in ("projectKey=mobile", "", MILLISECONDS):
        play.ask(query)

    lines = [line.split(maxsplit=5) for line in play.tell("journal").splitlines()]

    assert [(number, status, method) for number, _, status, method, *_ in lines] == [
        ("1", "502", "GET"),
        ("2", "200", "GET"),
        ("3", "400", "GET"),
    ]
    assert lines[0][4].endswith("?projectKey=mobile")
    assert "looks like milliseconds" in play.tell("journal", "--status", "400")
    assert len(play.tell("journal", "--fault", "status").splitlines()) == 1
    assert play.tell("journal", "--after", "1", "--limit", "1").startswith("2 ")


def test_the_journal_is_read_to_its_end(play: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pages it has."""
    for _ in range(7):
        play.ask()

    monkeypatch.setattr(asking, "PAGE", 3)

    assert [line.split()[0] for line in play.tell("journal").splitlines()] == list("1234567")
    assert [line.split()[0] for line in play.tell("journal", "--limit", "5").splitlines()] == list("12345")


def test_the_journal_is_cleared(play: Told) -> None:
    """With what the requests broke."""
    play.ask(MILLISECONDS)

    play.tell("journal", "--clear")

    assert play.tell("journal") == ""
    assert play.tell("findings") == ""


def test_findings_and_the_verdict_say_what_is_wrong(play: Told) -> None:
    """And a verdict is an exit status."""
    play.ask()
    assert play.tell("verdict") == "pass: 1 request, 0 rules broken\n"
    play.ask(MILLISECONDS)

    (finding,) = play.tell("findings").splitlines()
    verdict = play.tell("verdict", status=1).splitlines()

    assert finding.startswith("request 2  timestamp-fits-ten-digits  from='1773532800000'")
    assert finding.endswith("; try from=1773532800")
    assert verdict[0] == "fail: 2 requests, 1 rule broken"
    assert "  try   from=1773532800" in verdict


def test_a_verdict_as_json_has_its_status_too(play: Told) -> None:
    """And is what the API says."""
    play.ask(MILLISECONDS)

    assert json.loads(play.tell("verdict", "--json", status=1))["verdict"] == "fail"


def test_a_verdict_on_nothing_says_so(url: str, play: Told) -> None:
    """It passes, which could mislead."""
    ended = told("verdict", "--play", play.number, "--url", url)

    assert ended.status == 0
    assert "none was judged" in ended.errors


def test_the_ledger_s_series_are_expected(play: Told) -> None:
    """For a query, or the query of a URL, as the twin answers it."""
    query = "aggregationType=incremental&from=1773619200&projectKey=mobile"

    days = [line.split() for line in play.tell("expected", query).splitlines()]

    values = [str(bucket["0"]) for bucket in play.ask(query)[1]["series"]]
    assert days == [["2026-03-16T00:00:00Z", values[0]], ["2026-03-17T00:00:00Z", values[1]]]
    url = f"https://app.launchdarkly.com/api/v2/usage/observability/sessions?{query}"
    assert play.tell("expected", url).split() == [*days[0], *days[1]]
    assert len(play.tell("expected").splitlines()) == 17


def test_the_series_of_projects_are_apart(play: Told) -> None:
    """Where the play's policy says so."""
    play.tell("policy", "projects=separate")

    day = play.tell("expected", "projectKey=mobile&projectKey=checkout&from=1773705600")

    _, total, *apart = day.split()
    assert [each.partition("=")[0] for each in apart] == ["mobile", "checkout"]
    assert sum(int(each.partition("=")[2]) for each in apart) == int(total)


def test_a_play_is_its_token_and_nothing_else(url: str) -> None:
    """On the output; its number stands beside it. Its name stands for its number."""
    made = told("play", "--name", "billing", "--world", "outage", "--now", "2026-03-01", "--url", url)

    assert made.status == 0
    (token,) = made.output.splitlines()
    assert token.startswith("api-")
    assert made.errors.startswith("usagetwin: this is the token of play ")
    listed = told("plays", "--url", url).output
    assert token not in listed
    assert "billing  outage" in listed
    by_name = told("freeze", "2026-03-02", environment={"USAGETWIN_URL": url, "USAGETWIN_PLAY": "billing"})
    assert by_name.output == "clock  frozen at 2026-03-02T00:00:00Z\n"
    ended = told("end", "billing", "--url", url)
    assert "billing" in ended.output
    assert "billing" not in told("plays", "--url", url).output


def test_a_token_that_ended_is_refused(url: str) -> None:
    """As the API says."""
    made = play_of(url)

    assert made.ask()[0] == 200
    assert told("end", made.number, "--url", url).status == 0
    assert made.ask()[0] == 401


def test_the_default_play_records_when_it_is_told_to(url: str) -> None:
    """And says that it does not."""
    assert told("record", "on", "--url", url).output == "recording  on\n"
    assert "record on" not in told("journal", "--url", url).errors
    assert told("--url", url, "record", "off").output == "recording  off\n"
    assert "usagetwin control record on" in told("journal", "--url", url).errors


def test_an_option_counts_more_than_one_before_it_and_than_a_variable(url: str, play: Told) -> None:
    """It can stand before the command's name, and after it."""
    wrong = {"USAGETWIN_URL": "http://127.0.0.1:1", "USAGETWIN_PLAY": "99999"}

    ended = told("--url", url, "--play", "99999", "freeze", NOON, "--play", play.number, environment=wrong)

    assert ended.output == "clock  frozen at 2026-03-05T12:00:00Z\n"


def test_the_answer_is_printed_as_it_came(play: Told) -> None:
    """With `--json`, before the command's name or after it."""
    assert json.loads(play.tell("freeze", NOON, "--json")) == {"now": NOON, "frozen": True}
    assert json.loads(play.tell("--json", "faults")) == {"faults": []}
