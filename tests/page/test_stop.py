"""A page that is open keeps no twin from its stop."""

import time
from typing import TYPE_CHECKING

import httpx

from tests.acme import NOW
from tests.served import served
from usagetwin.serving.protocol import LAST_S

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_live_rows_end_when_the_twin_stops(acme_file: str) -> None:
    """Long before a client that takes no answers is given up, and whole: nothing is cut."""
    with served("--world", acme_file, "--now", NOW, "--quiet") as twin:
        url = f"{twin.url}/__twin__/page/requests/stream?after=0"
        with httpx.stream("GET", url, headers={"accept": "text/event-stream"}) as answer:
            lines: Iterator[str] = answer.iter_lines()
            assert next(lines) == "retry: 2000"
            assert any(line == "event: journal" for line in lines)
            began_s = time.monotonic()

            assert twin.stop() == 0
            rest = list(lines)

    assert time.monotonic() - began_s < LAST_S / 2
    assert not any(line.startswith("event:") for line in rest)
