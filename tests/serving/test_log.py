"""The log: written beside the answers, never before them, and what is missing in it is said."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import NOW, PATH
from tests.commands.processes import FULL
from tests.served import USAGETWIN
from tests.serving.processes import until
from tests.wire import request, send
from usagetwin.control.health import health
from usagetwin.serving import log
from usagetwin.serving.log import HURRIED, LONG, MOST_ACCESSES, MOST_WAITING, LogWriter, Words, _descriptor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin.accesses.access import Access

LINE: Final = "x" * 1023 + "\n"
WITHIN_S: Final = 20.0


@pytest.fixture
def pipe() -> "Iterator[tuple[int, int]]":
    """Give the ends of a pipe."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


@pytest.fixture
def other() -> "Iterator[tuple[int, int]]":
    """Give the ends of another pipe, which stands for standard output."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def access(query: bytes) -> "Access":
    """Give what is kept of a request."""
    return 0.0, 0.0, 200, ("GET", "http", None, PATH, query, None), None


def read(descriptor: int, number: int) -> bytes:
    """Read that many bytes."""
    data = b""
    while len(data) < number:
        data += os.read(descriptor, number - len(data))
    return data


def test_lines_are_written_in_their_order(pipe: tuple[int, int]) -> None:
    """Also what no encoding has."""
    writer = LogWriter(pipe[1], None)
    for line in ("one\n", "two é\n", "three \ud800\n"):
        writer.put(line)
    writer.finish(WITHIN_S)

    assert os.read(pipe[0], 100) == "one\ntwo é\nthree \\ud800\n".encode()


def test_a_reader_that_does_not_read_holds_nothing_up(pipe: tuple[int, int], other: tuple[int, int]) -> None:
    """A bounded number of lines waits for it, the rest is dropped; both streams say so, in their places."""
    sent = 4 * MOST_WAITING // len(LINE)
    writer = LogWriter(pipe[1], other[1])
    for _ in range(sent):
        writer.put(LINE)

    told = read(other[0], 40)
    taken, kept, missing = b"", 0, 0
    while kept + missing < sent:
        taken += os.read(pipe[0], 65536)
        kept = taken.count(b"x\n")
        missing = sum(map(int, re.findall(rb"\nusagetwin: (\d+) lines of the log are", taken)))

    assert told.startswith(b"usagetwin: the log on standard error is ")
    assert kept + missing == sent
    assert missing > 0
    assert len(taken) < MOST_WAITING + 2 * 65536  # and what the pipe itself took before


def test_it_is_told_once_that_a_log_fails_and_lines_are_counted_until_it_works(
    pipe: tuple[int, int], other: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk that is cleared: then the log says how many lines it lacks, and goes on."""
    is_full, write = True, os.write

    def filling(descriptor: int, data: bytes) -> int:
        if is_full and descriptor == pipe[1]:
            raise OSError(28, "No space left on device")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", filling)
    writer = LogWriter(pipe[1], other[1])
    for line in ("a\n", "b\n", "c\n"):
        writer.put(line)
        writer.finish(WITHIN_S)
    is_full = False
    writer.put("d\n")
    writer.finish(WITHIN_S)

    assert os.read(pipe[0], 200) == b"usagetwin: 3 lines of the log are missing here\nd\n"
    said = os.read(other[0], 4000)
    assert said == (
        b"usagetwin: the log on standard error can't be written (No space left on device); "
        b"the twin serves on, and drops lines of its log\n"
    )


def test_requests_and_errors_are_written_in_the_order_that_they_came_in(pipe: tuple[int, int]) -> None:
    """Though the lines of requests are made later; one that is long is made at once, and keeps its place."""
    writer = LogWriter(pipe[1], None)
    for number in range(5):
        writer.take(access(b"from=%d" % number))
        writer.put(f"error {number}\n")
        writer.take(access(b"to=%d&from=%s" % (number, b"9" * LONG)))
    writer.finish(WITHIN_S)

    told = re.findall(rb"(?:\?from=|error |\?to=)[0-9]", os.read(pipe[0], 65536))
    assert told == [
        b"%s%d" % (what, number) for number in range(5) for what in (b"?from=", b"error ", b"?to=")
    ]


def test_requests_that_nobody_reads_of_are_dropped_and_counted(
    pipe: tuple[int, int], other: tuple[int, int]
) -> None:
    """A bounded number of them waits."""
    sent = 4 * MOST_ACCESSES
    writer = LogWriter(pipe[1], other[1])
    for number in range(sent):
        writer.take(access(b"from=%d" % number))

    told = read(other[0], 40)
    taken, missing = b"", 0
    while taken.count(b"?from=") + missing < sent:
        taken += os.read(pipe[0], 65536)
        missing = sum(map(int, re.findall(rb"\nusagetwin: (\d+) lines of the log are", taken)))

    assert told.startswith(b"usagetwin: the log on standard error is ")
    assert missing > 0
    assert MOST_ACCESSES <= taken.count(b"?from=") <= 2 * MOST_ACCESSES + 1000
    numbers = [int(number) for number in re.findall(rb"\?from=([0-9]+)", taken)]
    assert numbers == sorted(numbers)


def test_many_requests_are_written_before_their_time(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for the rest of a moment where a batch is full."""
    monkeypatch.setattr(log, "COLLECTED_S", 3600.0)
    writer = LogWriter(pipe[1], None)
    for _ in range(HURRIED + 1):
        writer.take(access(b""))

    line = b"1970-01-01T00:00:00Z 200 0.0ms GET http://localhost" + PATH.encode() + b"\n"
    assert read(pipe[0], (HURRIED + 1) * len(line)) == line * (HURRIED + 1)


def test_a_request_that_no_line_can_be_made_of_is_counted_as_missing(pipe: tuple[int, int]) -> None:
    """The others have theirs: no log may break what it logs."""

    def words(one: "Access") -> str:
        if one[2] == 500:
            raise ValueError
        return str(one[2])

    writer = LogWriter(pipe[1], None, words)
    for status in (200, 500, 404):
        writer.take((0.0, 0.0, status, access(b"")[3], None))
    writer.finish(WITHIN_S)

    assert os.read(pipe[0], 200) == b"usagetwin: 1 lines of the log are missing here\n200\n404\n"


def test_the_end_waits_for_no_reader(pipe: tuple[int, int]) -> None:
    """It gives up when its time is over."""
    writer = LogWriter(pipe[1], None)
    for _ in range(200):  # more than a pipe holds
        writer.put(LINE)

    writer.finish(0.1)

    assert len(read(pipe[0], 200 * len(LINE))) == 200 * len(LINE)


@pytest.mark.skipif(sys.platform == "win32", reason="its pipes always block")
def test_a_descriptor_that_does_not_block_is_waited_for(pipe: tuple[int, int]) -> None:
    """Another program that shares it may have made it so; no line is lost by that."""
    os.set_blocking(pipe[1], False)
    writer = LogWriter(pipe[1], None)
    for _ in range(200):  # more than a pipe holds
        writer.put(LINE)

    assert read(pipe[0], 200 * len(LINE)) == LINE.encode() * 200


def test_without_a_descriptor_nothing_is_written_and_nothing_fails() -> None:
    """A process may be started with no standard error at all."""
    writer = LogWriter(_descriptor(None), None)

    writer.put("x\n")
    writer.take(access(b""))
    writer.finish(WITHIN_S)

    assert _descriptor(None) is None


@pytest.mark.skipif(not Path(FULL).exists(), reason="a disk that is always full is Linux's")
def test_a_twin_serves_on_and_ends_well_where_both_its_streams_are_on_a_full_disk(unused_port: int) -> None:
    """Nobody can read the ready line, nor the log; the answers and the status are as ever."""
    url = f"http://127.0.0.1:{unused_port}"
    command = (*USAGETWIN, "serve", "--port", str(unused_port), "--now", NOW)
    with (
        Path(FULL).open("wb") as full,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=full, stderr=full) as process,
    ):
        until(lambda: health(url) is None or process.poll() is not None)
        statuses = {send(url, request(PATH.encode())).status for _ in range(5)}
        process.terminate()

    assert (statuses, process.returncode) == ({200}, 0)


def test_an_access_line_stands_alone_and_an_error_names_its_log() -> None:
    """One format for each kind."""
    made = [
        Words().format(logging.LogRecord("usagetwin.x", level, __file__, 1, "%s!", ("ah",), None))
        for level in (logging.INFO, logging.ERROR)
    ]

    assert made == ["ah!", "ERROR usagetwin.x: ah!"]


def test_a_stream_that_is_no_file_has_no_descriptor(capsys: pytest.CaptureFixture[str]) -> None:
    """Such as the one that captures output in a test."""
    assert capsys is not None
    assert _descriptor(sys.stdout) is None
