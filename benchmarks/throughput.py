"""Requests per second: a repeated query, and queries that never repeat, on all servers in turn.

Every round measures each server once, one after the other, and gives one ratio; the table shows the
median of the rounds, so that a slow spell of the machine meets all servers alike.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks import prisms, serving, wrk
from benchmarks.claims import Line
from mockserver.clock import parse_instant
from mockserver.days import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.serving import Served
    from benchmarks.wrk import Load

NOW: Final = "2028-03-17T15:20:00Z"
LAST_DAY_S: Final = parse_instant("2028-03-16")
MONTHS_31_FROM_S: Final = parse_instant("2025-09-01")  # 31 months up to the one of the last day
REPEATED: Final = "from=1740787200&to=1743465600"  # March 2025, 31 days, closed whatever the time is
FIRST_STEP: Final = 10_000_000  # more queries than one run of wrk asks


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how often to measure."""

    rounds: int
    seconds: int


def repeated_query(pace: Pace) -> list[Line]:
    """Measure one query, asked over and over."""
    with ExitStack() as servers:
        frozen = servers.enter_context(serving.serving(serving.twin("--now", NOW), "twin-frozen"))
        real = servers.enter_context(serving.serving(serving.twin(), "twin-real"))
        body = serving.get(frozen.url, REPEATED)[1]
        bare = servers.enter_context(serving.serving(serving.bare(body), "bare"))
        prism = servers.enter_context(serving.serving(prisms.mock(), "prism"))
        named = {"twin": frozen, "twin, real clock": real, "bare ASGI": bare, "Prism static mock": prism}
        rounds = _rounds(named, pace, lambda url, _turn: wrk.repeated(url, REPEATED, pace.seconds))
    what = f"repeated query, {len(body):,} bytes"
    return [
        *_rates(what, rounds),
        _ratio(f"{what}: twin / bare ASGI", rounds, "twin", "bare ASGI", at_least=0.8),
        _ratio(
            f"{what}: twin, real clock / bare ASGI", rounds, "twin, real clock", "bare ASGI", at_least=0.8
        ),
        _ratio(f"{what}: twin / Prism", rounds, "twin", "Prism static mock", at_least=8),
        _ratio(
            f"{what}: twin, real clock / Prism", rounds, "twin, real clock", "Prism static mock", at_least=8
        ),
    ]


def unrepeated_queries(pace: Pace) -> list[Line]:
    """Measure queries that never repeat, with 31 and with 365 points."""
    return [
        *_unrepeated(pace, points=31, monthly_from_s=MONTHS_31_FROM_S, at_least=2.5),
        *_unrepeated(pace, points=365, monthly_from_s=0, at_least=1.5),
    ]


def script_arguments(turn: int, points: int, monthly_from_s: int, repeated_percent: int = 0) -> list[int]:
    """Give the arguments of `queries.lua` for one run; each turn counts from where no other does."""
    return [turn * FIRST_STEP, points, LAST_DAY_S, monthly_from_s, repeated_percent]


def _unrepeated(pace: Pace, *, points: int, monthly_from_s: int, at_least: float) -> list[Line]:
    window = f"from={LAST_DAY_S - (points - 1) * SECONDS_PER_DAY}&to={LAST_DAY_S + SECONDS_PER_DAY}"
    with ExitStack() as servers:
        twin = servers.enter_context(serving.serving(serving.twin("--now", NOW), "twin-unrepeated"))
        body = serving.get(twin.url, window)[1]
        bare = servers.enter_context(serving.serving(serving.bare(body), "bare"))
        prism = servers.enter_context(serving.serving(prisms.mock(), "prism"))
        named = {"twin": twin, "bare ASGI": bare, "Prism static mock": prism}
        rounds = _rounds(
            named,
            pace,
            lambda url, turn: wrk.unrepeated(
                url, script_arguments(turn, points, monthly_from_s), pace.seconds
            ),
        )
    what = f"queries that never repeat, {points} points"
    return [
        *_rates(what, rounds),
        _ratio(f"{what}: twin / Prism", rounds, "twin", "Prism static mock", at_least),
    ]


def _rounds(
    servers: "dict[str, Served]", pace: Pace, load: "Callable[[str, int], Load]"
) -> "list[dict[str, Load]]":
    """Measure each server once a round, one after the other, after a second of warming up each."""
    for server in servers.values():
        wrk.repeated(server.url, REPEATED, 1)
    return [{name: load(server.url, turn) for name, server in servers.items()} for turn in range(pace.rounds)]


def _rates(what: str, rounds: "Sequence[dict[str, Load]]") -> list[Line]:
    return [
        Line(
            claim=f"{what}: {name}",
            value=median(loads[name].per_second for loads in rounds),
            unit="req/s",
            note=f"wrk {max(loads[name].busy for loads in rounds):.0%} busy at most",
        )
        for name in rounds[0]
    ]


def _ratio(claim: str, rounds: "Sequence[dict[str, Load]]", ours: str, theirs: str, at_least: float) -> Line:
    ratios = [loads[ours].per_second / loads[theirs].per_second for loads in rounds]
    return Line(
        claim=claim,
        value=median(ratios),
        unit="x",
        at_least=at_least,
        note=f"{min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} rounds",
    )
