"""One worker, two workers, and replicas behind nginx with a Redis: what each answers, and each part's cost.

All run at once and are asked in turn, so that a slow spell meets all alike. On a machine with few processors
the rates say where that machine ends, load generator included; what a request costs holds elsewhere.
"""

import json
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from benchmarks import processes, serving, wrk
from benchmarks.claims import AbsentError, Line
from benchmarks.places import TOKEN
from benchmarks.scaling import Costs, lines_of
from benchmarks.throughput import MONTHS_31_FROM_S, NOW, REPEATED, script_arguments
from tests.redis_server import PROGRAM, redis_server
from tools.balanced import NoNginxError, balanced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.throughput import Pace
    from benchmarks.wrk import Load

REPLICAS: Final = 3
POINTS: Final = 31
ONE: Final = "1 worker"
TWO: Final = "2 workers"
MANY: Final = f"{REPLICAS} replicas behind nginx"
COUNTED: Final = "1 worker, a limit counted in memory"
SHARED: Final = "1 worker, a limit counted in Redis"
STORED: Final = "1 worker with a Redis that nothing is asked of"
PLAY: Final = "1 worker, a play that is kept in Redis"
MANY_SHARED: Final = f"{MANY}, a limit counted in Redis"
LIMIT: Final = ("--rate-limit", "900000000/10s")  # counts each request, and refuses none
TWIN, NGINX, REDIS = "twin", "nginx", "Redis"


@dataclass(frozen=True, slots=True)
class Setup:
    """Something that answers, and the processes of each part of it."""

    url: str
    parts: "dict[str, tuple[int, ...]]"
    token: str = TOKEN

    @property
    def processor_s(self) -> float:
        """Give the processor time of all parts."""
        return sum(self.spent().values())

    def spent(self) -> dict[str, float]:
        """Give the processor time of each part, in seconds."""
        return {name: processes.processor_s(*ids) for name, ids in self.parts.items()}


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: the rate, and what a request cost each part, in microseconds of processor time."""

    per_second: float
    cost_us: dict[str, float]


@dataclass(frozen=True, slots=True)
class Samples:
    """All measurements of one setup."""

    taken: tuple[Sample, ...]

    @property
    def per_second(self) -> float:
        """Give the median rate."""
        return median(sample.per_second for sample in self.taken)

    def cost_us(self, part: str) -> float:
        """Give the median cost of a request to one part."""
        return median(sample.cost_us[part] for sample in self.taken)

    @property
    def words(self) -> str:
        """Tell what each part costs."""
        parts = ", ".join(f"{part} {self.cost_us(part):.0f} us" for part in self.taken[0].cost_us)
        return f"processor time of a request: {parts}"


def scaling(pace: "Pace") -> list[Line]:
    """Measure all setups, and put the costs into the model. Raises AbsentError."""
    with tempfile.TemporaryDirectory() as folder, _setups(Path(folder)) as setups:
        size = len(serving.get(setups[ONE].url, REPEATED)[1])
        memory_mb = processes.resident_mb(*setups[MANY].parts[TWIN]) / REPLICAS
        again = _measured(setups, pace, _repeated)
        uncached = {name: setups[name] for name in (ONE, TWO, MANY)}
        anew = _measured(uncached, pace, _unrepeated)
    costs = Costs(
        repeated_us=again[MANY].cost_us(TWIN),
        unrepeated_us=anew[MANY].cost_us(TWIN),
        limited_us=again[MANY_SHARED].cost_us(TWIN),
        nginx_us=again[MANY].cost_us(NGINX),
        redis_us=again[MANY_SHARED].cost_us(REDIS),
        answer_bytes=size,
    )
    return [
        *_told("repeated query", again),
        *_told("queries that never repeat", anew),
        Line(claim="resident memory of a replica", value=memory_mb, unit="MB"),
        *lines_of(costs),
    ]


def _told(what: str, measured: dict[str, Samples]) -> list[Line]:
    """Give the rates, and what the larger setups come to beside one worker."""
    rates = [
        Line(claim=f"{what}: {name}", value=samples.per_second, unit="req/s", note=samples.words)
        for name, samples in measured.items()
    ]
    return [*rates, *(_ratio(what, name, measured) for name in (TWO, MANY))]


def _ratio(what: str, name: str, measured: dict[str, Samples]) -> Line:
    pairs = zip(measured[name].taken, measured[ONE].taken, strict=True)
    ratios = [ours.per_second / alone.per_second for ours, alone in pairs]
    told = f"{min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} rounds"
    return Line(claim=f"{what}: {name} / {ONE}", value=median(ratios), unit="x", note=told)


def _repeated(setup: Setup, _turn: int, seconds: int) -> "Load":
    return wrk.repeated(setup, REPEATED, seconds, setup.token)


def _unrepeated(setup: Setup, turn: int, seconds: int) -> "Load":
    return wrk.unrepeated(setup, script_arguments(turn, POINTS, MONTHS_31_FROM_S), seconds)


def _measured(
    setups: dict[str, Setup], pace: "Pace", load: "Callable[[Setup, int, int], Load]"
) -> dict[str, Samples]:
    taken: dict[str, list[Sample]] = {name: [] for name in setups}
    for setup in setups.values():
        _repeated(setup, 0, 1)
    for turn in range(pace.rounds):
        for name, setup in setups.items():
            before = setup.spent()
            one = load(setup, turn, pace.seconds)
            spent = {part: after_s - before[part] for part, after_s in setup.spent().items()}
            cost_us = {part: 1e6 * used_s / one.requests for part, used_s in spent.items()}
            taken[name].append(Sample(one.per_second, cost_us))
    return {name: Samples(tuple(samples)) for name, samples in taken.items()}


@contextmanager
def _setups(folder: Path) -> "Iterator[dict[str, Setup]]":
    """Start everything. Raises AbsentError."""
    if PROGRAM is None:
        message = "redis-server is not on PATH; install it from your distribution"
        raise AbsentError(message)
    with redis_server(str(folder)) as redis, ExitStack() as stack:
        store = ("--store", redis.url)
        shared = (*LIMIT, *store)
        stored = _with(_alone(stack, "stored", *store), redis.process_id)
        yield {
            ONE: _alone(stack, "one"),
            TWO: _alone(stack, "two", "--workers", "2"),
            MANY: _behind_nginx(stack, folder / "plain", "many"),
            COUNTED: _alone(stack, "counted", *LIMIT),
            SHARED: _with(_alone(stack, "shared", *shared), redis.process_id),
            STORED: stored,
            PLAY: replace(stored, token=_play(stored.url)),
            MANY_SHARED: _with(
                _behind_nginx(stack, folder / "shared", "many-shared", *shared), redis.process_id
            ),
        }


def _play(url: str) -> str:
    """Make a play, and give its token."""
    asked = Request(f"{url}/__twin__/plays", b"{}", {"Content-Type": "application/json"})  # noqa: S310 -- a twin of ours
    with urlopen(asked, timeout=serving.START_S) as reply:  # noqa: S310 -- a twin of ours
        token: str = json.load(reply)["token"]
        return token


def _alone(stack: ExitStack, name: str, *options: str) -> Setup:
    command = serving.twin("--now", NOW, serving.QUIET, *options)
    served = stack.enter_context(serving.serving(command, f"fleet-{name}"))
    return Setup(served.url, {TWIN: (served.process_id,)})


def _behind_nginx(stack: ExitStack, folder: Path, name: str, *options: str) -> Setup:
    twins = [_alone(stack, f"{name}-{number}", *options) for number in range(REPLICAS)]
    folder.mkdir()
    try:
        nginx = stack.enter_context(balanced([urlsplit(twin.url).port or 0 for twin in twins], folder))
    except NoNginxError as error:
        raise AbsentError(str(error)) from error
    ids = tuple(process_id for twin in twins for process_id in twin.parts[TWIN])
    return Setup(nginx.url, {TWIN: ids, NGINX: (nginx.process_id,)})


def _with(setup: Setup, redis: int) -> Setup:
    return Setup(setup.url, {**setup.parts, REDIS: (redis,)})
