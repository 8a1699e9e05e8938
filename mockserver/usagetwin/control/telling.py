"""What can be said to a play: its clock, account, policies, roles and faults."""

from functools import partial
from json import dumps
from typing import TYPE_CHECKING, Any, Final

from usagetwin.control import documents
from usagetwin.control.refusals import ControlError
from usagetwin.errors import SettingError, nearest
from usagetwin.stage import changes
from usagetwin.stage.durations import duration_s
from usagetwin.stage.faults import make_fault
from usagetwin.stage.matching import Named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin.control.cast import Cast
    from usagetwin.control.documents import Document
    from usagetwin.stage.changes import Over
    from usagetwin.stage.faults import Predicate

LONGEST: Final = 1e12  # of any unit
UNITS: Final = 'units by name, such as {"hours": 9}; or PUT the clock\'s `now`, for any other instant'
UPLOADED: Final = "uploaded"  # what a world is called that a table was sent for


_WORLDS: "Final[Mapping[str, Callable[[Any], Over]]]" = {  # by the form that a world is sent in
    "name": changes.of_built_in_world,
    "counts": changes.of_world,
    "yaml": partial(changes.of_world_text, form="yaml", name=UPLOADED),
    "csv": partial(changes.of_world_text, form="csv", name=UPLOADED),
}


def _of_clock(now: "str | int | None") -> "Over":
    return changes.released() if now is None else changes.frozen(now)


_REPLACED: "Final[Mapping[str, Callable[[Any], Over]]]" = {  # by the field of a play that is replaced whole
    "now": _of_clock,
    "profile": changes.of_profile,
    "policies": changes.deciding_only,
    "tokens": changes.listing_only,
    "allow": changes.allowing_only,
    "deviation": changes.deviating,
}


class Telling:
    """The handlers that change a play."""

    def __init__(self, cast: "Cast") -> None:
        """Take the plays."""
        self._cast: Final = cast

    def change_play(self, play: str, body: dict[str, Any]) -> "Document":
        """Replace what is named of a play's beginning and of what was said since: all of it, or nothing."""
        meant = self._cast.play(play)
        over = [_REPLACED[name](body[name]) for name in _REPLACED if name in body]
        if "world" in body:
            over.append(self._of_world(play, body["world"]))
        meant.alter(changes.all_of(over))
        return self._cast.show_play(play)

    def show_clock(self, play: str) -> "Document":
        """Show the instant."""
        return documents.clock(self._cast.play(play).setup)

    def set_clock(self, play: str, body: dict[str, Any]) -> "Document":
        """Freeze the clock, or release it."""
        self._cast.play(play).alter(_of_clock(body["now"]))
        return self.show_clock(play)

    def advance_clock(self, play: str, body: dict[str, Any]) -> "Document":
        """Let the clock stand later."""
        if not all(abs(number) <= LONGEST for number in body.values()):  # false of no number, too
            problem = "a duration is at most a few centuries, and this one has no end"
            raise ControlError(400, "invalid_request", problem, UNITS)
        self._cast.play(play).alter(changes.advanced(_duration_s(body)))
        return self.show_clock(play)

    def show_world(self, play: str) -> "Document":
        """Show the account."""
        return documents.world(self._cast.play(play).setup)

    def set_world(self, play: str, body: dict[str, Any]) -> "Document":
        """Let another account answer."""
        meant = self._cast.play(play)
        meant.alter(self._of_world(play, body))
        return self.show_world(play)

    def _of_world(self, play: str, body: dict[str, Any]) -> "Over":
        """Read a world. Raises WorldsTooLargeError for one that is too large beside those of other plays."""
        ((form, account),) = body.items()
        over = _WORLDS[form](account)
        world_bytes = 0 if form == "name" else len(account if isinstance(account, str) else dumps(account))
        self._cast.plays.check_worlds(self._cast.others(play), world_bytes)
        return changes.all_of((over, changes.weighing(world_bytes)))

    def show_policies(self, play: str) -> "Document":
        """Show the policies."""
        return documents.policies(self._cast.play(play).setup)

    def change_policies(self, play: str, body: dict[str, Any]) -> "Document":
        """Let another profile hold, and decide policies by name: both or neither."""
        over = [changes.decided(body.get("policies", {}))]
        if "profile" in body:
            over.append(changes.of_profile(body["profile"]))
        self._cast.play(play).alter(changes.all_of(over))
        return self.show_policies(play)

    def set_role(self, play: str, body: dict[str, Any]) -> "Document":
        """Say what a token may do."""
        meant = self._cast.play(play)
        own = meant.setup.token
        token = body.get("token", own)
        if token is None:
            problem = "the default play has no token of its own"
            raise ControlError(400, "invalid_request", problem, '{"token": TOKEN, "role": "revoked"}')
        if own is not None and token != own:
            problem = "only a play's own token comes to it"
            raise ControlError(400, "invalid_request", problem, "no `token`; or the default play, for others")
        meant.alter(changes.listing(token, body["role"]))
        return {"role": body["role"]}

    def list_faults(self, play: str) -> "Document":
        """Show the faults that requests may get."""
        return {"faults": [documents.fault(each) for each in self._cast.play(play).faults.current]}

    def add_fault(self, play: str, body: dict[str, Any]) -> "tuple[Document, int]":
        """Show a fault."""
        given = {name: body[name] for name in ("times", "chance", "seed") if name in body}
        details = body.get("details", {})
        taken = {"name", "named", "when", "times", "chance", "seed"} & details.keys()
        if taken:
            problem = f"{min(taken)!r} is no detail of a fault, but stands beside `details`"
            remedy = '{"name": "delay", "details": {"seconds": 2}}'
            raise ControlError(400, "invalid_request", problem, remedy)
        fault = make_fault(body["name"], when=_meant(body), **given, **details)
        self._cast.play(play).faults.add(fault)
        return documents.fault(fault), 201

    def clear_faults(self, play: str) -> "Document":
        """Take all faults back."""
        self._cast.play(play).faults.clear()
        return self.list_faults(play)

    def remove_fault(self, play: str, fault: int) -> "Document":
        """Take one fault back."""
        faults = self._cast.play(play).faults
        found = next((each for each in faults.current if each.number == fault), None)
        if found is None:
            numbers = [str(each.number) for each in faults.current]
            remedy = nearest(str(fault), numbers) if numbers else "a fault that was added; there is none"
            raise ControlError(404, "not_found", f"there is no fault {fault} in this play", remedy)
        faults.remove(found)
        return documents.fault(found)


def _duration_s(body: dict[str, Any]) -> float:
    """Read how far the clock advances. Raises ControlError."""
    try:
        return duration_s(None, body)
    except SettingError as error:
        raise ControlError(400, "invalid_request", error.problem, UNITS) from None


def _meant(body: dict[str, Any]) -> "Mapping[str, Any] | Predicate | None":
    """Give what tells which requests are meant: parameters, or the name that they are passed on with."""
    if {"named", "when"} <= body.keys():
        problem = "a fault is for requests that are named, or for those with some parameters"
        raise ControlError(400, "invalid_request", problem, "`named` or `when`")
    if "named" in body:
        return Named(body["named"])
    return {name: _value(value) for name, value in body["when"].items()} if "when" in body else None


def _value(value: object) -> Any:  # noqa: ANN401 -- each form that a parameter is written in
    """Take text, a number, a list of texts or null for a parameter."""
    texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
    if value is None or texts or (isinstance(value, str | int) and not isinstance(value, bool)):
        return value
    problem = f"a parameter can't be {value!r}"
    raise ControlError(400, "invalid_request", problem, "text, a number, a list of texts, or null")
