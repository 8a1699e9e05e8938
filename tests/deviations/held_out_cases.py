"""What each held-out fault shows, in `business-week` at 2026-03-17T15:20:00Z, and what it leaves as it is."""

import json
from typing import TYPE_CHECKING, Final

from tests.acme import PATH
from tests.deviations.held_out_series_cases import FILTERS, SUMS, WINDOWS
from tests.deviations.held_out_showing import (
    DEFAULT,
    HISTORY,
    INCREMENTAL,
    MONTHLY,
    PAIR,
    PAST,
    ROLLING,
    Case,
    case,
)
from tests.deviations.showing import (
    Asked,
    Shown,
    answers_differ,
    body,
    content_type,
    points,
    shown,
    status,
    window,
)

if TYPE_CHECKING:
    from tests.answer import Answer

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

ACCESS: "Final[dict[str, Case]]" = {
    "head-needs-no-credential": case(
        status(200, method="HEAD", token=None), Asked(token=None), Asked(method="HEAD")
    ),
    "project-checked-before-credential": case(
        status(404, NOWHERE, token=None), Asked(DEFAULT, token=None), NOWHERE
    ),
    "content-type-of-a-get-refused": case(
        Shown((Asked(others=JSON_SENT),), lambda answers: answers[0].status == 415),
        "",
        Asked(token=None, others=JSON_SENT),
    ),
    "credential-before-method": case(
        status(401, method="POST", token=None), Asked(method="POST"), Asked(token=None)
    ),
    "credential-before-path": case(
        status(401, path="/api/v2/nothing", token=None), Asked(path="/api/v2/nothing"), Asked(token=None)
    ),
    "project-before-query": case(
        status(404, NOWHERE + "&granularity=hourly"), DEFAULT + "granularity=hourly", NOWHERE
    ),
    "head-checks-nothing": case(
        status(200, "to=x", method="HEAD"), "to=x", Asked(method="HEAD"), Asked(method="HEAD", token=None)
    ),
    "writing-is-not-implemented": case(
        status(501, method="DELETE"), Asked(method="POST"), Asked(method="DELETE", path="/")
    ),
    "path-in-any-case": case(status(200, path=PATH.upper()), Asked(path="/API/V2"), Asked()),
    "anything-below-the-path": case(
        status(200, path=f"{PATH}/today"), Asked(path=f"{PATH}/"), Asked(path=f"{PATH}x")
    ),
}


def _exponent(answers: "list[Answer]") -> bool:
    return b"e+05" in answers[0].body and isinstance(answers[0].json()["series"][-1]["0"], float)


SHAPES: "Final[dict[str, Case]]" = {
    "unknown-project-without-message": case(
        body(NOWHERE, lambda it: "message" not in it), "to=x", Asked(path="/")
    ),
    "inverted-window-without-code": case(
        body(BACKWARDS, lambda it: not isinstance(it["code"], str)), "to=x", NOWHERE
    ),
    "empty-objects-are-lists": case(body("", lambda it: it["metadata"] != [{}]), "to=x"),
    "no-series-without-buckets": case(body(EMPTY, lambda it: "series" not in it), PAST),
    "today-is-null": case(body("", lambda it: it["series"][-1]["0"] is None), PAST, "granularity=monthly"),
    "total-row-at-the-end": case(
        body(PAST + INCREMENTAL, lambda it: it["series"][-1]["time"] == 0), PAST, EMPTY + INCREMENTAL
    ),
    "key-fields-named-by-project": case(
        body(PAIR + PAST, lambda it: "0" not in it["series"][0]), DEFAULT + PAST, PAST
    ),
    "today-is-dated-now": case(
        body("", lambda it: it["series"][-1]["time"] != TODAY_MS), PAST, "granularity=monthly"
    ),
    "large-values-with-exponent": case(
        shown(_exponent, PAST + ROLLING), "projectKey=internal-tools&" + PAST, "to=x"
    ),
    "to-is-called-from-in-errors": case(
        body("to=x", lambda it: it["message"].startswith("from=")), "from=x", BACKWARDS
    ),
}


def _last_status(wrong: int, *queries: str) -> Shown:
    return shown(lambda answers: answers[-1].status == wrong, *queries)


STATES: "Final[dict[str, Case]]" = {
    "cache-forgets-the-view": case(
        shown(
            lambda answers: answers[0].json()["series"] == answers[1].json()["series"],
            PAST,
            PAST + INCREMENTAL,
        ),
        PAST,
        HISTORY + INCREMENTAL,
        PAST,
    ),
    "monthly-sticks": case(
        shown(lambda answers: len(points(answers[1])) == 1, "granularity=monthly", ""),
        "granularity=monthly",
        "granularity=daily",
        "",
    ),
    "refusal-comes-again": case(_last_status(400, "to=x", PAST), PAST, "", "to=x", "to=y"),
    "replica-lacks-the-last-project": case(
        shown(
            lambda answers: len({json.dumps(answer.json()["series"]) for answer in answers}) > 1,
            *(PAIR + PAST,) * 4,
        ),
        *(PAIR + PAST,) * 3,
        *(DEFAULT + PAST,) * 3,
    ),
    "first-answer-is-empty": case(
        shown(lambda answers: points(answers[0]) != points(answers[1]), PAST, PAST), "to=x", NOWHERE
    ),
    "limited-with-200": case(
        shown(lambda answers: any("series" not in answer.json() for answer in answers), *("",) * 15),
        *("",) * 14,
        *("to=x",) * 3,
    ),
    "unknown-project-known-when-asked-again": case(
        shown(lambda answers: answers[0].status != answers[1].status, NOWHERE, NOWHERE),
        NOWHERE,
        "projectKey=elsewhere",
    ),
}

CASES: "Final[dict[str, Case]]" = {
    **SUMS,
    **WINDOWS,
    **FILTERS,
    **QUERIES,
    **ACCESS,
    **SHAPES,
    **STATES,
}
