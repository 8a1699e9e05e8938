"""A proposed change of files, each as it is and as it would be: a unified diff, which `git apply` takes."""

from dataclasses import dataclass, field
from difflib import unified_diff
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Patch:
    """Files by their name below one folder, each with its old and its new text.

    `left` is what stays for a person.
    """

    files: "Mapping[str, tuple[str, str]]" = field(default_factory=dict)
    left: tuple[str, ...] = ()
    none: str = ""  # why nothing is proposed, where nothing is

    @property
    def changed(self) -> "Mapping[str, tuple[str, str]]":
        """Give the files that would be others."""
        return {name: texts for name, texts in self.files.items() if texts[0] != texts[1]}

    def diff(self) -> str:
        """Write it; empty where nothing would change."""
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for name, (old, new) in self.changed.items()
            for line in unified_diff(
                old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}"
            )
        )
