"""What each held-out fault shows, in `business-week` at 2026-03-17T15:20:00Z, and what it leaves as it is."""

from typing import Final

from tests.deviations.held_out_showing import (
    answers_differ,
    content_type,
    points,
    shown,
    status,
    window,
)
from tests.deviations.unseen_series_cases import FILTERS, SUMS, WINDOWS
from tests.deviations.unseen_showing import (
    DEFAULT,
    INCREMENTAL,
    MONTHLY,
    PAIR,
    PAST,
    ROLLING,
    Case,
    case,
)

NOWHERE: Final = "projectKey=nowhere"
EMPTY: Final = window("2026-03-05", "2026-03-05")
BACKWARDS: Final = window("2026-03-10", "2026-03-01")
JSON_SENT: Final = (("content-type", "application/json"),)
TODAY_MS: Final = 1773705600000

QUERIES: "Final[dict[str, Case]]" = {
    "callback-is-jsonp": case(content_type("callback=show"), "callback=", "to=x&callback=show"),
    "hyphens-for-underscores": case(
        status(200, "aggregationType=month-to-date"), "aggregationType=monthtodate", PAST + ROLLING
    ),
    "rolling-of-any-length": case(
        status(200, "aggregationType=rolling_7d"), PAST + ROLLING, "aggregationType=rolling_d"
    ),
    "months-in-any-view-for-one-project": case(
        status(200, DEFAULT + "granularity=monthly" + INCREMENTAL),
        "granularity=monthly" + INCREMENTAL,
        PAIR + "granularity=monthly" + ROLLING,
    ),
    "rolling-refuses-explicit-daily": case(
        status(400, "granularity=daily" + ROLLING), PAST + ROLLING, "granularity=daily" + INCREMENTAL
    ),
    "explicit-daily-keeps-one-project": case(
        answers_differ(PAIR + PAST, PAIR + PAST + "&granularity=daily"),
        PAIR + MONTHLY,
        DEFAULT + "granularity=daily",
    ),
    "durations-are-taken": case(status(200, "from=4w"), "from=24", "from=24x", "x=4w"),
    "negative-times-are-ago": case(status(200, "from=-604800"), "from=-x", "x=-604800"),
    "empty-times-are-left-out": case(status(200, "from=&to="), "from=x&to=", "granularity=", ""),
    "first-of-repeated-scalars": case(
        shown(
            lambda answers: answers[0].status == 200 and points(answers[0]) == points(answers[1]),
            "granularity=daily&granularity=monthly",
            "",
        ),
        PAIR,
        "x=1&x=2",
    ),
    "names-in-any-case": case(answers_differ("", "PROJECTKEY=default"), DEFAULT, "projektKey=default"),
    "bracketed-project-keys": case(
        answers_differ("", "projectKey%5B%5D=default"), DEFAULT, "projectKey%5B0%5D=default"
    ),
    "limit-is-honoured": case(answers_differ(PAST, PAST + "&limit=2"), PAST + "&limit=x", "limits=2"),
}

CASES: "Final[dict[str, Case]]" = {
    **SUMS,
    **WINDOWS,
    **FILTERS,
    **QUERIES,
}
