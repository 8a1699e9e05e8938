"""One test's twin in this process: the small account, and a stage to ask."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests import inprocess
from tests.acme import NOW_S, PATH
from tests.stage.records import GOOD, acme
from usagetwin.stage.play import Play
from usagetwin.stage.setup import Setup
from usagetwin.stage.stage import Stage
from usagetwin_checker.testing.control import UsageTwin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.answer import Answer

URL: Final = "http://127.0.0.1:8080"


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
