"""Change a YAML file of people's by its lines, so that their comments and their order stay."""

from typing import TYPE_CHECKING, Any

from usagetwin.contract.files import composed, parsed
from usagetwin.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from usagetwin.yaml_reader import Node


class YamlEdits:
    """The lines of a file, and what takes the place of some of them."""

    def __init__(self, text: str, file: str) -> None:
        """Take a file's text; `file` names it in errors. Raises ContractError for what is no YAML."""
        self._lines = text.splitlines(keepends=True)
        self._end_of_line = "\r\n" if self._lines and self._lines[0].endswith("\r\n") else "\n"
        self.root: Node | None = composed(text, file)
        self._replaced: dict[tuple[int, int], list[str]] = {}
        self._within: dict[tuple[int, int, int], str] = {}

    def replace_key(self, mapping: Any, key: str, lines: "Iterable[str]") -> None:  # noqa: ANN401 -- a YAML node
        """Write other lines in the place of a key and its value."""
        span = next(span for name, span in self._keys(mapping) if name == key)
        self._replaced[span] = [f"{line}{self._end_of_line}" for line in lines]

    def replace_value(self, node: Any, text: str) -> None:  # noqa: ANN401 -- a YAML node
        """Write another text in the place of a value, which is in one line, and in quotes where it was."""
        if node.style in ("'", '"'):
            text = f"{node.style}{text}{node.style}"
        start, end = node.start_mark, node.end_mark
        self._within[start.line, start.column, end.column] = text

    def insert_within(self, line: int, column: int, text: str) -> None:
        """Write a text at a place of a line; both are counted from 0."""
        self._within[line, column, column] = text

    def remove_item(self, sequence: Any, index: int) -> None:  # noqa: ANN401 -- a YAML node
        """Take an item out of a list, with the empty lines after it."""
        starts = [item.start_mark.line for item in sequence.value]
        end = starts[index + 1] if index + 1 < len(starts) else self._end(sequence)
        self._replaced[starts[index], end] = []

    def insert(self, line: int, lines: "Iterable[str]") -> None:
        """Write lines before a line, which is counted from 0."""
        self._replaced[line, line] = [f"{added}{self._end_of_line}" for added in lines]

    def append(self, lines: "Iterable[str]") -> None:
        """Write lines at the end."""
        self.insert(len(self._lines), lines)

    def text(self) -> str:
        """Give the file with its changes."""
        lines = list(self._lines)
        for (line, start, end), text in sorted(self._within.items(), reverse=True):
            lines[line] = f"{lines[line][:start]}{text}{lines[line][end:]}"
        if self._replaced and lines and not lines[-1].endswith("\n"):
            lines[-1] += self._end_of_line
        for (start, end), new in sorted(self._replaced.items(), reverse=True):
            lines[start:end] = new
        return "".join(lines)

    def _keys(self, mapping: Any) -> "Iterator[tuple[str, tuple[int, int]]]":  # noqa: ANN401 -- a YAML node
        starts = [key.start_mark.line for key, _ in mapping.value]
        ends = [*starts[1:], self._end(mapping)]
        for (key, _), start, end in zip(mapping.value, starts, ends, strict=True):
            yield key.value, (start, self._without_rest(start, end))

    def _end(self, node: Any) -> int:  # noqa: ANN401 -- a YAML node
        """Give the line after a block, whose end is where the next thing begins."""
        mark = node.end_mark
        return int(mark.line) + (1 if mark.column else 0)

    def _without_rest(self, start: int, end: int) -> int:
        """Leave out the empty lines and comments that follow."""
        while end > start + 1 and self._lines[end - 1].strip()[:1] in ("", "#"):
            end -= 1
        return end


def scalar(text: str) -> str:
    """Write a text as YAML that reads back as the same: plain where that can be."""
    try:
        if parsed(f"- {text}\n", "") == [text] and text[:1] not in "\"'":
            return text
    except ContractError:
        pass
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def block(key: str, texts: "Iterable[str]", indent: int) -> "Iterator[str]":
    """Write a key with a list of texts."""
    yield f"{' ' * indent}{key}:"
    yield from (f"{' ' * (indent + 2)}- {scalar(text)}" for text in texts)
