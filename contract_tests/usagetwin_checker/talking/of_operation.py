"""A target that is asked for another operation than the vendored one: every request goes to its path."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import PATH

if TYPE_CHECKING:
    from usagetwin.contract.operation import Operation
    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.talking.targets import Target


class OfOperation:
    """Another target, and the operation that it is asked for."""

    def __init__(self, target: "Target", operation: "Operation") -> None:
        """Take the target, which is let go of with this one."""
        self._target: Final = target
        self.passes_on_to: Final = target
        self.path: Final = operation.path
        self.name: Final = target.name
        self.loopback: Final = target.loopback
        self.route: Final = target.route
        self.token: Final = target.token

    def send(self, ask: "Ask") -> "Exchange":
        """Send one request to the operation's path, and give what came back."""
        return self._target.send(replace(ask, path=self.path))

    def interrupt(self) -> None:
        """Give up what is being sent, from within a signal handler."""
        self._target.interrupt()

    def close(self) -> None:
        """Let go of connections."""
        self._target.close()


def at_operation(target: "Target", operation: "Operation") -> "Target":
    """Give a target that is asked for an operation: itself, for the vendored one."""
    return target if operation.path == PATH else OfOperation(target, operation)


def path_of(target: object) -> str:
    """Give the path that a target is asked at, or that of the one it passes requests on to."""
    while target is not None and not isinstance(target, OfOperation):
        target = getattr(target, "passes_on_to", None)
    return PATH if target is None else target.path
