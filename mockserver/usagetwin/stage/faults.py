"""The faults of one play, and which of them a request gets: by count, by predicate, by seeded chance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import iscoroutinefunction
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol

from usagetwin.errors import SettingError, UsageTwinError, nearest
from usagetwin.stage.kinds import Kind, is_count, kind_of, of_status
from usagetwin.stage.matching import Meant, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.replies import Details

    Predicate = Callable[[Recorded], object]

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

MOST_FAULTS: Final = 1_000  # at once
MOST_ADDED: Final = 10_000


class Tally(Protocol):
    """Where it is counted how often a fault was shown, and how many of its chances were tried."""

    def try_chance(self, fault: "Fault") -> bool:
        """Try the next chance of a fault that has some."""
        ...

    def show(self, fault: "Fault") -> bool:
        """Count that a fault is shown; not where it was shown as often as it may be."""
        ...


class Here:
    """The count of one process, which the fault itself holds."""

    def try_chance(self, fault: "Fault") -> bool:
        """Try the next chance."""
        return fault.has_chance(fault.tried + 1)

    def show(self, fault: "Fault") -> bool:
        """Count it."""
        if fault.is_done:
            return False
        fault.shown += 1
        return True


HERE: Final = Here()


@dataclass(slots=True, eq=False)
class Fault:
    """A fault that requests can get. `make_fault` makes it, and checks what it is made of.

    It is shown to requests that `when` is true of, to a share `chance` of them, `times` times at most, which
    `shown` counts. `when` runs on the server's thread, so it can't ask the twin itself. `details` are
    complete: defaults are filled in. `number` is its own among the faults of its play.
    """

    name: str
    kind: Kind
    details: "Details"
    when: "Predicate | None" = None
    times: int | None = None
    chance: float | None = None
    seed: int = 0
    shown: int = 0
    number: int = 0
    tally: Tally = field(default=HERE, repr=False)
    tried: int = field(default=0, init=False, repr=False)
    _random: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Begin the row of chances, which the seed decides alone."""
        self._random = Random(self.seed)  # noqa: S311 -- a row that repeats, not a secret

    @property
    def is_done(self) -> bool:
        """Tell whether it was shown as often as it may be."""
        return self.times is not None and self.shown >= self.times

    def has_chance(self, number: int) -> bool:
        """Tell whether the chance with this number, from one on, shows it. The row goes on best in order."""
        if number <= self.tried:
            self.tried, self._random = 0, Random(self.seed)  # noqa: S311 -- as above
        while self.tried < number:
            self.tried += 1
            drawn = self._random.random()
        return self.chance is None or drawn < self.chance

    def meets(self, recorded: "Recorded") -> bool:
        """Tell whether a request gets it, and count that. Raises PredicateError."""
        if self.is_done or not self.is_for(recorded):
            return False
        if self.chance is not None and not self.tally.try_chance(self):
            return False
        return self.tally.show(self)

    def is_for(self, recorded: "Recorded") -> bool:
        """Tell whether a request is one of those that it is for. Raises PredicateError."""
        if self.when is None:
            return True
        try:
            return bool(self.when(recorded))
        except BaseException as error:  # pytest.fail() raises no Exception, and the play must learn of it
            raise PredicateError(self.name) from error


@dataclass(eq=False)
class PredicateError(UsageTwinError):
    """A predicate (`when=`) that raised; what it raised is the cause."""

    fault: str

    def __str__(self) -> str:
        """Say whose predicate failed, and how."""
        cause = self.__cause__
        return f"the predicate of the fault {self.fault!r} raised {type(cause).__name__}: {cause}"


def make_fault(
    name: str | int,
    *,
    when: "Predicate | Mapping[str, Any] | None" = None,
    times: int | None = None,
    chance: float | None = None,
    seed: int = 0,
    **details: object,
) -> Fault:
    """Make a fault, which no play has yet. Raises SettingError for a name, detail or value that is none.

    A number stands for the fault that answers with this status. `when` is a predicate, or the parameters that
    a request must have, None for one that it must not have.
    """
    if isinstance(when, Mapping):
        when = Meant(wanted(when))
    if not isinstance(name, str):
        name, given = of_status(name)
        details = {**given, **details}
    kind = kind_of(name)
    _check_when(name, when)
    _check(times is None or is_count(times, least=1), name, "times", times, "a whole number of at least 1")
    _check(chance is None or _is_share(chance), name, "chance", chance, "a number from 0 to 1, such as 0.3")
    _check(is_count(abs(seed)) if isinstance(seed, int) else False, name, "seed", seed, "a whole number")
    for key, value in details.items():
        if key not in kind.details:
            _refuse_detail(name, key, kind)
        detail = kind.details[key]
        _check(detail.accepts(value), name, key, value, detail.takes)
    complete = {key: detail.default for key, detail in kind.details.items()} | details
    return Fault(name, kind, complete, when=when, times=times, chance=chance, seed=seed)


def _check_when(name: str, when: "Predicate | None") -> None:
    if iscoroutinefunction(when):
        problem = f"the predicate of the fault {name!r} is a coroutine function, whose result is always true"
        raise SettingError(problem, "when=FUNCTION, a plain function of the recorded request")
    _check(
        when is None or callable(when),
        name,
        "when",
        when,
        'the parameters that a request must have, such as {"projectKey": "web"}, or a function of the '
        "recorded request that tells whether it gets the fault",
    )


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _check(accepted: bool, name: str, key: str, value: object, takes: str) -> None:  # noqa: FBT001 -- a verdict
    if not accepted:
        problem = f"the fault {name!r} can't have {key}={value!r}"
        raise SettingError(problem, f"{key}=VALUE, where VALUE is {takes}")


def _refuse_detail(name: str, key: str, kind: Kind) -> None:
    valid = (*kind.details, "times", "when", "chance", "seed")
    problem = f"the fault {name!r} takes no {key!r}"
    raise SettingError(problem, nearest(key, valid))


class Faults:
    """The faults of one play. Any thread may change them.

    A request gets one fault at most. Faults with `times` come first, in the order they were added, like
    the scenes of a script; then those without, the latest first.
    """

    def __init__(self) -> None:
        """Start without any."""
        self._lock = Lock()
        self._faults: tuple[Fault, ...] = ()
        self._added: tuple[Fault, ...] = ()
        self._count = 0

    def add(self, fault: Fault) -> None:
        """Show a fault from the next request on. Raises SettingError where there are too many."""
        with self._lock:
            if len(self._faults) >= MOST_FAULTS:
                problem = f"there are {MOST_FAULTS} faults already, and each request would try them all"
                raise SettingError(problem, "take back the faults that are done")
            self._count += 1
            fault.number = self._count
            self._faults = (*self._faults, fault)
            self._added = (*self._added, fault)[-MOST_ADDED:]

    @property
    def current(self) -> tuple[Fault, ...]:
        """Give those that a request might get, in the order that they were added in."""
        return self._faults

    @property
    def are_shown(self) -> bool:
        """Tell whether there is one that a request might get."""
        return bool(self._faults)

    @property
    def added(self) -> tuple[Fault, ...]:
        """Give the faults of the play, also those that were taken back; of very many the latest."""
        return self._added

    @property
    def never_shown(self) -> tuple[Fault, ...]:
        """Give those that no request got, and not by chance."""
        return tuple(fault for fault in self._added if not fault.shown and fault.chance is None)

    @property
    def count(self) -> int:
        """Count those that were ever added: the number of the latest."""
        return self._count

    def stand(self, faults: "Iterable[Fault]", count: int) -> None:
        """Show these, which have their numbers, and no others, after so many that were ever added."""
        with self._lock:
            self._faults, self._count = tuple(faults), count

    def remove(self, fault: Fault) -> None:
        """Show a fault no more; one that isn't here is left alone."""
        with self._lock:
            self._faults = tuple(each for each in self._faults if each is not fault)

    def clear(self) -> None:
        """Show no fault any more."""
        with self._lock:
            self._faults = ()

    def choose(self, recorded: "Recorded") -> Fault | None:
        """Give the fault that a request gets, and count it. Raises PredicateError."""
        faults = self._faults
        scenes = [fault for fault in faults if fault.times is not None]
        background = [fault for fault in reversed(faults) if fault.times is None]
        return next((fault for fault in (*scenes, *background) if fault.meets(recorded)), None)
