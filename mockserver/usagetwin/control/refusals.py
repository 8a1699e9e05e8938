"""What the control API answers where it can't do what it is told: what is wrong, and what would be right."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.encoding import encode
from usagetwin.errors import FileError, RemediedError
from usagetwin.stage.plays import NoSuchPlayError, TooManyPlaysError, WorldsTooLargeError
from usagetwin.stage.replies import JSON_TYPE, WholeAnswer, with_body
from usagetwin.stage.shared.book import StoreBusyError
from usagetwin.store import StoreGoneError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin.errors import UsageTwinError

STATUSES: "Final[Mapping[type[UsageTwinError], tuple[int, str]]]" = {
    TooManyPlaysError: (409, "too_many_plays"),
    WorldsTooLargeError: (409, "worlds_too_large"),
    NoSuchPlayError: (404, "not_found"),
    StoreGoneError: (503, "store_unavailable"),
    StoreBusyError: (503, "store_busy"),
}


@dataclass(eq=False)
class ControlError(RemediedError):
    """A refusal with its status and code."""

    status: int
    code: str
    problem: str
    remedy: str


def refusal_of(error: "UsageTwinError") -> ControlError:
    """Give the refusal for an error of what somebody said."""
    if isinstance(error, ControlError):
        return error
    status, code = STATUSES.get(type(error), (400, "invalid_request"))
    if isinstance(error, FileError):  # its file is what a request brought, so its line is all that helps
        line = "" if error.line is None else f"line {error.line}: "
        return ControlError(status, code, f"{line}{error.problem}", error.remedy)
    if isinstance(error, RemediedError):
        return ControlError(status, code, error.problem, error.remedy)
    return ControlError(status, code, str(error), "GET /__twin__/plays, and docs/control.md")


def written(refusal: ControlError) -> WholeAnswer:
    """Write a refusal as an answer."""
    document = {"code": refusal.code, "message": refusal.problem, "remedy": refusal.remedy}
    return with_body(WholeAnswer(refusal.status, (JSON_TYPE,), encode(document)), None)
