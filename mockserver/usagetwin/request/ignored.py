"""Which documented parameter somebody meant by a name that the contract does not have.

Source: `SEMANTICS` 3, such a parameter changes nothing, so a misspelled one is answered as if it were absent.
"""

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from usagetwin.contract.operation import PARAMETERS

LONGEST_NAME: Final = 40
NAMES_KEPT: Final = 256
NEAR: Final = 0.75
OTHER_WORDS: Final = {  # what other APIs call it
    **dict.fromkeys(("start", "starttime", "startdate", "since", "begin", "after"), "from"),
    **dict.fromkeys(("end", "endtime", "enddate", "until", "till", "before"), "to"),
    **dict.fromkeys(("project", "projects", "projkey", "projectid"), "projectKey"),
    **dict.fromkeys(("interval", "resolution", "step", "period"), "granularity"),
    **dict.fromkeys(("aggregation", "aggregate", "aggregateby", "agg"), "aggregationType"),
}
_SPELLED: Final = {name.lower(): name for name in PARAMETERS}
_KNOWN: Final = _SPELLED | OTHER_WORDS


@lru_cache(maxsize=NAMES_KEPT)
def meant(name: str) -> str | None:
    """Give the parameter that an unknown name is nearest to; None where none is near."""
    if len(name) > LONGEST_NAME:
        return None
    plain = re.sub("[^a-z]", "", name.lower())
    if plain in _KNOWN:
        return _KNOWN[plain]
    close = get_close_matches(plain, _SPELLED, n=1, cutoff=NEAR)
    return _SPELLED[close[0]] if close else None
