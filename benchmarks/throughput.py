"""Requests per second: a repeated query, and queries that never repeat, on all servers in turn.

Every round measures each server once, one after the other, and gives one ratio; the table shows the
median of the rounds, so that a slow spell of the machine meets all servers alike. A round in which
a server did not have a processor to itself is measured again.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks import prisms, serving, wrk
from benchmarks.claims import Line
from usagetwin.clock import parse_instant
from usagetwin.days import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.serving import Served
    from benchmarks.wrk import Load

TWIN: Final = "twin"
REAL: Final = "twin, real clock"
LOGGING: Final = "twin with its access log"
UNCOUNTED: Final = "twin without metrics"
PAGELESS: Final = "twin without its page"
ALONE: Final = "twin without a stage"
BARE: Final = "bare ASGI"
PRISM: Final = "Prism"
PRISM_QUIET: Final = "Prism without its log"
NOW: Final = "2028-03-17T15:20:00Z"
LAST_DAY_S: Final = parse_instant("2028-03-16")
MONTHS_31_FROM_S: Final = parse_instant("2025-09-01")  # 31 months up to the one of the last day
REPEATED: Final = "from=1740787200&to=1743465600"  # March 2025, 31 days, closed whatever the time is
FIRST_STEP: Final = 10_000_000  # more queries than one run of wrk asks
UNDISTURBED: Final = 0.85  # of a processor: a loaded server that has less shares it with something else
MOST_TRIES: Final = 3  # rounds for each one that is wanted


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how often to measure."""

    rounds: int
    seconds: int


def repeated_query(pace: Pace) -> list[Line]:
    """Measure one query, asked over and over."""
    commands = {
        TWIN: serving.twin("--now", NOW, serving.QUIET),
        REAL: serving.twin(serving.QUIET),
        LOGGING: serving.twin("--now", NOW),
        **_others(REPEATED),
    }
    rounds = _measured(commands, pace, lambda server, _turn: wrk.repeated(server, REPEATED, pace.seconds))
    what = "repeated query, 31 points"
    return [
        *rounds.rates(what),
        *(rounds.ratio(what, name, BARE, at_least=0.8) for name in (TWIN, REAL)),
        *(rounds.ratio(what, name, PRISM, at_least=8) for name in (TWIN, REAL)),
        *_fair(rounds, what),
    ]


def stage_on_and_off(pace: Pace) -> list[Line]:
    """Measure one query, asked over and over, of a twin that can be told things and of one that can't."""
    with serving.serving(serving.twin("--now", NOW), "twin-body") as twin:
        body = serving.get(twin.url, REPEATED)[1]
    commands = {
        TWIN: serving.twin("--now", NOW, serving.QUIET),
        ALONE: serving.twin("--now", NOW, serving.QUIET, "--no-control"),
        BARE: serving.bare(body),
    }
    rounds = _measured(commands, pace, lambda server, _turn: wrk.repeated(server, REPEATED, pace.seconds))
    what = "repeated query, with a stage that nobody uses"
    return [
        *rounds.rates(what),
        rounds.ratio(what, TWIN, ALONE, at_least=0.95),
        rounds.ratio(what, TWIN, BARE, at_least=0.8),
    ]


def logged(pace: Pace) -> list[Line]:
    """Measure one query, asked over and over, with the log that is written unless told otherwise."""
    with serving.serving(serving.twin("--now", NOW), "twin-body") as twin:
        body = serving.get(twin.url, REPEATED)[1]
    commands = {
        LOGGING: serving.twin("--now", NOW),
        TWIN: serving.twin("--now", NOW, serving.QUIET),
        UNCOUNTED: serving.twin("--now", NOW, serving.QUIET, "--no-metrics"),
        PAGELESS: serving.twin("--now", NOW, serving.QUIET, "--no-page"),
        BARE: serving.bare(body),
    }
    rounds = _measured(commands, pace, lambda server, _turn: wrk.repeated(server, REPEATED, pace.seconds))
    what = "repeated query, logged or not"
    return [
        *rounds.rates(what),
        rounds.ratio(what, LOGGING, BARE, at_least=0.8),
        rounds.ratio(what, TWIN, BARE, at_least=0.8),
        rounds.ratio(what, LOGGING, TWIN),
        rounds.ratio(what, TWIN, UNCOUNTED, at_least=0.95),
        rounds.ratio(what, TWIN, PAGELESS, at_least=0.95),
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
    commands = {
        TWIN: serving.twin("--now", NOW, serving.QUIET),
        LOGGING: serving.twin("--now", NOW),
        **_others(window),
    }

    def load(server: "Served", turn: int) -> "Load":
        return wrk.unrepeated(server, script_arguments(turn, points, monthly_from_s), pace.seconds)

    rounds = _measured(commands, pace, load)
    what = f"queries that never repeat, {points} points"
    return [*rounds.rates(what), rounds.ratio(what, TWIN, PRISM, at_least), *_fair(rounds, what)]


def _others(window: str) -> dict[str, list[str]]:
    """Give the commands of what stands beside the twin: a body of the same size, and Prism."""
    with serving.serving(serving.twin("--now", NOW), "twin-body") as twin:
        body = serving.get(twin.url, window)[1]
    return {BARE: serving.bare(body), PRISM: prisms.mock(), PRISM_QUIET: prisms.mock(*prisms.QUIET)}


def _fair(rounds: "_Rounds", what: str) -> list[Line]:
    """Compare twin and Prism where both log or neither does; no bar was set for these."""
    return [rounds.ratio(what, LOGGING, PRISM), rounds.ratio(what, TWIN, PRISM_QUIET)]


def _measured(commands: dict[str, list[str]], pace: Pace, load: "Callable[[Served, int], Load]") -> "_Rounds":
    """Measure each server once a round, one after the other, after a second of warming up each."""
    quiet: list[dict[str, Load]] = []
    disturbed: list[dict[str, Load]] = []
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(serving.serving(command, f"load-{number}"))
            for number, (name, command) in enumerate(commands.items())
        }
        for server in servers.values():
            wrk.repeated(server, REPEATED, 1)
        while len(quiet) < pace.rounds and len(quiet) + len(disturbed) < MOST_TRIES * pace.rounds:
            turn = len(quiet) + len(disturbed)
            loads = {name: load(server, turn) for name, server in servers.items()}
            undisturbed = min(one.server_share for one in loads.values()) >= UNDISTURBED
            (quiet if undisturbed else disturbed).append(loads)
    return _Rounds(quiet, disturbed)


@dataclass(frozen=True, slots=True)
class _Rounds:
    """What was measured, by server; in a disturbed round some server had to share its processor."""

    quiet: "list[dict[str, Load]]"
    disturbed: "list[dict[str, Load]]"

    @property
    def used(self) -> "list[dict[str, Load]]":
        """Give the rounds that count."""
        return self.quiet or self.disturbed

    def rates(self, what: str) -> list[Line]:
        """Give each server's rate."""
        return [self._rate(what, name) for name in self.used[0]]

    def ratio(self, what: str, ours: str, theirs: str, at_least: float | None = None) -> Line:
        """Compare two servers by their rates; by processor time when no round was quiet."""
        by_processor = [
            loads[ours].per_processor_second / loads[theirs].per_processor_second for loads in self.used
        ]
        by_rate = [loads[ours].per_second / loads[theirs].per_second for loads in self.used]
        ratios = by_rate if self.quiet else by_processor
        return Line(
            claim=f"{what}: {ours} / {theirs}",
            value=median(ratios),
            unit="x",
            at_least=at_least,
            note=f"{min(ratios):.2f} to {max(ratios):.2f} in {self._told}; "
            f"for each second of processor time {median(by_processor):.2f} x",
        )

    @property
    def _told(self) -> str:
        if not self.quiet:
            return f"{len(self.disturbed)} rounds, all disturbed: by processor time"
        return f"{len(self.quiet)} rounds, {len(self.disturbed)} disturbed ones left out"

    def _rate(self, what: str, name: str) -> Line:
        loads = [loads[name] for loads in self.used]
        return Line(
            claim=f"{what}: {name}",
            value=median(load.per_second for load in loads),
            unit="req/s",
            note=f"wrk had {max(load.wrk_share for load in loads):.0%} of a processor at most, "
            f"the server {median(load.server_share for load in loads):.0%}",
        )
