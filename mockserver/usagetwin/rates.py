"""How a rate limit is written: `100/10s` for each token, `route:1000/10s` for all of them together."""

import re
from dataclasses import dataclass
from typing import Final

TAKES: Final = "100/10s for each token, route:1000/10s for all together, each once; at most 24h"
WINDOW_S: Final = 10  # `FACTS` 14
LONGEST_S: Final = 86_400
UNITS: Final = {"s": 1, "m": 60, "h": 3_600}
ROUTE: Final = "route"
WRITTEN: Final = re.compile(
    r"(?:(token|route):)?([1-9][0-9]{0,8})(?:/([1-9][0-9]{0,4})(s|m|h))?", re.ASCII
)  # whose, how many, and in what time


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests there may be in each window of so many seconds: of one token, or of the route."""

    requests: int
    seconds: int = WINDOW_S
    of_route: bool = False


def rates_of(text: str) -> tuple[Rate, ...] | None:
    """Read one rate, or two with a comma between: of each token, then of the route. None for another text."""
    found = [WRITTEN.fullmatch(part) for part in text.split(",")]
    rates = [_rate(match) for match in found if match is not None]
    whose = {rate.of_route for rate in rates}
    if len(rates) < len(found) or len(whose) < len(rates) or any(rate.seconds > LONGEST_S for rate in rates):
        return None
    return tuple(sorted(rates, key=lambda rate: rate.of_route))


def _rate(match: "re.Match[str]") -> Rate:
    whose, requests, number, unit = match.groups()
    seconds = WINDOW_S if number is None else int(number) * UNITS[unit]
    return Rate(int(requests), seconds, of_route=whose == ROUTE)
