"""A recording as a table of questions, each with its answers in the order in which they were recorded.

Rule: what may be another account's, or was not kept whole, answers nothing; it is counted by its reason.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from usagetwin.errors import FileError
from usagetwin.recordings.addresses import asked_at, chosen
from usagetwin.recordings.entries import PassedOver
from usagetwin.recordings.opening import opened
from usagetwin.replay.question import AUTHORIZATION, BETA, Credential, question
from usagetwin.replay.reply import reply_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin.recordings.entries import Entry, Head
    from usagetwin.replay.question import Question
    from usagetwin.replay.reply import Reply

    Asked = list[tuple[Entry, str]]  # each with what follows the endpoint's path

OK: Final = 200
MEBIBYTE: Final = 1 << 20
MOST_BYTES: Final = 256 * MEBIBYTE  # of bodies that are kept
MOST_ANSWERS: Final = 5_000
REMEDY: Final = "--replay FILE, with a recording that exists and can be read"
ELSEWHERE: Final = "of other hosts or paths"
NO_BODY: Final = "whose body was not kept whole"
UNSENDABLE: Final = "with a status that ends no exchange"
OF_ROLES: Final = "by a token with a role of its own"
OF_OTHERS: Final = "by another credential than most"
AT_OTHERS: Final = "of other base URLs"
NOTHING: Final = "none of its {} entries answers anything"
BEYOND: Final = "beyond what is kept of a recording"


@dataclass(slots=True)
class Answers:
    """The answers to one question: in their order, and the last again and again."""

    replies: "list[Reply]" = field(default_factory=list)
    _next: int = 0

    @property
    def current(self) -> "Reply":
        """Give the answer that is next, and stay there."""
        return self.replies[self._next]

    def take(self) -> "Reply":
        """Give the next answer."""
        reply = self.current
        self._next = min(self._next + 1, len(self.replies) - 1)
        return reply


@dataclass(slots=True)
class Tape:
    """What a recording has of one target, to be asked again; `shown` are the headers that are compared."""

    name: str
    base_url: str
    entries: int
    passed_over: "Mapping[str, int]"
    cut: bool
    shown: frozenset[str]
    questions: "dict[Question, Answers]" = field(default_factory=dict)
    _alike: "dict[Question, Answers]" = field(default_factory=dict)

    def add(self, asked: "Question", reply: "Reply") -> None:
        """Take the next answer to a question."""
        answers = self.questions.setdefault(asked, Answers())
        answers.replies.append(reply)
        for form in asked.forms():
            self._alike.setdefault(form, answers)

    def find(self, asked: "Question") -> Answers | None:
        """Give the answers to a question: as it is written, or else to the first that is alike."""
        written = self.questions.get(asked)
        if written is not None:
            return written
        return next((found for form in asked.forms() if (found := self._alike.get(form))), None)

    @property
    def first(self) -> "Question":
        """Give the first question that a series answers, or any."""
        usual = (asked for asked, answers in self.questions.items() if answers.current.status == OK)
        return next(usual, next(iter(self.questions)))

    @property
    def replies(self) -> int:
        """Count the answers."""
        return sum(len(answers.replies) for answers in self.questions.values())


def load(name: str, recorded_at: str | None = None) -> Tape:
    """Read a recording; `recorded_at` is the base URL to choose of several.

    Raises FileError, also where no entry answers anything, and SettingError where that URL is needed, or is
    none of the recording's.
    """
    with opened(name, REMEDY) as (head, entries):
        gathered = _gathered(entries, head)
    file = Path(name).name
    base_url = chosen(file, gathered.kept, recorded_at, "one target is answered for at a time")
    found = gathered.kept.pop(base_url, [])
    for others in gathered.kept.values():
        gathered.passed_over[AT_OTHERS] += len(others)
    ours = bool(head.known)
    usual = found if ours else _of_one_sender(found, gathered.passed_over)
    shown = frozenset(
        header for header in (AUTHORIZATION, BETA) if ours or _is_shown(header, (each for each, _ in usual))
    )
    tape = Tape(file, base_url, gathered.count, gathered.passed_over, head.cut, shown)
    for entry, suffix in usual:
        reply = reply_of(entry)
        if reply is None:
            gathered.passed_over[UNSENDABLE] += 1
            continue
        query, credential = urlsplit(entry.url).query, _credential(entry)
        asked = question(
            entry.method, suffix, query, entry.request_headers, credential=credential, shown=shown
        )
        tape.add(asked, reply)
    if not tape.questions:
        counted = ", ".join(f"{times} {why}" for why, times in tape.passed_over.items())
        none = "its one entry answers nothing" if gathered.count == 1 else NOTHING.format(gathered.count)
        problem = f"{none}: {counted}" if gathered.count else "it has no entries"
        raise FileError(file, None, problem, "a recording with whole answers of the endpoint")
    return tape


@dataclass(slots=True)
class _Gathered:
    """The entries that answer something, by their base URL."""

    kept: "dict[str, Asked]" = field(default_factory=dict)
    passed_over: "Counter[str]" = field(default_factory=Counter)
    count: int = 0
    answers: int = 0
    bytes: int = 0


def _gathered(entries: "Iterable[Entry | PassedOver]", head: "Head") -> _Gathered:
    gathered = _Gathered()
    for entry in entries:
        gathered.count += 1
        if isinstance(entry, PassedOver):
            gathered.passed_over[entry.why] += 1
            continue
        where, why = asked_at(entry, head), _answers_nothing(entry, gathered)
        if where is None or why is not None:
            gathered.passed_over[why if where is not None and why is not None else ELSEWHERE] += 1
            continue
        gathered.answers += 1
        gathered.bytes += len(entry.body or b"")
        gathered.kept.setdefault(where[0], []).append((entry, where[1]))
    return gathered


def _answers_nothing(entry: "Entry", gathered: _Gathered) -> str | None:
    noted = entry.noted
    if entry.body is None or noted.get("failure") or noted.get("oversized") or noted.get("cut"):
        return NO_BODY
    if noted.get("role"):
        return OF_ROLES
    if gathered.answers >= MOST_ANSWERS or gathered.bytes > MOST_BYTES:
        return BEYOND
    return None


def _of_one_sender(found: "Asked", passed_over: "Counter[str]") -> "Asked":
    """Leave out the answers to another token than the usual one: they may be another account's."""
    senders = Counter(
        entry.request_headers[AUTHORIZATION]
        for entry, _ in found
        if entry.status == OK and AUTHORIZATION in entry.request_headers
    )
    if len(senders) <= 1:
        return found
    usual = senders.most_common(1)[0][0]
    ours = [
        (entry, suffix)
        for entry, suffix in found
        if (sent := entry.request_headers.get(AUTHORIZATION)) == usual or sent not in senders
    ]
    passed_over[OF_OTHERS] += len(found) - len(ours)
    return ours


def _is_shown(header: str, entries: "Iterable[Entry]") -> bool:
    """Tell whether a tool wrote a header down at all."""
    return any(header in entry.request_headers for entry in entries)


def _credential(entry: "Entry") -> Credential | None:
    """Give the kind of credential that a recording of ours names, as it hides what was sent."""
    noted = entry.noted.get("credential")
    return Credential(noted) if noted in {each.value for each in Credential} else None
