"""How a request, and what it broke, is written in the book: what the journal shows of it, and nothing more.

Rule: no header and no body is written, so no credential either.
"""

from datetime import UTC, datetime
from json import dumps, loads  # by name: a test may replace them for its own code
from typing import TYPE_CHECKING, Any, Final

from usagetwin.deviations.shape import parsed_query
from usagetwin.stage.consumer import RequestFinding
from usagetwin.stage.journal import Recorded
from usagetwin.stage.passing_on import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    Found = tuple[RequestFinding, ...]

BROKE: Final = "!"  # before the text of a request that broke something
SHOWN: Final = (
    "method",
    "host",
    "path",
    "query_string",
    "status",
    "fault",
    "deviates",
    "message",
    "preference",
)


def write(recorded: Recorded, findings: "Sequence[RequestFinding]") -> str:
    """Write a request, without its number, and its findings."""
    document: dict[str, Any] = {name: getattr(recorded, name) for name in SHOWN}
    document["at_s"] = int(recorded.at.timestamp())
    document["mark"] = recorded.said.mark
    document["findings"] = [(each.rule, each.message, each.remedy) for each in findings]
    return (BROKE if findings else "") + dumps(document)


def read(number: int, text: str) -> "tuple[Recorded, Found]":
    """Read a request that was written, and its findings."""
    document = loads(text.removeprefix(BROKE))
    recorded = Recorded(
        number=number,
        parameters=parsed_query(document["query_string"].encode("latin-1")),
        headers=(),
        body=b"",
        at=datetime.fromtimestamp(document["at_s"], UTC),
        said=Said(mark=document["mark"]),
        **{name: document[name] for name in SHOWN},
    )
    findings = document["findings"]
    return recorded, tuple(
        RequestFinding(rule, message, remedy, recorded) for rule, message, remedy in findings
    )


def read_left(text: str) -> "tuple[Recorded, Found]":
    """Read a request that has left the journal, whose number stands before its text."""
    number, _, rest = text.partition(BROKE)
    return read(int(number), rest)
