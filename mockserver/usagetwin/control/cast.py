"""Which play a path means, and what can be done with plays as such: list, make, show, reset and end them."""

from typing import TYPE_CHECKING, Any, Final, Protocol

from usagetwin.control import documents
from usagetwin.control.refusals import ControlError
from usagetwin.errors import quoted
from usagetwin.stage import changes
from usagetwin.stage.patience import LONGEST_WAIT_S
from usagetwin.stage.plays import NoSuchPlayError

if TYPE_CHECKING:
    from usagetwin.control.documents import Document
    from usagetwin.stage.changes import Over
    from usagetwin.stage.play import Play
    from usagetwin.stage.plays import MadePlay, Plays
    from usagetwin.stage.setup import Setup

DEFAULT: Final = "default"


class Told(Protocol):
    """A stage that can be told things, or what stands for the stages of several processes."""

    recording: bool

    @property
    def first(self) -> "Setup":
        """Give what the twin was started with."""
        ...

    @property
    def default(self) -> "Play":
        """Give the play that answers everyone."""
        ...

    @property
    def plays(self) -> "Plays":
        """Give the plays behind tokens."""
        ...

    @property
    def is_told(self) -> bool:
        """Tell whether anything was said that the default play's answers depend on."""
        ...


class Cast:
    """The plays of a served stage, by what a path calls them."""

    def __init__(self, served: "Told") -> None:
        """Take the stage."""
        self.served: Final = served

    @property
    def plays(self) -> "Plays":
        """Give the plays behind tokens."""
        return self.served.plays

    def play(self, play: str) -> "Play":
        """Give the play that is meant. Raises NoSuchPlayError."""
        return self.served.default if play == DEFAULT else self.made(play).play

    def made(self, play: str) -> "MadePlay":
        """Give the made play that is meant. Raises NoSuchPlayError."""
        if not (play.isascii() and play.isdigit()):
            problem = f"there is no play {quoted(play)}"
            raise NoSuchPlayError(problem, "`default`, or the number of a play of GET /__twin__/plays")
        return self.plays.numbered(int(play[:18]))

    def others(self, play: str) -> "list[Play]":
        """Give all plays but one."""
        meant = self.play(play)
        every = (self.served.default, *(each.play for each in self.plays.all()))
        return [each for each in every if each is not meant]

    def list_plays(self) -> "Document":
        """Show all plays."""
        made = [documents.play(str(each.number), each.name, each.play) for each in self.plays.all()]
        limits = self.plays.limits
        default = documents.play(DEFAULT, "", self.served.default)
        return {"plays": [default, *made], "most": limits.plays, "idle_seconds": limits.idle_s}

    def make_play(self, body: dict[str, Any]) -> "tuple[Document, int]":
        """Make a play as the options of the twin and the body say."""
        setup = changes.all_of(_said(body))(self.served.first)
        longest_wait_s = body.get("longest_wait", LONGEST_WAIT_S)
        made = self.plays.make(setup, name=body.get("name", ""), longest_wait_s=longest_wait_s)
        return {**documents.play(str(made.number), made.name, made.play), "token": made.token}, 201

    def show_play(self, play: str) -> "Document":
        """Show one play."""
        if play == DEFAULT:
            return documents.play(DEFAULT, "", self.served.default)
        made = self.made(play)
        return documents.play(str(made.number), made.name, made.play)

    def end_play(self, play: str) -> "Document":
        """End a play."""
        if play == DEFAULT:
            problem = "the default play does not end: it answers everyone who has no other"
            raise ControlError(409, "conflict", problem, "POST /__twin__/plays/default/reset")
        shown = self.show_play(play)
        self.plays.end(self.made(play))
        return shown

    def reset_play(self, play: str) -> "Document":
        """Let a play be as it began."""
        meant = self.play(play)
        first = self.served.first if play == DEFAULT else self.made(play).first
        meant.faults.clear()
        meant.alter(lambda _: first)
        meant.forget_requests()
        return self.show_play(play)


def _said(body: dict[str, Any]) -> "list[Over]":
    """Read what is said of a play that is made. Raises SettingError."""
    said: list[Over] = []
    if "world" in body:
        said.append(changes.of_built_in_world(body["world"]))
    if "now" in body:
        said.append(changes.frozen(body["now"]))
    if "profile" in body:
        said.append(changes.of_profile(body["profile"]))
    if "policies" in body:
        said.append(changes.decided(body["policies"]))
    if "allow" in body:
        said.append(changes.allowing(body["allow"]))
    return said
