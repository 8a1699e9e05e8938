"""A world of one's own, from its file, as the control API takes it."""

import json
from pathlib import Path
from typing import Final

from usagetwin.errors import FileError

FORMS: Final = {".yaml": "yaml", ".yml": "yaml", ".csv": "csv"}


def body_and_file(name_or_file: str) -> tuple[dict[str, str], str]:
    """Give the body for a name, or for a file, and then that file. Raises FileError."""
    form = FORMS.get(Path(name_or_file).suffix.lower())
    if form is None:
        return {"name": name_or_file}, ""
    from usagetwin.account.world.source import read_text
    from usagetwin.control.front import LARGEST_BODY

    mib = LARGEST_BODY >> 20
    body = {form: read_text(name_or_file, limit_mib=mib)}
    if len(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")) > LARGEST_BODY:
        problem = f"the file is larger than the {mib} MiB that a twin takes while it runs"
        raise FileError(name_or_file, None, problem, "usagetwin serve --world FILE, which takes larger ones")
    return body, name_or_file
