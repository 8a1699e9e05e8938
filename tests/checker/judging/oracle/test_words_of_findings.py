"""What a finding says, and with which exchanges: the words that a person reads, written out."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.conversations import (
    COMPLETE,
    KNOWN,
    answered,
    get,
    incremental,
    labelled,
    numbered,
    refused,
    seconds,
)
from usagetwin_checker.judging.judge import judge

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge

DAYS: Final = "from=2026-03-01&to=2026-03-06"
INC: Final = "aggregationType=incremental"
MARCH: Final = incremental("2026-03-01", "2026-03-05")
DAY: Final = f"from=2026-03-02&to=2026-03-03&{INC}"
STILL: Final = replace(KNOWN, still=True)
LAST: Final = {"2026-03-05": 5}


def one_day(filters: str, value: int, query: str = DAY) -> "Exchange":
    """Make the answer that says how many sessions a filter has on one day."""
    return answered(f"{query}{filters}", {"2026-03-02": value})


def says(*exchanges: "Exchange", knowledge: "Knowledge" = KNOWN) -> list[tuple[str, str, list[int]]]:
    """Give each finding: its rule, its words, and the numbers of its exchanges."""
    return [
        (found.rule_id, found.message, [exchange.number for exchange in found.conversation])
        for found in judge(numbered(*exchanges), knowledge).findings
    ]


WEB: Final = "&projectKey=web"
BOTH: Final = f"{WEB}&projectKey=app"
ALONE: Final = (one_day(WEB, 2), one_day("&projectKey=app", 3))
CREATED: Final = (
    answered(f"from=2026-01-30&to=2026-03-06&{INC}", incremental("2026-02-01", "2026-03-05")),
    answered(f"from=2026-01-20&to=2026-02-03&{INC}", incremental("2026-01-20", "2026-02-02")),
)
SUM: Final = "app + web should be 3 (app) + 2 (web) = 5"
THE_SECOND: Final = "incremental of 2026-03-02"
ON_THE_SECOND: Final = f"{THE_SECOND} for"
BEGINS: Final = ", and another answer begins with 2026-01-20, at 0"


@pytest.mark.parametrize(
    ("exchanges", "knowledge", "rule", "text", "numbers"),
    [
        (
            (*ALONE, one_day(BOTH, 7)),
            *(
                KNOWN,
                "filter-additive",
                f"{ON_THE_SECOND} {SUM}, and is 7: 2 too many, the count of web",
                [3, 2, 1],
            ),
        ),
        (
            (one_day(WEB, 5), one_day(BOTH, 3)),
            *(
                KNOWN,
                "filter-monotone",
                f"{ON_THE_SECOND} app + web should be at least 5 (web), and is 3: 2 too few",
                [2, 1],
            ),
        ),
        (
            (one_day(BOTH, 5), one_day("", 3)),
            *(KNOWN, "filter-monotone"),
            *(f"{THE_SECOND} should be at least 5 (app + web), and is 3: 2 too few", [2, 1]),
        ),
        (
            (*ALONE, one_day("", 4)),
            *(KNOWN, "all-projects-at-least-the-named"),
            *(f"{THE_SECOND} should be at least 3 (app) + 2 (web) = 5, and is 4: 1 too few", [3, 2, 1]),
        ),
        (
            (*ALONE, one_day("", 9)),
            *(COMPLETE, "project-key-defaults-to-all"),
            *(f"{THE_SECOND} should be 3 (app) + 2 (web) = 5, and is 9: 4 too many", [3, 2, 1]),
        ),
        (
            (answered(f"{DAYS}&{INC}", MARCH), answered(f"from=2026-03-04&to=2026-03-06&{INC}", LAST)),
            *(KNOWN, "known-bucket-is-present"),
            *(
                "the incremental bucket 2026-03-04 of all projects is missing, which another answer shows",
                [2, 1],
            ),
        ),
        (
            (answered(f"from=2026-03-04&to=2026-03-07&{INC}", {"2026-03-04": 4, "2026-03-06": 6}),),
            *(KNOWN, "every-bucket-is-kept"),
            *("the incremental bucket 2026-03-05 of all projects is missing", [1]),
        ),
        (
            CREATED,
            *(KNOWN, "buckets-start-at-creation"),
            f"the incremental bucket 2026-01-30 of all projects is missing{BEGINS}",
            [2, 1],
        ),
        (
            (answered("from=2026-02-01&to=2026-03-01&granularity=monthly", {"2026-01": 0, "2026-02": 280}),),
            *(KNOWN, "series-starts-at-from"),
            *("the bucket 2026-01 ends before from, 2026-02-01T00:00:00Z", [1]),
        ),
        (
            (answered(f"from=2026-03-01&to=2026-03-01&{INC}", {"2026-03-01": 1}),),
            *(KNOWN, "empty-window-is-empty"),
            *("the bucket 2026-03-01 is in the answer to an empty window", [1]),
        ),
        (
            (answered(f"from=2026-03-17&{INC}", {"2026-03-17": 1, "2026-03-18": 0}),),
            *(KNOWN, "to-defaults-to-now"),
            *("the bucket 2026-03-18 starts after to, 2026-03-17T12:00:00Z", [1]),
        ),
        (
            (labelled(get(DAY), [{"time": seconds("2026-03-02+5") * 1000, "0": 2}]),),
            *(KNOWN, "time-is-bucket-start"),
            *("the label 1772409605000 is not the first instant of its bucket", [1]),
        ),
        (
            (labelled(get(DAY), [{"time": seconds("2026-03-02"), "0": 2}]),),
            *(KNOWN, "time-is-milliseconds", "time is in Unix seconds", [1]),
        ),
        (
            (one_day("", 2), replace(one_day("", 2), body=one_day("", 2).body + b" ")),
            *(STILL, "answers-repeat"),
            *("one request got two answers, although nothing was counted in between", [1, 2]),
        ),
    ],
)
def test_a_finding_says_what_shows_it(
    exchanges: "tuple[Exchange, ...]", knowledge: "Knowledge", rule: str, text: str, numbers: list[int]
) -> None:
    """One finding, in these words, with the answers that it takes."""
    assert says(*exchanges, knowledge=knowledge) == [(rule, text, numbers)]


def test_two_answers_to_one_request_need_not_be_the_same_bytes_while_something_may_be_counted() -> None:
    """Only of a 200, and where nothing moved or lies between, is a body that differs a finding."""
    again = replace(one_day("", 2), body=one_day("", 2).body + b" ")
    errors = (refused(DAY, 500), refused(DAY, 500, message="Another one."))

    assert says(one_day("", 2), again) == []
    assert says(one_day("", 2), again, knowledge=replace(STILL, loopback=False)) == []
    assert "answers-repeat" not in {rule for rule, _, _ in says(*errors, knowledge=STILL)}
    assert judge(numbered(*errors, again, again), STILL).tested["answers-repeat"] == 1


def test_a_404_is_shown_with_the_answer_that_knows_its_key() -> None:
    """What the document does not speak of comes before it, and is passed over."""
    undocumented, plain = (refused(f"{DAY}{BOTH}{page}", 404) for page in ("&page=1", ""))

    found = [each for each in says(*ALONE, undocumented, plain) if each[0] == "project-key-known-everywhere"]

    assert found == [
        (
            "project-key-known-everywhere",
            "a query for web, app is answered with 404, and another one with 200",
            [1, 4],
        )
    ]


def test_the_rest_of_a_filter_is_shown_beside_a_key_that_does_not_exist() -> None:
    """What the known keys count is said, and which answer says so."""
    alone, beside = one_day("&projectKey=nope", 1), one_day(f"{WEB}&projectKey=nope", 3)
    said = "but nope does not exist, and the rest counts"

    assert says(alone)[1:] == [
        ("unknown-project-never-widens", f"{ON_THE_SECOND} nope is 1, {said} 0: 1 too many", [1]),
    ]
    assert says(one_day(WEB, 2), beside)[1:] == [
        ("unknown-project-never-widens", f"{ON_THE_SECOND} nope + web is 3, {said} 2: 1 too many", [2, 1]),
    ]


def test_where_no_one_view_is_wrong_the_view_of_last_resort_is_blamed() -> None:
    """Each two of three views contradict one another: without any one of them the others still do."""
    found = says(
        answered(f"from=2026-03-03&to=2026-03-04&{INC}", {"2026-03-03": 3}),
        answered("from=2026-03-02&to=2026-03-04", {"2026-03-02": 3, "2026-03-03": 7}),
        answered("from=2026-02-28&to=2026-03-01", {"2026-02-28": 281}),
        answered("from=2026-02-01&to=2026-03-01&granularity=monthly", {"2026-02": 280}),
        answered(f"from=2026-01-01&to=2026-02-01&{INC}", incremental("2026-01-01", "2026-01-31")),
        answered("from=2026-01-01&to=2026-02-01&granularity=monthly", {"2026-01": 5}),
    )

    assert found == [
        (
            "month-to-date-sums",
            "month_to_date of 2026-03-03 should be 3 + 3 = 6, and is 7: 1 too many",
            [2, 1],
        ),
        (
            "monthly-sums",
            "month of 2026-02 should be 281, the month_to_date of 2026-02-28, and is 280: 1 too few",
            [4, 3],
        ),
    ]
