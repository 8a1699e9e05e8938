"""The small account as a world, and records of requests that no server made."""

from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from tests.acme import FULL, NOW_S, PATH
from usagetwin.stage.accounts import world_of
from usagetwin.stage.instants import moment
from usagetwin.stage.journal import Recorded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin.account.world import World

HOST: Final = "app.launchdarkly.com"
GOOD: Final = (("authorization", FULL), ("host", HOST))
COUNTS: Final = {  # as in `tests.acme`, whose docstring adds them up
    "web": {"2026-02-27": 10, "2026-02-28": 20, "2026-03-01": 30, "2026-03-02": 40, "2026-03-03": 50},
    "app": {"2026-03-01": 1, "2026-03-02": 2, "2026-03-03": 4},
}


@cache
def acme() -> "World":
    """Give the small account."""
    return world_of(COUNTS)


def recorded(  # noqa: PLR0913 -- one argument for each part of a request
    query: str = "",
    *,
    method: str = "GET",
    path: str = PATH,
    headers: "Sequence[tuple[str, str]]" = GOOD,
    number: int = 1,
    now_s: int = NOW_S,
) -> Recorded:
    """Give the record of a request that nobody sent; by default of one without a mistake."""
    return Recorded(
        number=number,
        method=method,
        host=HOST,
        path=path,
        parameters=tuple(parse_qsl(query, keep_blank_values=True)),
        query_string=query,
        headers=tuple(headers),
        body=b"",
        at=moment(now_s),
    )
