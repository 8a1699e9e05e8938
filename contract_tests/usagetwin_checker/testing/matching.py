"""Which recorded requests an expectation means, and how the nearest of the others differ from it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import PARAMETERS, REPEATABLE
from usagetwin.errors import SettingError, nearest
from usagetwin_checker.testing.consumer import sent
from usagetwin_checker.testing.instants import wire_instant

if TYPE_CHECKING:
    from usagetwin_checker.testing.instants import Instant
    from usagetwin_checker.testing.journal import Recorded

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

Wanted = Mapping[str, tuple[str, ...]]  # by the name on the wire; no value: the parameter is absent

MOST_SHOWN: Final = 3
IN_PYTHON: Final = {"from_": "from", "project_key": "projectKey", "aggregation_type": "aggregationType"}
_INSTANTS: Final = ("from", "to")


def wanted(parameters: "Mapping[str, Instant | Sequence[str] | None]") -> Wanted:
    """Read what an expectation says of parameters, each by its name on the wire, or in Python.

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


def assert_requests(requests: "Sequence[Recorded]", parameters: Wanted, times: int | None) -> None:
    """Raise AssertionError unless `times` requests have these parameters (None: at least one).

    Parameters that are not named may be anything; the order and repetition of project keys say nothing.
    """
    matching = [request for request in requests if not _different(request, parameters)]
    if len(matching) == times or (times is None and matching):
        return
    expected = "at least one request" if times is None else _counted(times)
    lines = [f"expected {expected}{_described(parameters)}, got {len(matching)} of {len(requests)}"]
    if matching:
        lines += ["matching:", *(f"  {line(request)}" for request in matching[:MOST_SHOWN])]
        lines += _more(len(matching))
    if len(matching) < len(requests) and (times is None or len(matching) < times):
        lines += ["nearest others:" if matching else "no match, but these were similar:"]
        lines += _similar(requests, parameters)
    raise AssertionError("\n".join(lines))


def line(request: "Recorded") -> str:
    """Write a request as one line, with what became of it."""
    outcome = request.fault or request.status or "no answer"
    return f"{sent(request)} -> {outcome}"


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


def _different(request: "Recorded", parameters: Wanted) -> list[str]:
    """Say which parameters are otherwise than wanted."""
    lines = []
    for name, values in parameters.items():
        got = request.values(name)
        if got != values and not (name == REPEATABLE and set(got) == set(values)):
            lines.append(f"{_given(name, got)}, expected {_shown(values) if values else 'none'}")
    return lines


def _similar(requests: "Sequence[Recorded]", parameters: Wanted) -> list[str]:
    others = [(request, different) for request in requests if (different := _different(request, parameters))]
    nearest_first = sorted(others, key=lambda pair: len(pair[1]))
    lines = []
    for request, different in nearest_first[:MOST_SHOWN]:
        lines += [f"  {line(request)}", *(f"    {text}" for text in different)]
    return lines + _more(len(others))


def _more(count: int) -> list[str]:
    return [f"  ... and {count - MOST_SHOWN} more"] if count > MOST_SHOWN else []


def _counted(times: int) -> str:
    return "no request" if times == 0 else "1 request" if times == 1 else f"{times} requests"


def _described(parameters: Wanted) -> str:
    return (
        f" with {', '.join(_given(name, values) for name, values in parameters.items())}"
        if parameters
        else ""
    )


def _given(name: str, values: tuple[str, ...]) -> str:
    return f"{name}={_shown(values)}" if values else f"no {name!r}"


def _shown(values: tuple[str, ...]) -> str:
    return repr(values[0]) if len(values) == 1 else repr(list(values))
