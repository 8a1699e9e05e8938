"""A target that gives the answers of a script, one after the other, and keeps what it was asked."""

import json
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import PATH
from usagetwin_checker.exchanges import Ask, Exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DAY_S: Final = 86_400


class ScriptedTarget:
    """Answer each request as `script` says; it is given the request and how many came before it."""

    def __init__(
        self,
        script: "Callable[[Ask, int], Exchange]",
        *,
        name: str = "http://twin.example",
        loopback: bool = True,
    ) -> None:
        """Take the script."""
        self._script = script
        self.name = name
        self.loopback = loopback
        self.route: str | None = "no proxy"
        self.token: str | None = None
        self.asked: list[Ask] = []

    def send(self, ask: Ask) -> Exchange:
        """Give the answer to one request."""
        self.asked.append(ask)
        return self._script(ask, len(self.asked) - 1)

    def interrupt(self) -> None:
        """Have nothing to give up."""

    def close(self) -> None:
        """Have nothing to let go of."""


def exchange(  # noqa: PLR0913 -- the parts of an exchange
    status: int = 200,
    body: bytes = b"",
    *,
    ask: Ask | None = None,
    number: int = 1,
    headers: "Mapping[str, str] | None" = None,
    failure: str | None = None,
    seconds: float = 0.001,
) -> Exchange:
    """Make an exchange."""
    sent = {"content-type": "application/json", **(headers or {})}
    return Exchange(ask or Ask(), number, 0.0, seconds, status, sent, body, failure)


def series(*points: tuple[float, float], ask: Ask | None = None, number: int = 1) -> Exchange:
    """Make a 200 with these labels and values."""
    href = (ask or Ask()).target
    document = {
        "_links": {"self": {"href": href, "type": "application/json"}},
        "metadata": [{}],
        "series": [{"time": time, "0": value} for time, value in points],
    }
    assert href.startswith(PATH)
    return exchange(200, json.dumps(document).encode(), ask=ask, number=number)
