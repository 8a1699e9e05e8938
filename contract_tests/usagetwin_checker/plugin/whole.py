"""Whether the twin that Python finds is the one that came with this plugin."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

TWIN: Final = "usagetwin"
PART: Final = "settings.py"  # what a package of that name has, if it is ours


def require_twin() -> None:
    """End what needs the twin where a folder of the project hides it. Raises UsageError, in one sentence."""
    found = find_spec(TWIN)
    places = list(found.submodule_search_locations or ()) if found is not None else []
    if any((Path(place) / PART).is_file() for place in places):
        return
    place = places[0] if places else "nothing"
    message = (
        f"{place} is found as the package {TWIN}, and hides the twin of this plugin\n"
        f"  try   another name for that folder"
    )
    raise pytest.UsageError(message)
