"""Each rule about several answers, from the smallest conversation that breaks it and nothing else."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.conversations import (
    COMPLETE,
    DAY_S,
    KNOWN,
    NOON_S,
    answered,
    broken,
    incremental,
    month_to_date,
    numbered,
    refused,
    rolling,
)
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.knowing.knowledge import Now

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange

DAYS: Final = "from=2026-03-01&to=2026-03-06"
FEBRUARY: Final = "from=2026-02-01&to=2026-03-01"
INC: Final = "aggregationType=incremental"
ROLL: Final = "aggregationType=rolling_30d"
MARCH: Final = incremental("2026-03-01", "2026-03-05")
MARCH_BUT_THE_FOURTH: Final = {day: count for day, count in MARCH.items() if day != "2026-03-04"}
TO_DATE: Final = month_to_date("2026-03-01", "2026-03-05")

Case = tuple[str, "list[Exchange]"]

SUMS: Final[tuple[Case, ...]] = (
    (
        "month-to-date-sums",
        [answered(f"{DAYS}&{INC}", MARCH), answered(DAYS, TO_DATE | {"2026-03-05": 14})],
    ),
    (
        "rolling-30d-sums",
        [
            answered(f"from=2026-02-04&to=2026-03-06&{INC}", incremental("2026-02-04", "2026-03-05")),
            answered(f"from=2026-03-05&to=2026-03-06&{ROLL}", {"2026-03-05": 264}),
        ],
    ),
    (
        "monthly-sums",
        [
            answered(FEBRUARY, month_to_date("2026-02-01", "2026-02-28")),
            answered(f"{FEBRUARY}&granularity=monthly", {"2026-02": 281}),
        ],
    ),
    (
        "incremental-counts",
        [
            answered("from=2026-03-02&to=2026-03-04", {"2026-03-02": 3, "2026-03-03": 6}),
            answered(f"from=2026-03-02&to=2026-03-04&{ROLL}", rolling("2026-03-02", "2026-03-03")),
            answered(f"from=2026-02-01&to=2026-02-02&{INC}", {"2026-02-01": 10}),
            answered(f"from=2026-03-03&to=2026-03-04&{INC}", {"2026-03-03": 4}),
        ],
    ),
    (
        "bucket-independent-of-window",
        [
            answered(f"{DAYS}&{INC}", MARCH),
            answered(
                f"from=2026-03-03&to=2026-03-06&{INC}",
                incremental("2026-03-03", "2026-03-04") | {"2026-03-05": 4},
            ),
        ],
    ),
    (
        "past-counts-are-fixed",
        [answered(f"{DAYS}&{INC}", MARCH), answered(f"{DAYS}&{INC}", MARCH | {"2026-03-02": 1})],
    ),
    (
        "counts-not-negative",
        [answered("from=2026-03-02&to=2026-03-04", {"2026-03-02": 3, "2026-03-03": 2})],
    ),
)

SAME_QUESTION: Final[tuple[Case, ...]] = (
    (
        "granularity-defaults-to-daily",
        [
            answered(f"{DAYS}&{INC}&granularity=daily", MARCH),
            answered(f"{DAYS}&{INC}", MARCH | {"2026-03-02": 1}),
        ],
    ),
    (
        "aggregation-type-defaults-to-month-to-date",
        [
            answered(f"{DAYS}&aggregationType=month_to_date", TO_DATE),
            answered(DAYS, MARCH),
        ],
    ),
    (
        "explicit-default-changes-nothing",
        [
            answered(f"{DAYS}&aggregationType=month_to_date&granularity=daily", TO_DATE),
            answered(DAYS, TO_DATE | {"2026-03-03": 5}),
        ],
    ),
    (
        "from-defaults-to-month-start",
        [answered(DAYS, TO_DATE), answered("to=2026-03-06", TO_DATE | {"2026-03-03": 5})],
    ),
    (
        "parameter-order-is-irrelevant",
        [
            answered(f"{DAYS}&{INC}", MARCH),
            answered(f"{INC}&to=2026-03-06&from=2026-03-01", MARCH | {"2026-03-02": 1}),
        ],
    ),
    (
        "project-key-order-is-irrelevant",
        [
            answered(f"{DAYS}&{INC}&projectKey=web&projectKey=app", MARCH),
            answered(f"{DAYS}&{INC}&projectKey=app&projectKey=web", MARCH | {"2026-03-02": 1}),
        ],
    ),
    (
        "repeated-project-key-is-irrelevant",
        [
            answered(f"{DAYS}&{INC}&projectKey=web", MARCH),
            answered(
                f"{DAYS}&{INC}&projectKey=web&projectKey=web", incremental("2026-03-01", "2026-03-05", 2)
            ),
        ],
    ),
    (
        "undocumented-parameters-ignored",
        [
            answered(f"{DAYS}&{INC}", MARCH),
            answered(f"{DAYS}&{INC}&environment=x", MARCH | {"2026-03-02": 1}),
        ],
    ),
)

FILTERS: Final[tuple[Case, ...]] = (
    (
        "filter-additive",
        [
            answered(f"{DAYS}&{INC}&projectKey=web", MARCH),
            answered(f"{DAYS}&{INC}&projectKey=app", MARCH),
            answered(f"{DAYS}&projectKey=web&projectKey=app", TO_DATE),
        ],
    ),
    (
        "filter-monotone",
        [
            answered(f"{DAYS}&{INC}&projectKey=web", MARCH),
            answered(f"{DAYS}&{INC}&projectKey=web&projectKey=app", MARCH | {"2026-03-05": 4}),
        ],
    ),
    (
        "filter-monotone",
        [
            answered(f"{DAYS}&{INC}&projectKey=web&projectKey=app", MARCH),
            answered(f"{DAYS}&{INC}", MARCH | {"2026-03-05": 4}),
        ],
    ),
    (
        "all-projects-at-least-the-named",
        [
            answered(f"{DAYS}&{INC}&projectKey=web", MARCH),
            answered(f"{DAYS}&{INC}&projectKey=app", MARCH),
            answered(f"{DAYS}&{INC}", MARCH),
        ],
    ),
)

PRESENCE: Final[tuple[Case, ...]] = (
    (
        "known-bucket-is-present",
        [
            answered(f"{DAYS}&{INC}", MARCH),
            answered(f"from=2026-03-03&to=2026-03-06&{INC}", {"2026-03-03": 3, "2026-03-05": 5}),
        ],
    ),
    ("series-starts-at-from", [answered(f"from=2026-03-02&to=2026-03-06&{INC}", MARCH)]),
    ("series-ends-at-to", [answered(f"from=2026-03-01&to=2026-03-04&{INC}", MARCH_BUT_THE_FOURTH)]),
    ("bucket-starting-at-to-is-absent", [answered(f"from=2026-03-01&to=2026-03-05&{INC}", MARCH)]),
    ("empty-window-is-empty", [answered("from=2026-03-01&to=2026-03-01", {"2026-03-01": 1})]),
    (
        "no-bucket-after-now",
        [answered(f"from=2026-03-17&to=2026-03-20&{INC}", {"2026-03-17": 1, "2026-03-18": 0})],
    ),
    (
        "from-defaults-to-month-start",
        [answered(f"to=2026-03-02&{INC}", {"2026-02-28": 10, "2026-03-01": 1})],
    ),
    (
        "from-defaults-to-month-start",
        [
            answered(f"{DAYS}&{INC}", MARCH),
            answered(f"to=2026-03-06&{INC}", incremental("2026-03-03", "2026-03-05")),
        ],
    ),
    (
        "to-defaults-to-now",
        [
            answered(f"from=2026-03-16&to=2026-03-17+1&{INC}", {"2026-03-16": 16, "2026-03-17": 3}),
            answered(f"from=2026-03-16&{INC}", {"2026-03-16": 16}),
        ],
    ),
    (
        "bucket-cut-by-from-is-present",
        [
            answered(f"{DAYS}&{INC}", MARCH),
            answered(f"from=2026-03-03+1&to=2026-03-06&{INC}", incremental("2026-03-04", "2026-03-05")),
        ],
    ),
    (
        "bucket-cut-by-to-is-present",
        [
            answered(f"{DAYS}&{INC}", MARCH),
            answered(f"from=2026-03-03&to=2026-03-05+1&{INC}", incremental("2026-03-03", "2026-03-04")),
        ],
    ),
    (
        "zero-buckets-are-present",
        [
            answered(f"{DAYS}&{INC}", MARCH | {"2026-03-03": 0}),
            answered(f"from=2026-03-02&to=2026-03-05&{INC}", {"2026-03-02": 2, "2026-03-04": 4}),
        ],
    ),
    (
        "zero-buckets-are-present",
        [
            answered("from=2026-03-02&to=2026-03-04", {"2026-03-02": 3, "2026-03-03": 3}),
            answered(f"from=2026-03-02&to=2026-03-05&{INC}", {"2026-03-02": 2, "2026-03-04": 4}),
        ],
    ),
    (
        "granularity-defaults-to-daily",
        [
            answered(f"{DAYS}&{INC}&granularity=daily", MARCH),
            answered(f"{DAYS}&{INC}", {"2026-03-01": 1}),
        ],
    ),
    (
        "bucket-cut-by-from-is-present",
        [
            answered(f"from=2026-03-01&to=2026-03-03&{INC}", incremental("2026-03-01", "2026-03-02")),
            answered(f"from=2026-03-03+1&to=2026-03-06&{INC}", incremental("2026-03-04", "2026-03-05")),
        ],
    ),
    (
        "bucket-cut-by-to-is-present",
        [answered(f"from=2026-03-01&to=2026-03-03+1&{INC}", incremental("2026-03-01", "2026-03-02"))],
    ),
    (
        "every-bucket-is-kept",
        [answered(f"from=2026-03-02&to=2026-03-05&{INC}", {"2026-03-02": 2, "2026-03-04": 4})],
    ),
)


@pytest.mark.parametrize(("rule", "conversation"), [*SUMS, *SAME_QUESTION, *FILTERS, *PRESENCE])
def test_a_rule_is_named_from_its_smallest_conversation(rule: str, conversation: "list[Exchange]") -> None:
    """The rule is found broken, and no other one."""
    assert broken(*conversation) == {rule}


@pytest.mark.parametrize(("rule", "conversation"), [*SUMS, *SAME_QUESTION, *FILTERS])
def test_it_takes_all_of_the_conversation(rule: str, conversation: "list[Exchange]") -> None:
    """Without any one of its exchanges, a conversation does not show the rule: it is the smallest one."""
    for left_out in range(len(conversation)):
        rest = [exchange for index, exchange in enumerate(conversation) if index != left_out]
        assert rule not in broken(*rest)


def test_a_known_key_is_known_in_every_query() -> None:
    """A project that has answered once must not be unknown in another view."""
    known = answered(f"{DAYS}&{INC}&projectKey=web", MARCH)
    unknown = refused(f"{DAYS}&projectKey=web", 404)

    assert "project-key-known-everywhere" in broken(known, unknown)
    assert "project-key-known-everywhere" not in broken(unknown)
    assert "project-key-known-everywhere" not in broken(known, refused(f"{DAYS}&projectKey=web&page=2", 404))


def test_the_default_of_to_shows_closed_days() -> None:
    """A closed day that counts something is in the answer when `to` is left out."""
    days = answered(f"from=2026-03-14&to=2026-03-17&{INC}", incremental("2026-03-14", "2026-03-16"))
    short = answered(f"from=2026-03-14&{INC}", incremental("2026-03-14", "2026-03-15"))

    assert "to-defaults-to-now" in broken(days, short)


def test_the_default_of_to_need_not_show_the_open_day() -> None:
    """A target may leave the current day out wherever `to` cuts it, as the current time always does."""
    ahead = answered(f"from=2026-03-16&to=2026-03-20&{INC}", {"2026-03-16": 16, "2026-03-17": 3})
    short = answered(f"from=2026-03-16&{INC}", {"2026-03-16": 16})

    assert broken(ahead, short) == set()


def test_a_sum_over_earlier_days_does_not_show_that_a_day_has_begun() -> None:
    """At midnight the default of `to` ends before the newest day, of which sums are above zero already."""
    view = "aggregationType=rolling_30d"
    second = answered(f"from=2026-03-16&to=2026-03-17+1&{view}", {"2026-03-16": 256, "2026-03-17": 246})
    midnight = answered(f"from=2026-03-16&{view}", {"2026-03-16": 256})
    counted = answered(f"from=2026-03-16&to=2026-03-17+1&{INC}", {"2026-03-16": 16, "2026-03-17": 3})
    short = answered(f"from=2026-03-16&{INC}", {"2026-03-16": 16})

    assert "to-defaults-to-now" not in broken(second, midnight)
    assert "to-defaults-to-now" in broken(counted, short)


def test_all_projects_are_the_sum_of_all_there_are() -> None:
    """When the caller says that no other projects exist, without a key the answer is their sum."""
    conversation = (
        answered(f"{DAYS}&{INC}&projectKey=web", MARCH),
        answered(f"{DAYS}&{INC}&projectKey=app", MARCH),
        answered(f"{DAYS}&{INC}", incremental("2026-03-01", "2026-03-05", 3)),
    )

    assert broken(*conversation, knowledge=COMPLETE) == {"project-key-defaults-to-all"}
    assert broken(*conversation, knowledge=KNOWN) == set()


def test_a_key_that_does_not_exist_must_not_bring_back_the_others() -> None:
    """Counts for an unknown key alone, or beyond those of the known key beside it, widen the filter."""
    alone = answered(f"{DAYS}&{INC}&projectKey=nope", MARCH)
    known = answered(f"{DAYS}&{INC}&projectKey=web", MARCH)
    beside = answered(
        f"{DAYS}&{INC}&projectKey=web&projectKey=nope", incremental("2026-03-01", "2026-03-05", 2)
    )
    narrow = answered(f"{DAYS}&{INC}&projectKey=web&projectKey=nope", MARCH)

    assert "unknown-project-never-widens" in broken(alone)
    assert "unknown-project-never-widens" in broken(known, beside)
    assert "unknown-project-never-widens" not in broken(known, narrow)


@pytest.mark.parametrize("key", ["WEB", " web", "web,app", "app, Web"])
def test_another_spelling_of_a_key_is_judged_as_chosen(key: str) -> None:
    """A key that differs in case or space, or joins keys, may be known: no rule of the document breaks."""
    found = broken(answered(f"{DAYS}&{INC}&projectKey={key.replace(' ', '%20')}", MARCH))

    assert found == {"project-key-is-exact", "unknown-project-not-found"}


def test_a_part_of_a_key_may_be_a_project_where_the_caller_does_not_name_all() -> None:
    """`we` may exist beside `web`; where all projects are named, it must not count anything."""
    part = answered(f"{DAYS}&{INC}&projectKey=we", MARCH)

    assert broken(part) == {"project-key-is-exact", "unknown-project-not-found"}
    assert "unknown-project-never-widens" in broken(part, knowledge=COMPLETE)


def test_a_cut_month_holds_all_of_its_month() -> None:
    """A month that the window cuts is whole; that is chosen, and judged while nothing moves."""
    whole = answered(f"{FEBRUARY}&granularity=monthly", {"2026-02": 280})
    cut = answered("from=2026-02-01&to=2026-02-20&granularity=monthly", {"2026-02": 190})
    still = replace(KNOWN, still=True)

    assert broken(whole, cut, knowledge=still) == {"cut-month-is-whole"}
    assert broken(whole, cut) == set()


def test_an_open_bucket_never_falls() -> None:
    """The current day may grow from one answer to the next, and must not fall."""
    less = answered(f"from=2026-03-17&to=2026-03-18&{INC}", {"2026-03-17": 3})
    more = answered(f"from=2026-03-17&to=2026-03-18&{INC}", {"2026-03-17": 4})

    assert broken(less, more) == set()
    assert broken(more, less) == {"open-bucket-grows"}


def test_while_nothing_moves_the_open_day_fits_the_ledger() -> None:
    """The current day counts the same in each view, unless something may have been counted meanwhile."""
    before = answered("from=2026-03-16&to=2026-03-17", month_to_date("2026-03-16", "2026-03-16"))
    today = answered(f"from=2026-03-17&to=2026-03-18&{INC}", {"2026-03-17": 3})
    to_date = answered("from=2026-03-17&to=2026-03-18", {"2026-03-17": 136 + 4})

    assert broken(before, today, to_date, knowledge=replace(KNOWN, still=True)) == {
        "open-bucket-fits-the-ledger"
    }
    assert broken(before, today, to_date) == set()


def test_without_a_current_time_no_bucket_is_closed() -> None:
    """When the current time is not known, all that can be said is that no bucket falls."""
    for _, conversation in SUMS:
        assert broken(*conversation, knowledge=replace(KNOWN, now=None)) <= {"open-bucket-grows"}


def test_a_range_of_current_times_leaves_its_days_open() -> None:
    """When it may still be the day before, that day may still grow, and may not be there by default."""
    maybe = replace(KNOWN, now=Now(NOON_S - DAY_S, NOON_S))
    one = answered(f"from=2026-03-16&to=2026-03-17&{INC}", {"2026-03-16": 15})
    other = answered(f"from=2026-03-15&to=2026-03-17&{INC}", {"2026-03-15": 15, "2026-03-16": 16})

    assert broken(one, other, knowledge=maybe) == set()
    assert broken(one, other) == {"bucket-independent-of-window"}


def test_elsewhere_the_last_two_days_may_still_settle() -> None:
    """On hosts other than loopback a day counts as closed 48 hours after its end."""
    abroad = replace(KNOWN, loopback=False)

    def told_twice(day: str) -> set[str]:
        query = f"from=2026-03-01&to=2026-03-17&{INC}"
        points = incremental("2026-03-01", "2026-03-16")
        return broken(answered(query, points), answered(query, points | {day: 99}), knowledge=abroad)

    assert told_twice("2026-03-16") == set()
    assert told_twice("2026-03-15") == set()
    assert told_twice("2026-03-14") == {"past-counts-are-fixed"}


def test_undocumented_parameters_may_mean_something() -> None:
    """Whatever shows only beside a parameter without a name in the document breaks that chosen rule."""
    short = answered(f"from=2026-03-03&to=2026-03-06&{INC}&limit=1", {"2026-03-03": 3})
    other = answered(f"from=2026-03-04&to=2026-03-06&{INC}&environment=x", {"2026-03-04": 1, "2026-03-05": 1})

    assert broken(answered(f"{DAYS}&{INC}", MARCH), short) == {"undocumented-parameters-ignored"}
    assert broken(answered(f"{DAYS}&{INC}", MARCH), other) == {"undocumented-parameters-ignored"}


def test_the_conversation_of_a_finding_is_its_evidence() -> None:
    """Of many answers, a finding shows the two that contradict, and the values that do."""
    exchanges = numbered(
        answered(f"from=2026-02-01&to=2026-03-06&{INC}", incremental("2026-02-01", "2026-03-05")),
        answered(DAYS, TO_DATE),
        answered(f"from=2026-03-05&to=2026-03-06&{ROLL}", rolling("2026-03-05", "2026-03-05")),
        answered(f"{FEBRUARY}&granularity=monthly", {"2026-02": 300}),
    )

    (finding,) = judge(exchanges, KNOWN).findings

    assert finding.rule_id == "monthly-sums"
    assert [exchange.number for exchange in finding.conversation] == [4, 1]
    assert "is 300" in finding.message
    assert "280" in finding.message
