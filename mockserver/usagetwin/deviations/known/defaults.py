"""The known faults of defaults and of the query's form: what is left out, or spelled out, or moved."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, first_of_month, start_of, to_date
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.changes import asking
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Request

LONG_WINDOW_S: Final = 90 * SECONDS_PER_DAY
FROM: Final = ("from-defaults-to-month-start",)
TO: Final = ("to-defaults-to-now",)
GRANULARITY: Final = ("granularity-defaults-to-daily",)
AGGREGATION: Final = ("aggregation-type-defaults-to-month-to-date",)


def missing(request: "Request", **values: str) -> "Request":
    """Fill in other defaults for the parameters that are missing; `from_` stands for `from`."""
    absent = {name: value for name, value in values.items() if request.value(name.rstrip("_")) is None}
    return request.having(**absent)


def _from_new_year(request: "Request", asked: Asked) -> "Request":
    new_year = asked.today - to_date(asked.today).timetuple().tm_yday + 1
    return missing(request, from_=str(start_of(new_year)))


def _from_today(request: "Request", asked: Asked) -> "Request":
    return missing(request, from_=str(min(asked.to_s, start_of(asked.today))))


def _to_two_days_ago(request: "Request", asked: Asked) -> "Request":
    return missing(request, to=str(max(asked.from_s, start_of(asked.today - 1))))


def _to_today(request: "Request", asked: Asked) -> "Request":
    return missing(request, to=str(max(asked.from_s, start_of(asked.today))))


def _monthly_by_default(request: "Request", asked: Asked) -> "Request":
    return missing(request, granularity="monthly") if asked.view == "month_to_date" else request


def _monthly_when_long(request: "Request", asked: Asked) -> "Request":
    return _monthly_by_default(request, asked) if asked.to_s - asked.from_s > LONG_WINDOW_S else request


def _incremental_by_default(request: "Request", asked: Asked) -> "Request":
    return request if asked.monthly else missing(request, aggregationType="incremental")


def _rolling_for_one_project(request: "Request", asked: Asked) -> "Request":
    if asked.monthly or len(request.values("projectKey")) != 1:
        return request
    return missing(request, aggregationType="rolling_30d")


def _incremental_when_daily_is_given(request: "Request", asked: Asked) -> "Request":
    return request if request.value("granularity") is None else _incremental_by_default(request, asked)


def _explicit_now_is_midnight(request: "Request", asked: Asked) -> "Request":
    if request.value("to") is None or asked.to_s != asked.now_s:
        return request
    return request.having(to=str(max(asked.from_s, start_of(asked.today))))


def _view_before_window_is_lost(request: "Request", asked: Asked) -> "Request":
    names = [name for name, _ in request.parameters]
    if "aggregationType" not in names or "from" not in names or asked.monthly:
        return request
    comes_first = names.index("aggregationType") < names.index("from")
    return request.without("aggregationType") if comes_first else request


def _from_last_month_for_projects(request: "Request", asked: Asked) -> "Request":
    last_month = first_of_month(first_of_month(asked.today) - 1)
    return missing(request, from_=str(start_of(last_month))) if request.values("projectKey") else request


def _monthly_when_the_view_is_given(request: "Request", _asked: Asked) -> "Request":
    given = request.value("aggregationType") == "month_to_date"
    return missing(request, granularity="monthly") if given else request


FAULTS: Final = (
    Deviation(
        "from-defaults-to-30-days-ago",
        "Without `from` the series starts 30 days before the current time.",
        FROM,
        asking(lambda request, asked: missing(request, from_=str(asked.now_s - 30 * SECONDS_PER_DAY))),
    ),
    Deviation(
        "from-defaults-to-the-new-year",
        "Without `from` the series starts with the current year: any month but January.",
        FROM,
        asking(_from_new_year),
    ),
    Deviation(
        "from-defaults-to-today",
        "Without `from` the series has the current day alone: any day but the first of a month.",
        FROM,
        asking(_from_today),
    ),
    Deviation(
        "to-defaults-to-yesterday-midnight",
        "Without `to` the series ends before yesterday: any day from the second of a month on.",
        TO,
        asking(_to_two_days_ago),
    ),
    Deviation(
        "to-defaults-to-midnight",
        "Without `to` the series ends with yesterday, although the current day has a bucket.",
        TO,
        asking(_to_today),
    ),
    Deviation(
        "granularity-defaults-to-monthly",
        "Without granularity month_to_date has one bucket for each month.",
        GRANULARITY,
        asking(_monthly_by_default),
    ),
    Deviation(
        "long-windows-default-to-monthly",
        "Only in windows longer than 90 days: without granularity there is one bucket for each month.",
        GRANULARITY,
        asking(_monthly_when_long),
    ),
    Deviation(
        "aggregation-type-defaults-to-incremental",
        "Without aggregationType daily buckets have their own day alone.",
        AGGREGATION,
        asking(_incremental_by_default),
    ),
    Deviation(
        "aggregation-type-defaults-to-rolling-for-one-project",
        "Only when exactly one projectKey is given: without aggregationType the view is rolling_30d.",
        AGGREGATION,
        asking(_rolling_for_one_project),
    ),
    Deviation(
        "explicit-daily-changes-the-view",
        "Only when granularity=daily is given: without aggregationType the view is incremental.",
        ("explicit-default-changes-nothing", "aggregation-type-defaults-to-month-to-date"),
        asking(_incremental_when_daily_is_given),
    ),
    Deviation(
        "explicit-now-is-midnight",
        "A `to` of exactly the current time ends the series with yesterday; without `to` today is there.",
        ("explicit-default-changes-nothing",),
        asking(_explicit_now_is_midnight),
    ),
    Deviation(
        "parameter-order-matters",
        "An aggregationType that comes before `from` in the query is ignored.",
        ("parameter-order-is-irrelevant", "incremental-counts", "rolling-30d-sums"),
        asking(_view_before_window_is_lost),
    ),
    Deviation(
        "from-default-one-month-early",
        "Without `from`, and with a projectKey, the series starts with the month before the current one.",
        ("from-defaults-to-month-start", "explicit-default-changes-nothing"),
        asking(_from_last_month_for_projects),
    ),
    Deviation(
        "view-given-means-monthly",
        "aggregationType=month_to_date without granularity gives months.",
        ("granularity-defaults-to-daily", "explicit-default-changes-nothing"),
        asking(_monthly_when_the_view_is_given),
    ),
)
