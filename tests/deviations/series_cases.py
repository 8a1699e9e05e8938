"""The contradictions of faults of sums, windows and filters.

They show in the world `business-week` at 2026-03-17T15:20:00Z.
"""

from typing import TYPE_CHECKING, Final

from tests.deviations.showing import (
    Shown,
    answers_differ,
    body,
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

INCREMENTAL: Final = "&aggregationType=incremental"
ROLLING: Final = "&aggregationType=rolling_30d"
MONTHLY: Final = "&granularity=monthly"
TOOLS: Final = "projectKey=internal-tools&"
MARCH: Final = window("2026-03-01", "2026-03-10")
WEEKEND: Final = window("2026-03-06", "2026-03-09")
HISTORY: Final = window("2024-01-01", "2026-03-01")
PAIR: Final = "projectKey=default&projectKey=mobile"
FOUR_KEYS: Final = ("default", "mobile", "checkout", "internal-tools")


def _rolling_falls_short() -> Shown:
    return sum_differs(window("2026-03-09", "2026-03-10") + ROLLING, window("2026-02-08", "2026-03-10"))


SUMS: Final = {
    "months-of-thirty-days": sum_differs(
        window("2026-01-31", "2026-02-01"), window("2026-01-01", "2026-02-01")
    ),
    "december-carried-over": sum_differs(
        window("2026-01-02", "2026-01-03"), window("2026-01-01", "2026-01-03")
    ),
    "sums-restart-each-chunk": same_bucket_differs(
        window("2026-01-01", "2026-02-01"), window("2026-01-30", "2026-02-01")
    ),
    "rolling-one-day-ahead": _rolling_falls_short(),
    "rolling-from-a-mean": _rolling_falls_short(),
    "rolling-without-today": sum_differs(
        "from=" + str(seconds("2026-03-17")) + ROLLING, "from=" + str(seconds("2026-02-16"))
    ),
    "leap-day-not-in-february": sum_differs(
        window("2024-02-01", "2024-03-01") + MONTHLY, window("2024-02-01", "2024-03-01")
    ),
    "months-of-all-years": sum_differs(
        window("2025-01-01", "2026-03-01") + MONTHLY, window("2026-02-01", "2026-03-01")
    ),
    "monthly-one-month-behind": sum_differs(
        window("2026-02-01", "2026-03-01") + MONTHLY, window("2026-02-01", "2026-03-01")
    ),
    "monthly-in-thousands": sum_differs(
        window("2026-02-01", "2026-03-01") + MONTHLY, window("2026-02-01", "2026-03-01")
    ),
    "monthly-cut-at-from": same_bucket_differs(
        window("2026-02-15", "2026-03-01") + MONTHLY, window("2026-02-01", "2026-03-01") + MONTHLY
    ),
    "yesterday-is-late": sum_differs(window("2026-03-16", "2026-03-17"), window("2026-03-01", "2026-03-17")),
    "summer-days-an-hour-early": sum_differs(
        window("2025-05-09", "2025-05-10"), window("2025-05-01", "2025-05-10")
    ),
    "first-difference-lost": same_bucket_differs(
        window("2026-03-04", "2026-03-06") + INCREMENTAL, window("2026-03-05", "2026-03-06") + INCREMENTAL
    ),
    "gaps-filled-with-the-last-value": sum_differs(
        window("2026-03-08", "2026-03-09"), window("2026-03-01", "2026-03-09"), TOOLS
    ),
    "firsts-less-the-month-before": body(
        MARCH + INCREMENTAL, lambda it: any(point["0"] < 0 for point in it["series"])
    ),
    "last-day-cut-at-to": same_bucket_differs(
        window("2026-03-05", "2026-03-05T12") + INCREMENTAL, window("2026-03-05", "2026-03-06") + INCREMENTAL
    ),
}


def _first_of_march_is_lost(answers: "list[Answer]") -> bool:
    earlier, exact = (points(answer) for answer in answers)
    first_ms = seconds("2026-03-01") * 1000
    return bool(earlier[first_ms]) and first_ms not in exact


WINDOWS: Final = {
    "from-moved-to-the-first": time_outside(window("2026-03-05", "2026-03-10"), before="2026-03-05"),
    "to-moved-to-the-week-end": time_outside(window("2026-03-01", "2026-03-10"), after="2026-03-10"),
    "window-eight-hours-late": time_outside(window("2026-03-01", "2026-03-10T20"), after="2026-03-10T20"),
    "from-default-one-month-early": time_outside("projectKey=default", before="2026-03-01"),
    "from-is-exclusive": shown(
        _first_of_march_is_lost, window("2026-02-20", "2026-03-10"), window("2026-03-01", "2026-03-10")
    ),
    "year-end-lost": bucket_is_missing(
        window("2025-12-31", "2026-01-01"), window("2025-12-01", "2026-02-01")
    ),
    "pages-lose-their-last": bucket_is_missing(
        window("2025-04-09", "2025-04-12"), window("2025-01-01", "2025-06-01")
    ),
    "every-other-point": bucket_is_missing(
        window("2025-04-09", "2025-04-12"), window("2025-01-01", "2025-12-01")
    ),
    "newest-twelve-months": bucket_is_missing(
        window("2024-06-01", "2024-08-01") + MONTHLY, HISTORY + MONTHLY
    ),
    "week-year-dates": time_outside(window("2025-12-01", "2026-01-01"), after="2026-01-01"),
    "months-overlap": body(
        window("2026-01-15", "2026-02-15"),
        lambda it: len({point["time"] for point in it["series"]}) < len(it["series"]),
    ),
    "months-by-name": body(
        HISTORY + MONTHLY,
        lambda it: [one["time"] for one in it["series"]] != sorted(one["time"] for one in it["series"]),
    ),
    "months-dated-at-their-end": body(
        window("2026-02-01", "2026-03-01") + MONTHLY,
        lambda it: it["series"][0]["time"] != seconds("2026-02-01") * 1000,
    ),
    "summer-time-labels": body(
        window("2025-06-01", "2025-06-05"), lambda it: it["series"][0]["time"] % 86_400_000 != 0
    ),
}


def each(query: str) -> tuple[str, ...]:
    """Give a query for each project alone."""
    return tuple(f"{query}&projectKey={key}" for key in FOUR_KEYS)


def _found_then_not(answers: "list[Answer]") -> bool:
    return [answer.status for answer in answers] == [200, 404]


FILTERS: Final = {
    "only-neighbours-deduplicated": answers_differ(f"{PAIR}&projectKey=default&{MARCH}", f"{PAIR}&{MARCH}"),
    "projects-added-by-position": not_added(
        f"projectKey=default&projectKey=checkout&{window('2025-02-01', '2025-02-20')}{INCREMENTAL}",
        f"projectKey=default&{window('2025-02-01', '2025-02-20')}{INCREMENTAL}",
        f"projectKey=checkout&{window('2025-02-01', '2025-02-20')}{INCREMENTAL}",
    ),
    "projects-joined-inside": not_added(
        f"projectKey=default&projectKey=internal-tools&{WEEKEND}{INCREMENTAL}",
        f"projectKey=default&{WEEKEND}{INCREMENTAL}",
        f"{TOOLS}{WEEKEND}{INCREMENTAL}",
    ),
    "checkout-months-are-mobiles": sum_differs(
        window("2026-02-01", "2026-03-01") + MONTHLY,
        window("2026-02-01", "2026-03-01"),
        "projectKey=checkout&",
    ),
    "keys-before-from-forgotten": answers_differ(
        f"projectKey=default&{MARCH}", f"{MARCH}&projectKey=default"
    ),
    "all-projects-and-mobile": not_added(MARCH, *each(MARCH)),
    "keys-cut-at-eight": status(200, f"projectKey=checkout-old&{MARCH}"),
    "unknown-beside-known-is-all": status(200, f"projectKey=mobile&projectKey=nowhere&{MARCH}"),
    "unborn-project-not-found": shown(
        _found_then_not, f"{TOOLS}{MARCH}", f"{TOOLS}{window('2025-03-01', '2025-04-01')}"
    ),
}
