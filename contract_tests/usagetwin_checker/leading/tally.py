"""What all requests of a run broke, whichever play they were for, and the words that it ends with."""

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from usagetwin.errors import readable
from usagetwin.hosts import HOSTS
from usagetwin.stage.consumer import sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin.stage.consumer import RequestFinding
    from usagetwin.stage.play import Play

ITSELF: Final = "the twin's own URL"
NO_CALLS: Final = "  try   a client that heeds HTTPS_PROXY, or USAGETWIN_URL as its base URL (docs/run.md)"


class Tally:
    """The sum of plays. Any thread may add one, when it ends."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._lock: Final = Lock()
        self._requests = 0
        self._ever = 0
        self._breaking = 0
        self._hosts: Final[dict[str, None]] = {}
        self._first: Final[dict[str, RequestFinding]] = {}  # of each rule
        self._broken: Final[Counter[str]] = Counter()
        self._all_are_kept = True
        self._deviated = False
        self._errors: Final[dict[str, None]] = {}

    @property
    def requests(self) -> int:
        """Count the requests."""
        return self._requests

    @property
    def asked(self) -> int:
        """Count the requests with those that the command had a play forget."""
        return self._ever

    @property
    def breaks_rules(self) -> bool:
        """Tell whether any request broke a rule."""
        return bool(self._broken)

    @property
    def deviated(self) -> bool:
        """Tell whether the twin's deviation changed any answer."""
        return self._deviated

    @property
    def errors(self) -> tuple[str, ...]:
        """Give why the twin could not answer as it was told, where it could not."""
        return tuple(self._errors)

    @property
    def failed(self) -> bool:
        """Tell whether the twin could not answer as it was told."""
        return bool(self._errors)

    def add(self, play: "Play") -> None:
        """Add what a play was asked until now."""
        with self._lock, play.journal.lock:
            findings, broken = play.findings, play.broken
            self._requests += len(play.journal)
            self._ever += play.journal.last_number
            self._deviated |= play.journal.deviated
            self._hosts.update(dict.fromkeys(_host(each.host) for each in play.journal.requests))
            for finding in findings:
                self._first.setdefault(finding.rule, finding)
            self._breaking += len({finding.request.number for finding in findings})
            self._all_are_kept &= sum(broken.values()) == len(findings)
            self._broken.update(broken)
            self._errors.update(dict.fromkeys(readable(str(error)) for error in play.errors))

    def words(self, *, rules: bool) -> "Iterator[str]":
        """Give the verdict, line by line; without `rules`, the number of requests alone."""
        yield f"usagetwin: {self._asked()}{self._judged() if rules else ''}"
        if not self._requests:
            yield NO_CALLS
        for rule, finding in self._first.items() if rules else ():
            more = self._broken[rule] - 1
            yield f"  {rule}: {finding.message}"
            yield f"    try   {finding.remedy}"
            yield f"    sent  {sent(finding.request)}{f' (and in {more} more)' if more else ''}"
        for error in self._errors:
            yield f"usagetwin: the twin failed: {error}"

    def _asked(self) -> str:
        hosts = [*self._hosts] or [*HOSTS]
        if not self._requests:
            return f"no request to {_listed(hosts, 'or')}"
        number = "1 request" if self._requests == 1 else f"{self._requests} requests"
        return f"{number} to {_listed(hosts, 'and')}"

    def _judged(self) -> str:
        if not self._requests:
            return ""
        if not self._broken:
            return f", which {'keeps' if self._requests == 1 else 'keep'} the contract"
        if self._requests == 1:
            return ", which breaks the contract"
        number = f"{'' if self._all_are_kept else 'at least '}{self._breaking}"
        return f", {number} {'breaks' if number == '1' else 'break'} the contract"


def _host(host: str) -> str:
    """Give what a request was sent to, in the words of a user."""
    name = urlsplit(f"//{host}").hostname if host.isprintable() and "[" not in host else None
    return readable(str(name)) if name in HOSTS else ITSELF


def _listed(names: list[str], word: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
