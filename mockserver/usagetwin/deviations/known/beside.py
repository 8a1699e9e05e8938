"""The known faults of defaults beside other parameters: right alone, wrong under one class of another."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, first_of_month, start_of
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.adding import with_more_of
from usagetwin.deviations.known.asked import keys_of
from usagetwin.deviations.known.changes import asking, only
from usagetwin.deviations.known.defaults import missing
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Request

KEY: Final = "projectKey"
YEAR_S: Final = 365 * SECONDS_PER_DAY
SEVERAL: Final = 2
FROM: Final = ("from-defaults-to-month-start",)
TO: Final = ("to-defaults-to-now",)
GRANULARITY: Final = ("granularity-defaults-to-daily",)
AGGREGATION: Final = ("aggregation-type-defaults-to-month-to-date",)


def _whole_months_of_projects(request: "Request", asked: Asked) -> "Request":
    if not asked.monthly or not keys_of(request):
        return request
    return missing(request, to=str(max(asked.from_s, start_of(first_of_month(asked.today)))))


def _a_month_before_to(request: "Request", asked: Asked) -> "Request":
    if request.value("to") is None or asked.to_s >= asked.today_s:
        return request
    return missing(request, from_=str(asked.to_s - 30 * SECONDS_PER_DAY))


def _rolling_to_midnight(request: "Request", asked: Asked) -> "Request":
    if asked.view != "rolling_30d":
        return request
    return missing(request, to=str(max(asked.from_s, asked.today_s)))


def _monthly_of_several_projects(request: "Request", asked: Asked) -> "Request":
    several = len(keys_of(request)) >= SEVERAL and asked.view == "month_to_date"
    return missing(request, granularity="monthly") if several else request


def _monthly_of_old_windows(request: "Request", asked: Asked) -> "Request":
    old = asked.from_s < asked.now_s - YEAR_S and asked.view == "month_to_date"
    return missing(request, granularity="monthly") if old else request


def _incremental_without_a_from(request: "Request", asked: Asked) -> "Request":
    if asked.monthly or request.value("from") is not None or request.value("to") is None:
        return request
    return missing(request, aggregationType="incremental")


FAULTS: Final = (
    Deviation(
        "months-of-projects-end-with-the-last-by-default",
        "Only with granularity=monthly and a projectKey: without `to` the current month is missing.",
        TO,
        asking(_whole_months_of_projects),
    ),
    Deviation(
        "from-defaults-to-a-month-before-a-past-to",
        "Only with a past `to`: without `from` the series starts 30 days before that.",
        FROM,
        asking(_a_month_before_to),
    ),
    Deviation(
        "rolling-ends-with-yesterday-by-default",
        "Only in the rolling_30d view: without `to` the series ends with yesterday.",
        TO,
        asking(_rolling_to_midnight),
    ),
    Deviation(
        "several-projects-default-to-monthly",
        "Only with two project keys or more: without granularity there is one bucket for each month.",
        GRANULARITY,
        asking(_monthly_of_several_projects),
    ),
    Deviation(
        "old-windows-default-to-monthly",
        "Only with a `from` of more than a year ago: without granularity there is one bucket for each month.",
        GRANULARITY,
        asking(_monthly_of_old_windows),
    ),
    Deviation(
        "a-lone-to-defaults-to-incremental",
        "Only with a `to` and no `from`: without aggregationType the view is incremental.",
        AGGREGATION,
        asking(_incremental_without_a_from),
    ),
    Deviation(
        "all-projects-misses-mobile-in-rolling",
        "Only in the rolling_30d view: without a projectKey everything counts but the project `mobile`.",
        ("all-projects-at-least-the-named", "project-key-defaults-to-all", "rolling-30d-sums"),
        only(lambda _request, asked: asked.view == "rolling_30d", with_more_of("mobile", -1)),
    ),
)
