"""What each variation shows of the small account of `tests.acme`, worked out by hand.

Each row: the variation, a query, and the points of its answer as (time, value).
"""

from typing import Final

from tests.acme import FEB_28, MAR_1, MAR_2, MAR_3

DAY_S: Final = 86400
HOUR_S: Final = 3600
MAR_4: Final = MAR_3 + DAY_S
MAR_5: Final = MAR_4 + DAY_S
MAR_31: Final = MAR_1 + 30 * DAY_S
APR_1: Final = MAR_31 + DAY_S
FEB_1: Final = MAR_1 - 28 * DAY_S

DAYS: Final = (MAR_1, MAR_2, MAR_3)
DEFAULT: Final = ""
DAILY: Final = "aggregationType=incremental"
MONTHLY: Final = f"granularity=monthly&from={FEB_28}"

Points = list[tuple[int, int]]


def days(*values: int, shift_s: int = 0) -> Points:
    """Label values with the first days of March, in milliseconds, `shift_s` later."""
    return [((day + shift_s) * 1000, value) for day, value in zip(DAYS, values, strict=False)]


EXAMPLES: Final[tuple[tuple[str, str, Points], ...]] = (
    ("time-in-seconds", DEFAULT, [(MAR_1, 31), (MAR_2, 73), (MAR_3, 100)]),
    ("time-at-noon", DEFAULT, days(31, 73, 100, shift_s=12 * HOUR_S)),
    ("time-at-end", DEFAULT, days(31, 73, 100, shift_s=DAY_S)),
    ("time-at-end", MONTHLY, [(MAR_1 * 1000, 30), (APR_1 * 1000, 100)]),
    (
        "time-at-last-millisecond",
        DAILY,
        [(MAR_2 * 1000 - 1, 31), (MAR_3 * 1000 - 1, 42), (MAR_4 * 1000 - 1, 27)],
    ),
    ("time-in-zone-east", DEFAULT, days(31, 73, 100, shift_s=-9 * HOUR_S)),
    ("time-in-zone-west", DEFAULT, days(31, 73, 100, shift_s=5 * HOUR_S)),
    ("month-at-last-day", DEFAULT, days(31, 73, 100)),
    ("month-at-last-day", MONTHLY, [(FEB_28 * 1000, 30), (MAR_31 * 1000, 100)]),
    ("seconds-at-end", DEFAULT, [(MAR_2, 31), (MAR_3, 73), (MAR_4, 100)]),
    ("inclusive-to", f"{DAILY}&from={MAR_1}&to={MAR_2}", days(31, 42)),
    ("inclusive-to", f"{DAILY}&from={MAR_1}&to={MAR_2 + 1}", days(31, 42)),
    ("inclusive-to", f"{DAILY}&from={MAR_1}&to={MAR_1}", days(31)),
    ("cut-by-from-left-out", f"{DAILY}&from={MAR_1 + 1}", [(MAR_2 * 1000, 42), (MAR_3 * 1000, 27)]),
    ("cut-by-to-left-out", DEFAULT, days(31, 73)),
    ("cut-by-to-left-out", f"to={MAR_4}", days(31, 73, 100)),
    ("whole-buckets-only", f"from={MAR_1 + 1}", [(MAR_2 * 1000, 73)]),
    ("descending", DEFAULT, days(31, 73, 100)[::-1]),
    ("first-bucket-twice", DEFAULT, days(31) + days(31, 73, 100)),
    ("open-bucket-absent", DEFAULT, days(31, 73)),
    ("open-bucket-absent", MONTHLY, [(FEB_1 * 1000, 30)]),
    ("no-sundays", DEFAULT, [(MAR_2 * 1000, 73), (MAR_3 * 1000, 100)]),
    (
        "zeros-before-creation",
        f"{DAILY}&projectKey=app&from={FEB_28}",
        [(FEB_28 * 1000, 0), *days(1, 2, 2)],
    ),
    ("zeros-before-creation", f"{MONTHLY}&projectKey=app", [(FEB_1 * 1000, 0), (MAR_1 * 1000, 5)]),
    (
        "zeros-to-month-end",
        f"{DAILY}&to={MAR_5 + 1}",
        [*days(31, 42, 27), (MAR_4 * 1000, 0), (MAR_5 * 1000, 0)],
    ),
    ("cut-months", f"{MONTHLY}&to={MAR_2}", [(FEB_1 * 1000, 20), (MAR_1 * 1000, 31)]),
    ("today-counts-nothing", DEFAULT, days(31, 73, 73)),
    ("today-counts-nothing", MONTHLY, [(FEB_1 * 1000, 30), (MAR_1 * 1000, 73)]),
    ("open-bucket-is-zero", DEFAULT, days(31, 73, 0)),
    ("account-without-data", DEFAULT, []),
    ("account-of-zeros", DEFAULT, days(0, 0, 0)),
    ("counts-beyond-2-53", DEFAULT, days(31 * 2**41, 73 * 2**41, 100 * 2**41)),
    ("integers-with-point-zero", DEFAULT, days(31, 73, 100)),
    ("inverted-window-is-empty", f"from={MAR_2}&to={MAR_1}", []),
    ("inverted-window-is-empty", f"to={FEB_28}", []),
    ("lenient-times", f"{DAILY}&from=%2B{MAR_2}", [(MAR_2 * 1000, 42), (MAR_3 * 1000, 27)]),
    ("lenient-times", f"{DAILY}&from=2026-03-02", [(MAR_2 * 1000, 42), (MAR_3 * 1000, 27)]),
    ("lenient-times", f"{DAILY}&from={MAR_2}.9&to=1e11", [(MAR_2 * 1000, 42), (MAR_3 * 1000, 27)]),
    ("lenient-times", f"{DAILY}&from=-1&to={hex(FEB_28)}", [((FEB_28 - DAY_S) * 1000, 10)]),
    ("lenient-words", f"granularity=%20Monthly&from={FEB_28}", [(FEB_1 * 1000, 30), (MAR_1 * 1000, 100)]),
    ("last-value-counts", f"{MONTHLY}&granularity=daily&from={MAR_3}", [(MAR_3 * 1000, 100)]),
    ("unknown-project-is-empty", "projectKey=nope", []),
    ("unknown-project-is-empty", "projectKey=nope&projectKey=app", days(1, 3, 5)),
    ("unknown-project-is-zero", "projectKey=nope", days(0, 0, 0)),
    ("keys-in-any-case", "projectKey=WEB%20", days(30, 70, 95)),
    ("keys-joined-by-commas", "projectKey=web%2Capp", days(31, 73, 100)),
    ("another-house-style", DEFAULT, [(MAR_4, 100), (MAR_3, 73), (MAR_2, 31)]),
    ("a-day-late-and-elsewhere", DEFAULT, days(31, 73, shift_s=3 * HOUR_S)[::-1]),
)

REFUSALS: Final = (
    ("cap-of-365-days", f"from={MAR_3 - 365 * DAY_S - 1}&to={MAR_3}", 400),
    ("cap-of-365-days", f"from={MAR_3 - 365 * DAY_S}&to={MAR_3}", 200),
    ("cap-below-365-days", f"from={MAR_3 - 365 * DAY_S}&to={MAR_3}", 400),
    ("cap-below-365-days", f"from={MAR_3 - 365 * DAY_S + 1}&to={MAR_3}", 200),
    ("future-refused", f"to={MAR_3 + 43201}", 400),
    ("future-refused", f"to={MAR_3 + 43200}", 200),
    ("empty-window-refused", f"from={MAR_1}&to={MAR_1}", 400),
    ("strict-about-names", "projectkey=web", 400),
    ("strict-about-names", "projectKey=web", 200),
    ("unknown-project-is-invalid", "projectKey=nope&projectKey=web", 400),
    ("unknown-project-is-forbidden", "projectKey=nope&projectKey=web", 403),
    ("inverted-window-is-empty", f"from={MAR_2}&to={MAR_1}&granularity=weekly", 400),
    ("lenient-times", "from=soon", 400),
    ("lenient-times", "from=", 400),
    ("lenient-words", "granularity=weekly", 400),
    ("last-value-counts", "granularity=weekly&granularity=daily", 400),
)
