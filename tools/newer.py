"""Say in which distributions this environment differs from a lock.

Only this file compares the two; the list is what a report on something newer begins with.
"""

import re
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PINNED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[.*?\])?==([^\s;]+)", re.MULTILINE)


def main(arguments: "Sequence[str]") -> int:
    """Print the differences from the lock that the only argument names; they are no failure."""
    there = {_normal(found.name): found.version for found in distributions()}
    for line in differences(Path(arguments[0]).read_text(encoding="utf-8"), there):
        print(line)
    return 0


def differences(lock: str, there: dict[str, str]) -> "Iterator[str]":
    """Give a line for each distribution of a lock that is there at another version."""
    for name, version in _PINNED.findall(lock):
        found = there.get(_normal(name), version)
        if found != version:
            yield f"{name} {version} -> {found}"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
