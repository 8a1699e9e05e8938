"""The app that is served: it answers each request as the play says that the request belongs to.

A request belongs to the play that it names, or whose token it brings; without either, to the play that is on.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.asgi.notes import PLAY
from usagetwin.stage.arrivals import Arrival, body_of, recorded_of, with_body
from usagetwin.stage.comparing import compared
from usagetwin.stage.passing_on import said_of
from usagetwin.stage.play_tokens import play_of
from usagetwin.stage.plays import Plays
from usagetwin.stage.preferring import preferred
from usagetwin.stage.replies import Call, WholeAnswer, error, failed, leave
from usagetwin.stage.twins import INSTANT, SharedTwins, Twins
from usagetwin.stage.wire import drop

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from usagetwin.stage.faults import Fault
    from usagetwin.stage.play import Play

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

NO_PLAY: Final = error(503, "no_play", "No play is on that answers this request.")
ENDED: Final = error(
    401,
    "unauthorized",
    "Invalid access token: the play of this token has ended, or is one of another twin. "
    "Make a play, and send the token that it comes with.",
)


class Stage:
    """The ASGI app that is served: it answers as the play says, and with `closed` without one."""

    def __init__(self, *, closed: WholeAnswer = NO_PLAY, plays: Plays | None = None) -> None:
        """Start without a play. `plays` are those by token; without them all tokens are alike."""
        self._closed: Final = closed
        self._shared: Final = SharedTwins() if plays is None else plays.shared
        self._plays: Final = plays
        self._current: tuple[Play, Twins] | None = None

    @property
    def play(self) -> "Play | None":
        """Give the play that is on."""
        return None if self._current is None else self._current[0]

    @play.setter
    def play(self, play: "Play | None") -> None:
        """Put a play on, and make ready what its first request needs. Raises SettingError."""
        if play is None:
            self._current = None
            return
        own = Twins(self._shared)
        own.of(play.setup)
        self._current = (play, own)

    def begin(self, play: "Play", twin: "ASGIApp") -> None:
        """Put a play on whose twin, as long as its setup is what it is, was made before."""
        self._current = (play, Twins(self._shared, (play.setup, twin)))

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request over HTTP, and record it."""
        token = None if self._plays is None else play_of(scope["headers"])
        if self._plays is not None and token is not None:
            await _perform_made(self._plays, token, scope, receive, send)
        elif self._current is None:
            await leave(self._closed, scope, send)
        else:
            await _perform(*self._current, scope, receive, send)


async def _perform_made(plays: Plays, token: str, scope: "Scope", receive: "Receive", send: "Send") -> None:
    """Answer as the play of a token says, and refuse the token where its play has ended."""
    made = plays.find(token)
    if made is None:
        await leave(ENDED, scope, send)
    else:
        scope[PLAY] = made.number
        await _perform(made.play, made.twins, scope, receive, send)
        plays.give_way()


async def _perform(play: "Play", own: Twins, scope: "Scope", receive: "Receive", send: "Send") -> None:
    """Record a request, and let the play's twin or the request's fault answer it."""
    setup = play.setup
    said = said_of(scope["headers"])
    now_s = setup.now_s if said.now_s is None or setup.frozen_s is not None else said.now_s
    arrival = Arrival(await play.keep(recorded_of(scope, await body_of(receive), now_s, said)), send)
    INSTANT.set(now_s)  # for this request alone: the server runs each one in a context of its own
    try:
        fault = await play.choose(arrival.recorded)
        if fault is not None:
            await arrival.note(fault.name)
        app = with_body(own.of(setup, fault), arrival.recorded.body)
        if setup.settings.deviation is not None and (fault is None or fault.kind.show is not None):
            honest = with_body(own.honest(setup), arrival.recorded.body)
            app = compared(app, honest, arrival.note_deviation)
        call = Call(app, scope, receive, arrival.send, play.ending, play.patience)
        if fault is None:  # a fault comes before
            call = preferred(call, arrival.recorded, setup.settings)
        await _answer(call, fault)
    except Exception as failure:  # noqa: BLE001 -- whatever failed, the client gets a 500 and the user learns of it
        play.fail(failure)
        if arrival.started:
            await drop(scope, receive)
        else:
            await leave(failed(failure), scope, arrival.send)


async def _answer(call: Call, fault: "Fault | None") -> None:
    if fault is None or fault.kind.show is None:
        await call.app(call.scope, call.receive, call.send)
    else:
        await fault.kind.show(call, fault.details)
