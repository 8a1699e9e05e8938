"""Which faults and legal variations a LIST names: the default ones, all of a kind, or each by its name."""

from typing import TYPE_CHECKING, Final

from usagetwin.deviations import faults, variations
from usagetwin.errors import SettingError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT: Final = {  # for each class of mistakes, the faults and variations that stand for it
    "window": ("from-ignored", "yesterday-is-missing"),
    "sums": (
        "incremental-is-cumulative",
        "month-to-date-never-resets",
        "rolling-of-31-days",
        "monthly-misses-the-last-day",
    ),
    "filter": ("project-key-ignored", "first-project-key-alone"),
    "defaults": ("granularity-defaults-to-monthly", "aggregation-type-defaults-to-incremental"),
    "units": ("counts-are-strings", "time-is-a-date"),
    "metadata": ("metadata-missing",),
    "errors": ("error-is-a-page",),
    "window, legally": ("inclusive-to", "open-bucket-absent", "sparse", "descending", "cap-of-365-days"),
    "units, legally": ("time-in-seconds", "time-at-noon"),
    "metadata, legally": ("separate-with-project-name", "extra-fields"),
    "errors, legally": ("errors-in-other-words", "unknown-project-is-empty", "limited-now-and-then"),
}
GROUPS: Final = ("default", "all", "faults", "variations")


def deviations_of(text: str) -> tuple[str, ...]:
    """Give the deviations of a LIST, each once: names and groups, between commas. Raises SettingError."""
    return tuple(dict.fromkeys(name for word in text.split(",") for name in _named(word.strip())))


def _named(word: str) -> "Iterator[str]":
    if word == "default":
        for names in DEFAULT.values():
            yield from names
    elif word in GROUPS:
        yield from faults() if word in ("faults", "all") else ()
        yield from variations() if word in ("variations", "all") else ()
    elif word in faults() or word in variations():
        yield word
    else:
        problem = f"there is no fault or variation {word!r}"
        raise SettingError(problem, nearest(word, (*GROUPS, *faults(), *variations())))
