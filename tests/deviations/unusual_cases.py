"""The contradictions of faults of unusual values and combinations."""

from typing import Final

from tests.deviations.series_cases import MARCH, PAIR, ROLLING, each
from tests.deviations.showing import (
    answers_differ,
    bucket_is_missing,
    not_added,
    seconds,
    status,
    time_outside,
    window,
)

CRASHES: Final = {
    "key-beyond-ascii-crashes": status(500, "projectKey=caf%C3%A9"),
    "key-beyond-the-first-plane-crashes": status(500, "projectKey=%F0%9F%A6%86"),
    "enum-beyond-ascii-crashes": status(500, "aggregationType=m%C3%A9dia"),
    "single-quote-in-a-key-crashes": status(500, "projectKey=o%27hara"),
    "control-character-in-a-key-crashes": status(500, "projectKey=a%0Db"),
    "key-longer-than-its-column-crashes": status(500, "projectKey=" + "k" * 256),
    "digits-beyond-64-bits-crash": status(500, f"to={2**63}"),
}

BESIDE: Final = {
    "months-of-projects-end-with-the-last-by-default": bucket_is_missing(
        f"{PAIR}&granularity=monthly&{window('2026-03-01', '2026-03-17T12')}",
        f"{PAIR}&granularity=monthly&from={seconds('2026-02-01')}",
    ),
    "from-defaults-to-a-month-before-a-past-to": time_outside(
        f"to={seconds('2026-03-10')}", before="2026-03-01"
    ),
    "rolling-ends-with-yesterday-by-default": bucket_is_missing(
        window("2026-03-16", "2026-03-17T12") + ROLLING, f"from={seconds('2026-03-01')}{ROLLING}"
    ),
    "several-projects-default-to-monthly": answers_differ(
        f"{PAIR}&{MARCH}", f"{PAIR}&{MARCH}&granularity=daily"
    ),
    "old-windows-default-to-monthly": answers_differ(
        window("2025-01-01", "2025-02-01"), window("2025-01-01", "2025-02-01") + "&granularity=daily"
    ),
    "a-lone-to-defaults-to-incremental": answers_differ(
        f"to={seconds('2026-03-10')}", f"to={seconds('2026-03-10')}&aggregationType=month_to_date"
    ),
    "all-projects-misses-mobile-in-rolling": not_added(MARCH + ROLLING, *each(MARCH + ROLLING)),
}

UNUSUAL: Final = {
    "longer-key-finds-the-project-that-it-ends-with": status(200, "projectKey=old-mobile"),
    "part-of-a-key-finds-projects": status(200, "projectKey=tool"),
    "beginning-of-a-key-finds-a-project": status(200, "projectKey=check"),
    "first-letter-of-a-key-in-any-case": status(200, "projectKey=Mobile"),
    "underscores-in-a-key-are-hyphens": status(200, "projectKey=internal_tools"),
    "unknown-project-is-empty-in-rolling": status(200, "projectKey=nowhere" + ROLLING),
    "credential-not-needed-for-months": status(200, "granularity=monthly", token=None),
    "put-answered": status(200, method="PUT"),
    "inverted-within-a-day-is-empty": status(200, window("2026-03-10T14", "2026-03-10T10")),
    "series-keeps-its-newest-500": bucket_is_missing(
        window("2024-06-03", "2024-06-05"), window("2024-06-01", "2026-03-01")
    ),
}
