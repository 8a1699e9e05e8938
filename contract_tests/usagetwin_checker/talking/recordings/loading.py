"""A recording, from its file to the exchanges with one target: opened, read in any format, chosen from.

Rule: whatever is in the file, its user gets exchanges or one clear error, in bounded memory.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import PATH
from usagetwin.recordings.addresses import chosen
from usagetwin.recordings.entries import PassedOver
from usagetwin.recordings.opening import STREAM, TARGETS, opened
from usagetwin_checker.talking.recordings.exchanges_of import Gathered, gather

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin.recordings.entries import Head
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.talking.recordings.scrubbing import Scrubber

ENDINGS: Final = (".har", ".json", ".yaml", ".yml", ".chlsj", ".ndjson", ".flows", ".mitm")
OK: Final = 200
TRIES: Final = 3  # a gateway's answer counts when it was given so often in a row. Source: SEMANTICS 4
GATEWAY: Final = (502, 503, 504)
NOT_TRIED: Final = PassedOver("not answered, or by a gateway (502, 503, 504), and not asked often enough")
OF_OTHERS: Final = PassedOver("by another credential than most")
AT_OTHERS: Final = PassedOver("of other base URLs")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a recording has of one target; `passed_over` counts its other entries, by why."""

    name: str
    base_url: str
    exchanges: "tuple[Exchange, ...]"
    passed_over: "Mapping[str, int]"
    entries: int
    known: "Mapping[str, object]"
    cut: bool


def is_recording(name: str) -> bool:
    """Tell whether a target is meant as a file: it exists as one, or has the ending of a recording."""
    if name == STREAM:
        return True  # and is refused as one
    if not name or "://" in name:
        return False
    try:
        return name.lower().endswith(ENDINGS) or Path(name).exists()
    except (OSError, ValueError):  # too long for a name, or with a character that none has
        return False


def load(
    name: str,
    scrubber: "Scrubber",
    recorded_at: str | None = None,
    path: str = PATH,
    *,
    remedy: str = TARGETS,
) -> Loaded:
    """Read a recording; `recorded_at` is the base URL to choose of several, `path` the operation's.

    `remedy` says what would do in the place of a file that can't be read. Raises FileError, and
    SettingError where that URL is needed, or is none of the recording's.
    """
    file = Path(name)
    with opened(name, remedy) as (head, entries):
        gathered = gather(entries, head, scrubber, path)
    base_url = chosen(file.name, gathered.exchanges, recorded_at, "one target is judged at a time", path)
    return loaded_of(file.name, gathered, head, base_url)


def loaded_of(name: str, gathered: Gathered, head: "Head", base_url: str) -> Loaded:
    """Give what was gathered of one target, less what may be another account's, and what was tried again."""
    found, over = gathered.exchanges.get(base_url, []), Counter(gathered.passed_over)
    for other, exchanges in gathered.exchanges.items():
        if other != base_url:
            over[AT_OTHERS.why] += len(exchanges)
    whole = head.of_a_check
    ours = found if whole else _of_one_sender(found, gathered.senders, over)
    tried = tuple(_tried(ours, over, whole=whole))
    return Loaded(name, base_url, tried, over, gathered.entries, head.known, head.cut)


def _of_one_sender(
    exchanges: "Sequence[Exchange]", sender: "Mapping[int, bytes]", over: Counter[str]
) -> "list[Exchange]":
    """Give what was asked by one credential, the usual one: another one may be another account's."""
    usual = Counter(sender[each.number] for each in exchanges if each.status == OK)
    if len(usual) <= 1:
        return list(exchanges)
    most = usual.most_common(1)[0][0]
    ours = [each for each in exchanges if sender[each.number] == most or sender[each.number] not in usual]
    over[OF_OTHERS.why] += len(exchanges) - len(ours)
    return ours


def _tried(exchanges: "Sequence[Exchange]", over: Counter[str], *, whole: bool) -> "Iterator[Exchange]":
    """Give the last answer of each that was tried again, as a check does.

    A gateway's answer counts when it was given often enough, or the recording is a `whole` run, which tried
    as often as it would.
    """
    for _, group in groupby(exchanges, key=lambda each: each.ask):
        tries: list[Exchange] = []
        for exchange in group:
            tries.append(exchange)
            if len(tries) == TRIES or (exchange.failure is None and exchange.status not in GATEWAY):
                yield exchange
                tries = []
        if tries and whole:
            yield tries[-1]
        elif tries:
            over[NOT_TRIED.why] += len(tries)
