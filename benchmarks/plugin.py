"""What the pytest plugin costs: a run that has no twin, and each request of one that has."""

import os
import resource
import subprocess
import sys
import time
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.metadata import entry_points
from statistics import median
from typing import TYPE_CHECKING, Final

import httpx
import requests
import responses
import respx

from benchmarks import serving
from benchmarks.claims import Line, MeasureError, figure
from benchmarks.places import ENDPOINT, TOKEN, work_file
from usagetwin.account.world import load_world
from usagetwin.clock import parse_instant
from usagetwin.settings import DEFAULT_WORLD
from usagetwin_checker.redirect.active import Redirect
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.testing import Play, Setup, Stage, TwinServer, UsageTwin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


MOST_START_MS: Final = 10
OURS: Final = "usagetwin"
WITHOUT: Final = f"-pno:{OURS}"
UNRELATED: Final = "def test_nothing():\n    pass\n"

NOW: Final = "2026-03-17T15:20:00Z"
REAL: Final = f"https://app.launchdarkly.com{ENDPOINT}"
HEADERS: Final = {"Authorization": TOKEN}
TWIN: Final = "usage_twin"
PLAIN: Final = "a plain server"
TOGETHER: Final = 20  # requests of one way before the next one has its turn


class PytestError(MeasureError):
    """A run of pytest that did not pass: how long it took would say nothing."""


@dataclass(frozen=True, slots=True)
class Took:
    """What one run of pytest took: time that passed, and processor time."""

    passed_ms: float
    used_ms: float


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask: what is in place meanwhile, and one request, which gives the body."""

    name: str
    in_place: "Callable[[], AbstractContextManager[object]]"
    ask: "Callable[[], bytes]"


def plugin_cost(starts: int, asked: int) -> list[Line]:
    """Start pytest that many times with and without the plugin; ask that many times each way."""
    _run()
    _run(WITHOUT)
    pairs = [(_run(), _run(WITHOUT)) for _ in range(starts)]
    return [start_line(pairs), *_requests(asked)]


def start_line(pairs: "Sequence[tuple[Took, Took]]") -> Line:
    """Make the line of runs in pairs, with the plugin and without: a slow moment slows both of a pair."""
    more = [with_it.passed_ms - without.passed_ms for with_it, without in pairs]
    used = median(with_it.used_ms - without.used_ms for with_it, without in pairs)
    alone = median(without.passed_ms for _, without in pairs)
    return Line(
        claim="start of an unrelated run of pytest: more with the plugin than without",
        value=median(more),
        unit="ms",
        at_most=MOST_START_MS,
        note=f"{min(more):.1f} to {max(more):.1f} ms in {len(pairs)} pairs, {used:.1f} ms of processor time; "
        f"the whole run takes {alone:.0f} ms without",
    )


def request_lines(client: str, faker: str, taken: "Mapping[str, Sequence[float]]") -> list[Line]:
    """Make the lines of one client, of what its requests took each way, in ms."""
    twin, plain, canned = (median(taken[way]) for way in (TWIN, PLAIN, faker))
    return [
        Line(
            claim=f"{client}, a request through usage_twin: more than the client spends at a plain server",
            value=twin - plain,
            unit="ms",
            note=f"{figure(twin)} ms against {figure(plain)} ms, over plain HTTP and of another process; "
            f"{len(taken[TWIN]):,} requests each way, on kept connections, in turns",
        ),
        Line(
            claim=f"{client}, a request that {faker} answers with a canned body",
            value=canned,
            unit="ms",
            note=f"usage_twin {figure(twin)} ms: through socket and TLS, recorded, and answered by the twin",
        ),
    ]


def _run(*options: str) -> Took:
    """Run one test that knows nothing of us, without other plugins, whose start would hide the difference."""
    test = work_file("unrelated/test_unrelated.py")
    test.write_text(UNRELATED, encoding="utf-8")
    ini = work_file("unrelated/pytest.ini")
    ini.write_text("[pytest]\n", encoding="utf-8")
    others = [f"-pno:{each.name}" for each in entry_points(group="pytest11") if each.name != OURS]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider", *others, *options, test.name],
        cwd=test.parent,
        env={**environment, "PYTHONPYCACHEPREFIX": str(work_file("bytecode").resolve())},
        check=False,
        capture_output=True,
        text=True,
    )
    passed_s = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        message = f"pytest failed: {done.stdout}{done.stderr}"
        raise PytestError(message)
    used_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(passed_s * 1000, used_s * 1000)


def _requests(asked: int) -> "list[Line]":
    """Ask through the twin, at a plain server, and of the library that answers a canned body."""
    with _twin() as redirect, requests.Session() as session, httpx.Client() as client:
        session.headers.update(HEADERS)
        client.headers.update(HEADERS)
        with redirect:
            body = session.get(REAL).content
        with serving.serving(serving.bare(body), "plugin-plain") as plain:
            at = f"{plain.url}{ENDPOINT}"
            by_requests = _taken(_ways_of_requests(session, redirect, at, body), asked)
            by_httpx = _taken(_ways_of_httpx(client, redirect, at, body), asked)
    return [
        *request_lines("requests", "responses", by_requests),
        *request_lines("httpx", "respx", by_httpx),
    ]


@contextmanager
def _twin() -> "Iterator[Redirect]":
    """Serve a twin as the fixture does, and give the way to it."""
    stage, authority = Stage(), Authority()
    server = TwinServer(stage, authority)
    server.start()
    try:
        play = Play(Setup(world=load_world(DEFAULT_WORLD), frozen_s=parse_instant(NOW)))
        stage.play = play
        UsageTwin(play, url=server.url)
        yield Redirect(server.routes, authority)
        play.close()
    finally:
        server.stop()


def _ways_of_requests(
    session: requests.Session, redirect: Redirect, plain: str, body: bytes
) -> "tuple[Way, Way, Way]":
    @contextmanager
    def canned() -> "Iterator[None]":
        with responses.RequestsMock() as fake:
            fake.get(REAL, body=body, content_type="application/json")
            yield

    return (
        Way(TWIN, lambda: redirect, lambda: session.get(REAL).content),
        Way(PLAIN, nullcontext, lambda: session.get(plain).content),
        Way("responses", canned, lambda: session.get(REAL).content),
    )


def _ways_of_httpx(
    client: httpx.Client, redirect: Redirect, plain: str, body: bytes
) -> "tuple[Way, Way, Way]":
    @contextmanager
    def canned() -> "Iterator[None]":
        with respx.mock as fake:
            fake.get(REAL).respond(content=body, content_type="application/json")
            yield

    return (
        Way(TWIN, lambda: redirect, lambda: client.get(REAL).content),
        Way(PLAIN, nullcontext, lambda: client.get(plain).content),
        Way("respx", canned, lambda: client.get(REAL).content),
    )


def _taken(ways: "tuple[Way, ...]", asked: int) -> dict[str, list[float]]:
    """Give what each request took, in ms; the ways take turns, and the first of each turn don't count."""
    taken: dict[str, list[float]] = {way.name: [] for way in ways}
    bodies = set()
    while min(map(len, taken.values())) < asked:
        for way in ways:
            with way.in_place():
                way.ask()
                for _ in range(TOGETHER):
                    started = time.perf_counter()
                    bodies.add(way.ask())
                    taken[way.name].append((time.perf_counter() - started) * 1000)
    if len(bodies) != 1:
        message = "the ways to ask did not all give the same body"
        raise PytestError(message)
    return taken
