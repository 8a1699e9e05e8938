"""The app of `usagetwin serve`: the twin alone until somebody says something, and the stage from then on.

Rule: a request that no play, fault or journal is for costs no more than to see that.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.app import create_app
from usagetwin.clock import parse_instant
from usagetwin.stage.play import Play
from usagetwin.stage.play_tokens import BEHIND_VERSION, VERSION, has_play_token
from usagetwin.stage.play_tokens import HEADER as PLAY
from usagetwin.stage.plays import Limits, Plays
from usagetwin.stage.preferring import HEADER as PREFER
from usagetwin.stage.preferring import may_prefer
from usagetwin.stage.setup import Setup
from usagetwin.stage.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from starlette.types import Receive, Scope, Send

    from usagetwin.account.world import World
    from usagetwin.settings import Settings
    from usagetwin.stage.play import Sharing

CREDENTIAL: Final = b"authorization"


class ServedStage:
    """A served twin that can be told things: its default play answers everyone, a play its token's bearer.

    The default play keeps a journal while `recording`, and while anything was said that changes its answers;
    otherwise of the requests alone that say something of their own answer (`Prefer`).
    """

    def __init__(
        self,
        settings: "Settings",
        world: "World",
        plays: "Plays | None",
        *,
        sharing: "Sharing | None" = None,
    ) -> None:
        """Take what the twin was started with, and the plays behind tokens, if there are any.

        `sharing` records the default play's requests where other processes have it too. Raises SettingError.
        """
        self.recording = False
        self.first: Final = first_setup(settings, world)
        self.default: Final = Play(
            self.first,
            journal=(Limits() if plays is None else plays.limits).journal(),
            sharing=sharing,
        )
        self._twin: Final = create_app(self.first.settings, world=world)
        self._plays: Final = plays
        self._names: Final = frozenset({PREFER} if plays is None else {PREFER, PLAY, CREDENTIAL})
        self.stage: Final = Stage(plays=plays)
        self.stage.begin(self.default, self._twin)

    def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> "Awaitable[None]":
        """Answer one request, and lifespan events as the twin does; a coroutine of its own would cost."""
        told = scope["type"] == "http" and (self.recording or self.is_told or self._tells(scope["headers"]))
        return (self.stage if told else self._twin)(scope, receive, send)

    def _tells(self, headers: "Iterable[tuple[bytes, bytes]]") -> bool:
        """Tell whether a request says something of its own answer; most are told apart by one look."""
        names = self._names
        for name, value in headers:
            if name in names and (name != CREDENTIAL or value[VERSION:BEHIND_VERSION] == b"8"):
                return (self._plays is not None and has_play_token(headers)) or may_prefer(headers)
        return False

    @property
    def plays(self) -> Plays:
        """Give the plays behind tokens; only where the stage was made with some."""
        assert self._plays is not None  # noqa: S101 -- the control API is not made for such a stage
        return self._plays

    @property
    def is_told(self) -> bool:
        """Tell whether anything was said that the default play's answers depend on."""
        return self.default.setup is not self.first or self.default.faults.are_shown


def first_setup(settings: "Settings", world: "World") -> Setup:
    """Give what the answers of a twin depend on as it was started. Raises SettingError."""
    settings = settings.at(world.now)
    frozen_s = None if settings.now is None else parse_instant(settings.now)
    return Setup(world=world, settings=replace(settings, access_log=False), frozen_s=frozen_s)
