"""The innermost part: it turns a valid request into the answer of the world, and nothing else.

Rule: what takes long is done in steps, between which other requests are answered.
"""

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from usagetwin.account import answers
from usagetwin.asgi.notes import OPERATION, notes_of, target
from usagetwin.encoding import JSON_TYPE
from usagetwin.request.validator import validator
from usagetwin.request.wording import unknown_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive, Scope, Send

    from usagetwin.account.answers import Series
    from usagetwin.account.ledger import Ledger
    from usagetwin.account.query import Query
    from usagetwin.policies import Policies
    from usagetwin.request.validator import ValidBody

WORK: Final = 8_192  # counts and values between two pauses: some 10 ms


class Answerer:
    """Answer the one operation of the contract from a ledger, and its siblings from theirs."""

    def __init__(self, ledgers: "Sequence[Ledger]", policies: "Policies") -> None:
        """Take the ledger that stands behind all answers of each operation, by its number."""
        self._ledgers = ledgers
        self._policies = policies

    async def __call__(self, scope: "Scope", _receive: "Receive", send: "Send") -> None:
        """Answer one request that Connexion has routed, authenticated and validated."""
        notes = notes_of(scope)
        if notes.query is None:  # Connexion reads what it has routed, and passes on what it has not
            raise unknown_path(scope["path"])
        series = await self._series(self._ledgers[scope.get(OPERATION, 0)], notes.query, notes.now_s)
        body = await _written(series, target(scope))
        await send({"type": "http.response.start", "status": body.status, "headers": [JSON_TYPE]})
        await send({"type": "http.response.body", "body": body})

    async def _series(self, ledger: "Ledger", query: "Query", now_s: int) -> "Series":
        steps = answers.steps(query, ledger, self._policies, now_s)
        work = 0
        while True:
            try:
                work += next(steps)
            except StopIteration as end:
                series: Series = end.value
                return series
            if work >= WORK:
                await _pause()
                work = 0


async def _written(series: "Series", href: str) -> "ValidBody":
    """Write the document, a stretch of points at a time; a short one at once."""
    document = answers.document(series, href)
    stretch = max(1, WORK // len(series.metadata))
    if len(series.points) <= stretch:
        return validator().written(HTTPStatus.OK, document)
    bodies = []
    for start in range(0, len(series.points), stretch):
        part = series.points[start : start + stretch]
        bodies.append(validator().written(HTTPStatus.OK, {**document, "series": part}))
        await _pause()
    return validator().joined(bodies)


async def _pause() -> None:
    """Let other requests have a turn; without asyncio's loop nobody waits for one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    await asyncio.sleep(0)
