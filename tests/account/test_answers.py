"""Answers, worked out by hand from a tiny world: which buckets there are, what they hold, and the bytes.

The world has `web` from 2024-02-27 with 10, 20, 30, … sessions a day, and `api` from 2024-03-01 with 1 a day.
`now` is noon of 2024-03-02, when `web` has seen half of that day's 50 and `api` none of its 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest

from usagetwin.account.answers import Series, document, series
from usagetwin.account.ledger import Ledger
from usagetwin.account.query import Query
from usagetwin.encoding import encode
from usagetwin.errors import Refusal
from usagetwin.policies import Policies
from usagetwin.request import read

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Table:
    """Counts from a first day on, zero after the last."""

    first: int
    given: tuple[int, ...]

    def counts(self, first: int, last: int) -> list[int]:
        """Give the counts of a span of days."""
        padded = self.given + (0,) * max(0, last - self.first + 1)
        return list(padded[first - self.first : last - self.first + 1])


def at(text: str) -> int:
    """Give an instant, in Unix seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


NOW_S: Final = at("2024-03-02T12:00")
FEBRUARY_27: Final = at("2024-02-27") // 86_400
LEDGER: Final = Ledger(
    {
        "web": (FEBRUARY_27, Table(FEBRUARY_27, (10, 20, 30, 40, 50, 60))),
        "api": (FEBRUARY_27 + 3, Table(FEBRUARY_27 + 3, (1, 1, 1))),
        "later": (FEBRUARY_27 + 10, Table(FEBRUARY_27 + 10, (99,))),
    }
)
TOTAL: Final = Policies()
SEPARATE: Final = Policies(projects="separate")
EMPTY: Final = Policies(unknown_project="empty")


def answer(
    *asked: str,
    start: str | None = None,
    end: str | None = None,
    policies: Policies = TOTAL,
    now_s: int = NOW_S,
) -> Series:
    """Ask for a series in a window of written instants."""
    window = [f"{name}={at(text)}" for name, text in (("from", start), ("to", end)) if text]
    return series(read("&".join((*window, *asked)).encode(), now_s), LEDGER, policies, now_s)


def days(times_ms: Sequence[int]) -> list[str]:
    """Write the buckets' labels as dates."""
    return [datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%m-%d") for time_ms in times_ms]


def ever(*asked: str, policies: Policies = TOTAL) -> Series:
    """Ask for a series in a window that holds all there is."""
    return answer(*asked, start="2024-01-01", end="2024-12-01", policies=policies)


@pytest.mark.parametrize(
    ("aggregation", "values"),
    [
        ("incremental", [10, 20, 30, 41, 25]),
        ("month_to_date", [10, 30, 60, 41, 66]),
        ("rolling_30d", [10, 30, 60, 101, 126]),
    ],
)
def test_the_daily_views_are_three_sums_of_the_same_days(aggregation: str, values: list[int]) -> None:
    """February ends with its 29th day; the rolling sum goes on, the month to date starts again."""
    got = ever(f"aggregationType={aggregation}")

    assert days(got.times_ms) == ["02-27", "02-28", "02-29", "03-01", "03-02"]
    assert got.columns == (values,)
    assert got.metadata == ({},)


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        ("aggregationType=incremental", [10, 20, 30, 41, 51]),
        ("aggregationType=month_to_date", [10, 30, 60, 41, 92]),
        ("aggregationType=rolling_30d", [10, 30, 60, 101, 152]),
        ("granularity=monthly", [60, 92]),
    ],
)
def test_the_open_day_is_whole_at_once_under_its_policy(asked: str, values: list[int]) -> None:
    """Of 2 March at noon: web's 50 and api's 1, in every view; 3 March is not there, and counts nowhere."""
    assert ever(asked, policies=Policies(open_day="whole")).columns == (values,)


def test_a_project_that_begins_tomorrow_counts_nothing_under_the_policy_either() -> None:
    """At noon of the day before its first, beside another and by itself."""
    both = Policies(open_day="whole", projects="separate")
    asked = ("projectKey=api", "projectKey=web", "aggregationType=incremental")
    eve_s = at("2024-02-29T12:00")

    assert answer(*asked, start="2024-02-29", end="2024-03-05", policies=both, now_s=eve_s).columns == (
        [0],
        [30],
    )
    assert answer(asked[0], start="2024-02-29", end="2024-03-05", policies=both, now_s=eve_s).columns == ([],)


def test_a_monthly_bucket_is_the_whole_month_so_far() -> None:
    """60 in February, and 41 + 25 in March until noon of its second day."""
    got = ever("granularity=monthly")

    assert days(got.times_ms) == ["02-01", "03-01"]
    assert got.columns == ([60, 66],)


def test_the_window_selects_months_and_does_not_cut_them() -> None:
    """The second half of 28 February belongs to the same February."""
    got = answer("granularity=monthly", start="2024-02-28T12:00", end="2024-02-28T12:01")

    assert (days(got.times_ms), got.columns) == (["02-01"], ([60],))


def test_a_month_that_the_window_meets_before_a_creation_is_there() -> None:
    """The bucket of February ends after the creation, so it is in an answer for early February."""
    got = answer("granularity=monthly", start="2024-02-01", end="2024-02-02")

    assert (days(got.times_ms), got.columns) == (["02-01"], ([60],))


def test_a_rolling_sum_looks_back_before_the_window() -> None:
    """`from` plays no part in a value."""
    assert answer("aggregationType=rolling_30d", start="2024-03-01", end="2024-03-02").columns == ([101],)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-02-28T00:00:00", "2024-02-29T00:00:00", ["02-28"]),
        ("2024-02-27T23:59:59", "2024-02-29T00:00:00", ["02-27", "02-28"]),
        ("2024-02-28T00:00:00", "2024-02-29T00:00:01", ["02-28", "02-29"]),
        ("2024-02-28T11:00:00", "2024-02-28T11:00:01", ["02-28"]),
        ("2024-02-28T11:00:00", "2024-02-28T11:00:00", []),
        ("2024-01-01", "2024-02-27T00:00:00", []),
        ("2024-01-01", "2024-02-27T00:00:01", ["02-27"]),
        ("2024-03-02T12:00:01", "2024-03-02T13:00:00", ["03-02"]),
        ("2024-03-03T00:00:00", "2024-03-04T00:00:00", []),
    ],
)
def test_a_bucket_is_there_when_it_overlaps_the_half_open_window(
    start: str, end: str, expected: list[str]
) -> None:
    """To the second, at both ends, before the creation and after now; the open day counts as a whole."""
    assert days(answer(start=start, end=end).times_ms) == expected


def test_the_default_window_holds_this_month_and_today() -> None:
    """From the first of March to now."""
    assert days(answer().times_ms) == ["03-01", "03-02"]


def test_at_the_first_instant_of_a_month_the_default_window_is_empty() -> None:
    """`from` = `to`; a second later the month has its first bucket, with nothing seen of it."""
    assert answer(now_s=at("2024-03-01")).times_ms == []
    assert answer(now_s=at("2024-03-01") + 1).columns == ([0],)


def test_a_bucket_that_starts_at_now_is_there() -> None:
    """It does not start after now, and holds nothing yet."""
    got = answer("aggregationType=incremental", start="2024-03-01", end="2024-04-01", now_s=at("2024-03-02"))

    assert (days(got.times_ms), got.columns) == (["03-01", "03-02"], ([41, 0],))


def test_a_project_of_the_future_is_known_and_has_no_buckets() -> None:
    """No 404, and no month either that it will be born in."""
    assert ever("projectKey=later").times_ms == []
    assert ever("projectKey=later", "granularity=monthly").times_ms == []


def test_zero_days_are_there() -> None:
    """A week after its table ends the world counts nothing, and says so bucket by bucket."""
    asked = ("projectKey=web", "aggregationType=incremental")

    got = answer(*asked, start="2024-03-08", end="2024-03-09T01:00", now_s=at("2024-03-09"))

    assert (days(got.times_ms), got.columns) == (["03-08", "03-09"], ([0, 0],))


@pytest.mark.parametrize("aggregation", ["incremental", "month_to_date", "rolling_30d"])
def test_a_window_cuts_the_kept_runs_of_closed_days_anywhere(aggregation: str) -> None:
    """Each window of half a year gives what its days give when they are asked for one by one."""
    counts = Table(FEBRUARY_27, tuple(range(1, 200)))
    policies, ledger = Policies(), Ledger({"web": (FEBRUARY_27, counts)})
    today = FEBRUARY_27 + 180

    def points(first: int, last: int) -> list[dict[str, int]]:
        query = Query(first * 86_400, (last + 1) * 86_400, aggregation_type=aggregation)
        return series(query, ledger, policies, today * 86_400 + 43_200).points

    alone = {day: points(day, day) for day in range(FEBRUARY_27 - 2, today + 3)}

    for first in range(FEBRUARY_27 - 2, today + 3, 3):
        for last in range(first, today + 3):
            assert points(first, last) == [point for day in range(first, last + 1) for point in alone[day]], (
                first,
                last,
            )


def test_a_day_that_was_open_has_its_whole_count_once_it_has_closed() -> None:
    """What was said of it at noon is not kept: not the next morning, and not for the noon of before."""
    table = Table(FEBRUARY_27, (10, 20, 30))
    ledger = Ledger({"web": (FEBRUARY_27, table)})
    query = Query(FEBRUARY_27 * 86_400, (FEBRUARY_27 + 3) * 86_400, aggregation_type="incremental")
    noon = FEBRUARY_27 * 86_400 + 43_200

    def asked(now_s: int) -> tuple[list[int], ...]:
        return series(query, ledger, Policies(), now_s).columns

    assert [asked(noon), asked(noon + 86_400), asked(noon)] == [([5],), ([10, 10],), ([5],)]


def test_separate_projects_have_a_key_field_each() -> None:
    """In order of first appearance, each once, 0 before a project's creation, in the filter's buckets."""
    asked = (
        "projectKey=api",
        "projectKey=web",
        "projectKey=api",
        "projectKey=later",
        "aggregationType=incremental",
    )

    got = ever(*asked, policies=SEPARATE)

    assert got.metadata == ({"projectKey": "api"}, {"projectKey": "web"}, {"projectKey": "later"})
    assert got.columns == ([0, 0, 0, 1, 0], [10, 20, 30, 40, 25], [0, 0, 0, 0, 0])


def test_separate_without_a_key_is_the_total() -> None:
    """There is nothing to separate by."""
    assert ever(policies=SEPARATE) == ever()


@pytest.mark.parametrize(
    ("key", "try_this"),
    [
        ("wbe", "Send web (valid: web, api, later)"),
        ("WEB", "Send one of web, api, later"),
        ("web,api", "Send projectKey=web&projectKey=api."),
        ("web+", "Send web (valid: web, api, later)"),
    ],
)
def test_an_unknown_project_is_refused_and_told_the_known_ones(key: str, try_this: str) -> None:
    """Alone or beside known ones; case, space and commas make another key."""
    for asked in ((f"projectKey={key}",), ("projectKey=web", f"projectKey={key}")):
        with pytest.raises(Refusal) as caught:
            answer(*asked)

        refusal = caught.value
        assert (refusal.status, refusal.code, refusal.rule) == (404, "not_found", "unknown-project-not-found")
        assert f"projectKey={key.replace('+', ' ')!r}. {try_this}" in refusal.message


def test_an_unknown_project_counts_nothing_under_the_policy_empty() -> None:
    """Beside a known one it changes nothing; alone it brings back nobody's sessions."""
    with_known = ever("projectKey=web", "projectKey=nobody", policies=EMPTY)

    assert with_known == ever("projectKey=web")
    assert ever("projectKey=nobody", policies=EMPTY) == Series(({},), [])


def test_the_bytes_of_an_answer() -> None:
    """Three members, `time` in milliseconds, integers without a fraction, and no space."""
    got = answer("aggregationType=incremental", start="2024-02-29", end="2024-03-02")

    assert encode(document(got, "/api/v2/usage?a=b")) == (
        b'{"_links":{"self":{"href":"/api/v2/usage?a=b","type":"application/json"}},"metadata":[{}],'
        b'"series":[{"time":1709164800000,"0":30},{"time":1709251200000,"0":41}]}'
    )


def test_the_bytes_of_separate_projects() -> None:
    """One key field each, labelled in the order of the metadata."""
    asked = ("projectKey=api", "projectKey=web", "aggregationType=incremental")
    got = answer(*asked, start="2024-02-29", end="2024-03-02", policies=SEPARATE)

    assert encode(document(got, "/")).endswith(
        b'"metadata":[{"projectKey":"api"},{"projectKey":"web"}],'
        b'"series":[{"time":1709164800000,"0":0,"1":30},{"time":1709251200000,"0":1,"1":40}]}'
    )


def test_the_bytes_of_an_answer_without_buckets() -> None:
    """An empty series, with all its members."""
    assert encode(document(answer(start="2024-01-01", end="2024-01-02"), "/")) == (
        b'{"_links":{"self":{"href":"/","type":"application/json"}},"metadata":[{}],"series":[]}'
    )


def test_a_link_or_a_key_is_escaped_as_json() -> None:
    """Quotes, backslashes, percent signs and characters beyond ASCII come back as they were sent."""
    odd = Series(({"projectKey": 'a"\\ä%d'},), [{"time": 0, "0": 1}])

    assert encode(document(odd, '/?x="%d\\')) == (
        b'{"_links":{"self":{"href":"/?x=\\"%d\\\\","type":"application/json"}},'
        b'"metadata":[{"projectKey":"a\\"\\\\\xc3\xa4%d"}],"series":[{"time":0,"0":1}]}'
    )


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        ("web,api", "projectKey=web&projectKey=api"),
        ("api; web", "projectKey=api&projectKey=web"),
        ("web api web", "projectKey=web&projectKey=api"),
        ('["web","api"]', "projectKey=web&projectKey=api"),
        ("web|later", "projectKey=web&projectKey=later"),
        ('"web"', "web (valid: web, api, later)"),
        ("web,nowhere", "one of web, api, later"),
        (",", "one of web, api, later"),
    ],
)
def test_keys_joined_in_one_are_told_to_come_one_by_one(key: str, remedy: str) -> None:
    """Where every part is a project; by comma, semicolon, space, as a JSON list, in quotes."""
    with pytest.raises(Refusal) as caught:
        answer(f"projectKey={quote(key)}")

    assert f"Send {remedy}. (rule" in str(caught.value)
