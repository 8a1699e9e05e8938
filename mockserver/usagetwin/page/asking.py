"""How the page asks a play's twin as a client would, without a socket between: the answer is byte-equal.

Rule: the credential is one that gets an answer, and leaves this process in no document.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from usagetwin.asgi.notes import KEY, header
from usagetwin.page.refusing import Refused, explained
from usagetwin.page.staged import at, token_of
from usagetwin.stage.ending import Ending
from usagetwin.stage.replies import Call, answer_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Message, Scope

    from usagetwin.page.staged import Shown, Staged

MOST_ROWS: Final = 100
OK: Final = 200


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as a client has it, and the rule that it names, where it refuses."""

    status: int
    content_type: str
    body: bytes
    rule: str | None

    @property
    def document(self) -> Any:  # noqa: ANN401 -- JSON, or None where it is none
        """Give what the body says."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def refused(self) -> Refused | None:
        """Explain it, where it is no answer to the question."""
        if self.status == OK:
            return None
        said = self.document
        message = said.get("message") if isinstance(said, dict) else None
        return explained(self.status, message if isinstance(message, str) else self.text, self.rule)

    @property
    def text(self) -> str:
        """Give the body as it is read: indented where it is JSON."""
        said = self.document
        if said is None:
            return self.body.decode("utf-8", "replace")
        return json.dumps(said, indent=2, ensure_ascii=False)


async def asked(request: "Request", staged: "Staged", shown: "Shown", query: str) -> Answered:
    """Ask the play's twin. Raises SettingError where its setup is none."""
    twin = await asyncio.to_thread(staged.twin, shown)
    at(shown.setup.now_s)
    path = shown.setup.settings.operations[0].path
    scope = _scope(request.scope, token_of(shown.setup), path, query)
    answer = await answer_of(Call(twin, scope, _nothing_more, _nowhere, Ending()))
    content_type = dict(answer.headers).get(b"content-type", b"").decode("latin-1")
    notes = scope.get(KEY)
    return Answered(answer.status, content_type, answer.body, None if notes is None else notes.rule)


def _scope(own: "Scope", token: str, path: str, query: str) -> "Scope":
    """Give the request as it would come from outside, to the host that the page was asked by."""
    headers = {"host": header(own, b"host") or "", "authorization": token, "ld-api-version": "beta"}
    return {
        "type": "http",
        "asgi": own["asgi"],
        "http_version": own["http_version"],
        "method": "GET",
        "scheme": own["scheme"],
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode("ascii"),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": own.get("client"),
        "server": own.get("server"),
    }


async def _nothing_more() -> "Message":
    return {"type": "http.request", "body": b"", "more_body": False}


async def _nowhere(_message: "Message") -> None:
    raise AssertionError  # `answer_of` keeps what is sent


def rows_of(document: Any) -> "tuple[list[str], list[list[object]]]":  # noqa: ANN401 -- whatever an answer says
    """Give an answer's points as a table has them, the newest first: the names of its columns, and its rows.

    A twin that is told to break the contract may answer with anything: what is no table has no rows.
    """
    if not isinstance(document, dict) or not isinstance(document.get("series"), list):
        return [], []
    points = [point for point in document["series"] if isinstance(point, dict)]
    labels = list(dict.fromkeys(label for point in points for label in point if label != "time"))
    metadata = document.get("metadata")
    names = [_named(label, metadata) for label in labels]
    return names, [[point.get("time"), *(point.get(label) for label in labels)] for point in reversed(points)]


def _named(label: str, metadata: object) -> str:
    """Give a key field's name: the project that its metadata name, or the field's own label."""
    if isinstance(metadata, list) and label.isdecimal() and int(label[:9]) < len(metadata):
        item = metadata[int(label[:9])]
        key = item.get("projectKey") if isinstance(item, dict) else None
        return key if isinstance(key, str) else label
    return label
