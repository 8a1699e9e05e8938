"""Tests of replays of what each tool itself has written: all that is in it is answered byte for byte."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from tests.inprocess import ask
from usagetwin.contract.operation import PATH
from usagetwin.recordings.entries import Entry
from usagetwin.recordings.opening import opened
from usagetwin.replay.app import Replay
from usagetwin.replay.tape import load

SAMPLES: Final = Path(__file__).parents[1] / "checker" / "talking" / "recordings" / "samples"


@pytest.mark.parametrize("name", sorted(file.name for file in SAMPLES.iterdir()))
def test_every_recorded_answer_is_given_again(name: str) -> None:
    """To the request as it was sent, in the order of the recording, with its status and its bytes."""
    file = str(SAMPLES / name)
    app, asked = Replay(load(file)), 0
    with opened(file) as (_, entries):
        recorded = [each for each in entries if isinstance(each, Entry) and each.body is not None]

    for entry in recorded:
        parts = urlsplit(entry.url)
        if parts.path != PATH:
            continue
        answer = ask(app, parts.query, method=entry.method, headers=tuple(entry.request_headers.items()))
        assert (answer.status, answer.body) == (entry.status, entry.body), entry.url
        assert answer.header("content-type") == entry.headers["content-type"]
        asked += 1

    assert asked >= 3
