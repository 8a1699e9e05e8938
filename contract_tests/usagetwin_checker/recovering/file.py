"""A recovered account as the text of a world file: counts day by day, and in comments what is a guess.

Rule: the text reads as a world, or nothing is written.
"""

from json import dumps
from typing import TYPE_CHECKING, Final

from usagetwin.account.traffic import MAX_COUNT
from usagetwin.account.world.scalars import LAST_DAY
from usagetwin.account.world.yaml_file import read_yaml
from usagetwin.days import iso, to_date
from usagetwin.errors import FileError, SettingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin.account.world import World
    from usagetwin_checker.recovering.account import Account, Recovered

NAME: Final = "recovered"
LARGEST: Final = 4 << 20
BEYOND: Final = "the recording has more than a world file may"


def text_of(account: "Account", about: str, notes: "Sequence[str]", policies: "Mapping[str, str]") -> str:
    """Write an account; `notes` come first, as comments."""
    lines = [*(f"# {_printable(note)}" for note in notes)]
    lines += [f"name: {NAME}", f"about: {dumps(_printable(about))}", f"now: {iso(account.now)}", "projects:"]
    for project in account.projects:
        lines += _project(project)
    if policies:
        lines.append("policies:")
        lines += [f"  {name}: {dumps(value)}" for name, value in policies.items()]
    return "\n".join(lines) + "\n"


def world_of(text: str) -> "World":
    """Read it as the twin does. Raises SettingError where no world file may be so."""
    if len(text.encode()) > LARGEST:
        why = f"it would have more than {LARGEST >> 20} MiB"
        raise _no_world(why)
    try:
        return read_yaml(text, NAME)
    except FileError as error:
        raise _no_world(error.problem) from None


def _no_world(why: str) -> SettingError:
    problem = f"what was recorded makes no world file: {why}"
    return SettingError(problem, "a recording with fewer days or projects, and keys that a world may have")


def _project(project: "Recovered") -> "Iterator[str]":
    yield f"  - key: {dumps(project.key, ensure_ascii=False)}"
    guessed = "" if project.created_known else "  # guessed: no answer shows it"
    yield f"    created: {to_date(max(project.created, 0))}{guessed}"
    yield "    counts:"
    for day, found in project.days.items():
        if 0 <= day <= LAST_DAY:
            why = BEYOND if found.count > MAX_COUNT else found.why
            comment = f"  # {'' if why == BEYOND else 'guessed: '}{_printable(why)}" if why else ""
            yield f"      {to_date(day)}: {min(found.count, MAX_COUNT)}{comment}"


def _printable(text: str) -> str:
    """Give a text in one line of plain ASCII: a key may have anything."""
    return "".join(char if " " <= char <= "~" else "?" for char in text)
