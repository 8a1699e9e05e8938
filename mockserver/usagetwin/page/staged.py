"""What there is to show: the plays of a served stage, or, where none can be told anything, the one setup.

Rule: to look changes nothing, and is never too much. No journal has what the page asks, and where a twin
remembers what it was asked, the page asks one of its own.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from usagetwin.control.cast import DEFAULT, Cast
from usagetwin.control.refusals import ControlError
from usagetwin.policies import OFF
from usagetwin.settings import DEMO_TOKEN
from usagetwin.stage.ending import Ending
from usagetwin.stage.twins import INSTANT, SharedTwins, Twins
from usagetwin.store import MEMORY

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from usagetwin.stage.play import Play
    from usagetwin.stage.plays import MadePlay
    from usagetwin.stage.served import ServedStage
    from usagetwin.stage.setup import Setup


@dataclass(frozen=True, slots=True)
class Shown:
    """The play that a document of the page is of; `play` is None where nobody can tell it anything."""

    number: str
    name: str
    setup: "Setup"
    play: "Play | None"

    @property
    def is_default(self) -> bool:
        """Tell whether it is the one that answers everyone."""
        return self.number == DEFAULT


class Staged:
    """The plays of a twin, as far as it has some."""

    def __init__(
        self,
        first: "Setup",
        served: "ServedStage | None",
        closed: str = "",
        *,
        stopping: "Ending | None" = None,
    ) -> None:
        """Take what the twin was started with, and its stage; without one, `closed` says why it has none.

        `stopping` is declared when its server stops, for what would go on for ever.
        """
        self.stopping: Final = Ending() if stopping is None else stopping
        self._first: Final = first
        self._cast: Final = None if served is None else Cast(served)
        self.closed: Final = closed
        self._shared: Final = SharedTwins() if served is None else served.plays.shared
        self._twins: Final[WeakKeyDictionary[Play, Twins]] = WeakKeyDictionary()
        self._own: Final = Twins(self._shared)

    @property
    def cast(self) -> Cast:
        """Give the plays. Raises ControlError where none can be told anything."""
        if self._cast is None:
            raise ControlError(
                409,
                "no_plays",
                self.closed,
                "usagetwin serve, with one worker, without --no-control and --store",
            )
        return self._cast

    @property
    def plays(self) -> "tuple[MadePlay, ...]":
        """Give the plays that were made; none where none can be."""
        return () if self._cast is None else self._cast.plays.all()

    @property
    def can_be_told(self) -> bool:
        """Tell whether there are plays that can be told something."""
        return self._cast is not None

    def shown(self, number: str) -> Shown:
        """Give the play that a number names, or `default`. Raises NoSuchPlayError, and ControlError."""
        if number == DEFAULT:
            play = None if self._cast is None else self._cast.play(DEFAULT)
            return Shown(DEFAULT, "", self._first if play is None else play.setup, play)
        made = self.cast.made(number)
        return Shown(number, made.name, made.play.setup, made.play)

    def twin(self, shown: Shown) -> "ASGIApp":
        """Give a twin that answers as the play's does; making one may take a moment. Raises SettingError."""
        twins = self._own if shown.play is None else self._twins.setdefault(shown.play, Twins(self._shared))
        settings = shown.setup.settings
        unlimited = replace(settings, policies={**settings.policies, "quota": OFF}, store=MEMORY)
        return twins.of(replace(shown.setup, settings=unlimited))


def at(now_s: int) -> None:
    """Let the twins of this request answer at an instant."""
    INSTANT.set(now_s)


def token_of(setup: "Setup") -> str:
    """Give a token that gets an answer, where one is known."""
    from usagetwin.account.world import Role

    if setup.token is not None:
        return setup.token
    unlisted = Role.FULL if setup.policies.unknown_tokens == "accept" else Role.REVOKED
    tokens = setup.account.tokens
    if tokens.get(DEMO_TOKEN, unlisted) is Role.FULL:
        return DEMO_TOKEN
    return next((token for token, role in tokens.items() if role is Role.FULL), DEMO_TOKEN)
