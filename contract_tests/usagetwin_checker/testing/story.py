"""What a test met, for the report of one that failed: world, clock, faults, requests and their ends."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import iso
from usagetwin.errors import readable
from usagetwin_checker.testing.asserting import line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin.stage.faults import Fault
    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.play import Play
    from usagetwin_checker.testing.distant_play import DistantPlay

MOST_SHOWN: Final = 20
NEVER_ASKED: Final = (
    "the twin was never asked: no request of this test came to it\n"
    "  try   assert_not_called() where that is meant, or the test without the twin"
)
NEVER_SHOWN: Final = (
    "the fault {fault!r} was never shown: no request that it was meant for came after it\n"
    "  try   the fault before the code asks, or a `when` that is true of what it asks"
)


def story(play: "Play | DistantPlay") -> str:
    """Tell it in lines."""
    return "\n".join(_lines(play))


def unused(play: "Play | DistantPlay") -> tuple[str, ...]:
    """Say what the test has no use of: a twin that was never asked, nor looked at; faults never shown."""
    if not play.journal.requests:
        return () if play.looked else (NEVER_ASKED,)
    return tuple(NEVER_SHOWN.format(fault=fault.name) for fault in play.faults.never_shown)


def _lines(play: "Play | DistantPlay") -> "Iterator[str]":
    setup = play.setup
    kind = "the machine's" if setup.frozen_s is None else "frozen"
    yield f"world {setup.world.name}, clock {iso(setup.now_s)} ({kind}), profile {setup.settings.profile}"
    faults = [_fault(fault) for fault in play.faults.added]
    yield f"faults: {', '.join(faults)}" if faults else "no faults"
    requests = play.journal.requests
    if not requests:
        yield "no requests"
    left_out = len(requests) - MOST_SHOWN
    if left_out > 0:
        yield f"... {left_out} requests before these"
    for request in requests[-MOST_SHOWN:]:
        yield _request(request)


def _fault(fault: "Fault") -> str:
    return f"{fault.name} (shown {fault.shown} times)" if fault.shown != 1 else f"{fault.name} (shown once)"


def _request(request: "Recorded") -> str:
    if request.fault is not None and request.status is not None:
        return readable(f"{line(request)}, {request.status}")
    return readable(f"{line(request)}: {request.message}") if request.message else line(request)
