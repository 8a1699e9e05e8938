"""Tests of a target that is recorded while it is asked."""

from pathlib import Path

from usagetwin_checker.exchanges import Ask
from usagetwin_checker.talking.recordings.loading import load
from usagetwin_checker.talking.recordings.recorder import Recorder
from usagetwin_checker.talking.recordings.scrubbing import Scrubber
from usagetwin_checker.talking.recordings.writing import Recording
from usagetwin_checker.talking.targets import UrlTarget


def test_what_a_target_is_it_stays(tmp_path: Path) -> None:
    """And an exchange that was given up is recorded, too; both are let go of together."""
    file = tmp_path / "run.har"
    target = UrlTarget("http://127.0.0.1:9")
    recorder = Recorder(target, Recording(file, target.name, {"live": False}, Scrubber(), print))

    recorder.interrupt()
    exchange = recorder.send(Ask())
    recorder.close()

    assert (recorder.name, recorder.loopback, recorder.route) == (target.name, True, target.route)
    assert recorder.token == target.token
    assert exchange.failure == "interrupted"
    (loaded,) = load(str(file), Scrubber()).exchanges
    assert loaded.failure == "interrupted"
