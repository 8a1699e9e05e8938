"""Which buckets an answer has: what is missing shows something where it is known to count above zero."""

from dataclasses import replace

from tests.checker.choices.reading import left
from tests.checker.conversations import KNOWN, answered, incremental, labelled, month_to_date, refused
from tests.checker.conversations import get as ask
from usagetwin_checker.knowing.knowledge import Now

INC = "aggregationType=incremental"
FEBRUARY = answered("from=2026-02-01&to=2026-03-01", month_to_date("2026-02-01", "2026-02-28"))
BY_DAY = answered(f"from=2026-02-01&to=2026-03-01&{INC}", incremental("2026-02-01", "2026-02-28"))
BOTH = {"", "cut-by-from-left-out", "cut-by-to-left-out", "whole-buckets-only"}
EMPTY_DAY = answered("from=2026-01-01&to=2026-01-02", {"2026-01-01": 0})


def without(points: dict[str, int], *gone: str) -> dict[str, int]:
    """Leave points out."""
    return {day: value for day, value in points.items() if day not in gone}


def test_an_order_is_seen_in_two_buckets() -> None:
    """And one that is neither is like no known way."""
    days = ("2026-02-01", "2026-02-02", "2026-02-03")
    turned = [dict.fromkeys(order, 1) for order in (days, days[::-1], (days[1], days[0], days[2]))]

    found = [left("order of buckets", answered("from=2026-02-01&to=2026-02-04", points)) for points in turned]

    assert found == [{""}, {"descending"}, set()]
    assert left("order of buckets", EMPTY_DAY) == {"", "descending"}


def test_a_bucket_that_comes_twice_is_seen() -> None:
    """The first one is a known way, another one is not."""
    points = [{"time": day * 86_400_000, "0": 1} for day in (20_485, 20_486)]
    request = ask("from=2026-02-01&to=2026-02-03")

    assert left("first bucket", labelled(request, [points[0], *points])) == {"first-bucket-twice"}
    assert left("first bucket", labelled(request, [*points, points[1]])) == set()
    assert left("first bucket", labelled(request, points)) == {""}
    assert left("first bucket", labelled(request, [])) == {"", "first-bucket-twice"}


def test_a_day_that_counts_nothing_and_is_missing_shows_that_zeros_are_left_out() -> None:
    """The sums to date tell that it counts nothing; without them nobody knows."""
    sums = {"2026-02-02": 10, "2026-02-03": 10, "2026-02-04": 25}
    days = {"2026-02-02": 10, "2026-02-04": 15}
    by_month = answered("from=2026-02-02&to=2026-02-05", sums)
    by_day = answered(f"from=2026-02-02&to=2026-02-05&{INC}", days)

    assert left("zero buckets", by_month, by_day) == {"sparse"}
    assert left("zero buckets", by_day) == {"", "sparse"}
    assert left("zero buckets", EMPTY_DAY, by_day) == {""}


def test_two_sundays_that_are_missing_show_that_none_is_shown() -> None:
    """One may be missing for another reason."""
    sums = month_to_date("2026-02-01", "2026-02-28")
    query = "from=2026-02-01&to=2026-03-01"
    never = without(sums, "2026-02-01", "2026-02-08", "2026-02-15", "2026-02-22")
    once = without(month_to_date("2026-02-02", "2026-02-13"), "2026-02-08")

    assert left("Sundays", EMPTY_DAY, answered(query, never)) == {"no-sundays"}
    assert left("Sundays", EMPTY_DAY, answered("from=2026-02-02&to=2026-02-14", once)) == {"", "no-sundays"}
    assert left("Sundays", FEBRUARY) == {""}


def test_a_bucket_that_the_window_cuts_is_there_or_not() -> None:
    """At either end; what cuts nothing shows nothing."""
    query = "from=2026-02-03+43200&to=2026-02-06+43200"
    shown = [
        month_to_date("2026-02-03", "2026-02-06"),
        month_to_date("2026-02-04", "2026-02-06"),
        month_to_date("2026-02-03", "2026-02-05"),
        month_to_date("2026-02-04", "2026-02-05"),
    ]

    found = [left("cut buckets", FEBRUARY, answered(query, points)) for points in shown]

    assert found == [{""}, {"cut-by-from-left-out"}, {"cut-by-to-left-out"}, {"whole-buckets-only"}]
    assert left("cut buckets", FEBRUARY) == BOTH
    inside = answered("from=2026-02-03+1&to=2026-02-03+9", month_to_date("2026-02-03", "2026-02-03"))
    assert left("cut buckets", FEBRUARY, inside) == BOTH


def test_the_bucket_at_to_is_there_or_not() -> None:
    """That it is not there says nothing where buckets that `to` cuts are left out."""
    query = "from=2026-02-03&to=2026-02-05"
    cut = answered("from=2026-02-03&to=2026-02-06+43200", month_to_date("2026-02-03", "2026-02-06"))
    kept = answered(query, month_to_date("2026-02-03", "2026-02-04"))

    assert left(
        "bucket at to", FEBRUARY, cut, answered(query, month_to_date("2026-02-03", "2026-02-05"))
    ) == {"inclusive-to"}
    assert left("bucket at to", FEBRUARY, cut, kept) == {""}
    assert left("bucket at to", FEBRUARY, kept) == {"", "inclusive-to"}


def test_a_cut_month_is_whole_or_holds_the_days_inside() -> None:
    """By the sums to date of the same month; a value that is neither is like no known way."""
    query = "from=2026-02-11&to=2026-03-01&granularity=monthly"

    found = [left("cut months", FEBRUARY, answered(query, {"2026-02": value})) for value in (280, 180, 99)]

    assert found == [{""}, {"cut-months"}, set()]
    assert left("cut months", answered(query, {"2026-02": 280})) == {"", "cut-months"}
    ends_inside = answered("from=2026-02-01&to=2026-02-11&granularity=monthly", {"2026-02": 100})
    assert left("cut months", FEBRUARY, ends_inside) == {"", "cut-months"}


def test_a_label_is_read_in_the_windows_of_all_answers() -> None:
    """A label at the start of a day may be the end of the one before, until a window says that it is not."""
    one_day = ask(f"from=2026-02-03&to=2026-02-04&{INC}")
    at = {
        name: [{"time": label, "0": 1}]
        for name, label in (("start", 1_770_076_800_000), ("end", 1_770_163_200_000))
    }

    assert left("labels", labelled(one_day, at["start"])) == {"", "month-at-last-day"}
    assert "time-at-end" in left("labels", labelled(one_day, at["end"]))
    assert left("labels", labelled(one_day, [{"time": 1_770_163_199_999, "0": 1}])) == {
        "time-at-last-millisecond"
    }
    assert left("labels", labelled(one_day, [{"time": 1_770_076_800_007, "0": 1}])) == set()
    assert left("labels", labelled(one_day, [{"time": 10**30, "0": 1}])) == set()
    assert len(left("labels", labelled(one_day, []))) == 10


def test_a_label_at_the_end_is_told_by_what_a_day_would_lack() -> None:
    """Two days in a row, each by itself: read as starts, an answer would lack what the other shows."""
    days = [  # of each, the first instant after it
        labelled(
            ask(f"from=2026-02-0{day}&to=2026-02-0{day + 1}&{INC}"),
            [{"time": 1_770_076_800_000 + after, "0": 1}],
        )
        for day, after in ((3, 86_400_000), (4, 2 * 86_400_000))
    ]

    assert left("labels", *days) == {"time-at-end"}
    assert left("zero buckets", *days) == {"", "sparse"}


def test_where_labels_are_not_certain_no_bucket_is_read() -> None:
    """Or where the days are those of a zone."""
    at_end = labelled(ask(f"from=2026-02-03&to=2026-02-04&{INC}"), [{"time": 1_770_163_200_000, "0": 1}])

    assert left("bucket at to", at_end) == {"", "inclusive-to"}


def test_the_current_day_is_there_or_not() -> None:
    """A missing one shows something as long as zeros are shown, and the window has all of it."""
    until_yesterday = month_to_date("2026-03-14", "2026-03-16")
    ahead = "from=2026-03-14&to=2026-03-22"

    assert left("open bucket", EMPTY_DAY, answered(ahead, {**until_yesterday, "2026-03-17": 140})) == {""}
    assert left("open bucket", EMPTY_DAY, answered(ahead, until_yesterday)) == {"open-bucket-absent"}
    assert left("open bucket", answered(ahead, until_yesterday)) == {"", "open-bucket-absent"}
    by_default = answered("from=2026-03-14", until_yesterday)
    assert left("open bucket", EMPTY_DAY, by_default) == {"", "open-bucket-absent"}
    unknown = replace(KNOWN, now=None)
    for choice in ("open bucket", "days ahead", "retention", "open day"):
        assert len(left(choice, answered(ahead, until_yesterday), knowledge=unknown)) > 1


def test_days_ahead_are_zeros_or_not_there() -> None:
    """Where zeros are shown at all."""
    ahead = "from=2026-03-14&to=2026-03-22"
    shown = month_to_date("2026-03-14", "2026-03-17")

    assert left("days ahead", EMPTY_DAY, answered(ahead, shown)) == {""}
    assert left("days ahead", EMPTY_DAY, answered(ahead, {**shown, "2026-03-18": 0})) == {
        "zeros-to-month-end"
    }
    assert left("days ahead", answered(ahead, shown)) == {"", "zeros-to-month-end"}


def test_a_first_bucket_400_days_ago_is_a_retention_where_older_days_count() -> None:
    """2025-02-10 is 400 days before the current day; what is shown before it is not cut off."""
    window = "from=2025-01-12&to=2025-03-02"
    sums = {f"2025-02-{day}": day * 10 for day in range(10, 29)}
    by_month = answered(window, sums)
    by_day = answered(f"{window}&{INC}", dict.fromkeys(sums, 10))
    older = answered(f"{window}&{INC}", {"2025-01-12": 7, **dict.fromkeys(sums, 10)})

    assert left("retention", EMPTY_DAY, by_month, by_day) == {"retention"}
    assert left("retention", EMPTY_DAY, by_month, older) == {"month-to-date-retention"}
    assert left("retention", by_day) == {"", "retention", "month-to-date-retention"}
    old = answered("from=2024-12-01&to=2024-12-03", {"2024-12-01": 5})
    assert left("retention", old) == {""}


def test_zeros_before_the_creation_are_told_by_a_window_that_has_nothing_else() -> None:
    """A day that is zero in one answer is in none of another, whose window has it."""
    zeros = answered(
        f"from=2026-02-01&to=2026-02-08&{INC}", {"2026-02-01": 0, "2026-02-02": 0, "2026-02-03": 4}
    )
    nothing = answered(f"from=2026-02-01&to=2026-02-03&{INC}", {})
    late = answered(f"from=2026-02-01&to=2026-02-12&{INC}", {"2026-02-10": 4})

    assert left("before the creation", zeros, nothing) == {"zeros-before-creation"}
    assert left("before the creation", zeros) == {"", "zeros-before-creation"}
    assert left("before the creation", EMPTY_DAY, late) == {""}
    assert left("before the creation", late) == {"", "zeros-before-creation"}


def test_the_current_day_counts_something_or_nothing() -> None:
    """By its sum to date, and by what moves between two answers."""
    yesterday = month_to_date("2026-03-14", "2026-03-16")
    query = "from=2026-03-14&to=2026-03-22"

    def shown(*values: int) -> set[str]:
        return left("open day", *(answered(query, {**yesterday, "2026-03-17": value}) for value in values))

    moving = {"", "open_day=whole", "open-bucket-grows-with-each-request", "open-bucket-falls"}
    assert shown(0) == {"open-bucket-is-zero"}
    assert shown(136) == {*moving, "today-counts-nothing"}
    assert shown(140) == moving
    assert shown(140, 139) == {"open-bucket-falls"}
    assert shown(140, 141) == {"open-bucket-grows-with-each-request"}
    assert left("open day", EMPTY_DAY, *[answered(f"{query}&{INC}", {"2026-03-17": 500})] * 9) == moving
    steady = answered(f"{query}&{INC}", {"2026-03-17": 500})
    apart = [steady, *[refused("from=x", 400)] * 25, steady]
    assert left("open day", EMPTY_DAY, *apart) == {"", "open_day=whole"}


def test_a_day_that_grows_by_a_clock_that_moves_is_not_whole() -> None:
    """It may still grow with each request: no run tells the two apart."""
    moving = replace(KNOWN, now=Now(1_773_748_800, 1_773_748_860))
    query = f"from=2026-03-14&to=2026-03-22&{INC}"
    both = [answered(query, {"2026-03-17": value}) for value in (500, 501)]

    assert left("open day", EMPTY_DAY, *both, knowledge=moving) == {"", "open-bucket-grows-with-each-request"}
