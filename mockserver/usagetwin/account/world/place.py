"""Where in a user's file something stands, so that an error can name file and line."""

from dataclasses import dataclass
from typing import NoReturn

from usagetwin.errors import FileError


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, under the name that the user gave the file; no line means the whole file."""

    file: str
    line: int | None = None

    def refuse(self, problem: str, remedy: str) -> NoReturn:
        """Raise the `FileError` that says what is wrong here, and what would be right."""
        raise FileError(file=self.file, line=self.line, problem=problem, remedy=remedy)
