"""What a play's requests were, and how each was answered: one record for each, in the order of arrival."""

from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request as it came.

    Header names are in lower case; `parameters` are the decoded query in wire order. `at` is the twin's
    instant (UTC, whole seconds) that it was answered at. `status` is None while it is answered, and
    where a fault left it without an answer; `fault` is the name of the fault that it got.
    `message` is that of an answer that refuses.
    `deviates` says whether a deviation in the twin's settings changed the answer.
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


class Journal:
    """The requests of one play. Any thread may read it while another adds to it."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = Lock()
        self._requests: list[Recorded] = []

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """Give what is recorded so far."""
        with self._lock:
            return tuple(self._requests)

    def __len__(self) -> int:
        """Count what is recorded so far."""
        with self._lock:
            return len(self._requests)

    def add(self, recorded: Recorded) -> Recorded:
        """Record a request, and give it with its number, which counts from one."""
        with self._lock:
            numbered = replace(recorded, number=len(self._requests) + 1)
            self._requests.append(numbered)
            return numbered

    def note(
        self,
        number: int,
        *,
        status: int | None = None,
        fault: str | None = None,
        deviates: bool = False,
        message: str | None = None,
    ) -> None:
        """Complete the record of a request with what became known since; None changes nothing."""
        with self._lock:
            known = self._requests[number - 1]
            self._requests[number - 1] = replace(
                known,
                status=known.status if status is None else status,
                fault=known.fault if fault is None else fault,
                deviates=known.deviates or deviates,
                message=known.message if message is None else message,
            )
