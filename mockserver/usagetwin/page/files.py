"""The files that the page's documents name: our own, and `plotly.js` out of its Python package.

Rule: their URL has a hash of all of them, so that a browser keeps each for ever, and a module finds its
neighbours by a relative name. Each is compressed once, when it is first asked for, and kept.
"""

import gzip
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OURS: Final = Path(__file__).resolve().parent / "static"
PLOTLY: Final = "plotly.min.js"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOREIGN_STYLES: Final = re.compile(rb'getElementById\("([0-9a-f]{64})"\)')
BROTLI_QUALITY: Final = 5  # 1.29 MB of plotly.min.js in 0.13 s; 9 takes four times as long for 4 % less
GZIP_LEVEL: Final = 9


@dataclass(frozen=True, slots=True)
class Files:
    """All files by name, and the hash that their URLs have."""

    contents: "Mapping[str, bytes]"
    digest: str
    foreign_styles: tuple[str, ...]  # ids of style elements that plotly.js makes, unless they are there


@cache
def files() -> Files:
    """Read all files, once."""
    contents = {path.name: path.read_bytes() for path in sorted(OURS.iterdir()) if path.suffix in TYPES}
    contents[PLOTLY] = _plotly()
    digest = sha256()
    for name, content in contents.items():
        digest.update(b"%s %d\n" % (name.encode(), len(content)) + content)
    styles = dict.fromkeys(found.decode() for found in FOREIGN_STYLES.findall(contents[PLOTLY]))
    return Files(contents, digest.hexdigest()[:16], tuple(styles))


def _plotly() -> bytes:
    """Read the script out of the package, without an import of all of plotly."""
    spec = find_spec("plotly")
    assert spec is not None  # noqa: S101 -- the page is not made without the extra
    assert spec.origin is not None  # noqa: S101 -- a package with files of its own has a place
    return (Path(spec.origin).parent / "package_data" / PLOTLY).read_bytes()


def type_of(name: str) -> str:
    """Give the media type of a file."""
    return TYPES[Path(name).suffix]


_compressing: "Final[dict[tuple[str, str], Lock]]" = {}  # a lock for each, so that no small file waits


def compressed(name: str, encoding: str) -> bytes:
    """Give a file as an encoding has it: from memory, but for the first time, which takes a moment."""
    with _compressing.setdefault((name, encoding), Lock()):  # who comes second waits, rather than do it again
        return _compressed(name, encoding)


@cache
def _compressed(name: str, encoding: str) -> bytes:
    content = files().contents[name]
    return encoders()[encoding](content) if encoding else content


@cache
def encoders() -> "Mapping[str, Callable[[bytes], bytes]]":
    """Give the compressions, the better one first where its package is installed."""
    known: dict[str, Callable[[bytes], bytes]] = {
        "gzip": lambda content: gzip.compress(content, GZIP_LEVEL, mtime=0)
    }
    if find_spec("brotli") is None:
        return known
    import brotli

    return {"br": lambda content: bytes(brotli.compress(content, quality=BROTLI_QUALITY)), **known}
