"""Say what does not agree with a tag before it becomes a release: the version, and what tells of it.

Only this file knows where a version is written besides `mockserver/usagetwin/__init__.py`.
Nothing but the standard library is needed.
"""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
VERSION_FILE: Final = "mockserver/usagetwin/__init__.py"
TAG: Final = re.compile(r"v(\d+\.\d+\.\d+)")
WRITTEN: Final = {  # a file, and how it writes the version
    VERSION_FILE: r'^__version__ = "(.+)"$',
    "CITATION.cff": r'^version: "?([^"\n]+)"?$',
}
CHANGELOG: Final = "CHANGELOG.md"


def main(arguments: "Sequence[str]", *, root: Path = ROOT) -> int:
    """Hold the checkout to the tag that the only argument names; 1 when something does not agree."""
    found = tuple(problems(arguments[0], root=root))
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def problems(tag: str, *, root: Path) -> "Iterator[str]":
    """Give what does not agree with a tag, with what to do about it."""
    matched = TAG.fullmatch(tag)
    if matched is None:
        yield f"{tag!r} is no tag of a release; write it as v1.2.3"
        return
    version = matched[1]
    for name, pattern in WRITTEN.items():
        said = re.findall(pattern, _text(root / name), re.MULTILINE)
        if said != [version]:
            found = ", ".join(said) or "no version"
            yield f"{name} says {found}, and the tag {version}; set it before the tag"
    if not re.search(rf"^## {re.escape(version)}\b", _text(root / CHANGELOG), re.MULTILINE):
        yield f"{CHANGELOG} has no heading '## {version}'; give it to what is Unreleased before the tag"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
