"""The faults of a play on a running twin: made here, by the rules of all faults, and shown there."""

from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from usagetwin.control.speaking import RefusedError
from usagetwin.stage.matching import Meant

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.stage.faults import Fault
    from usagetwin.stage.journal import Recorded
    from usagetwin_checker.testing.running_twin import Document

__tracebackhide__ = True  # a test's mistake is shown where the test makes it


class DistantFaults:
    """The faults of one play."""

    def __init__(
        self, say: "Callable[[str, str, object], Document]", heard: "Callable[[str], Document | None]"
    ) -> None:
        """Take what tells the play something, and what gives its answer to a path."""
        self._say: Final = say
        self._heard: Final = heard
        self._lock: Final = Lock()
        self._added: tuple[Fault, ...] = ()
        self._asked: dict[str, Fault] = {}  # by name, those whose requests a function of the test tells
        self._names: Final = count(1)

    def add(self, fault: "Fault") -> None:
        """Show a fault from the next request on. Raises SettingError where there are too many."""
        body: dict[str, Any] = {
            "name": fault.name,
            "seed": fault.seed,
            "times": fault.times,
            "chance": fault.chance,
            "details": {name: value for name, value in fault.details.items() if value is not None},
            **self._requests(fault),
        }
        told = self._say(
            "POST", "/faults", {name: value for name, value in body.items() if value is not None}
        )
        fault.number = told["fault"]
        with self._lock:
            self._added = (*self._added, fault)

    def meant(self, recorded: "Recorded") -> frozenset[str]:
        """Give the names of the faults that a test wants a request to get. Raises PredicateError."""
        return frozenset(name for name, fault in self._asked.items() if fault.is_for(recorded))

    def remove(self, fault: "Fault") -> None:
        """Show a fault no more; one that isn't there is left alone. Raises SettingError without an answer."""
        with self._lock:
            self._asked = {name: each for name, each in self._asked.items() if each is not fault}
        try:
            fault.shown = self._say("DELETE", f"/faults/{fault.number}", None)["shown"]
        except RefusedError as error:
            if error.code != "not_found":
                raise

    def _requests(self, fault: "Fault") -> dict[str, Any]:
        """Say which requests a fault is for; a function is asked here, of each request that is passed on."""
        if fault.when is None:
            return {}
        if isinstance(fault.when, Meant):
            return {"when": {name: list(values) or None for name, values in fault.when.parameters.items()}}
        name = f"when-{next(self._names)}"
        with self._lock:
            self._asked = {**self._asked, name: fault}
        return {"named": name}

    @property
    def added(self) -> "tuple[Fault, ...]":
        """Give the faults of the play, also those that were taken back, with how often each was shown."""
        told = self._heard("/faults") if self._added else None
        if told is not None:
            shown = {each["fault"]: each["shown"] for each in told["faults"]}
            for fault in self._added:
                fault.shown = shown.get(fault.number, fault.shown)
        return self._added

    @property
    def never_shown(self) -> "tuple[Fault, ...]":
        """Give those that no request got, and not by chance."""
        return tuple(fault for fault in self.added if not fault.shown and fault.chance is None)
