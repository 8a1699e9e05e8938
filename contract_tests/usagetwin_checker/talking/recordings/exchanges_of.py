"""What the entries of a recording are as exchanges with one target: which of them, asked by whom, and how.

Rule: what a tool may have left out is not held against the target. A credential that is not there counts as
sent, but in a recording of ours, which says what was sent.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from usagetwin.contract.operation import PATH
from usagetwin.recordings.addresses import asked_at
from usagetwin.recordings.entries import PassedOver
from usagetwin_checker.exchanges import Ask, Credential, Exchange
from usagetwin_checker.talking.room import kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin.recordings.entries import Entry, Head
    from usagetwin_checker.talking.recordings.scrubbing import Scrubber

AUTHORIZATION: Final = "authorization"
BETA: Final = "ld-api-version"
UNAUTHORIZED: Final = 401
PREFLIGHT: Final = "access-control-request-method"
MOST_BYTES: Final = 16 << 20  # of bodies that are kept: a check that asks keeps 4 MiB, or 8 KiB a request
MOST_EXCHANGES: Final = 5_000  # a check asks for a thousand
ELSEWHERE: Final = PassedOver("of other hosts or paths")
NO_BODY: Final = PassedOver("without their body")
OF_A_BROWSER: Final = PassedOver("that a browser asks before a page's own (preflights)")
BEYOND: Final = PassedOver("beyond what is kept of a recording")


@dataclass(slots=True)
class Gathered:
    """The exchanges of a recording, by the base URL that they were asked of, and what was passed over."""

    exchanges: dict[str, list[Exchange]] = field(default_factory=dict)
    senders: dict[int, bytes] = field(default_factory=dict)  # by number: a digest of the credential
    passed_over: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    kept_bytes: int = 0

    def pass_over(self, why: PassedOver, times: int = 1) -> None:
        """Count what shows nothing."""
        self.passed_over[why.why] += times

    def add(self, base_url: str, exchange: Exchange, sender: bytes) -> None:
        """Keep an exchange; `sender` tells who asked from others."""
        self.kept_bytes += len(exchange.body)
        self.exchanges.setdefault(base_url, []).append(exchange)
        self.senders[exchange.number] = sender

    @property
    def is_full(self) -> bool:
        """Tell whether no more is kept."""
        return self.kept_bytes > MOST_BYTES or len(self.senders) >= MOST_EXCHANGES


def gather(
    entries: "Iterable[Entry | PassedOver]", head: "Head", scrubber: "Scrubber", path: str = PATH
) -> Gathered:
    """Read a whole recording, as much as is kept of it; `path` is the operation's."""
    gathered = Gathered()
    for entry in entries:
        gathered.entries += 1
        if isinstance(entry, PassedOver):
            gathered.pass_over(entry)
            continue
        where = asked_at(entry, head, path)
        if where is None:
            gathered.pass_over(ELSEWHERE)
            continue
        why = _shows_nothing(entry, gathered)
        if why is not None:
            gathered.pass_over(why)
            continue
        exchange = exchange_of(entry, where[1], head, gathered.entries, scrubber, path=path)
        gathered.add(where[0], exchange, _digest(entry))
    return gathered


def exchange_of(  # noqa: PLR0913 -- where an entry is from
    entry: "Entry", suffix: str, head: "Head", number: int, scrubber: "Scrubber", *, path: str = PATH
) -> Exchange:
    """Read one entry, which is of the operation at `path`; `suffix` is what follows that."""
    here = scrubber.also(entry.request_headers, urlsplit(entry.url).query)
    return _exchange(entry, replace(_ask(entry, suffix, head, here), path=path), number, here)


def _shows_nothing(entry: "Entry", gathered: Gathered) -> PassedOver | None:
    if entry.body is None:
        return NO_BODY
    if entry.method.upper() == "OPTIONS" and PREFLIGHT in entry.request_headers:
        return OF_A_BROWSER
    return BEYOND if gathered.is_full else None


def _ask(entry: "Entry", suffix: str, head: "Head", scrubber: "Scrubber") -> Ask:
    query = scrubber.query(urlsplit(entry.url).query)
    noted = entry.noted
    ask = Ask(
        tuple(parse_qsl(query, keep_blank_values=True)),
        _credential(entry, head),
        entry.method,
        suffix,
        scrubber.text(entry.request_body),
        _is_beta(entry, head),
        scrubber.text(entry.request_headers.get("origin", "")),
        role if isinstance(role := noted.get("role"), str) else "",
    )
    return ask if query == ask.query_string else replace(ask, written=query)


def _credential(entry: "Entry", head: "Head") -> Credential:
    """Give what was sent as the credential, as far as the recording can be believed to show it."""
    noted = entry.noted.get("credential")
    if noted in {each.value for each in Credential}:
        return Credential(noted)
    sent = entry.request_headers.get(AUTHORIZATION)
    if head.known and not sent:
        return Credential.NONE if sent is None else Credential.BLANK
    refused = entry.status == UNAUTHORIZED and (sent or "").partition(" ")[0].lower() == "bearer"
    return Credential.BEARER if refused else Credential.TOKEN


def _is_beta(entry: "Entry", head: "Head") -> bool:
    """Tell whether the beta header went with it, or, where others asked, was not missed."""
    sent = entry.request_headers.get(BETA, "").strip().lower() == "beta"
    return sent or (not head.of_a_check and entry.status != 403)


def _exchange(entry: "Entry", ask: Ask, number: int, scrubber: "Scrubber") -> Exchange:
    noted = entry.noted
    body, cut = kept(scrubber.body(entry.body or b""), ask)
    return Exchange(
        ask,
        number,
        _at_s(entry),
        entry.seconds,
        entry.status,
        scrubber.headers(entry.headers),
        body,
        scrubber.text(failure) if isinstance(failure := noted.get("failure"), str) and failure else None,
        _count(noted.get("oversized")),
        _count(noted.get("cut")) or cut,
    )


def _at_s(entry: "Entry") -> float:
    """Give when an exchange began: as it was recorded, else as the server dates its answer."""
    if entry.at_s is not None:
        return entry.at_s
    try:
        return parsedate_to_datetime(entry.headers.get("date", "")).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):  # what `email` raises on what is no date
        return 0.0


def _count(noted: object) -> int:
    return noted if isinstance(noted, int) and not isinstance(noted, bool) and noted > 0 else 0


def _digest(entry: "Entry") -> bytes:
    """Give what tells senders apart, and nothing that tells who they are."""
    noted = entry.noted.get("sender")
    if isinstance(noted, int):
        return sender_of(noted)
    return blake2b(
        entry.request_headers.get(AUTHORIZATION, "").encode("utf-8", "replace"), digest_size=8
    ).digest()


def sender_of(number: int) -> bytes:
    """Give what stands for a sender that a recording of ours has numbered."""
    return b"%d" % number
