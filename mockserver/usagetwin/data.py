"""Where the data lives: the only module that knows, in a checkout, an editable install or a wheel.

In a wheel the data folders are mapped inside this package; in a checkout (and so in an
editable install) they lie beside it.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    inside = _PACKAGE / "_data" / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / name


def openapi_folder() -> Path:
    """Give the folder of the contract: the vendored document, the overlay, the rule catalogue."""
    return _folder("openapi")


def fixtures_folder() -> Path:
    """Give the folder of worlds and golden answers."""
    return _folder("fixtures")


def world_names() -> tuple[str, ...]:
    """Give the names of the worlds that come with usagetwin, sorted."""
    return tuple(sorted(path.stem for path in (fixtures_folder() / "worlds").glob("*.yaml")))


def docs_folder() -> Path:
    """Give the folder of the texts that rules cite; a wheel has of the documentation these alone."""
    return _folder("docs")
