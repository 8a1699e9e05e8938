"""What oasdiff says of the same two documents, where it is installed: a second opinion, beside ours.

Source: `oasdiff changelog BASE REVISION --format json`; its entries have `id`, `text`, `path`, and `level`,
of which 3 is an error.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import PATH

if TYPE_CHECKING:
    from usagetwin_checker.drifting.edition import Edition

PROGRAM: Final = "oasdiff"
TIMEOUT_S: Final = 60
BREAKING: Final = 3


@dataclass(frozen=True, slots=True)
class Opinion:
    """One change as oasdiff has it."""

    id: str
    text: str
    breaking: bool


def opinions(older: "Edition", newer: "Edition") -> tuple[tuple[Opinion, ...], str]:
    """Give what oasdiff finds on the operation, and why there is nothing, where it can't be asked."""
    program = shutil.which(PROGRAM)
    if program is None:
        return (), f"{PROGRAM} is not installed"
    with TemporaryDirectory(prefix="usagetwin-drift-") as folder:
        files = [Path(folder) / "older.json", Path(folder) / "newer.json"]
        for file, edition in zip(files, (older, newer), strict=True):
            file.write_text(json.dumps(edition.value, default=str), encoding="utf-8")
        try:
            ended = subprocess.run(  # noqa: S603 -- the program that is on the path, on files of ours
                [program, "changelog", *map(str, files), "--format", "json"],
                capture_output=True,
                timeout=TIMEOUT_S,
                check=True,
                stdin=subprocess.DEVNULL,
            )
            found = json.loads(ended.stdout or b"[]")
            listed = found["changes"] if isinstance(found, dict) else found
            return tuple(_opinion(each) for each in listed or () if each.get("path", PATH) == PATH), ""
        except (
            OSError,
            subprocess.SubprocessError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
        ) as error:
            return (), f"{PROGRAM} could not be asked ({type(error).__name__})"


def _opinion(each: dict[str, object]) -> Opinion:
    return Opinion(str(each["id"]), str(each["text"]), each.get("level") == BREAKING)
