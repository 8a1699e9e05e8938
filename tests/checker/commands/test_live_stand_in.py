"""Tests of `usagetwin check` of a stand-in for the live API, by its real name, over TLS, in a network apart.

It has the profile `observed`, a rate limit of short windows, late answers, refusals, and choices of its own.
"""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from tests.apart import Apart, NotPossibleError, apart
from tests.served import Twin
from usagetwin.hosts import HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.no_cover  # whole processes, whose code others reach

HOST: Final = HOSTS[0]
TLS_PORT: Final = 8443
TOKEN: Final = "api-33333333-3333-4333-8333-3333333355ec"
ASKED: Final = re.compile(r" GET https://\S+/api/v2/usage/observability/sessions")


class StandIn:
    """The stand-in, the place where it is, and a home of who checks it."""

    def __init__(self, place: Apart, folder: "Path", twin: Twin) -> None:
        """Take what was started."""
        self._place = place
        self._folder = folder
        self.twin = twin

    def check(self, *options: str) -> "subprocess.CompletedProcess[str]":
        """Check it, at a pace that a test can wait for."""
        return self._run(
            "check",
            f"https://{HOST}:{TLS_PORT}",
            "--cacert",
            str(self._folder / "ca" / "ca.pem"),
            "--pace",
            "0.02",
            *options,
        )

    def told(self, *words: str) -> None:
        """Tell the stand-in something."""
        told = self._run("control", *words, "--url", self.twin.url.partition(" ")[0])
        assert told.returncode == 0, told.stderr

    def _run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self._place.words(sys.executable, "-m", "usagetwin", *words),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
            env=environment(self._folder) | {"USAGETWIN_TOKEN": TOKEN},
        )

    def asked(self) -> int:
        """End it, and count what it was asked."""
        os.killpg(self.twin.process.pid, signal.SIGTERM)
        self.twin.wait()
        return len(list(filter(ASKED.search, self.twin.log)))


def environment(folder: "Path") -> dict[str, str]:
    """Give an environment without anything of the machine's user."""
    ours = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
    kept = {name: value for name, value in ours.items() if not name.startswith("USAGETWIN_")}
    return kept | {"XDG_STATE_HOME": str(folder / "state"), "HOME": str(folder)}


@contextmanager
def standing_in(folder: "Path", *options: str) -> "Iterator[StandIn]":
    """Have a stand-in, whose clock runs; or skip the test."""
    try:
        with apart(folder, HOSTS) as place:
            serve = ("serve", "--port", "0", "--profile", "observed", "--rate-limit", "9/1s", *options)
            tls = ("--tls", "--tls-port", str(TLS_PORT), "--ca-dir", str(folder / "ca"))
            with subprocess.Popen(
                place.words(sys.executable, "-m", "usagetwin", *serve, *tls),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment(folder),
                start_new_session=True,
            ) as process:
                try:
                    yield StandIn(place, folder, Twin(process))
                finally:
                    if process.poll() is None:
                        os.killpg(process.pid, signal.SIGTERM)
    except NotPossibleError as error:
        pytest.skip(str(error))


def got(run: "subprocess.CompletedProcess[str]") -> tuple[int, int]:
    """Give what the last lines of a run say that the host got: of this run, and of its day."""
    (found,) = re.findall(r"got (\d+) requests of this run, and (\d+) of the 60", run.stdout)
    return int(found[0]), int(found[1])


@pytest.mark.proof
def test_without_a_network_the_day_keeps_its_requests(tmp_path: "Path") -> None:
    """The name is right, and this machine can't look it up."""
    try:
        with apart(tmp_path, ()) as place:
            run = subprocess.run(
                place.words(sys.executable, "-m", "usagetwin", "check", f"https://{HOST}", "--pace", "0"),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                text=True,
                timeout=120,
                env=environment(tmp_path) | {"USAGETWIN_TOKEN": TOKEN},
            )
    except NotPossibleError as error:
        pytest.skip(str(error))

    assert run.returncode == 3, run.stdout + run.stderr
    assert f"this machine can't look up {HOST} (" in run.stdout
    assert "set HTTPS_PROXY where that takes a proxy" in run.stdout
    assert got(run) == (0, 0)


def test_a_run_keeps_its_budget_and_waits_until_it_may_ask(tmp_path: "Path") -> None:
    """A refusal costs the run nothing, and the day a request; the stand-in's own choices are legal."""
    with standing_in(tmp_path, "--variation", "descending") as stand_in:
        stand_in.told("fault", "rate-limited", "retry_after=1", "--times", "1")

        run = stand_in.check("--budget", "14")
        asked = stand_in.asked()

    assert run.returncode == 0, run.stdout + run.stderr
    assert "; 14 requests, and 1 sent again, in " in run.stdout
    assert (
        f"{HOST} gets 60 requests a day (UTC): 0 were sent today, and this run sends 14 at most" in run.stderr
    )
    assert got(run) == (15, 15)
    assert asked == 15  # one was refused, and asked again
    assert TOKEN not in run.stdout + run.stderr + "".join(stand_in.twin.log)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("deviation", "status", "rule"),
    [
        (("--variation", "descending"), 0, "pass "),
        (("--fault", "counts-are-strings"), 1, "values-are-integers"),
        (("--fault", "rolling-of-31-days"), 1, "rolling-30d-sums"),
        (("--fault", "from-ignored"), 1, "series-starts-at-from"),
    ],
    ids=["none", "counts-are-strings", "rolling-of-31-days", "from-ignored"],
)
def test_three_runs_of_a_day_keep_its_budget_and_come_to_the_right_verdict(
    tmp_path: "Path", deviation: tuple[str, str], status: int, rule: str
) -> None:
    """Of a stand-in that is late and refuses some; a fourth sends nothing."""
    with standing_in(tmp_path, *deviation) as stand_in:
        runs = []
        for options in (("--budget", "20"), ("--budget", "20"), ()):
            stand_in.told("fault", "delay", "seconds=0.05", "--times", "9")
            stand_in.told("fault", "rate-limited", "retry_after=1", "--times", "1")
            runs.append(stand_in.check(*options))
        fourth = stand_in.check()
        asked = stand_in.asked()

    for run in runs:
        assert run.returncode == status, run.stdout + run.stderr
        assert rule in run.stdout
    if status == 0:
        assert fourth.returncode == 3
        assert "got its 60 requests of today (UTC)" in fourth.stderr
    sent = [got(run) for run in (*runs, fourth) if run.returncode != 3]
    assert asked == sum(own for own, _ in sent) == sent[-1][1] == 60
