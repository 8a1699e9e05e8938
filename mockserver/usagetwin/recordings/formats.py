"""The formats that are read, by what a file begins with and where its entries stand, not by its name.

Rule: a table, and who reads what. In JSON, the place of the entries tells the tool.
"""

from typing import IO, TYPE_CHECKING, Any, Final

from usagetwin.recordings import cassettes, charles, har, mitmproxy, postman
from usagetwin.recordings.json_streams import ITEM, MARK, NotReadError, values
from usagetwin.recordings.yaml_streams import elements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from usagetwin.recordings.entries import Entry, Head, PassedOver
    from usagetwin.recordings.json_streams import Place

    Reader = Callable[[Any], Iterable[Entry | PassedOver]]

FORMATS: Final = (
    "a HAR (browsers, proxies, Insomnia, Schemathesis), a dump of mitmproxy's, a .chlsj of Charles's, "
    "a collection of Postman's with saved responses, a cassette of VCR.py's or Schemathesis's, or its NDJSON"
)
PLACES: "Final[Mapping[Place, Reader]]" = {
    ("log", "entries", ITEM): lambda value: [har.read(value)],
    ("interactions", ITEM): cassettes.interaction,
    ("http_interactions", ITEM): cassettes.interaction,
    ("ScenarioFinished", "recorder", "interactions"): cassettes.scenario,
    (ITEM,): lambda value: [charles.transaction(value)],
    ("item", ITEM): postman.item,
}
CASSETTES: Final = ("interactions", "http_interactions")
VERSION: Final = ("log", "version")
WRITER: Final = ("log", "creator", "name")
COMMENT: Final = ("log", "comment")
WITHOUT_ANSWERS: Final = (("_type",), "export")  # in Insomnia's own format
PEEKED: Final = 256


def entries(file: IO[bytes], head: "Head") -> "Iterator[Entry | PassedOver]":
    """Give the entries of a file, and fill the head. Raises NotReadError."""
    start = file.read(PEEKED).removeprefix(MARK).lstrip()[:1]
    file.seek(0)
    if start.isdigit():
        yield from mitmproxy.flows(file, head)
    elif start in (b"{", b"["):
        yield from _of_json(file, head)
    elif start:
        for value in elements(file, CASSETTES, head):
            yield from cassettes.interaction(value)
    else:
        head.cut = True


def _of_json(file: IO[bytes], head: "Head") -> "Iterator[Entry | PassedOver]":
    def beside(at: "Place", value: object) -> None:
        if at == VERSION and str(value) not in har.VERSIONS:
            message = f"it is HAR {str(value)[:20]!r}, and {' and '.join(har.VERSIONS)} are read"
            raise NotReadError(message)
        if (at, value) == WITHOUT_ANSWERS:
            message = "it is an export of Insomnia's that has no answers; export it as HAR"
            raise NotReadError(message)
        if at == WRITER and isinstance(value, str):
            head.writer = value
        if at == COMMENT:
            head.known = har.noted(value)

    for place, value in values(file, PLACES, head, beside):
        yield from PLACES[place](value)
