"""The known faults of reading the other parameters: wrong values that are answered."""

from typing import Final

from usagetwin.deviations.known.changes import accepting, reading
from usagetwin.deviations.shape import Deviation, Request

GRANULARITIES: Final = ("daily", "monthly")
FIRST_LETTERS: Final = {"d": "daily", "m": "monthly"}
VIEWS: Final = ("month_to_date", "incremental", "rolling_30d")
TIMES: Final = ("from", "to")
SCALARS: Final = (*TIMES, "granularity", "aggregationType")


def _absent_when_empty(value: str) -> str | None:
    return value or None


def _daily_unless_documented(value: str) -> str | None:
    return value if value.strip().lower() in {"", *GRANULARITIES} else "daily"


def _month_to_date_unless_documented(value: str) -> str:
    return value if value.strip().lower() in {"", *VIEWS} else "month_to_date"


def _last_of_each(request: Request) -> Request:
    last = {name: request.values(name)[-1] for name in SCALARS if request.values(name)}
    return request.having(**last)


FAULTS: Final = (
    Deviation(
        "any-granularity",
        "A granularity that the document does not have is answered as daily.",
        ("granularity-is-documented",),
        reading(_daily_unless_documented, "granularity"),
    ),
    Deviation(
        "hourly-granularity",
        "granularity=hourly, which a sibling endpoint has, is answered as daily.",
        ("granularity-is-documented",),
        reading(lambda value: "daily" if value == "hourly" else value, "granularity"),
    ),
    Deviation(
        "any-aggregation-type",
        "An aggregationType that the document does not have is answered as month_to_date.",
        ("aggregation-type-is-documented",),
        reading(_month_to_date_unless_documented, "aggregationType"),
    ),
    Deviation(
        "average-aggregation-type",
        "aggregationType=average, which a sibling endpoint has, is answered as incremental.",
        ("aggregation-type-is-documented",),
        reading(lambda value: "incremental" if value == "average" else value, "aggregationType"),
    ),
    Deviation(
        "monthly-with-rolling",
        "granularity=monthly with aggregationType=rolling_30d is answered, day by day.",
        ("monthly-needs-month-to-date",),
        accepting(
            lambda request: (
                request.without("granularity")
                if request.value("aggregationType") == "rolling_30d"
                and request.value("granularity") == "monthly"
                else request
            )
        ),
    ),
    Deviation(
        "monthly-with-incremental",
        "granularity=monthly with aggregationType=incremental is answered with whole months.",
        ("monthly-needs-month-to-date",),
        accepting(
            lambda request: (
                request.without("aggregationType")
                if request.value("aggregationType") == "incremental"
                and request.value("granularity") == "monthly"
                else request
            )
        ),
    ),
    Deviation(
        "enums-in-any-case",
        "granularity=DAILY and aggregationType=Incremental are answered.",
        ("enum-exact-spelling",),
        reading(str.lower, "granularity", "aggregationType"),
    ),
    Deviation(
        "empty-enum-is-default",
        "An empty granularity or aggregationType is answered as if it were not there.",
        ("enum-exact-spelling",),
        reading(_absent_when_empty, "granularity", "aggregationType"),
    ),
    Deviation(
        "empty-project-key-is-all",
        "An empty projectKey is answered with all projects.",
        ("project-key-not-empty",),
        reading(_absent_when_empty, "projectKey"),
    ),
    Deviation(
        "last-value-wins",
        "Of a `from`, `to`, granularity or aggregationType that is given twice the last value counts.",
        ("scalar-parameters-once",),
        accepting(_last_of_each),
    ),
    Deviation(
        "granularity-by-first-letter",
        "granularity=day, d, month or any other word that begins with d or m is answered with 200.",
        ("granularity-is-documented",),
        reading(lambda value: FIRST_LETTERS.get(value[:1], value), "granularity"),
    ),
)
