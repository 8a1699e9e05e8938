"""The files that the page's documents name: our own, and plotly.js and Swagger UI out of Python packages.

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
SWAGGER: Final = ("swagger-ui-bundle.js", "swagger-ui.css")
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOREIGN_STYLES: Final = re.compile(rb'getElementById\("([0-9a-f]{64})"\)')
FACTORY: Final = re.compile(rb"(?s)(: this, )(\(\) => \{\n\"use strict\";var Plotly=.*\})(\)\);\s*)\Z")
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
    contents[PLOTLY] = at_once(_of_package("plotly", "package_data", PLOTLY))
    contents |= {name: _of_package("flask_swagger_ui", "dist", name) for name in SWAGGER}
    digest = sha256()
    for name, content in contents.items():
        digest.update(b"%s %d\n" % (name.encode(), len(content)) + content)
    styles = dict.fromkeys(found.decode() for found in FOREIGN_STYLES.findall(contents[PLOTLY]))
    return Files(contents, digest.hexdigest()[:16], tuple(styles))


def at_once(script: bytes) -> bytes:
    """Put the function that all of plotly.js is in into parentheses, where it is written as we know it.

    A browser reads a script while it comes, and takes parentheses for a function that is called at once.
    Without them it reads these megabytes a second time, while all else waits: Chromium for some 150 ms.
    """
    return FACTORY.sub(rb"\1(\2)\3", script)


def _of_package(package: str, folder: str, name: str) -> bytes:
    """Read a file out of a package, without an import of any of it."""
    spec = find_spec(package)
    assert spec is not None  # noqa: S101 -- the page is not made without the extra
    assert spec.origin is not None  # noqa: S101 -- a package with files of its own has a place
    return (Path(spec.origin).parent / folder / name).read_bytes()


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
