"""Which world a name or a path stands for, and which reader its format needs."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from usagetwin.account.world.csv_file import read_csv
from usagetwin.account.world.source import read_text
from usagetwin.account.world.yaml_file import read_yaml
from usagetwin.data import fixtures_folder, world_names
from usagetwin.errors import SettingError, nearest, quoted

__all__ = ["load_world", "world_names"]

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.account.world.model import World

_FORMATS: "Final[dict[str, tuple[Callable[[str, str], World], int]]]" = {  # reader, size limit in MiB
    ".yaml": (read_yaml, 4),
    ".yml": (read_yaml, 4),
    ".csv": (read_csv, 64),
}


def load_world(name_or_path: str) -> "World":
    """Load a built-in world by its name, or a file that ends in .yaml, .yml or .csv.

    Raise `SettingError` for a name that no world has, and `FileError` for a file that is no world.
    """
    suffix = Path(name_or_path).suffix.lower()
    if suffix in _FORMATS:
        return _read(name_or_path, suffix)
    names = world_names()
    if name_or_path in names:
        return _read(str(_folder() / f"{name_or_path}.yaml"), ".yaml")
    problem = f"there is no world named {quoted(name_or_path)}"
    remedy = f"{nearest(name_or_path, names)}, or the path of a .yaml, .yml or .csv file"
    raise SettingError(problem, remedy, "world")


def _read(file: str, suffix: str) -> "World":
    read, limit_mib = _FORMATS[suffix]
    return read(read_text(file, limit_mib=limit_mib), file)


def _folder() -> Path:
    return fixtures_folder() / "worlds"
