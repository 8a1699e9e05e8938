"""Which requests of a journal are shown, and as what."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, quote

import pytest

from tests.page.hostile import HOSTILE
from tests.stage.records import recorded
from usagetwin.errors import SettingError
from usagetwin.page.fields import RAW
from usagetwin.page.rows import LONGEST, Wanted, row
from usagetwin.stage.consumer import Terms, findings_of
from usagetwin.stage.journal import Recorded


def answered(query: str = "", status: int | None = 200, message: str | None = None) -> Recorded:
    """Give a request as it is kept when it was answered."""
    return replace(recorded(query), status=status, message=message)


@pytest.mark.parametrize(
    ("wanted", "statuses"),
    [
        ("", [200, 404, 429, None]),
        ("404", [404]),
        ("4xx", [404, 429]),
        ("none", [None]),
        ("5xx", []),
    ],
)
def test_a_status_is_one_or_a_hundred_or_none(wanted: str, statuses: "list[int | None]") -> None:
    """A request without an answer has none."""
    requests = [answered(status=status) for status in (200, 404, 429, None)]

    assert [each.status for each in requests if Wanted(status=wanted).has(each, ())] == statuses


@pytest.mark.parametrize("status", ["abc", "42", "600", "4x", "0xx", "4040"])
def test_a_status_that_no_request_has_is_refused(status: str) -> None:
    """With the value, and what there is."""
    with pytest.raises(SettingError, match=f"there is no status '{status}'\n  try   a status such as 404"):
        Wanted(status=status)


def test_text_is_looked_for_in_all_that_is_shown() -> None:
    """As it is sent and as it is decoded, in upper case or lower."""
    request = answered("projectKey=caf%C3%A9", 404, "There is no project")

    for text in ("caf%C3", "CAFÉ", "no project", "get", "launchdarkly.com", "projectkey"):
        assert Wanted(text=text).has(request, ()), text
    assert not Wanted(text="mobile").has(request, ())


def test_a_rule_is_one_that_the_request_broke() -> None:
    """And a filter's parts hold together."""
    request = answered("from=1735689600000", 400)
    found = findings_of(request, Terms())
    rule = "timestamp-fits-ten-digits"

    assert [each.rule for each in found] == [rule]
    assert Wanted(rule=rule).has(request, found)
    assert not Wanted(rule="to-is-unix-seconds").has(request, found)
    assert not Wanted(rule=rule, status="200").has(request, found)
    assert Wanted(rule=rule, text="x").fields() == {"rule": rule, "text": "x"}


def test_a_row_has_what_the_request_broke_and_where_to_ask_again() -> None:
    """The play comes with it, unless it is the default one."""
    request = replace(answered("from=1735689600000&projectKey=web&projectKey=app", 400), number=7)

    shown = row(request, findings_of(request, Terms()), "3")

    assert (shown["number"], shown["status"], shown["at"]) == (7, 400, "2026-03-03T12:00:00Z")
    assert shown["query"] == "from=1735689600000&projectKey=web&projectKey=app&play=3"
    assert row(request, (), "default")["query"] == "from=1735689600000&projectKey=web&projectKey=app"
    assert [each["rule"] for each in shown["findings"]] == ["timestamp-fits-ten-digits"]
    assert shown["findings"][0].keys() == {"rule", "tier", "message", "remedy"}


def test_a_play_that_a_request_names_is_not_the_one_that_is_opened() -> None:
    """A request for another path can't be asked again at all."""
    assert (
        row(answered("play=9&projectKey=web"), (), "2")["query"] == "raw=play%3D9%26projectKey%3Dweb&play=2"
    )
    assert "query" not in row(replace(answered(), path="/else"), (), "2")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_row_has_no_character_that_is_not_seen_and_no_end_of_text(text: str) -> None:
    """What stands in a request line is kept as it is, or written out."""
    request = replace(
        answered(f"projectKey={quote(text)}", 404, text), host=text, path=f"/{text}", preference=text
    )

    shown = row(request, (), "default")

    texts = [value for value in shown.values() if isinstance(value, str)]
    assert all(each.isprintable() for each in texts)
    assert max(map(len, texts)) <= LONGEST + len("... (12345 characters)") + 4 * len(text[:20])
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_asked_again_is_what_was_asked(text: str) -> None:
    """Whatever it was: the link is nothing but a percent-encoded query."""
    request = replace(
        answered(), parameters=(("projectKey", text),), query_string=f"projectKey={quote(text)}"
    )

    link = row(request, (), "default")["query"]

    ((name, value),) = parse_qsl(link)
    assert (name, value) in {("projectKey", text), (RAW, f"projectKey={quote(text)}")}
    assert not set(link) & set("<>'\" \n\x00:")
