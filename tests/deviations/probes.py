"""Requests that between them show every known fault, in the default world and at two instants."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.acme import PATH
from tests.inprocess import WITH_TOKEN, ask

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.answer import Answer

INSTANTS: Final = ("2026-03-17T15:20:00Z", "2028-03-01T00:00:00Z")
DAY_S: Final = 86_400
MAR_1_2026: Final = 1772323200
MAR_17_2026: Final = MAR_1_2026 + 16 * DAY_S
NOW_S: Final = MAR_17_2026 + 55200
DEC_1_2025: Final = 1764547200
FEB_1_2024: Final = 1706745600
SEP_15_2025: Final = 1757894400
INCREMENTAL: Final = "aggregationType=incremental"
ROLLING: Final = "aggregationType=rolling_30d"
TWO: Final = "projectKey=mobile&projectKey=default"


@dataclass(frozen=True, slots=True)
class Probe:
    """One request."""

    query: str = ""
    method: str = "GET"
    path: str = PATH
    headers: tuple[tuple[str, str], ...] = WITH_TOKEN
    body: bytes = field(default=b"", repr=False)

    def answer(self, app: "ASGIApp") -> "Answer":
        """Give the answer of a twin."""
        return ask(app, self.query, method=self.method, path=self.path, headers=self.headers, body=self.body)


def window(from_s: int, to_s: int, *others: str) -> str:
    """Write a query."""
    return "&".join((f"from={from_s}", f"to={to_s}", *others))


PAST: Final = (MAR_1_2026 + 3 * DAY_S, MAR_1_2026 + 9 * DAY_S)
YEARS: Final = (FEB_1_2024, MAR_17_2026)
DEFAULTED: Final = (
    "",
    "granularity=daily",
    "granularity=monthly",
    "granularity=monthly&aggregationType=month_to_date",
    INCREMENTAL,
    ROLLING,
    "projectKey=mobile",
    "projectKey=internal-tools",
    f"to={NOW_S}",
    f"from={MAR_1_2026 - 100 * DAY_S}",
    "x=1",
)
WINDOWS: Final = (
    window(*PAST),
    window(*PAST, INCREMENTAL),
    window(*PAST, ROLLING),
    window(*PAST, TWO),
    f"{INCREMENTAL}&{window(*PAST)}",
    window(PAST[0] + 3600, PAST[1] + 3600),
    window(MAR_1_2026 + DAY_S, NOW_S),
    window(MAR_1_2026, MAR_1_2026),
    window(MAR_1_2026, NOW_S + 9 * DAY_S),
    window(DEC_1_2025, MAR_17_2026),
    window(DEC_1_2025, MAR_17_2026, INCREMENTAL),
    window(DEC_1_2025, MAR_17_2026, ROLLING),
    window(DEC_1_2025 + 9 * DAY_S, MAR_17_2026, "granularity=monthly"),
    window(SEP_15_2025, MAR_17_2026, "projectKey=internal-tools", INCREMENTAL),
    window(*YEARS),
    window(*YEARS, INCREMENTAL),
    window(*YEARS, ROLLING),
    window(*YEARS, "granularity=monthly"),
    window(0, DAY_S),
)
FILTERS: Final = (
    TWO,
    "projectKey=default&projectKey=default",
    "projectKey=default&projectKey=mobile&projectKey=checkout",
    f"{TWO}&{ROLLING}",
    f"{TWO}&granularity=monthly",
    "projectKey=default&granularity=monthly",
    f"projectKey=default&{ROLLING}",
    "projectKey=nowhere",
    "projectKey=default-2",
    "projectKey=DEFAULT",
    "projectKey=%20default",
    "projectKey=default,mobile",
)
REFUSED: Final = (
    "granularity=weekly",
    "granularity=hourly",
    "granularity=DAILY",
    "granularity=",
    "aggregationType=sum",
    "aggregationType=average",
    f"granularity=monthly&{ROLLING}",
    f"granularity=monthly&{INCREMENTAL}",
    "granularity=daily&granularity=daily",
    f"from={MAR_1_2026}000",
    "from=2026-03-01T00%3A00%3A00Z",
    "from=yesterday",
    f"from={MAR_1_2026}.5",
    f"to={NOW_S}xyz",
    window(PAST[1], PAST[0]),
    f"from={NOW_S + DAY_S}",
    "projectKey=",
)
ANONYMOUS: Final = (Probe(headers=()), Probe(TWO, headers=()), Probe("granularity=weekly", headers=()))
PROBES: Final = (
    *map(Probe, (*DEFAULTED, *WINDOWS, *FILTERS, *REFUSED)),
    *ANONYMOUS,
    Probe(headers=(("authorization", " "),)),
    Probe(headers=(("authorization", "Bearer api-anyone"),)),
    Probe(method="POST"),
    Probe(method="HEAD"),
    Probe(path=f"{PATH}/"),
    Probe(headers=(*WITH_TOKEN, ("content-length", "4")), body=b"null"),
)
