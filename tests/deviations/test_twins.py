"""No two faults are twins: over a broad fixed set of requests, any two are told apart by their answers."""

import asyncio
from itertools import combinations
from typing import TYPE_CHECKING, Final

import pytest

from tests.deviations.broad import NOW, conversation, requests
from usagetwin import Settings, create_app
from usagetwin.deviations import faults
from usagetwin.deviations.known import FAULTS
from usagetwin.deviations.shape import Reply, Request, parsed_query

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message

    from tests.deviations.broad import Asked
    from usagetwin.deviations.shape import Deviation

ALIKE: Final = 0.9  # of the requests that show one of two faults: answered alike by both
Signature = frozenset[tuple[int, Reply]]


class Remembering:
    """The honest twin, which remembers what it was asked."""

    def __init__(self, app: "ASGIApp") -> None:
        """Take the twin."""
        self._app = app
        self._known: dict[tuple[object, ...], Reply] = {}

    async def ask(self, request: Request, *, now_s: int | None = None) -> Reply:
        """Answer a request; a HEAD as a GET, as a deviation is told."""
        asked = (request.method, request.path, request.parameters, request.headers, now_s)
        if asked not in self._known:
            self._known[asked] = await self._reply(request)
        return self._known[asked]

    async def _reply(self, request: Request) -> Reply:
        messages: list[Message] = []

        async def receive() -> "Message":
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: "Message") -> None:
            messages.append(message)

        scope = {
            "type": "http",
            "method": "GET" if request.method == "HEAD" else request.method,
            "path": request.path,
            "raw_path": request.path.encode(),
            "root_path": "",
            "query_string": request.query_string.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in request.headers],
        }
        await self._app(scope, receive, send)
        headers = ((name.decode(), value.decode()) for name, value in messages[0]["headers"])
        kept = tuple(pair for pair in headers if pair[0] != "content-length")
        return Reply(messages[0]["status"], messages[1]["body"], kept)


async def _signature(fault: "Deviation", honest: Remembering, asked: "list[Asked]", now_s: int) -> Signature:
    """Give the answers of a fault that differ from those of the honest twin, by their place among all."""
    alone, talking = fault.for_one_app(), fault.for_one_app()
    replies = [(alone, one) for one in asked] + [(talking, one) for one in conversation()]
    differing = set()
    for place, (reply, (method, path, query, headers)) in enumerate(replies):
        request = Request(method, path, parsed_query(query.encode()), headers, now_s)
        own = await reply(request, honest)
        if own != await honest.ask(request):
            differing.add((place, own))
    return frozenset(differing)


async def _signatures() -> dict[str, Signature]:
    settings, asked = Settings(now=NOW, reply_cache=False), requests()
    honest = Remembering(create_app(settings))
    now_s = settings.clock()
    return {name: await _signature(fault, honest, asked, now_s) for name, fault in faults().items()}


@pytest.fixture(scope="module")
def signatures() -> dict[str, Signature]:
    """Give what each fault answers otherwise than the honest twin."""
    return asyncio.run(_signatures())


def _alike(one: Signature, other: Signature) -> float:
    """Give the share of the requests that show one of two faults whose answers are the same."""
    places = {place for place, _ in one} | {place for place, _ in other}
    return len(one & other) / len(places) if places else 0.0


def test_no_two_faults_answer_alike(signatures: dict[str, Signature]) -> None:
    """A fault that another one's requests and answers show as well adds nothing to a score."""
    pairs = combinations(signatures.items(), 2)
    twins = [
        f"{name} and {other_name}: {share:.0%} alike"
        for (name, one), (other_name, other) in pairs
        if (share := _alike(one, other)) > ALIKE
    ]

    assert not twins


def test_every_known_fault_but_one_shows_in_the_set(signatures: dict[str, Signature]) -> None:
    """What it can't show is stale by a clock that this test does not turn."""
    unseen = {fault.name for fault in FAULTS if not signatures[fault.name]}

    assert unseen == {"every-third-answer-is-stale"}


def test_twins_would_be_found() -> None:
    """Nine of ten answers that are the same are not enough, nineteen of twenty are."""
    replies = [(place, Reply(200, b"%d" % place)) for place in range(20)]
    other = (19, Reply(200, b"another"))

    assert _alike(frozenset(replies), frozenset([*replies[:19], other])) > ALIKE
    assert _alike(frozenset(replies[:10]), frozenset(replies[:9])) <= ALIKE
