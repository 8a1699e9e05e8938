"""What the held-out faults of sums, windows and filters show, in `business-week` at 2026-03-17T15:20:00Z."""

from typing import TYPE_CHECKING, Final

from tests.deviations.held_out_showing import (
    DEFAULT,
    HISTORY,
    INCREMENTAL,
    MOBILE,
    MONTHLY,
    PAIR,
    PAST,
    ROLLING,
    TOOLS,
    Case,
    case,
    day_contradicts,
)
from tests.deviations.showing import (
    Shown,
    bucket_is_missing,
    not_added,
    points,
    same_bucket_differs,
    seconds,
    shown,
    status,
    sum_differs,
    time_outside,
    window,
)

if TYPE_CHECKING:
    from tests.answer import Answer

WEEKEND: Final = window("2026-03-07", "2026-03-09")
YOUNG: Final = window("2025-09-01", "2025-10-05")
OCTOBER: Final = window("2025-10-20", "2025-11-05")


def _times(answer: "Answer") -> list[int]:
    return [point["time"] // 1000 for point in answer.json()["series"]]


def _month_of_today(answers: "list[Answer]") -> bool:
    monthly, daily = (list(points(answer).values()) for answer in answers)
    return bool(monthly[-1] != daily[-1])


def _descends(query: str) -> Shown:
    return shown(lambda answers: _times(answers[0]) != sorted(_times(answers[0])), query)


def _comes_twice(query: str) -> Shown:
    return shown(lambda answers: len(_times(answers[0])) > len(set(_times(answers[0]))), query)


SUMS: "Final[dict[str, Case]]" = {
    "quarter-to-date": case(
        sum_differs(window("2026-02-10", "2026-02-11"), window("2026-02-01", "2026-02-11")),
        window("2026-01-10", "2026-01-20"),
        PAST + INCREMENTAL,
        "granularity=monthly",
    ),
    "rolling-skips-empty-days": case(
        sum_differs(window("2026-03-10", "2026-03-11") + ROLLING, window("2026-02-09", "2026-03-11"), TOOLS),
        DEFAULT + PAST + ROLLING,
        TOOLS + PAST,
    ),
    "rolling-scaled-up-when-young": case(
        sum_differs(window("2025-10-01", "2025-10-02") + ROLLING, window("2025-09-02", "2025-10-02"), TOOLS),
        TOOLS + PAST + ROLLING,
        TOOLS + window("2025-10-21", "2025-11-01") + ROLLING,
    ),
    "rolling-unfiltered-before-from": case(
        same_bucket_differs(MOBILE + PAST + ROLLING, MOBILE + window("2026-01-20", "2026-03-06") + ROLLING),
        PAST + ROLLING,
        MOBILE + PAST,
    ),
    "rolling-renewed-on-mondays": case(
        sum_differs(window("2026-03-11", "2026-03-12") + ROLLING, window("2026-02-10", "2026-03-12")),
        window("2026-03-09", "2026-03-10") + ROLLING,
        PAST,
    ),
    "weekends-booked-on-monday": case(
        day_contradicts("2026-03-06", "2026-03-07", "2026-03-08"), PAST + INCREMENTAL, WEEKEND
    ),
    "quiet-days-hidden": case(
        day_contradicts("2026-03-09", "2026-03-10", "2026-03-11", TOOLS),
        DEFAULT + WEEKEND + INCREMENTAL,
        TOOLS + WEEKEND,
    ),
    "long-windows-estimated": case(
        same_bucket_differs(HISTORY + INCREMENTAL, PAST + INCREMENTAL), PAST + INCREMENTAL, HISTORY
    ),
    "current-month-is-a-forecast": case(
        shown(_month_of_today, "granularity=monthly", ""),
        HISTORY.replace("1773100800", "1772323200") + MONTHLY,
        "",
    ),
    "today-twice-in-rolling": case(
        sum_differs(window("2026-03-17", "2026-03-18") + ROLLING, window("2026-02-16", "2026-03-18")),
        PAST + ROLLING,
        "",
    ),
}

WINDOWS: "Final[dict[str, Case]]" = {
    "lone-from-shows-its-month": case(
        bucket_is_missing(window("2026-02-10", "2026-03-10"), f"from={seconds('2026-02-10')}"),
        f"from={seconds('2026-03-05')}",
        "",
    ),
    "monthly-defaults-to-the-year": case(
        time_outside("granularity=monthly", before="2026-03-01"), "", HISTORY + MONTHLY
    ),
    "times-after-2038-crash": case(
        status(500, f"from={seconds('2026-03-01')}&to=2147483648"),
        f"from={seconds('2026-03-01')}&to=2147483647",
        "from=99999999999",
    ),
    "one-day-in-hours": case(
        shown(lambda answers: len(points(answers[0])) > 1, window("2026-03-05", "2026-03-06")),
        window("2026-03-05", "2026-03-06") + "&granularity=daily",
        PAST,
    ),
    "zero-to-is-left-out": case(
        shown(lambda answers: bool(points(answers[0])), "from=0&to=0"), "from=0&to=1", "from=0"
    ),
    "from-default-follows-to": case(
        status(200, f"to={seconds('2026-02-10')}"), f"to={seconds('2026-03-10')}", PAST
    ),
    "window-to-the-nearest-midnights": case(
        bucket_is_missing(window("2026-03-05T11", "2026-03-07"), window("2026-03-05T13", "2026-03-07")),
        window("2026-03-05T11", "2026-03-07T13"),
        PAST,
    ),
    "future-days-repeat-today": case(
        time_outside(window("2026-03-10", "2026-03-25"), after="2026-03-17"), "", PAST
    ),
    "months-begin-after-creation": case(
        shown(lambda answers: min(_times(answers[0])) > seconds("2025-09-01"), TOOLS + YOUNG + MONTHLY),
        TOOLS + window("2025-10-05", "2026-03-01") + MONTHLY,
        TOOLS + YOUNG,
    ),
    "months-ranked": case(_descends(HISTORY + MONTHLY), HISTORY, "granularity=monthly"),
    "clock-change-comes-twice": case(_comes_twice(OCTOBER), PAST, OCTOBER + MONTHLY),
}

FILTERS: "Final[dict[str, Case]]" = {
    "punctuation-ends-keys": case(
        status(200, "projectKey=mobile.old"),
        "projectKey=mobile",
        "projectKey=nowhere",
        "projectKey=mobile,default",
    ),
    "words-for-everything": case(status(200, "projectKey=all"), "projectKey=allx", ""),
    "repeated-key-refused": case(status(400, DEFAULT + DEFAULT), PAIR, DEFAULT + "projectKey=nowhere"),
    "today-unfiltered": case(not_added(PAIR, DEFAULT, MOBILE), DEFAULT + PAST, DEFAULT + MONTHLY, ""),
    "filter-lost-in-long-windows": case(
        same_bucket_differs(MOBILE + HISTORY, MOBILE + PAST), MOBILE + PAST, HISTORY
    ),
    "apostrophe-crashes": case(status(500, "projectKey=o%27brien"), "projectKey=obrien", "x=o%27brien"),
    "accents-crash": case(status(500, "projectKey=caf%C3%A9"), "projectKey=cafe", DEFAULT),
    "series-begins-with-the-youngest": case(
        bucket_is_missing(DEFAULT + YOUNG, DEFAULT + TOOLS + YOUNG), DEFAULT + YOUNG, DEFAULT + TOOLS + PAST
    ),
    "unknown-beside-known-is-dropped": case(
        status(200, DEFAULT + "projectKey=nowhere"), "projectKey=nowhere", PAIR
    ),
    "empty-key-beside-others-skipped": case(
        status(200, DEFAULT + "projectKey="), "projectKey=", "projectKey=&projectKey=", PAIR
    ),
}
