"""Which recorded requests somebody means, by their parameters, and how another differs from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import PARAMETERS, REPEATABLE
from usagetwin.errors import SettingError, nearest
from usagetwin.stage.instants import wire_instant

if TYPE_CHECKING:
    from usagetwin.stage.instants import Instant
    from usagetwin.stage.journal import Recorded

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

Wanted = Mapping[str, tuple[str, ...]]  # by the name on the wire; no value: the parameter is absent

IN_PYTHON: Final = {"from_": "from", "project_key": "projectKey", "aggregation_type": "aggregationType"}
_INSTANTS: Final = ("from", "to")


def wanted(parameters: "Mapping[str, Instant | Sequence[str] | None]") -> Wanted:
    """Read what somebody says of parameters, each by its name on the wire, or in Python.

    None means absent; `from` and `to` are instants; `projectKey` is one key, or all keys. Raises
    SettingError.
    """
    read: dict[str, tuple[str, ...]] = {}
    for name, value in parameters.items():
        known, values = _wanted(name, value)
        if known in read:
            problem = f"the parameter {known!r} is given twice, also as {name!r}"
            raise SettingError(problem, "one of the two")
        read[known] = values
    return read


@dataclass(frozen=True, slots=True)
class Meant:
    """Tells whether a request is meant: by the parameters that it has, and those that it has not."""

    parameters: Wanted

    def __call__(self, request: "Recorded") -> bool:
        """Tell it of one request."""
        return not different(request, self.parameters)


@dataclass(frozen=True, slots=True)
class Named:
    """Tells whether a request is meant: by the names of faults that it is passed on with."""

    name: str

    def __call__(self, request: "Recorded") -> bool:
        """Tell it of one request."""
        return self.name in request.said.faults


def different(request: "Recorded", parameters: Wanted) -> list[str]:
    """Say which parameters are otherwise than wanted: none, where the request is meant.

    The order and repetition of project keys say nothing.
    """
    lines = []
    for name, values in parameters.items():
        got = request.values(name)
        if got != values and not (name == REPEATABLE and set(got) == set(values)):
            lines.append(f"{given(name, got)}, expected {_shown(values) if values else 'none'}")
    return lines


def given(name: str, values: tuple[str, ...]) -> str:
    """Write a parameter with its values, or that there is none."""
    return f"{name}={_shown(values)}" if values else f"no {name!r}"


def _wanted(name: str, value: "Instant | Sequence[str] | None") -> tuple[str, tuple[str, ...]]:
    known = IN_PYTHON.get(name, name)
    if known not in PARAMETERS:
        problem = f"there is no parameter {name!r} to expect"
        raise SettingError(problem, nearest(name, PARAMETERS))
    if value is None:
        return known, ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return known, tuple(map(str, value))
    return known, (wire_instant(value) if known in _INSTANTS else str(value),)


def _shown(values: tuple[str, ...]) -> str:
    return repr(values[0]) if len(values) == 1 else repr(list(values))
