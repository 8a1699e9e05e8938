"""What a valid request asks, as every deviation sees it: the window, the view, and the instant of the answer.

The honest twin has accepted the request before, so nothing is checked here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from usagetwin.contract.operation import MONTH_TO_DATE, MONTHLY
from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, next_month, start_of

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Request


@dataclass(frozen=True, slots=True)
class Asked:
    """What a valid request asks, defaults filled in: the window is `[from_s, to_s)`."""

    from_s: int
    to_s: int
    now_s: int
    view: str
    monthly: bool

    @classmethod
    def of(cls, request: "Request") -> "Asked":
        """Read a request that the honest twin answers with 200."""
        return cls(
            from_s=int(request.value("from") or start_of(first_of_month(day_of(request.now_s)))),
            to_s=int(request.value("to") or request.now_s),
            now_s=request.now_s,
            view=request.value("aggregationType") or MONTH_TO_DATE,
            monthly=request.value("granularity") == MONTHLY,
        )

    @property
    def today(self) -> int:
        """Give the open day."""
        return day_of(self.now_s)

    @property
    def today_s(self) -> int:
        """Give the first instant of the open day."""
        return start_of(self.today)

    def last_day(self, day: int) -> int:
        """Give the last day of the bucket that starts with a day."""
        return next_month(day) - 1 if self.monthly else day

    def end_s(self, start_s: int) -> int:
        """Give the first instant after the bucket that begins at `start_s`."""
        return start_of(next_month(day_of(start_s))) if self.monthly else start_s + SECONDS_PER_DAY
