"""A target that is recorded while it is asked: every exchange goes into a file before it is looked at."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.talking.recordings.writing import Recording
    from usagetwin_checker.talking.targets import Target


class Recorder:
    """Another target, and a recording of what it is asked and answers."""

    def __init__(self, target: "Target", recording: "Recording") -> None:
        """Take the target; both are let go of together."""
        self._target: Final = target
        self.passes_on_to: Final = target
        self._recording: Final = recording
        self.name: Final = target.name
        self.loopback: Final = target.loopback
        self.route: Final = target.route
        self.token: Final = target.token

    def send(self, ask: "Ask") -> "Exchange":
        """Send one request, and give what came back, once it is in the file."""
        exchange = self._target.send(ask)
        self._recording.add(exchange)
        return exchange

    def interrupt(self) -> None:
        """Give up what is being sent, from within a signal handler."""
        self._target.interrupt()

    def close(self) -> None:
        """Let go of connections, and end the file."""
        try:
            self._target.close()
        finally:
            self._recording.close()
