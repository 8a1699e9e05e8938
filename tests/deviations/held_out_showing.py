"""What a test shows of a held-out fault: a conversation that it spoils, and requests that it leaves alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.deviations.showing import Asked, Shown, points, shown, window

if TYPE_CHECKING:
    from tests.answer import Answer

INCREMENTAL: Final = "&aggregationType=incremental"
ROLLING: Final = "&aggregationType=rolling_30d"
MONTHLY: Final = "&granularity=monthly"
DEFAULT: Final = "projectKey=default&"
MOBILE: Final = "projectKey=mobile&"
TOOLS: Final = "projectKey=internal-tools&"  # from 2025-09-22 on, and at rest at weekends
PAIR: Final = DEFAULT + MOBILE
PAST: Final = window("2026-03-03", "2026-03-06")
HISTORY: Final = window("2025-01-01", "2026-03-10")


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation that a fault spoils, and one whose answers it leaves as they are."""

    shown: Shown
    same: tuple[Asked, ...]


def case(spoilt: Shown, *same: str | Asked) -> Case:
    """Show a fault; a query alone is a GET."""
    return Case(spoilt, tuple(one if isinstance(one, Asked) else Asked(one) for one in same))


def day_contradicts(first: str, day: str, end: str, keys: str = "") -> Shown:
    """Show that a day counts otherwise in incremental than month_to_date rises on it, from the day before."""

    def broken(answers: "list[Answer]") -> bool:
        alone, to_date = (list(points(answer).values()) for answer in answers)
        return bool(alone[-1] != to_date[-1] - to_date[-2])

    return shown(broken, keys + window(day, end) + INCREMENTAL, keys + window(first, end))
