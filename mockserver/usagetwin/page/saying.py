"""How a form speaks: as a program does to the control API, in this process, and is answered in its words."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from usagetwin.control.in_turn import api_of
from usagetwin.control.probes import PREFIX
from usagetwin.stage.ending import Ending
from usagetwin.stage.replies import Call, answer_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Scope

    from usagetwin.control.cast import Told
    from usagetwin.control.in_turn import Turns
    from usagetwin.page.filled_in import Given
    from usagetwin.page.form import Form

LEAST_REFUSAL: Final = 400


@dataclass(frozen=True, slots=True)
class Said:
    """What the control API said to one form."""

    status: int
    document: dict[str, Any]

    @property
    def is_refused(self) -> bool:
        """Tell whether nothing came of it."""
        return self.status >= LEAST_REFUSAL


class Speaker:
    """The control API, made when the first form is sent."""

    def __init__(self, told: "Told | Turns") -> None:
        """Take the stage, or the turns at those of several processes."""
        self._told: Final = told
        self._api: ASGIApp | None = None

    async def say(self, form: "Form", play: str, given: "Given") -> Said:
        """Say what a form says of a play."""
        if self._api is None:
            self._api = api_of(self._told)
        body = form.body(given)
        content = b"" if body is None else json.dumps(body).encode()
        path = PREFIX + form.path.format(play=_segment(play), fault=_segment(given.get("fault", "")))
        scope = _scope(form.method, path, len(content))

        async def receive() -> "Message":
            return {"type": "http.request", "body": content, "more_body": False}

        answer = await answer_of(Call(self._api, scope, receive, _nowhere, Ending()))
        return Said(answer.status, json.loads(answer.body))


def field_of(form: "Form", given: "Given", message: str) -> str:
    """Give the field of a form that a refusal is about: one that it names, or whose value it quotes."""
    fields = (*form.fields, *form.more)
    for each in fields:
        word = each.name.removeprefix("policy-")
        if f"{word!r}" in message or f"{word}=" in message:
            return each.name
    for each in fields:
        value = given.get(each.name, "").strip()
        if value and each.kind != "select" and repr(value)[:-1] in message:
            return each.name
    needed = [each.name for each in fields if each.is_needed]
    return (*needed, *(each.name for each in fields), "")[0]


def _segment(text: str) -> str:
    """Keep a part of a path one part: what is no number or name is nothing that exists."""
    return text if text.isascii() and text.isalnum() else "-"


def _scope(method: str, path: str, length: int) -> "Scope":
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % length)] if length else []
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": None,
        "server": None,
    }


async def _nowhere(_message: "Message") -> None:
    """Send nothing: the answer is kept."""
