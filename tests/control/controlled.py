"""A twin of the small account that can be told things, in this process, and the two ways to speak to it."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests import inprocess
from tests.acme import FULL, NOW, PATH
from tests.stage.records import acme
from usagetwin.control.front import Control
from usagetwin.settings import Settings
from usagetwin.stage.plays import Limits, Plays
from usagetwin.stage.served import ServedStage

if TYPE_CHECKING:
    from tests.answer import Answer

HOST: Final = ("host", "127.0.0.1:8080")
JSON: Final = ("content-type", "application/json")


@dataclass(frozen=True, slots=True)
class Controlled:
    """The app, and its stage."""

    app: Control
    served: ServedStage

    def raw(self, method: str, path: str, body: bytes = b"", *headers: tuple[str, str]) -> "Answer":
        """Tell it something, with any bytes and headers."""
        return inprocess.ask(self.app, method=method, path=f"/__twin__{path}", body=body, headers=headers)

    def answer(self, method: str, path: str, body: object = None, query: str = "") -> "Answer":
        """Tell it something as a program on this machine does."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = (HOST, *(() if body is None else (JSON, ("content-length", str(len(content))))))
        path = f"/__twin__{path}"
        return inprocess.ask(self.app, query, method=method, path=path, body=content, headers=headers)

    def tell(self, method: str, path: str, body: object = None, *, status: int = 200, query: str = "") -> Any:  # noqa: ANN401 -- JSON
        """Tell it something, and give what it says; it must have this status."""
        answer = self.answer(method, path, body, query)
        assert answer.status == status, answer
        assert answer.header("content-type") == "application/json"
        return answer.json()

    def refused(self, method: str, path: str, body: object = None, *, status: int = 400) -> tuple[str, str]:
        """Tell it something that it can't do, and give what is wrong and what would be right."""
        document = self.tell(method, path, body, status=status)
        assert document.keys() == {"code", "message", "remedy"}
        return document["message"], document["remedy"]

    def ask(self, token: str = FULL, query: str = "") -> "Answer":
        """Ask the twin, as a client does."""
        return inprocess.ask(self.app, query, path=PATH, headers=(("authorization", token),))

    def named(self, number: int, token: str | None = None, said: str = "") -> "Answer":
        """Ask in the name of a play, with any token or none."""
        named = f"{self.served.plays.numbered(number).token};{said}"
        sent = () if token is None else (("authorization", token),)
        return inprocess.ask(self.app, path=PATH, headers=(*sent, ("usagetwin-play", named)))


def controlled(*, token: str | None = None, **limits: float) -> Controlled:
    """Give a twin of the small account at its noon."""
    plays = Plays(Limits(**limits))  # type: ignore[arg-type]  # -- limits by name
    served = ServedStage(Settings(now=NOW), acme(), plays)
    return Controlled(Control(served, served, token=token), served)
