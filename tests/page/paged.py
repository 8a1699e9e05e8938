"""A twin of the small account with its page, in this process, and what a browser would send to it."""

import gzip
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from tests import inprocess
from tests.acme import NOW
from tests.answer import Answer
from tests.stage.records import acme
from usagetwin.control.front import Control
from usagetwin.page.front import Page
from usagetwin.page.staged import Staged
from usagetwin.settings import Settings
from usagetwin.stage.plays import Limits, Plays
from usagetwin.stage.served import ServedStage, first_setup

if TYPE_CHECKING:
    from usagetwin.account.world import World

HOST: Final = ("host", "127.0.0.1:8080")
BROWSER: Final = (HOST, ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"))
OWN: Final = ("origin", "http://127.0.0.1:8080")
CLOSED: Final = "this twin is closed for the test"


@dataclass(frozen=True, slots=True)
class Paged:
    """The app, and its stage."""

    app: Page
    served: ServedStage

    def get(self, target: str = "/", *headers: tuple[str, str], method: str = "GET") -> Answer:
        """Ask as a browser does, or with exactly these headers."""
        path, _, query = target.partition("?")
        answer = inprocess.ask(self.app, query, method=method, path=path, headers=headers or BROWSER)
        if answer.header("content-encoding") != "gzip" or method == "HEAD":
            return answer
        return replace(answer, body=gzip.decompress(answer.body))

    def post(self, path: str, body: str, *headers: tuple[str, str]) -> Answer:
        """Send a form."""
        kind = ("content-type", "application/x-www-form-urlencoded")
        sent = (*BROWSER, kind, *headers)
        return inprocess.ask(self.app, method="POST", path=path, body=body.encode(), headers=sent)

    def document(self, target: str = "/", status: int = 200) -> "Document":
        """Read a document; it must have this status."""
        answer = self.get(target)
        assert answer.status == status, answer.body
        assert answer.header("content-type") == "text/html; charset=utf-8"
        return Document(answer.body.decode())


def paged(
    world: "World | None" = None, *, token: str | None = None, stage: bool = True, **settings: object
) -> Paged:
    """Give a twin of the small account, or of another, at its noon; without a stage nobody can tell it."""
    chosen = Settings(**{"now": NOW, **settings})  # type: ignore[arg-type]  # -- settings by name
    account = acme() if world is None else world
    served = ServedStage(chosen, account, Plays(Limits()))
    staged = Staged(first_setup(chosen, account), served if stage else None, CLOSED)
    return Paged(Page(Control(served, served, token=token), staged, token=token), served)


class Document(HTMLParser):
    """A document as a reader meets it: each element with its attributes, and its text."""

    def __init__(self, text: str) -> None:
        """Read it."""
        super().__init__()
        self.source: Final = text
        self.elements: Final[list[tuple[str, dict[str, str | None]]]] = []
        self._texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.rows: Final[list[list[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "input", "br", "img"}:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Take text."""
        self._texts.append((self._open[-1] if self._open else "", data))
        if self.rows and ("td" in self._open or "th" in self._open):
            self.rows[-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Give the attributes of each element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        """Give what is to be read, with single spaces."""
        return " ".join("".join(text for tag, text in self._texts if tag != "script").split())
