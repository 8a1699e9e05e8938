"""What who passes a request on says of it, behind the play that it is for, as NAME=VALUE, all of it optional.

`Usagetwin-Play: TOKEN; mark=17; now=1773748800; faults=a,b`
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.stage.play_tokens import HEADER, first

if TYPE_CHECKING:
    from usagetwin.stage.play_tokens import Headers

LONGEST_MARK: Final = 64
INSTANT: Final = re.compile("[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one request.

    The journal shows its `mark`. `now_s` is its instant where the play's clock does not stand. `faults` are
    the names of those faults that it is one of the requests for.
    """

    mark: str | None = None
    now_s: int | None = None
    faults: frozenset[str] = frozenset()


NOTHING: Final = Said()


def said_of(headers: "Headers") -> Said:
    """Read what is said; what can't be read was not said."""
    named = first(headers, HEADER)
    if named is None:
        return NOTHING
    pairs = (part.partition("=") for part in named.split(";")[1:])
    said = {name.strip(): value.strip() for name, _, value in pairs}
    now = said.get("now", "")
    return Said(
        mark=said.get("mark", "")[:LONGEST_MARK] or None,
        now_s=int(now) if INSTANT.fullmatch(now) else None,
        faults=frozenset(filter(None, said.get("faults", "").split(","))),
    )


def header_of(token: str, said: Said) -> tuple[bytes, bytes]:
    """Write the header for a play."""
    pairs = {"mark": said.mark, "now": said.now_s, "faults": ",".join(sorted(said.faults)) or None}
    words = [token, *(f"{name}={value}" for name, value in pairs.items() if value is not None)]
    return HEADER, "; ".join(words).encode("ascii")
