"""What a deviation is, and what it sees: the request, and an honest twin that it can ask anything."""

from dataclasses import dataclass, replace
from json import dumps, loads  # by name: where the twin is in a test, that may replace them
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Answering = Callable[["Request", "Honest"], Awaitable["Reply"]]

OK = 200


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: `parameters` are the decoded query in wire order, `headers` in lower case.

    `now_s` is the instant, in Unix seconds, that it is answered at.
    """

    method: str
    path: str
    parameters: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    now_s: int

    def value(self, name: str) -> str | None:
        """Give the first value of a parameter."""
        return next((value for key, value in self.parameters if key == name), None)

    def values(self, name: str) -> tuple[str, ...]:
        """Give all values of a parameter."""
        return tuple(value for key, value in self.parameters if key == name)

    def without(self, *names: str) -> "Request":
        """Give the same request without some parameters."""
        return replace(self, parameters=tuple(pair for pair in self.parameters if pair[0] not in names))

    def having(self, **values: str) -> "Request":
        """Give the same request with other values; `from_` stands for `from`."""
        named = {name.rstrip("_"): value for name, value in values.items()}
        kept = tuple(pair for pair in self.parameters if pair[0] not in named)
        return replace(self, parameters=(*kept, *named.items()))

    def header(self, name: str) -> str | None:
        """Give the first value of a header, `name` in lower case."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def query_string(self) -> str:
        """Give the query, percent-encoded."""
        return urlencode(self.parameters, quote_via=quote, safe="")


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: `headers` are those beside content-length."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)

    @property
    def series(self) -> list[dict[str, Any]] | None:
        """Give a fresh copy of the points of a 200; None for any other reply."""
        if self.status != OK:
            return None
        points: list[dict[str, Any]] = self.document["series"]
        return points

    @property
    def document(self) -> Any:  # noqa: ANN401 -- a JSON document
        """Give a fresh copy of the parsed body."""
        return loads(self.body)

    def with_document(self, document: object) -> "Reply":
        """Give the same reply with another body."""
        return replace(self, body=dumps(document, separators=(",", ":")).encode())

    def with_series(self, points: list[dict[str, Any]]) -> "Reply":
        """Give the same reply with other points."""
        return self.with_document({**self.document, "series": points})


class Honest(Protocol):
    """The twin without the deviation."""

    async def ask(self, request: Request, *, now_s: int | None = None) -> Reply:
        """Answer a request as the twin does, at its own instant or at another."""


@dataclass(frozen=True, slots=True)
class Remembering:
    """A way to reply that depends on what was asked before: `make` gives one that remembers nothing yet."""

    make: "Callable[[], Answering]"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A named way to differ.

    `about` says in one line what a user sees. `rules` are the ids of the rules that it breaks, the
    one that names it best first; a variation breaks none of the tiers schema and prose.
    """

    name: str
    about: str
    rules: tuple[str, ...]
    reply: "Answering | Remembering"

    def for_one_app(self) -> "Answering":
        """Give the function that replies for one app: what it remembers, no other app knows."""
        return self.reply.make() if isinstance(self.reply, Remembering) else self.reply


def parsed_query(query_string: bytes) -> tuple[tuple[str, str], ...]:
    """Split a raw query string into pairs, as the twin does."""
    return tuple(parse_qsl(query_string.decode("utf-8", "replace"), keep_blank_values=True))
