"""How the tests of this folder write a file and read what is said about it."""

from pathlib import Path

import pytest

from usagetwin.account.world import load_world
from usagetwin.errors import FileError


def error_of(path: Path) -> FileError:
    """Load a world that is refused, and give the error."""
    with pytest.raises(FileError) as caught:
        load_world(str(path))
    return caught.value


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file into a folder."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
