"""What a request of the journal is shown as, and which of them somebody wants to see.

Rule: each text is made readable here, for documents and for the live stream alike: without characters that
would not be seen, and with an end.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from usagetwin.contract.operation import PARAMETERS, PATH
from usagetwin.control import documents
from usagetwin.control.cast import DEFAULT
from usagetwin.errors import SettingError, quoted, readable
from usagetwin.page.fields import RAW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from usagetwin.stage.consumer import RequestFinding
    from usagetwin.stage.journal import Recorded

    Row = dict[str, Any]

LONGEST: Final = 280  # characters of a cell
NEVER: Final = "none"  # the status of a request that has got no answer
STATUS: Final = re.compile(r"[1-5]([0-9]{2}|xx)")
TAKES: Final = "a status such as 404, 4xx for all of a hundred, or none for requests without an answer"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests somebody wants to see; what is empty asks for nothing. Raises SettingError."""

    status: str = ""
    rule: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        """Refuse a status that no request can have."""
        if self.status not in {"", NEVER} and STATUS.fullmatch(self.status) is None:
            problem = f"there is no status {quoted(self.status)}"
            raise SettingError(problem, TAKES)

    def has(self, request: "Recorded", findings: "Sequence[RequestFinding]") -> bool:
        """Tell whether a request is one of them."""
        return (
            self._has_status(request.status)
            and (not self.rule or any(each.rule == self.rule for each in findings))
            and (not self.text or self._has_text(request))
        )

    def fields(self) -> dict[str, str]:
        """Give what is asked for, as a query has it."""
        every = {"status": self.status, "rule": self.rule, "text": self.text}
        return {name: value for name, value in every.items() if value}

    def _has_status(self, status: int | None) -> bool:
        if self.status in {"", NEVER}:
            return not self.status or status is None
        return re.fullmatch(self.status.replace("x", "[0-9]"), str(status)) is not None

    def _has_text(self, request: "Recorded") -> bool:
        words = self.text.casefold()
        values = (value for pair in request.parameters for value in pair)
        told = (request.method, request.host, request.target, request.message or "", request.fault or "")
        return any(words in each.casefold() for each in (*told, *values))


def row(request: "Recorded", findings: "Iterable[RequestFinding]", play: str) -> "Row":
    """Show a request with what it broke, as the control API does, and where it can be asked again."""
    broken = [
        {name: readable(str(value)) for name, value in documents.finding(each).items() if name in SHOWN}
        for each in findings
    ]
    texts = {
        name: _in_short(value) if isinstance(value, str) else value
        for name, value in documents.request(request).items()
    }
    return {**texts, "findings": broken, **_again(request, play)}


def _in_short(text: str) -> str:
    """Make a text readable, and short enough for a cell of a table."""
    return readable(text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)")


SHOWN: Final = frozenset({"rule", "tier", "message", "remedy"})


def _again(request: "Recorded", play: str) -> "Row":
    """Give what the view *query* is opened with to ask the same; a request for something else has no such."""
    if request.path != PATH:
        return {}
    pairs = request.parameters
    if not all(name in PARAMETERS and value.isprintable() and value for name, value in pairs):
        pairs = ((RAW, request.query_string),)  # what no control of its form could say
    return {"query": urlencode([*pairs, *([] if play == DEFAULT else [("play", play)])])}
