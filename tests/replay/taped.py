"""A recording for tests of replays: entries as a browser writes them, and the app that answers from them."""

from typing import TYPE_CHECKING, Any

from tests.checker.recorded import har
from usagetwin.replay.app import Replay
from usagetwin.replay.tape import Tape, load

if TYPE_CHECKING:
    from pathlib import Path


def tape(folder: "Path", *entries: Any, recorded_at: str | None = None, **head: Any) -> Tape:  # noqa: ANN401 -- any JSON
    """Write a HAR of these entries, and read it."""
    file = folder / "calls.har"
    file.write_bytes(har(*entries, **head))
    return load(str(file), recorded_at)


def replay(folder: "Path", *entries: Any, **head: Any) -> Replay:  # noqa: ANN401 -- any JSON
    """Give the app that answers from these entries."""
    return Replay(tape(folder, *entries, **head))
