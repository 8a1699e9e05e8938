"""Which legal variations one twin can show together, and in which order they change an answer.

Rule: one row, at most one variation. A row lies around those above it: it sees the answers that they have
changed already, so a row stands above another where that one could not read what it leaves behind.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.deviations import variations
from usagetwin.errors import SettingError, nearby

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from usagetwin.deviations.shape import Deviation

ROWS: Final[tuple[tuple[str, ...], ...]] = (
    (
        "today-counts-nothing",
        "open-bucket-is-zero",
        "open-bucket-grows-with-each-request",
        "open-bucket-falls",
        "account-without-data",
        "account-of-zeros",
        "counts-beyond-2-53",
    ),
    ("cut-months",),
    ("inclusive-to",),
    ("zeros-before-creation",),
    ("zeros-to-month-end",),
    ("cut-by-from-left-out", "cut-by-to-left-out", "whole-buckets-only"),
    ("retention", "month-to-date-retention"),
    ("no-sundays",),
    ("open-bucket-absent",),
    ("sparse",),
    ("first-bucket-twice",),
    ("descending",),
    (
        "time-in-seconds",
        "time-at-noon",
        "time-at-end",
        "time-at-last-millisecond",
        "time-in-zone-east",
        "time-in-zone-west",
        "month-at-last-day",
        "seconds-at-end",
        "another-house-style",
        "a-day-late-and-elsewhere",
    ),
    ("inverted-window-is-empty",),
    ("strict-about-names",),
    ("cap-of-365-days", "cap-below-365-days"),
    ("future-refused",),
    ("empty-window-refused",),
    ("keys-in-any-case",),
    ("keys-joined-by-commas",),
    (
        "unknown-project-is-empty",
        "unknown-project-is-zero",
        "unknown-project-is-invalid",
        "unknown-project-is-forbidden",
    ),
    ("last-value-counts",),
    ("lenient-words",),
    ("lenient-times",),
    ("separate-by-name", "separate-with-project-name", "separate-in-key-order"),
    ("key-field-is-sessions",),
    ("total-without-metadata",),
    ("extra-fields",),
    ("empty-links", "other-links"),
    ("integers-with-point-zero",),
    ("spaced-json",),
    ("errors-in-other-words", "errors-without-words"),
    ("errors-with-id",),
    ("errors-as-problems",),
    ("beta-gate",),
    ("bearer-is-taken",),
    ("trailing-slash-accepted",),
    ("options-answered",),
    ("charset", "media-type-in-capitals"),
    ("method-refused-in-plain-text",),
    ("rate-limit-headers",),
    ("limited-now-and-then",),
    ("slow",),
    ("gzip",),
    ("chunked",),
    ("head-not-found",),  # what is around another is asked as by GET
)
HAVE_ALREADY: Final = {  # what a variation does beside what its row is about
    "another-house-style": ("sparse", "descending"),
    "a-day-late-and-elsewhere": ("open-bucket-absent", "descending"),
}


def layers(names: "Iterable[str]") -> "tuple[Deviation, ...]":
    """Give variations in the order in which they change an answer.

    Raises SettingError for a name that no variation has, and for variations that can't be shown together.
    """
    named = list(names)
    known = variations()
    for name in named:
        if name not in known:
            problem = f"there is no variation {name!r}"
            raise SettingError(problem, nearby(name, known), "profile")
    return tuple(known[name] for row in ROWS for name in _one_of(row, named))


def _one_of(row: "Sequence[str]", named: "Sequence[str]") -> list[str]:
    found = [name for name in named if name in row]
    beside = [other for name in found for other in HAVE_ALREADY.get(name, ()) if other in named]
    if len(found) + len(beside) > 1:
        shown = " and ".join((found + beside)[:2])
        problem = f"one twin can't show {shown} together"
        raise SettingError(problem, f"{found[0]} alone of them", "profile")
    return found
