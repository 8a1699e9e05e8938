"""What a test expects of its requests, as assertions: how many of them, and how the nearest others differ."""

from typing import TYPE_CHECKING, Final

from usagetwin.stage.consumer import report, sent
from usagetwin.stage.matching import different, given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin.stage.consumer import RequestFinding
    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.matching import Wanted

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

MOST_SHOWN: Final = 3


class BrokenRequestsError(AssertionError):
    """Requests that break the contract: the test's code sent what the API refuses or ignores."""

    def __init__(self, findings: "tuple[RequestFinding, ...]") -> None:
        """Take the findings, at least one."""
        super().__init__(report(findings))
        self.findings: Final = findings


def assert_requests(requests: "Sequence[Recorded]", parameters: "Wanted", times: int | None) -> None:
    """Raise AssertionError unless `times` requests have these parameters (None: at least one).

    Parameters that are not named may be anything; the order and repetition of project keys say nothing.
    """
    matching = [request for request in requests if not different(request, parameters)]
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


def _similar(requests: "Sequence[Recorded]", parameters: "Wanted") -> list[str]:
    others = [(request, lines) for request in requests if (lines := different(request, parameters))]
    nearest_first = sorted(others, key=lambda pair: len(pair[1]))
    lines = []
    for request, differences in nearest_first[:MOST_SHOWN]:
        lines += [f"  {line(request)}", *(f"    {text}" for text in differences)]
    return lines + _more(len(others))


def _more(count: int) -> list[str]:
    return [f"  ... and {count - MOST_SHOWN} more"] if count > MOST_SHOWN else []


def _counted(times: int) -> str:
    return "no request" if times == 0 else "1 request" if times == 1 else f"{times} requests"


def _described(parameters: "Wanted") -> str:
    return (
        f" with {', '.join(given(name, values) for name, values in parameters.items())}" if parameters else ""
    )
