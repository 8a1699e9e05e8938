"""Tests of `usagetwin_checker.talking.live.day`: what a day has left over all runs, and when nobody knows."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from usagetwin.errors import SettingError
from usagetwin_checker.talking.live.day import Day, NothingLeftError, default_folder

NOON_S: Final = 1_795_694_400.0  # 2026-11-26T12:00:00Z
DAY_S: Final = 86_400
HOST: Final = "usage.example"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        """Begin at a noon."""
        self.now_s = NOON_S

    def __call__(self) -> float:
        """Give the time."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """Give a clock."""
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of the counts, which is yet to be made."""
    return tmp_path / "state" / "requests"


def begun(folder: Path, clock: Clock, per_day: int = 3, host: str = HOST) -> Day:
    """Give a day that a run has begun."""
    day = Day(host, per_day, folder=folder, clock=clock)
    day.begin()
    return day


def test_a_day_has_so_many_requests_over_all_runs(folder: Path, clock: Clock) -> None:
    """The third run gets what two have left, and a fourth nothing."""
    taken = []
    for _ in range(4):
        day = begun(folder, clock)
        taken.append((day.sent, [day.take() for _ in range(2)], day.left))
        day.end()

    assert taken == [
        (0, [True, True], 1),
        (2, [True, False], 0),
        (3, [False, False], 0),
        (3, [False, False], 0),
    ]


def test_what_was_sent_by_a_run_that_died_counts(folder: Path, clock: Clock) -> None:
    """A request is written down before it is sent, and the lock of a process that is gone is free."""
    script = (
        "import os, sys; from pathlib import Path; from usagetwin_checker.talking.live.day import Day\n"
        f"day = Day({HOST!r}, 3, folder=Path(sys.argv[1]), clock=lambda: {NOON_S}); day.begin()\n"
        "day.take(); day.take(); os._exit(9)"
    )

    assert subprocess.run([sys.executable, "-c", script, str(folder)], check=False).returncode == 9

    assert begun(folder, clock).sent == 2


def test_a_request_that_was_never_sent_is_given_back(folder: Path, clock: Clock) -> None:
    """Once, and for the runs that follow too."""
    day = begun(folder, clock)
    taken = [day.take(), day.take(), day.give_back(), day.give_back()]
    assert (taken, day.sent) == ([True, True, True, False], 1)
    day.end()

    again = begun(folder, clock)
    assert (again.sent, again.give_back(), again.left) == (1, False, 2)


@pytest.mark.parametrize(
    ("done", "counted"),
    [
        ("day.take(); day.take(); day.give_back()", 1),
        ("day.take(); day.give_back(); day.take()", 1),
        ("day.take(); day.give_back(); day.give_back(); day.take(); day.take()", 2),
    ],
)
def test_what_a_run_that_died_gave_back_does_not_count(
    folder: Path, clock: Clock, done: str, counted: int
) -> None:
    """And what it took after that does: each is written before the next."""
    script = (
        "import os, sys; from pathlib import Path; from usagetwin_checker.talking.live.day import Day\n"
        f"day = Day({HOST!r}, 3, folder=Path(sys.argv[1]), clock=lambda: {NOON_S}); day.begin()\n"
        f"{done}; os._exit(9)"
    )

    assert subprocess.run([sys.executable, "-c", script, str(folder)], check=False).returncode == 9

    assert begun(folder, clock).sent == counted


def test_nothing_is_given_back_without_the_lock(folder: Path, clock: Clock) -> None:
    """What another run has counted meanwhile stays counted, also for who takes the lock again."""
    first = begun(folder, clock)
    first.take()
    assert not Day(HOST, 3, folder=folder, clock=clock).give_back()
    first.end()
    other = begun(folder, clock)
    other.take()
    assert not first.give_back()
    other.end()

    first.begin()
    assert (first.give_back(), first.sent) == (False, 2)


def test_nothing_is_given_back_from_another_day(folder: Path, clock: Clock) -> None:
    """The request of before midnight is one of that day, whose count is over then."""
    day = begun(folder, clock)
    day.take()
    clock.now_s += DAY_S
    assert day.give_back()
    assert [day.take() for _ in range(4)] == [True, True, True, False]
    day.end()

    assert begun(folder, clock).sent == 3


def test_what_can_not_be_given_back_stays_counted(folder: Path, clock: Clock) -> None:
    """A count is never too low."""
    day = begun(folder, clock)
    day.take()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()

    assert (day.give_back(), day.sent, day.left) == (False, 1, 2)


def test_the_next_day_has_as_many(folder: Path, clock: Clock) -> None:
    """From midnight on, in UTC; for a run that is at it, too."""
    day = begun(folder, clock)
    assert [day.take() for _ in range(4)] == [True, True, True, False]

    clock.now_s = NOON_S + DAY_S / 2 - 1
    assert not day.take()
    clock.now_s += 1
    assert [day.take() for _ in range(4)] == [True, True, True, False]
    day.end()

    clock.now_s += DAY_S
    assert begun(folder, clock).left == 3


def test_each_host_has_its_own(folder: Path, clock: Clock) -> None:
    """Also where their names differ in what no file's name may have."""
    first, second, third = (begun(folder, clock, host=host) for host in (HOST, "127.0.0.1:80", "2001:db8::1"))
    first.take()

    assert [day.left for day in (first, second, third)] == [2, 3, 3]
    assert len(list(folder.glob("*.json"))) == 3


def test_one_run_at_a_time_asks_a_host(folder: Path, clock: Clock) -> None:
    """Another is told at once, and may when the first has ended."""
    first = begun(folder, clock)

    with pytest.raises(SettingError, match=r"another run is asking usage\.example at this moment"):
        begun(folder, clock)

    first.end()
    begun(folder, clock).end()


@pytest.mark.skipif(os.name != "posix", reason="only there a file has a mode")
def test_the_files_are_their_owner_s_alone(folder: Path, clock: Clock) -> None:
    """Whatever the mask is; and nothing else is left there."""
    before = os.umask(0)
    try:
        begun(folder, clock).take()
    finally:
        os.umask(before)

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert modes == {f"{HOST}.json": 0o600, f"{HOST}.lock": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_to_look_changes_nothing(folder: Path, clock: Clock) -> None:
    """Not even a folder is made."""
    day = Day(HOST, 3, folder=folder, clock=clock)
    day.look()

    assert (day.sent, day.left) == (0, 3)
    assert not folder.parent.exists()
    assert not day.take()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"3",
        b'{"day": "2026-11-26"}',
        b'{"day": "today", "sent": 1}',
        b'{"day": 20261126, "sent": 1}',
        b'{"day": "2026-11-26", "sent": -1}',
        b'{"day": "2026-11-26", "sent": "1"}',
        b'{"day": "2026-11-26", "sent": 1.0}',
        b'{"day": "2026-11-26", "sent": true}',
        b'{"day": "2026-11-26", "sent": NaN}',
        b'{"day": "2026-11-26", "sent": 1',
        b"\xff\xfe",
        b"[" * 1000,
        b'{"day": "2026-11-26", "sent": 1}' + b" " * 2000 + b"x",
    ],
    ids=lambda content: repr(content[:34]),
)
def test_a_broken_file_keeps_everything_from_being_sent(folder: Path, clock: Clock, content: bytes) -> None:
    """It may have counted more than the day has; and it stays as it is."""
    folder.mkdir(parents=True)
    file = folder / f"{HOST}.json"
    file.write_bytes(content)

    with pytest.raises(SettingError, match="is broken") as error:
        begun(folder, clock)

    assert str(file) in str(error.value)
    assert "delete it, if you know what was sent today" in error.value.remedy
    assert file.read_bytes() == content


def test_a_clock_that_went_back_keeps_everything_from_being_sent(folder: Path, clock: Clock) -> None:
    """It would give a day as many requests again."""
    begun(folder, clock).end()
    clock.now_s -= DAY_S

    with pytest.raises(SettingError, match=r"tells of 2026-11-26, .* says 2026-11-25: the clock went back"):
        begun(folder, clock)


def test_a_clock_that_goes_back_meanwhile_gives_no_more(folder: Path, clock: Clock) -> None:
    """The count of the later day goes on."""
    day = begun(folder, clock)
    clock.now_s -= DAY_S

    assert [day.take() for _ in range(4)] == [True, True, True, False]


def test_a_folder_that_can_not_be_made_keeps_everything_from_being_sent(tmp_path: Path, clock: Clock) -> None:
    """As on a read-only system; what would help is said."""
    (tmp_path / "file").touch()

    with pytest.raises(SettingError, match=r"nobody counts the requests to usage\.example") as error:
        begun(tmp_path / "file" / "requests", clock)

    assert "XDG_STATE_HOME set to a folder that you can write to" in error.value.remedy


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder that not even root can write to")
def test_a_folder_that_can_not_be_written_keeps_everything_from_being_sent(clock: Clock) -> None:
    """Whoever the user is."""
    with pytest.raises(SettingError, match=r"nobody counts the requests to usage\.example"):
        begun(Path("/proc/self"), clock)


@pytest.mark.parametrize("name", [f"{HOST}.json", f"{HOST}.lock"])
def test_a_folder_in_the_place_of_a_file_keeps_everything_from_being_sent(
    folder: Path, clock: Clock, name: str
) -> None:
    """And the lock is free again."""
    (folder / name).mkdir(parents=True)

    for _ in range(2):
        with pytest.raises(SettingError, match="can't be"):
            begun(folder, clock)


def test_a_count_that_can_not_be_written_any_more_ends_the_asking(folder: Path, clock: Clock) -> None:
    """What was not counted is not sent, and the trouble is kept."""
    day = begun(folder, clock)
    assert day.take()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()

    assert not day.take()
    assert day.trouble is not None
    assert day.trouble.startswith("the count of today's requests can't be written: No such file")
    folder.mkdir()
    assert not day.take()
    assert day.sent == 1


def test_the_file_says_the_day_and_the_count(folder: Path, clock: Clock) -> None:
    """For who looks into it."""
    begun(folder, clock).take()

    read = json.loads((folder / f"{HOST}.json").read_text(encoding="ascii"))
    assert read == {"day": "2026-11-26", "sent": 1}


def test_the_counts_are_in_the_state_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of usagetwin."""
    if sys.platform != "linux":
        pytest.skip("elsewhere the system says where that is")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    assert default_folder() == tmp_path / "usagetwin" / "requests"


def test_that_nothing_is_left_is_said_with_the_host() -> None:
    """And what would give more."""
    said = str(NothingLeftError(HOST, 60))

    assert said.startswith("usage.example got its 60 requests of today (UTC)")
    assert "--per-day N" in said
