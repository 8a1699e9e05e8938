"""What one request asks of its own answer with the header `Prefer`: an error of the contract, or to be late.

Source: RFC 7240. Of a preference that comes twice the first counts; what is not known here, or makes no
sense, is ignored, and `Preference-Applied` says what was applied. Only the profile `documented` listens:
nobody has seen the real API do so.
"""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import METHODS
from usagetwin.settings import DEFAULT_PROFILE
from usagetwin.stage.arrivals import APPLIED
from usagetwin.stage.patience import Patience
from usagetwin.stage.replies import Call, error, leave
from usagetwin.stage.wire import delay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Message, Receive, Scope, Send

    from usagetwin.settings import Settings
    from usagetwin.stage.journal import Recorded

HEADER: Final = b"prefer"
LONGEST: Final = 1_024  # characters of all `Prefer` lines together; of more, none is read
LONGEST_WAIT_S: Final = 60
ERRORS: "Final[Mapping[int, tuple[str, str]]]" = {  # `FACTS` 13; of 401 the document's own words
    400: ("invalid_request", "Invalid request body."),
    401: ("unauthorized", "Invalid access token."),
    403: ("forbidden", "Forbidden. Access to the requested resource was denied."),
    404: ("not_found", "Invalid resource identifier."),
    429: ("rate_limited", "You've exceeded the API rate limit. Try again later."),
}

# Possessive throughout: each character is read once, whatever a client sends.
_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_QUOTED: Final = r'"(?:[^"\\]|\\.)*+"'
_PAIR: Final = rf"({_WORD})(?:[ \t]*+=[ \t]*+({_WORD}|{_QUOTED})?+)?+"
_PREFERENCE: Final = re.compile(rf"[ \t]*+{_PAIR}[ \t]*+(?:;[ \t]*+(?:{_PAIR}[ \t]*+)?+)*+(?:,|\Z)")
_OTHER: Final = re.compile(rf"(?:{_QUOTED}|[^,])*+(?:,|\Z)")  # up to the next comma outside quotes
_NUMBER: Final = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is to be applied: the status of an error, and how many seconds the answer is late."""

    status: int | None = None
    wait_s: int | None = None

    def __str__(self) -> str:
        """Give it as `Preference-Applied` does."""
        pairs = {"code": self.status, "wait": self.wait_s}
        return ", ".join(f"{name}={value}" for name, value in pairs.items() if value is not None)


def may_prefer(headers: "Iterable[tuple[bytes, bytes]]") -> bool:
    """Tell whether a request may have a preference that is known here; nearly none has any."""
    for name, value in headers:
        if name == HEADER:
            lower = value.lower()
            if b"code" in lower or b"wait" in lower:
                return True
    return False


def preferences_of(lines: "Iterable[str]") -> Preferences:
    """Read the values of the header, one for each of its lines."""
    given = _parsed(", ".join(lines))
    status, wait_s = _number(given.get("code")), _number(given.get("wait"))
    return Preferences(
        status if status in ERRORS else None,
        wait_s if wait_s is not None and wait_s <= LONGEST_WAIT_S else None,
    )


def preferred(call: Call, request: "Recorded", settings: "Settings") -> Call:
    """Give the call whose app answers as the request prefers; the same one where that is nothing."""
    if settings.profile != DEFAULT_PROFILE or request.method not in METHODS:
        return call
    if not any(request.path == operation.path for operation in settings.operations):
        return call
    wanted = preferences_of(value for name, value in request.headers if name == HEADER.decode())
    if wanted == Preferences():
        return call

    async def answer(scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def labelled(message: "Message") -> None:
            if message["type"] == "http.response.start":
                labels = [(APPLIED, str(wanted).encode()), (b"vary", b"Prefer")]
                message = {**message, "headers": [*message["headers"], *labels]}
            await send(message)

        async def at_once(scope: "Scope", receive: "Receive", send: "Send") -> None:
            if wanted.status is None:
                await call.app(scope, receive, send)
            else:
                code, said = ERRORS[wanted.status]
                message = f"{said} This answer was asked for with Prefer: code={wanted.status}."
                await leave(error(wanted.status, code, message), scope, send)

        if wanted.wait_s:
            patience = Patience(LONGEST_WAIT_S)
            late = Call(at_once, scope, receive, labelled, call.ending, patience)
            await delay(late, {"seconds": wanted.wait_s})
        else:
            await at_once(scope, receive, labelled)

    return replace(call, app=answer)


def _parsed(text: str) -> dict[str, str]:
    """Give the preferences by name, in lower case; what can't be read is passed over, to the next comma."""
    given: dict[str, str] = {}
    position = 0
    while position < len(text) <= LONGEST:
        found = _PREFERENCE.match(text, position)
        if found is None:
            found = _OTHER.match(text, position)
            assert found is not None  # noqa: S101 -- it takes anything, to the end
        else:
            given.setdefault(found[1].lower(), found[2] or "")
        position = found.end()
    return given


def _number(value: str | None) -> int | None:
    """Read a whole number, in quotes or not."""
    plain = re.sub(r"\\(.)", r"\1", value[1:-1]) if value and value.startswith('"') else value
    return int(plain) if plain and _NUMBER.fullmatch(plain) else None
