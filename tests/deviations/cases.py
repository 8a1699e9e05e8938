"""The contradictions that faults show, in the world `business-week` at 2026-03-17T15:20:00Z."""

import json
from typing import TYPE_CHECKING, Final

from tests.acme import PATH
from tests.deviations.series_cases import (
    FILTERS,
    HISTORY,
    INCREMENTAL,
    MARCH,
    PAIR,
    ROLLING,
    SUMS,
    WINDOWS,
)
from tests.deviations.showing import (
    Asked,
    Shown,
    answers_differ,
    body,
    content_type,
    shown,
    status,
    window,
)
from tests.deviations.unusual_cases import BESIDE, CRASHES, UNUSUAL

if TYPE_CHECKING:
    from tests.answer import Answer

QUERIES: Final = {
    "digits-with-a-tail": status(200, "from=1772323200abc"),
    "unreadable-to-is-now": status(200, "to=yesterday"),
    "granularity-by-first-letter": status(200, "granularity=day"),
    "view-given-means-monthly": answers_differ(
        f"{MARCH}&aggregationType=month_to_date", f"{MARCH}&granularity=daily"
    ),
    "rolling-needs-thirty-days": status(400, MARCH + ROLLING),
    "incremental-capped-at-a-quarter": status(400, window("2025-06-01", "2025-12-01") + INCREMENTAL),
    "leap-day-crashes": status(500, window("2024-02-29", "2024-03-05")),
    "dates-accepted": status(200, "from=2026-03-01"),
}


def _mislabelled(answers: "list[Answer]") -> bool:
    """Tell whether the key field that metadata explains as checkout is not what checkout counts alone."""
    both, alone = (answer.json() for answer in answers)
    explained = {item.get("projectKey"): str(at) for at, item in enumerate(both["metadata"])}
    if "checkout" not in explained:
        return False
    label = explained["checkout"]
    return [point[label] for point in both["series"]] != [point["0"] for point in alone["series"]]


SHAPES: Final = {
    "today-in-fractions": body("", lambda it: not isinstance(it["series"][-1]["0"], int)),
    "large-values-grouped": body(MARCH + ROLLING, lambda it: not isinstance(it["series"][-1]["0"], int)),
    "rolling-written-as-floats": shown(lambda answers: b".0" in answers[0].body, MARCH + ROLLING),
    "monthly-timestamp": body("granularity=monthly", lambda it: "time" not in it["series"][0]),
    "links-null-without-a-query": body("", lambda it: not isinstance(it["_links"], dict)),
    "links-missing-by-month": body("granularity=monthly", lambda it: "_links" not in it),
    "link-to-the-last-key": body(PAIR, lambda it: it["_links"]["self"]["href"] != f"{PATH}?{PAIR}"),
    "metadata-of-one-is-no-list": body("projectKey=default", lambda it: not isinstance(it["metadata"], list)),
    "metadata-in-another-order": shown(
        _mislabelled,
        f"projectKey=default&projectKey=checkout&{MARCH}",
        f"projectKey=checkout&{MARCH}",
    ),
}


def _no_json(answers: "list[Answer]") -> bool:
    try:
        json.loads(answers[0].body)
    except json.JSONDecodeError:
        return True
    return False


ACCESS: Final = {
    "problem-type-for-401": content_type(token=None),
    "vendor-type-for-months": content_type("granularity=monthly"),
    "body-cut-at-16-kib": shown(_no_json, HISTORY),
    "inverted-window-error-nested": body(window("2026-03-10", "2026-03-01"), lambda it: "code" not in it),
    "not-found-code-is-a-number": body("projectKey=x", lambda it: not isinstance(it["code"], str)),
    "trailing-slash-answered": status(200, path=f"{PATH}/"),
}

STATES: Final = {
    "cache-before-credential": Shown(
        (Asked(MARCH), Asked(MARCH, token=None)), lambda answers: answers[-1].status == 200
    ),
    "cache-forgets-further-keys": shown(
        lambda answers: answers[0].json()["series"] == answers[1].json()["series"],
        f"{PAIR}&{MARCH}",
        f"projectKey=default&projectKey=checkout&{MARCH}",
    ),
    "lagging-replica": shown(
        lambda answers: len({json.dumps(answer.json()["series"]) for answer in answers}) > 1,
        *(MARCH + INCREMENTAL,) * 5,
    ),
    "throttled-in-plain-text": shown(
        lambda answers: any(answer.header("content-type") != "application/json" for answer in answers),
        *("",) * 20,
    ),
}

CASES: Final = {
    **CRASHES,
    **BESIDE,
    **UNUSUAL,
    **SUMS,
    **WINDOWS,
    **FILTERS,
    **QUERIES,
    **SHAPES,
    **ACCESS,
    **STATES,
}
