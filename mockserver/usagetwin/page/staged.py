"""What there is to show: the plays of a served stage, or, where none can be told anything, the one setup.

Rule: to look changes nothing, and is never too much. No journal has what the page asks, and where a twin
remembers what it was asked, the page asks one of its own. Where several processes have the plays, a look
takes its turn, and is a copy: a document is made when others have theirs.
"""

import asyncio
from dataclasses import dataclass, replace
from secrets import token_bytes
from threading import Lock
from typing import TYPE_CHECKING, Final

from usagetwin.control.cast import DEFAULT, Cast
from usagetwin.control.in_turn import Turns
from usagetwin.control.refusals import ControlError
from usagetwin.policies import OFF
from usagetwin.settings import DEMO_TOKEN
from usagetwin.stage.ending import Ending
from usagetwin.stage.twins import INSTANT, SharedTwins, Twins
from usagetwin.store import MEMORY

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from usagetwin.control.cast import Told
    from usagetwin.stage.play import Play
    from usagetwin.stage.plays import MadePlay, Plays
    from usagetwin.stage.setup import Setup

REMEDY: Final = "usagetwin serve without --no-control, and with one worker or --store redis://HOST:PORT"
SECRET_BYTES: Final = 32
MOST_TWINS: Final = 16  # plays whose twins are kept that the page has asked


@dataclass(slots=True)
class Seen:
    """A stage as it was seen at one moment, as one that can be told things has it."""

    first: "Setup"
    default: "Play"
    plays: "Plays"
    recording: bool
    is_told: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """The play that a document of the page is of, among all plays as they were at that moment.

    `play` and `seen` are None where nobody can tell it anything.
    """

    number: str
    name: str
    setup: "Setup"
    play: "Play | None" = None
    seen: Seen | None = None

    @property
    def is_default(self) -> bool:
        """Tell whether it is the one that answers everyone."""
        return self.number == DEFAULT

    @property
    def plays(self) -> "tuple[MadePlay, ...]":
        """Give the plays that were made; none where none can be."""
        return () if self.seen is None else self.seen.plays.all()


class Staged:
    """The plays of a twin, as far as it has some."""

    def __init__(
        self,
        first: "Setup",
        told: "Told | Turns | None",
        closed: str = "",
        *,
        stopping: "Ending | None" = None,
    ) -> None:
        """Take what the twin was started with, and its stage, or the turns at those of several processes.

        Without either, `closed` says why it has none. `stopping` is declared when its server stops, for what
        would go on for ever.
        """
        self.stopping: Final = Ending() if stopping is None else stopping
        self.closed: Final = closed
        self._first: Final = first
        self._told: Final = told
        self._secret: Final = token_bytes(SECRET_BYTES)
        self._shared: Final = SharedTwins() if told is None else _stage_of(told).plays.shared
        self._twins: Final[dict[str, Twins]] = {}  # by the number of the play, the one asked last at the end
        self._lock: Final = Lock()

    @property
    def told(self) -> "Told | Turns":
        """Give what can be told things. Raises ControlError where nothing can."""
        if self._told is None:
            raise ControlError(409, "no_plays", self.closed, REMEDY)
        return self._told

    async def secret(self) -> bytes:
        """Give what no browser knows, and all processes that have these plays. Raises StoreGoneError."""
        if isinstance(self._told, Turns):
            return await asyncio.to_thread(self._told.mirror.secret)
        return self._secret

    async def shown(self, number: str) -> Shown:
        """Give the play that a number names, or `default`.

        Raises NoSuchPlayError, ControlError, and StoreGoneError.
        """
        if isinstance(self._told, Turns):
            async with self._told.reading():
                return _shown(self._told.mirror, number)
        if self._told is None and number == DEFAULT:
            return Shown(DEFAULT, "", self._first)
        return _shown(_stage_of(self.told), number)

    def twin(self, shown: Shown) -> "ASGIApp":
        """Give a twin that answers as the play's does; making one may take a moment. Raises SettingError."""
        with self._lock:
            twins = self._twins.pop(shown.number, None) or Twins(self._shared)
            self._twins[shown.number] = twins
            while len(self._twins) > MOST_TWINS:
                del self._twins[next(iter(self._twins))]
        settings = shown.setup.settings
        unlimited = replace(settings, policies={**settings.policies, "quota": OFF}, store=MEMORY)
        return twins.of(replace(shown.setup, settings=unlimited))


def _stage_of(told: "Told | Turns") -> "Told":
    return told.mirror if isinstance(told, Turns) else told


def _shown(told: "Told", number: str) -> Shown:
    cast = Cast(told)
    seen = Seen(told.first, told.default, told.plays, told.recording, told.is_told)
    if number == DEFAULT:
        return Shown(DEFAULT, "", told.default.setup, told.default, seen)
    made = cast.made(number)
    return Shown(number, made.name, made.play.setup, made.play, seen)


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
