"""Completion of names in a shell: which parameter takes which names, and where the names are read.

Rule: completing is asked for at each press of a key, so nothing heavy is imported for it. The mechanism is
click's own; bash alone needs help, since it ends a word at `=`.
"""

import os
import re
from typing import TYPE_CHECKING, Any, Final

from click import Argument, Group
from click.shell_completion import BashComplete, CompletionItem, add_completion_class, split_arg_string

from usagetwin.data import openapi_folder, world_names
from usagetwin.policies import POLICIES, PROFILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import click

    Names = Callable[[], Iterable[str]]

RULE: Final = re.compile(r"^([a-z0-9]+(?:-[a-z0-9]+)*):", re.MULTILINE)
FILES: Final = CompletionItem("", type="file")  # the shell's own completion of paths


def add_to(group: "click.Group") -> None:
    """Let the commands of a group complete the names that they take."""
    for (command, name), (names, files) in TABLE.items():
        for parameter in command_of(group, command).params:
            if name in (parameter.name, "") and (name or isinstance(parameter, Argument)):
                complete = _completer(names, files=files)
                parameter.shell_complete = complete  # type: ignore[method-assign,assignment]  # -- no setter
    add_completion_class(Bash)


def command_of(group: "click.Group", words: str) -> "click.Command":
    """Give the command of a group that words name, such as `control fault`."""
    found: click.Command = group
    for word in words.split():
        assert isinstance(found, Group)  # noqa: S101 -- as the table says
        found = found.commands[word]
    return found


def _completer(names: "Names", *, files: bool) -> "Callable[[click.Context, str], list[CompletionItem]]":
    def complete(_ctx: "click.Context", incomplete: str) -> list[CompletionItem]:
        found = [CompletionItem(name) for name in names() if name.startswith(incomplete)]
        return found or ([FILES] if files else [])

    return complete


def _faults() -> "Iterable[str]":
    from usagetwin.deviations import faults

    return faults()


def _all_faults() -> "Iterable[str]":
    from usagetwin.stage.kinds import fault_names

    return fault_names()


def _conditions() -> "Iterable[str]":
    from usagetwin.contract.operation import PARAMETERS

    return [f"{name}=" for name in PARAMETERS]


def _variations() -> "Iterable[str]":
    from usagetwin.deviations import variations

    return variations()


def _deviations() -> "Iterable[str]":
    return [*_faults(), *_variations()]


def _rules() -> "Iterable[str]":
    """Give the rules' names as they stand in the catalogue, which takes long to read in full."""
    return RULE.findall((openapi_folder() / "rules.yaml").read_text("utf-8"))


def _settings_of_policies() -> "Iterable[str]":
    return [f"{name}={value}" for name, policy in POLICIES.items() for value in policy.values]


def _everything() -> "Iterable[str]":
    return [*_rules(), *_faults(), *_variations(), *POLICIES, *world_names()]


TABLE: "Final[dict[tuple[str, str], tuple[Names, bool]]]" = {  # no parameter means the command's argument
    ("serve", "world"): (world_names, True),
    ("serve", "profile"): (lambda: PROFILES, False),
    ("serve", "policies"): (_settings_of_policies, False),
    ("serve", "faults"): (_faults, False),
    ("serve", "variations"): (_variations, False),
    ("run", ""): (tuple, True),  # its options about the twin are serve's own
    ("blind-spots", ""): (_deviations, False),
    ("worlds", ""): (world_names, True),
    ("control world", ""): (world_names, True),
    ("control policy", "policies"): (_settings_of_policies, False),
    ("control policy", "profile"): (lambda: PROFILES, False),
    ("control fault", "name"): (_all_faults, False),
    ("control fault", "when"): (_conditions, False),
    ("control journal", "fault"): (_all_faults, False),
    ("control play", "world"): (world_names, False),
    ("explain", ""): (_everything, False),
    ("check", ""): (lambda: ("twin", "http://", "https://"), False),
}


class Bash(BashComplete):
    """bash, which takes `beta=req` for three words: they are put together, and the last is given back."""

    name = "bash"
    _begin = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Give the words before the one that is completed, and that word so far."""
        words = split_arg_string(os.environ["COMP_WORDS"])[: int(os.environ["COMP_CWORD"]) + 1]
        if len(words) <= int(os.environ["COMP_CWORD"]):
            words.append("")
        whole: list[str] = []
        for word in words:
            if whole and (word == "=" or whole[-1].endswith("=")):
                whole[-1] += word
            else:
                whole.append(word)
        last = whole[-1]
        self._begin = last[: len(last) - len(words[-1])] if words[-1] != "=" else last
        return whole[1:-1], last

    def format_completion(self, item: "CompletionItem[Any]") -> str:
        """Give what takes the place of the last word only."""
        written = item.value
        begin = self._begin
        option, equals, _ = begin.partition("=")
        if option.startswith("-") and equals:  # click leaves the option out
            begin = begin[len(option) + 1 :]
        return f"{item.type},{written.removeprefix(begin)}"
