"""Which faults there are, and what each can be told."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError, nearest
from usagetwin.stage import replies, wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from usagetwin.stage.replies import Call, Details

    Show = Callable[[Call, Details], Awaitable[None]]

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

LONGEST_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Detail:
    """What one kind of fault can be told: its default, and the values it takes, also in words."""

    default: object
    accepts: "Callable[[object], bool]"
    takes: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault by its name: what a client sees, how it is shown, and what it can be told.

    Without `show` it is one of the contract's, which the twin itself shows.
    """

    about: str
    show: "Show | None" = None
    details: "Mapping[str, Detail]" = field(default_factory=dict)


def _is_seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST_S


def is_count(value: object, *, least: int = 0) -> bool:
    """Tell whether a value is a whole number of at least `least`."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_header_text(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value.strip())


SECONDS: Final = Detail(1.0, _is_seconds, f"a number of seconds from 0 to {LONGEST_S}")
CHUNKS: Final = Detail(10, lambda value: is_count(value, least=1), "a whole number of at least 1")
BYTES: Final = Detail(
    None, lambda value: value is None or is_count(value), "a whole number of bytes from 0, or None for half"
)
RETRY_AFTER: Final = Detail(1, is_count, "a whole number of seconds from 0")
RETRY_AFTER_OR_NONE: Final = Detail(
    None, lambda value: value is None or is_count(value), "a whole number of seconds from 0, or None"
)
STATUS: Final = Detail(
    502, lambda value: is_count(value, least=400) and int(str(value)) < 600, "a whole number from 400 to 599"
)
CONTENT_TYPE: Final = Detail("text/html", _is_header_text, "a media type, such as 'text/html'")

KINDS: "Final[Mapping[str, Kind]]" = {  # without the contract's own, which `usagetwin.deviations` lists
    "delay": Kind("the answer comes `seconds` later", wire.delay, {"seconds": SECONDS}),
    "timeout": Kind("no answer comes, until the client gives up", wire.timeout),
    "reset": Kind("the connection is reset instead of an answer", wire.reset),
    "close": Kind("the connection is closed instead of an answer", wire.close),
    "truncated-body": Kind(
        "the connection is closed after `bytes` of the body (by default half of it)",
        wire.truncated_body,
        {"bytes": BYTES},
    ),
    "slow-body": Kind(
        "the body comes in `chunks` parts over `seconds`",
        wire.slow_body,
        {"seconds": SECONDS, "chunks": CHUNKS},
    ),
    "malformed-json": Kind("the body ends in the middle of its JSON", replies.malformed_json),
    "wrong-content-type": Kind(
        "the answer is labelled as `content_type`", replies.wrong_content_type, {"content_type": CONTENT_TYPE}
    ),
    "empty-body": Kind("the answer has no body", replies.empty_body),
    "rate-limited": Kind(
        "429, with Retry-After: `retry_after`", replies.rate_limited, {"retry_after": RETRY_AFTER}
    ),
    "rate-limited-without-retry-after": Kind("429, without Retry-After", replies.rate_limited),
    "status": Kind(
        "an answer with `status`, and nothing else that is known", replies.status, {"status": STATUS}
    ),
    "server-error": Kind("500", replies.server_error),
    "unavailable": Kind(
        "503, with Retry-After: `retry_after` where it is given",
        replies.unavailable,
        {"retry_after": RETRY_AFTER_OR_NONE},
    ),
}


OF_STATUS: Final = {429: "rate-limited", 500: "server-error", 503: "unavailable"}


def of_status(status: object) -> tuple[str, dict[str, object]]:
    """Give the name of the fault that answers with a status, and its details. Raises SettingError."""
    if not STATUS.accepts(status):
        problem = f"there is no fault {status!r}"
        raise SettingError(problem, f"the name of a fault, or the status of an error: {STATUS.takes}")
    assert isinstance(status, int)  # noqa: S101 -- as was accepted
    return (OF_STATUS[status], {}) if status in OF_STATUS else ("status", {"status": status})


def fault_names() -> tuple[str, ...]:
    """Give the names of all faults: of the wire and of HTTP, then the contract's, then legal variations."""
    from usagetwin.deviations import faults, variations

    return (*KINDS, *faults(), *variations())


def kind_of(name: str) -> Kind:
    """Give one kind of fault. Raises SettingError with the nearest name when there is none."""
    if name in KINDS:
        return KINDS[name]
    from usagetwin.deviations import faults, variations

    known = {**faults(), **variations()}
    if name not in known:
        problem = f"there is no fault {name!r}"
        raise SettingError(problem, nearest(name, fault_names()))
    return Kind(known[name].about)
