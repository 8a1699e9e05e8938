"""How long one request holds the loop, counted as work between pauses; benchmarks/holding.py measures it."""

import asyncio
from typing import TYPE_CHECKING

from tests.inprocess import answered
from usagetwin.account import answers
from usagetwin.asgi import answerer

if TYPE_CHECKING:
    from collections.abc import Generator

    import pytest
    from starlette.types import ASGIApp

    from tests.answer import Answer


def longest_work_between_pauses(
    monkeypatch: "pytest.MonkeyPatch", app: "ASGIApp", query: str
) -> "tuple[int, int, Answer]":
    """Ask once, and give the most counts and values made between two pauses, the pauses, and the answer."""
    work, stretches = 0, [0]
    steps, pause = answers.steps, answerer._pause  # noqa: SLF001 -- where a pause is made

    def counted(*asked: object) -> "Generator[int, None, answers.Series]":
        nonlocal work
        making = steps(*asked)  # type: ignore[arg-type]  # -- passed on
        while True:
            try:
                made = next(making)
            except StopIteration as end:
                series: answers.Series = end.value
                return series
            work += made
            yield made

    async def paused() -> None:
        nonlocal work
        stretches.append(work)
        work = 0
        await pause()

    monkeypatch.setattr(answers, "steps", counted)
    monkeypatch.setattr(answerer, "_pause", paused)
    answer = asyncio.run(answered(app, query))
    return max(*stretches, work), len(stretches) - 1, answer
