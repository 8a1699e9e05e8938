"""Somebody else's server: the twin with several legal variations at once, and a fault where one is wanted.

It is a target of which nothing is known but its project keys, or not even those.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.app import create_app
from usagetwin.asgi.deviating import Deviating
from usagetwin.asgi.notes import KEY, Notes
from usagetwin.clock import parse_instant
from usagetwin.deviations import deviation
from usagetwin.deviations.shape import Deviation
from usagetwin.settings import Settings
from usagetwin_checker.knowing.knowledge import Knowledge
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options
from usagetwin_checker.talking.targets import AppTarget

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Answering, Honest, Reply, Request
    from usagetwin_checker.running.report import Report

NOW: Final = "2026-03-17T15:20:00Z"
URL: Final = "http://127.0.0.1:8080"
CHOICES: Final = (  # each is legal by itself, and so are all of them together
    "other-links",
    "extra-fields",
    "key-field-is-sessions",
    "errors-in-other-words",
    "unknown-project-is-empty",
    "open-bucket-absent",
    "time-at-noon",
    "sparse",
    "descending",
    "last-value-counts",
    "head-not-found",
)


class _Over:
    """The server beneath a deviation: what another deviation makes of the server beneath that."""

    def __init__(self, reply: "Answering", beneath: "Honest", now_s: int | None = None) -> None:
        self._reply = reply
        self._beneath = beneath
        self._now_s = now_s

    async def ask(self, request: "Request", *, now_s: int | None = None) -> "Reply":
        at_s = self._now_s if now_s is None else now_s
        if at_s is None:
            return await self._reply(request, self._beneath)
        return await self._reply(replace(request, now_s=at_s), _At(self._beneath, at_s))


class _At:
    """A server at another instant."""

    def __init__(self, beneath: "Honest", now_s: int) -> None:
        self._beneath = beneath
        self._now_s = now_s

    async def ask(self, request: "Request", *, now_s: int | None = None) -> "Reply":
        return await self._beneath.ask(request, now_s=self._now_s if now_s is None else now_s)


def all_at_once(*names: str) -> Deviation:
    """Give one deviation that shows several, the first one nearest to the honest twin."""
    replies = [deviation(name).for_one_app() for name in names]

    async def reply(request: "Request", twin: "Honest") -> "Reply":
        server = twin
        for each in replies:
            server = _Over(each, server)
        return await server.ask(request)

    return Deviation("somebodys", "It differs in several ways.", (), reply)


def somebodys(*names: str, world: str = "business-week") -> AppTarget:
    """Give a server that differs in these ways."""
    app = create_app(Settings(world=world, now=NOW))
    differing = Deviating(app, all_at_once(*names))

    async def serving(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 -- an ASGI application
        await differing({**scope, KEY: Notes(parse_instant(NOW))}, receive, send)

    return AppTarget(serving)


def checked_as_a_stranger(*names: str, keys: tuple[str, ...] = (), budget: int | None = None) -> "Report":
    """Check such a server, of which only these keys are known; the report names a base URL."""
    target = somebodys(*names)
    try:
        options = Options(Knowledge(frozenset(keys)), budget=budget)
        report = Campaign(
            target, options, lambda _sent, _of: None, clock=lambda: float(parse_instant(NOW))
        ).run()
    finally:
        target.close()
    return replace(report, target=URL)
