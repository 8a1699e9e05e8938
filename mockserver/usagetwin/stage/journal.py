"""What a play's requests were, and how each was answered: one record for each, in the order of arrival."""

from collections import deque
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import RLock
from typing import TYPE_CHECKING, Final

from usagetwin.stage.passing_on import NOTHING, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

OWN_BYTES: Final = 1_024  # of a record, beside its texts
PAIR_BYTES: Final = 192  # of a header or parameter, beside its texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request as it came.

    Header names are in lower case; `parameters` are the decoded query in wire order. `at` is the twin's
    instant (UTC, whole seconds) that it was answered at. `status` is None while it is answered, and
    where a fault left it without an answer; `fault` is the name of the fault that it got.
    `message` is that of an answer that refuses.
    `deviates` says whether a deviation in the twin's settings changed the answer, and `preference` what
    was applied of the request's own `Prefer`. `said` is what who passed it on says of it.
    The headers, which hold the credential, stay out of the repr.
    """

    number: int
    method: str
    host: str
    path: str
    parameters: tuple[tuple[str, str], ...]
    query_string: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes
    at: "datetime"
    status: int | None = None
    fault: str | None = None
    deviates: bool = field(default=False, repr=False)
    message: str | None = field(default=None, repr=False)
    said: Said = field(default=NOTHING, repr=False)
    preference: str | None = field(default=None, repr=False)

    def value(self, name: str) -> str | None:
        """Give the first value of a parameter, by its name on the wire."""
        return next((value for key, value in self.parameters if key == name), None)

    def values(self, name: str) -> tuple[str, ...]:
        """Give all values of a parameter, by its name on the wire."""
        return tuple(value for key, value in self.parameters if key == name)

    def header(self, name: str) -> str | None:
        """Give the first value of a header, in whatever case it is named."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    @property
    def target(self) -> str:
        """Give path and query, as one line of a log shows them."""
        return f"{self.path}?{self.query_string}" if self.query_string else self.path


@dataclass(frozen=True, slots=True)
class Look:
    """A journal at one moment: requests behind some number, and the numbers of all.

    `total` counts what was recorded so far, or since it was cleared; `last` is the number of the newest
    request, and `left` that of the newest that is kept no more. `is_on` is false once its play has ended.
    """

    requests: tuple[Recorded, ...]
    total: int
    last: int
    left: int
    is_on: bool = True


class Journal:
    """The requests of one play. Any thread may read it while another adds to it.

    It keeps the newest requests within its bounds; without bounds it keeps all.
    """

    def __init__(self, *, most: int | None = None, most_bytes: int | None = None) -> None:
        """Start empty. `most` requests are kept, and as many as `most_bytes` hold, but always the newest."""
        self.lock: Final = RLock()  # for who reads several things of it at once
        self._requests: deque[Recorded] = deque()
        self._most: Final = most
        self._most_bytes: Final = most_bytes
        self._left = 0
        self._forgotten = 0
        self._bytes = 0
        self._deviated = False
        self._before_leaving: Callable[[Sequence[Recorded]], None] = lambda _leaving: None

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """Give what is kept of what was recorded so far."""
        with self.lock:
            return tuple(self._requests)

    def look(self, after: int = 0) -> Look:
        """Look at what is kept of the requests behind a number; the rest is as it is at the same moment."""
        with self.lock:
            behind = self.last_number - max(after, self._left)
            newest = tuple(islice(reversed(self._requests), max(0, behind)))
            return Look(newest[::-1], len(self), self.last_number, self._left)

    def __len__(self) -> int:
        """Count what was recorded so far, or since it was cleared, kept or not."""
        with self.lock:
            return self._left + len(self._requests) - self._forgotten

    @property
    def last_number(self) -> int:
        """Give the number of the newest request; 0 when there is none yet."""
        with self.lock:
            return self._left + len(self._requests)

    @property
    def deviated(self) -> bool:
        """Tell whether a deviation has changed any answer so far, be its request kept or not."""
        return self._deviated

    @property
    def last_left(self) -> int:
        """Give the number of the newest request that is kept no more; 0 while all are."""
        return self._left

    @property
    def bytes(self) -> int:
        """Give about how much memory the requests take that are kept."""
        return self._bytes

    def before_leaving(self, judge: "Callable[[Sequence[Recorded]], None]") -> None:
        """Have requests looked at that are about to be kept no more, but for those that are cleared."""
        self._before_leaving = judge

    def add(self, recorded: Recorded) -> Recorded:
        """Record a request, and give it with its number, which counts from one."""
        with self.lock:
            numbered = replace(recorded, number=self._left + len(self._requests) + 1)
            self._requests.append(numbered)
            self._bytes += _bytes_of(numbered)
            self._leave(self._beyond())
            return numbered

    def note(  # noqa: PLR0913 -- one argument for each thing that may become known
        self,
        number: int,
        *,
        status: int | None = None,
        fault: str | None = None,
        deviates: bool = False,
        message: str | None = None,
        preference: str | None = None,
    ) -> None:
        """Complete the record of a request, if it is kept, with what became known; None changes nothing."""
        with self.lock:
            self._deviated |= deviates
            index = number - 1 - self._left
            if index < 0:
                return
            known = self._requests[index]
            self._requests[index] = replace(
                known,
                status=known.status if status is None else status,
                fault=known.fault if fault is None else fault,
                deviates=known.deviates or deviates,
                message=known.message if message is None else message,
                preference=known.preference if preference is None else preference,
            )

    def shed(self, share: float) -> None:
        """Keep no more than a share of the requests that are kept, the newest, and one at least."""
        with self.lock:
            self._leave(len(self._requests) - max(1, int(len(self._requests) * share)))

    def clear(self) -> None:
        """Forget all requests; those to come go on counting where these end."""
        with self.lock:
            self._left += len(self._requests)
            self._forgotten = self._left
            self._requests.clear()
            self._bytes = 0

    def _beyond(self) -> int:
        """Count the oldest requests that are beyond the bounds."""
        many, size = 0, self._bytes
        for request in islice(self._requests, len(self._requests) - 1):
            within = self._most_bytes is None or size <= self._most_bytes
            if within and (self._most is None or len(self._requests) - many <= self._most):
                break
            many, size = many + 1, size - _bytes_of(request)
        return many

    def _leave(self, many: int) -> None:
        """Have the oldest requests judged, and keep them no more."""
        if many > 0:
            self._before_leaving(tuple(islice(self._requests, many)))
            for _ in range(many):
                self._bytes -= _bytes_of(self._requests.popleft())
            self._left += many


def _bytes_of(recorded: Recorded) -> int:
    """Estimate the memory of a record, from above; what is noted later counts in the constant."""
    texts = (recorded.host, recorded.path, recorded.query_string, recorded.query_string)
    pairs = (*recorded.headers, *recorded.parameters)
    return (
        OWN_BYTES
        + len(recorded.body)
        + sum(map(len, texts))
        + sum(PAIR_BYTES + len(name) + len(value) for name, value in pairs)
    )
