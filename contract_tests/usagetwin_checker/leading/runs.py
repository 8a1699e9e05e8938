"""Several runs at once: as many as there may be, each signal for all of them, and no new one after it."""

import os
import selectors
import signal
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from usagetwin_checker.leading.forwarding import ENDING, FORWARDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType, TracebackType

    from usagetwin_checker.leading.supervised import Outcome, Supervised

    Start = Callable[[str], Supervised]


class Runs:
    """Within this, what is started here gets the signals that this process gets."""

    def __init__(self) -> None:
        """Run nothing yet."""
        self.stopped_by: int | None = None  # the signal that ends all
        self._process: Final = os.getpid()
        self._live: Final[dict[int, tuple[str, Supervised]]] = {}  # by what they are read from
        self._before: Final[dict[int, object]] = {}

    def __enter__(self) -> Self:
        """Listen to signals."""
        for name in FORWARDED:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        """Listen no more."""
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]  # what `signal.signal` gave back

    def of(self, names: "Sequence[str]", start: "Start", *, jobs: int) -> "Iterator[tuple[str, Outcome]]":
        """Give each run's outcome as it ends; after a signal that ends all, those alone that had begun."""
        waiting = deque(names)
        with selectors.DefaultSelector() as selector:
            while self._live or (waiting and self.stopped_by is None):
                while waiting and len(self._live) < jobs and self.stopped_by is None:
                    run = start(waiting[0])
                    self._live[run.reader] = (waiting.popleft(), run)
                    selector.register(run.reader, selectors.EVENT_READ)
                    self._tell_again(run.process)
                for key, _ in selector.select():
                    name, run = self._live[key.fd]
                    selector.unregister(key.fd)
                    outcome = run.ended()
                    del self._live[key.fd]
                    yield name, outcome

    def _note(self, number: int, _frame: "FrameType | None") -> None:
        if os.getpid() != self._process:
            return  # a copy of this process, which listens for itself in a moment
        if signal.Signals(number).name in ENDING:
            self.stopped_by = number
        for _, run in tuple(self._live.values()):
            _signal(run.process, number)

    def _tell_again(self, process: int) -> None:
        """Tell a process that was started while a signal came; to hear of it twice does no harm."""
        if self.stopped_by is not None:
            _signal(process, self.stopped_by)


def _signal(process: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)
