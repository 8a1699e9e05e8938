"""What is asked of an account: the five parameters as values, with the defaults filled in."""

from dataclasses import dataclass

from usagetwin.contract.operation import DAILY, MONTH_TO_DATE


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: the window is `[from_s, to_s)`; no key means all projects."""

    from_s: int
    to_s: int
    project_keys: tuple[str, ...] = ()
    granularity: str = DAILY
    aggregation_type: str = MONTH_TO_DATE
