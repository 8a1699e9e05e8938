"""What has gone by a proxy: judged as it comes, written down, and judged as a recording at the end.

Rule: what is judged is what its recording has: it is read as an entry of it is, without secrets.
"""

import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from usagetwin.recordings.entries import PASSED_ON, Head
from usagetwin.request.validator import validator
from usagetwin_checker.proxying.each_answer import NOTHING, EachAnswer
from usagetwin_checker.running.recorded import report_of
from usagetwin_checker.running.remembered import to_remember
from usagetwin_checker.talking.hiding import Hiding
from usagetwin_checker.talking.recordings.exchanges_of import (
    AUTHORIZATION,
    BEYOND,
    Gathered,
    exchange_of,
    sender_of,
)
from usagetwin_checker.talking.recordings.loading import loaded_of
from usagetwin_checker.talking.recordings.scrubbing import secrets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from usagetwin.recordings.entries import Entry, PassedOver
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.proxying.each_answer import Said
    from usagetwin_checker.running.report import Options, Report
    from usagetwin_checker.talking.recordings.scrubbing import Scrubber
    from usagetwin_checker.talking.recordings.writing import Recording

    Tell = Callable[[Exchange, Said], None]


MOST_ACCOUNTS: Final = 16  # whose answers are held to one another as they come


def to_remember_of(options: "Options") -> "dict[str, Any]":
    """Give what a recording keeps of what its run was told, and that others asked."""
    return {**to_remember(options, built_in_token=False), PASSED_ON: True}


def hidings(headers: "Mapping[str, str]", query: str) -> tuple[Hiding, ...]:
    """Give what hides the secrets of a request with these headers and this query."""
    return tuple(map(Hiding, secrets_of(headers, query)))


class GoneBy:
    """The exchanges of one run, from the first one that went by to the report.

    `tell` is called for each, in their order. One thread does all of it, so that no answer waits for the
    event loop, and the loop waits for none.
    """

    def __init__(  # noqa: PLR0913 -- what a run is made of
        self,
        base_url: str,
        options: "Options",
        scrubber: "Scrubber",
        *,
        loopback: bool,
        recording: "Recording | None" = None,
        tell: "Tell" = lambda _exchange, _said: None,
    ) -> None:
        """Take where requests are passed on to, and what is known of the account there."""
        self.base_url: Final = base_url
        self.strict: Final = options.strict
        self.others: Final[Counter[str]] = Counter()  # what was passed on and not judged, by why
        self.recorded = 0  # how many of the first are in the recording
        self.defect: str | None = None  # of ours: what a judge raised
        self._options: Final = options
        self._scrubber: Final = scrubber
        self._recording = recording
        self._tell: Final = tell
        self._head: Final = Head("usagetwin", to_remember_of(options), found=True)
        self._gathered: Final = Gathered()
        self._loopback: Final = loopback and not options.live
        self._each: Final[dict[int, EachAnswer]] = {}  # by sender, who may have an account of their own
        self._salt: Final = secrets.token_bytes(16)
        self._senders: Final[dict[bytes, int]] = {}
        self.thread: Final = ThreadPoolExecutor(1, thread_name_prefix="usagetwin-judge")
        self.thread.submit(validator)  # which takes a second to compile its schemas, and is kept

    @property
    def judged(self) -> int:
        """Count the exchanges that went by."""
        return self._gathered.entries

    def begin(self) -> None:
        """Begin the recording, in the place of an old one; what goes by would do so, too."""
        if self._recording is not None:
            self.thread.submit(self._recording.begin)

    def take(self, entry: "Entry") -> "Said":
        """Take one exchange, and give what it comes to. Called in the thread."""
        entry = self._hidden(entry)
        self._gathered.entries += 1
        number, sender = self._gathered.entries, self._sender(entry.request_headers)
        exchange = exchange_of(entry, "", self._head, number, self._scrubber)
        if self._gathered.is_full:
            self._gathered.pass_over(BEYOND)
        else:
            self._gathered.add(self.base_url, exchange, sender_of(sender))
        if self._recording is not None:
            here = self._scrubber.also(entry.request_headers, urlsplit(entry.url).query)
            self._recording.add(exchange, here.headers(entry.request_headers), sender)
            self.recorded = self._recording.written
        said = self._said(exchange, sender)
        self._tell(exchange, said)
        return said

    def pass_over(self, why: "PassedOver") -> None:
        """Count an exchange that shows nothing, and is in no recording."""
        self.others[why.why] += 1

    def report(self) -> "Report":
        """Judge all that went by, as its recording is judged, once nothing more does."""
        self.end()
        loaded = loaded_of(self.base_url, self._gathered, self._head, self.base_url)
        return report_of(loaded, self._options)

    def end(self) -> None:
        """End the recording, and the thread; a second call does nothing."""
        self.thread.shutdown()
        if self._recording is not None:
            self._recording.close()
            self._recording = None

    def _hidden(self, entry: "Entry") -> "Entry":
        """Give an entry without what its request keeps secret, in whatever writing it is repeated.

        What scrubs a recording knows fewer writings, since it has files of any size to go through.
        """
        for hiding in hidings(entry.request_headers, urlsplit(entry.url).query):
            entry = replace(
                entry,
                url=hiding.text(entry.url),
                request_body=hiding.text(entry.request_body),
                body=hiding.body(entry.body or b""),
            )
        return entry

    def _said(self, exchange: "Exchange", sender: int) -> "Said":
        if sender not in self._each:
            for old in list(self._each)[: len(self._each) + 1 - MOST_ACCOUNTS]:
                del self._each[old]
            self._each[sender] = EachAnswer(self._options, loopback=self._loopback)
        try:
            return self._each[sender].said(exchange)
        except Exception as error:  # noqa: BLE001 -- a defect of ours: the answer goes to its client all the same
            self.defect = f"{type(error).__name__}: {error}"
            return NOTHING

    def _sender(self, headers: "Mapping[str, str]") -> int:
        """Give the number of a request's credential; nothing of it is kept."""
        sent = headers.get(AUTHORIZATION, "").encode("utf-8", "replace")
        digest = blake2b(sent, digest_size=16, key=self._salt).digest()
        return self._senders.setdefault(digest, len(self._senders) + 1)
