"""The known faults of the project filter: keys that are ignored, or added up wrongly."""

from typing import Final

from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.asked import having_keys, keys_of
from usagetwin.deviations.known.changes import accepting, asking
from usagetwin.deviations.shape import OK, Deviation, Request

KEY: Final = "projectKey"
TWO: Final = 2
NOT_FOUND: Final = 404
REMEMBERED: Final = 64


def _unsorted_loses_the_last(request: Request, _asked: Asked) -> Request:
    keys = keys_of(request)
    return request if list(keys) == sorted(keys) else having_keys(request, keys[:-1])


FAULTS: Final = (
    Deviation(
        "project-key-ignored",
        "Every projectKey, an unknown one included, is answered with all projects.",
        ("filter-additive", "unknown-project-never-widens", "all-projects-at-least-the-named"),
        accepting(lambda request: request.without(KEY), OK, NOT_FOUND),
    ),
    Deviation(
        "project-key-ignored-in-monthly",
        "Only with granularity=monthly: every projectKey is answered with all projects.",
        ("filter-additive", "monthly-sums"),
        asking(lambda request, asked: request.without(KEY) if asked.monthly else request),
    ),
    Deviation(
        "project-key-ignored-in-rolling",
        "Only in the rolling_30d view: every projectKey is answered with all projects.",
        ("filter-additive", "rolling-30d-sums"),
        asking(lambda request, asked: request.without(KEY) if asked.view == "rolling_30d" else request),
    ),
    Deviation(
        "first-project-key-alone",
        "Of several project keys the first one alone counts.",
        ("project-key-repeats", "filter-additive", "project-key-order-is-irrelevant"),
        asking(lambda request, _asked: having_keys(request, keys_of(request)[:1])),
    ),
    Deviation(
        "last-project-key-alone",
        "Of several project keys the last one alone counts.",
        ("project-key-repeats", "filter-additive", "project-key-order-is-irrelevant"),
        asking(lambda request, _asked: having_keys(request, request.values(KEY)[-1:])),
    ),
    Deviation(
        "third-project-key-ignored",
        "Project keys beyond the second do not count.",
        ("project-key-repeats", "filter-additive", "project-key-order-is-irrelevant"),
        asking(lambda request, _asked: having_keys(request, keys_of(request)[:2])),
    ),
    Deviation(
        "project-key-order-matters",
        "Project keys that are not in alphabetical order lose the last one.",
        ("project-key-order-is-irrelevant", "filter-additive"),
        asking(_unsorted_loses_the_last),
    ),
)
