"""The long version: a recording of some hundred MB is read in the memory that any large one takes."""

import json
import resource
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import PATH
from tests.checker.recorded import AT_S, entry
from tests.served import USAGETWIN
from usagetwin.days import day_of, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEBIBYTE: Final = 1 << 20
SIZE: Final = 150 * MEBIBYTE
MOST_MEMORY: Final = 450 * MEBIBYTE
STACK: Final = {"stack": {"callFrames": [{"functionName": "x", "url": "https://a.example/x.js"}] * 20}}


def count(day: int) -> int:
    """Give the count of a day."""
    return day * 7919 % 997


def entries() -> "Iterator[bytes]":
    """Give what a page of charts asks for, with much else in between, without end."""
    last, number = day_of(AT_S) - 3, 0
    while True:
        days = range(last - 1 - number % 400, last - number % 90)
        query = f"?from={start_of(days.start)}&to={start_of(days.stop)}&aggregationType=incremental"
        series = [{"time": start_of(day) * 1000, "0": count(day)} for day in days]
        link = {"self": {"href": PATH + query, "type": "application/json"}}
        body = json.dumps({"_links": link, "metadata": [{}], "series": series})
        yield json.dumps(entry(query, body, _initiator=STACK)).encode()
        yield json.dumps(entry(url="https://cdn.example/x.js", content="x" * 5000)).encode()
        number += 1


@pytest.mark.proof
@pytest.mark.no_cover
@pytest.mark.skipif(sys.platform == "win32", reason="limits of memory are those of POSIX")
def test_a_large_recording_is_judged_in_bounded_memory(tmp_path: "Path") -> None:
    """It would not fit into what it is allowed."""
    file, written = tmp_path / "large.har", 0
    with file.open("wb") as out:
        out.write(b'{"log": {"version": "1.2", "entries": [')
        for each in entries():
            out.write(b", " * bool(written) + each)
            written += len(each)
            if written > SIZE:
                break
        out.write(b"]}}")

    done = subprocess.run(
        (*USAGETWIN, "check", str(file)), capture_output=True, text=True, check=False, timeout=900
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "beyond what is kept of a recording" in done.stdout
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MOST_MEMORY
