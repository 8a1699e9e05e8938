"""Tests of a recording of ours: what is in it, when it is there, and what never is."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tests.acme import PATH
from usagetwin.recordings import formats
from usagetwin.recordings.entries import Entry, Head
from usagetwin_checker.exchanges import Ask, Credential, Exchange
from usagetwin_checker.talking.recordings.scrubbing import Scrubber
from usagetwin_checker.talking.recordings.writing import Recording

BASE: Final = "http://127.0.0.1:8080"
SECRET: Final = "a-secret-of-some-length"


def begun(file: Path, said: list[str] | None = None) -> Recording:
    """Begin a recording of a target that is asked with a secret."""
    told = [] if said is None else said
    return Recording(file, BASE, {"projects": ["web"]}, Scrubber([SECRET]), told.append)


def entries(file: Path) -> list[Entry]:
    """Read what is in a recording."""
    with file.open("rb") as opened:
        return [entry for entry in formats.entries(opened, Head()) if isinstance(entry, Entry)]


def document(file: Path) -> Any:  # noqa: ANN401 -- any JSON
    """Read a recording that was ended as JSON."""
    return json.loads(file.read_text(encoding="utf-8"))["log"]


def test_an_exchange_is_in_the_file_before_the_next_one(tmp_path: Path) -> None:
    """Whoever reads it meanwhile sees it, though the file has no end yet."""
    file = tmp_path / "run.har"
    recording = begun(file)

    recording.add(Exchange(Ask((("from", "1"),)), 1, 1772539200.5, 0.25, 200, {"server": "x"}, b"{}"))

    (entry,) = entries(file)
    assert (entry.method, entry.url) == ("GET", f"{BASE}{PATH}?from=1")
    assert (entry.status, entry.headers, entry.body) == (200, {"server": "x"}, b"{}")
    assert (entry.at_s, entry.seconds) == (1772539200.5, 0.25)
    recording.close()


def test_it_is_a_har_once_it_is_ended(tmp_path: Path) -> None:
    """With the fields that the format demands, and none but its own."""
    file = tmp_path / "run.har"
    recording = begun(file)
    ask = Ask((("projectKey", "a b"),), body="{}", origin="https://app.example")
    recording.add(Exchange(ask, 1, 0.0, 0.25, 299, {"location": "/x"}))

    recording.close()

    log = document(file)
    assert (log["version"], log["creator"]["name"]) == ("1.2", "usagetwin")
    (entry,) = log["entries"]
    assert entry["request"]["queryString"] == [{"name": "projectKey", "value": "a b"}]
    assert entry["request"]["postData"] == {"mimeType": "application/json", "text": "{}"}
    assert entry["response"]["redirectURL"] == "/x"
    assert entry["timings"]["wait"] == entry["time"] == 250
    assert entry["startedDateTime"] == "1970-01-01T00:00:00+00:00"


def test_bytes_that_are_no_text_come_back_as_they_were(tmp_path: Path) -> None:
    """They are written in base64."""
    file = tmp_path / "run.har"
    recording = begun(file)

    recording.add(Exchange(Ask(), 1, 0.0, 0.0, 200, {}, b"\xff\x00"))

    recording.close()
    assert [entry.body for entry in entries(file)] == [b"\xff\x00"]


def test_no_secret_is_written(tmp_path: Path) -> None:
    """Not of the request, and not of an answer that echoes it, in head, body or failure."""
    file = tmp_path / "run.har"
    recording = begun(file)
    echo = Exchange(
        Ask((("api_key", SECRET), ("x", SECRET)), body=SECRET, origin=f"https://{SECRET}"),
        1,
        0.0,
        0.0,
        0,
        {"set-cookie": "id=7", "x-echo": SECRET.upper(), "location": f"/?t={SECRET}"},
        f'{{"message": "no {SECRET}"}}'.encode(),
        f"broke off at {SECRET}",
    )

    recording.add(echo)
    recording.add(Exchange(echo.ask, 2, 0.0, 0.0, 200, {}, b"\xff" + SECRET.encode()))

    recording.close()
    text = file.read_text(encoding="utf-8")
    assert SECRET not in text.lower()
    assert "id=7" not in text
    assert SECRET.encode() not in (entries(file)[1].body or b"")


@pytest.mark.parametrize("credential", list(Credential))
def test_which_kind_of_credential_was_sent_is_told(credential: Credential, tmp_path: Path) -> None:
    """Where it is not the usual one; what it was, nobody needs to know."""
    file = tmp_path / "run.har"
    recording = begun(file)

    recording.add(Exchange(Ask(credential=credential, role="revoked"), 1, 0.0, 0.0, 401))

    recording.close()
    (entry,) = entries(file)
    usual = credential is Credential.TOKEN
    assert entry.noted.get("credential") == (None if usual else credential.value)
    assert entry.noted["role"] == "revoked"
    assert ("authorization" in entry.request_headers) is (credential is not Credential.NONE)


def test_where_no_more_can_be_written_that_is_said_once(tmp_path: Path) -> None:
    """And the run goes on."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full, a disk that is always full")
    said: list[str] = []
    link = tmp_path / "run.har"
    link.symlink_to("/dev/full")
    recording = begun(link, said)

    for number in range(3):
        recording.add(Exchange(Ask(), number, 0.0, 0.0, 200))
    recording.close()

    assert said == ["No space left on device"]


def test_an_old_file_stays_until_there_is_something_to_write(tmp_path: Path) -> None:
    """A run that is refused costs nothing, and leaves no file that was not there."""
    old, new = tmp_path / "old.har", tmp_path / "new.har"
    old.write_text("old" * 1000)

    for file in (old, new):
        begun(file).close()

    assert old.read_text() == "old" * 1000
    assert not new.exists()
    recording = begun(old)
    recording.begin()
    recording.close()
    assert document(old)["entries"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="files are not locked there")
def test_a_file_that_another_run_writes_is_not_written(tmp_path: Path) -> None:
    """Until that one has ended it."""
    file = tmp_path / "run.har"
    recording = begun(file)
    recording.add(Exchange(Ask(), 1, 0.0, 0.0, 200))

    with pytest.raises(BlockingIOError):
        begun(file)

    recording.add(Exchange(Ask(), 2, 0.0, 0.0, 200))
    recording.close()
    assert len(document(file)["entries"]) == 2
    begun(file).close()
