"""One test's twin in this process: the small account, a stage to ask, and records that no server made."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from tests import inprocess
from tests.acme import FULL, NOW_S, PATH
from usagetwin_checker.testing.accounts import world_of
from usagetwin_checker.testing.control import UsageTwin
from usagetwin_checker.testing.instants import moment
from usagetwin_checker.testing.journal import Recorded
from usagetwin_checker.testing.stage import Play, Setup, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.answer import Answer
    from usagetwin.account.world import World

HOST: Final = "app.launchdarkly.com"
URL: Final = "http://127.0.0.1:8080"
GOOD: Final = (("authorization", FULL), ("host", HOST))
COUNTS: Final = {  # as in `tests.acme`, whose docstring adds them up
    "web": {"2026-02-27": 10, "2026-02-28": 20, "2026-03-01": 30, "2026-03-02": 40, "2026-03-03": 50},
    "app": {"2026-03-01": 1, "2026-03-02": 2, "2026-03-03": 4},
}


@cache
def acme() -> "World":
    """Give the small account."""
    return world_of(COUNTS)


@dataclass(frozen=True, slots=True)
class Playing:
    """A test's twin, and a way to ask it without a socket."""

    twin: UsageTwin
    play: Play
    stage: Stage

    def ask(
        self,
        query: str = "",
        *,
        method: str = "GET",
        path: str = PATH,
        headers: "Sequence[tuple[str, str]]" = GOOD,
    ) -> "Answer":
        """Ask once; by default with all that a request needs."""
        return inprocess.ask(self.stage, query, method=method, path=path, headers=headers)


def playing(*, allow: "Iterable[str]" = (), frozen: bool = True) -> Playing:
    """Let a test use the twin: the small account, at its noon."""
    stage = Stage()
    stage.play = play = Play(Setup(world=acme(), frozen_s=NOW_S if frozen else None))
    return Playing(UsageTwin(play, url=URL, allow=allow), play, stage)


def recorded(  # noqa: PLR0913 -- one argument for each part of a request
    query: str = "",
    *,
    method: str = "GET",
    path: str = PATH,
    headers: "Sequence[tuple[str, str]]" = GOOD,
    number: int = 1,
    now_s: int = NOW_S,
) -> Recorded:
    """Give the record of a request that nobody sent; by default of one without a mistake."""
    return Recorded(
        number=number,
        method=method,
        host=HOST,
        path=path,
        parameters=tuple(parse_qsl(query, keep_blank_values=True)),
        query_string=query,
        headers=tuple(headers),
        body=b"",
        at=moment(now_s),
    )
