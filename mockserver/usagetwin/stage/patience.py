"""How long the requests of one play may wait under a fault, and which client was still waiting then."""

from typing import Final

LONGEST_WAIT_S: Final = 60.0
REMEDY: Final = "a time-out in the client"


class Patience:
    """The longest wait of one play. Once a client has used it up, the requests that follow don't wait."""

    def __init__(self, longest_s: float = LONGEST_WAIT_S, *, remedy: str = REMEDY) -> None:
        """Take the longest wait, in seconds, and what to do about a client that waits longer."""
        self._remedy: Final = remedy
        self.longest_s: Final = longest_s
        self._endless: list[str] = []

    @property
    def left_s(self) -> float:
        """How long a request that begins to wait may do so."""
        return 0.0 if self._endless else self.longest_s

    @property
    def endless(self) -> tuple[str, ...]:
        """What is to be said of the clients that were still waiting."""
        return tuple(self._endless)

    def end(self, method: str, path: str) -> None:
        """Note a client that waited to the end."""
        if not self._endless:
            self._endless.append(
                f"this client waits without end: after {self.longest_s:g} s, {method} {path} had neither an "
                f"answer nor a time-out\n  try   {self._remedy}"
            )
