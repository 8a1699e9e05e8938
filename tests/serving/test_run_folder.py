"""What the processes of a run have counted, all together."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from usagetwin.serving.run_folder import Shared, run_folder
from usagetwin.serving.tally import BOUNDS_S, Counts, Tally

if TYPE_CHECKING:
    import pytest

    from usagetwin.serving.cycle import Cycle

BUCKETS = len(BOUNDS_S) + 1


class Answered:
    """A request that was answered, as far as a tally looks at it."""

    def __init__(self, status: int, *, was_kept: bool = False) -> None:
        """Take its answer."""
        self.scope = {"path": "/x"}
        self.status, self.was_kept = status, was_kept
        self.began_s = 0.0  # of `perf_counter`: long ago


def counted(*statuses: int) -> Tally:
    """Give the tally of a process that has answered so."""
    tally = Tally()
    for status in statuses:
        cycle: Cycle = Answered(status, was_kept=status == 200)  # type: ignore[assignment]  # -- all that is read
        tally.count(cycle)
    return tally


def test_each_process_knows_what_the_others_have_left() -> None:
    """Also one that has ended since; its own counts are those of this moment."""
    with run_folder() as folder:
        first, second = counted(200, 200, 404), counted(200)
        ended = Shared(first, folder)
        alive = Shared(second, folder)
        ended.leave()

        before = alive.all()
        alive.leave()

        assert before.answers == {(200, ""): 3, (404, ""): 1}
        assert sum(before.within) == 4
        assert before.cached == 3
        assert alive.all() == before
        assert ended.all().answers == before.answers


def test_the_folder_ends_with_the_run_and_nobody_else_reads_it() -> None:
    """Whatever is left in it."""
    with run_folder() as folder:
        Shared(counted(200), folder).leave()
        mode = Path(folder).stat().st_mode & 0o077

    assert mode == 0
    assert not Path(folder).exists()


def test_a_file_that_can_not_be_written_or_read_is_left_out(tmp_path: Path) -> None:
    """No count may break what it counts: a full disk, a folder that somebody removed, a file cut short."""
    (tmp_path / "1.json").write_text("[[", encoding="ascii")
    gone = Shared(counted(200), str(tmp_path / "gone"))

    gone.leave()

    assert gone.all().answers == {(200, ""): 1}
    assert Shared(counted(200), str(tmp_path)).all().answers == {(200, ""): 1}


def test_what_has_not_changed_is_not_written_again(tmp_path: Path, monkeypatch: "pytest.MonkeyPatch") -> None:
    """An idle twin leaves the disk alone."""
    written: list[Path] = []
    write = Path.write_text

    def noted(self: Path, text: str, encoding: str) -> int:
        written.append(self)
        return write(self, text, encoding)

    monkeypatch.setattr(Path, "write_text", noted)
    shared = Shared(counted(200), str(tmp_path))

    for _ in range(3):
        shared.leave()

    assert len(written) == 1


def test_a_process_alone_shares_with_nobody() -> None:
    """And writes nothing."""
    shared = Shared(counted(500), None)

    shared.leave()

    assert shared.all() == Counts(Counter({(500, ""): 1}), shared.all().within, shared.all().seconds)
    assert len(shared.all().within) == BUCKETS
