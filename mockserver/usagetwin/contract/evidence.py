"""The project's own two texts that rules cite: the entries of the facts, and the sections of the semantics.

Rule: nothing else knows how these texts are written. Words come with single spaces, however lines break.
"""

import re
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from usagetwin.data import docs_folder
from usagetwin.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Evidence:
    """A text of numbered parts: its file, what a part is called, and the form of one.

    A part that is `quoted_whole` is as short as a quotation.
    """

    file: str
    part: str
    form: re.Pattern[str]
    quoted_whole: bool

    @property
    def name(self) -> str:
        """Give the file as messages name it, and as it is found in a checkout."""
        return f"docs/{self.file}"

    @property
    def path(self) -> "Path":
        """Give the file, wherever it is installed."""
        return docs_folder() / self.file

    def parts(self) -> "Mapping[int, str]":
        """Give the parts by their number; read-only."""
        return _parts(self)

    def parts_of(self, text: str) -> "Mapping[int, str]":
        """Read such a text. Raises `ContractError` unless its parts are numbered from 1 without a gap."""
        found = {int(number): " ".join(words.split()) for number, words in self.form.findall(text)}
        numbers = [int(number) for number, _ in self.form.findall(text)]
        if not numbers or numbers != list(range(1, len(numbers) + 1)):
            problem = f"its numbers are {', '.join(map(str, numbers)) or 'missing'}"
            raise ContractError(self.name, problem, "count from 1, without a gap")
        return MappingProxyType(found)


FACTS: Final = Evidence(
    "facts.md", "entry", re.compile(r"^([0-9]+)\. (.*)$", re.MULTILINE), quoted_whole=True
)
SEMANTICS: Final = Evidence(
    "semantics.md",
    "section",
    re.compile(r"^## ([0-9]+)\. (.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL),
    quoted_whole=False,
)


@cache
def _parts(evidence: Evidence) -> "Mapping[int, str]":
    return evidence.parts_of(evidence.path.read_text(encoding="utf-8"))
