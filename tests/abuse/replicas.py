"""Replicas behind nginx that are stopped, killed and replaced while clients ask, and what these get."""

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.claims import AbsentError, Line
from tests.abuse.rows import Row
from tests.acme import NOW
from tests.deploy.fleet import asking, fleet, summed
from tests.inprocess import ask
from tests.redis_server import PROGRAM
from tests.serving.processes import until
from tools.balanced import PLACES
from usagetwin import Settings, create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.abuse.rows import Effort
    from tests.deploy.fleet import Fleet

SIZE: Final = 3
CLIENTS: Final = 4
QUERY: Final = "from=0&to=9999999999&aggregationType=incremental"
ACCOUNT: Final = "business-week"
ANOTHER: Final = "single-project"


def going_and_coming(effort: "Effort") -> list[Row]:
    """Let one replica after the other go and come back, in each of three ways. Raises AbsentError."""
    if PROGRAM is None:
        message = "there is no redis-server on this machine (Debian: apt-get install redis-server)"
        raise AbsentError(message)
    if not (shutil.which("nginx") or shutil.which("nginx", path=PLACES)):
        message = "there is no nginx on this machine (Debian: apt-get install nginx)"
        raise AbsentError(message)
    ways = {
        f"a replica of {SIZE} stopped by SIGTERM, and started again": (_stopped, ACCOUNT),
        f"a replica of {SIZE} stopped, and replaced by another account": (_stopped, ANOTHER),
        f"a replica of {SIZE} killed, and started again": (_killed, ACCOUNT),
    }
    return [_row(tried, go, account, effort.replaced) for tried, (go, account) in ways.items()]


def _stopped(replicas: "Fleet", number: int) -> str | None:
    status, log = replicas.stop(number)
    return f"it ended with {status}, and said {log[:3]}" if status or log else None


def _killed(replicas: "Fleet", number: int) -> str | None:
    replicas.kill(number)
    return None


def _row(tried: str, go: "Callable[[Fleet, int], str | None]", account: str, times: int) -> Row:
    problems: list[str] = []
    right = {ask(create_app(Settings(world=name, now=NOW)), QUERY).body for name in (ACCOUNT, account)}
    with (
        tempfile.TemporaryDirectory() as folder,
        fleet(Path(folder), SIZE, "--now", NOW, "--quiet") as replicas,
        asking(replicas.url, QUERY, right, clients=CLIENTS) as askers,
    ):
        for turn in range(times):
            problem = go(replicas, turn % SIZE)
            problems += [problem] if problem else []
            replicas.start(turn % SIZE, "--now", NOW, "--quiet", "--world", account)
            answered = summed(askers).answered
            until(lambda answered=answered: summed(askers).answered > answered + CLIENTS * SIZE)  # type: ignore[misc]  # -- mypy infers no default of a lambda
    tally = summed(askers)
    problems += [problem for asker in askers for problem in asker.problems[:1]]
    return Row(
        tried=tried,
        attempts=times,
        problems=tuple(problems[:times]),
        figures=(
            Line(claim="requests sent", value=tally.sent),
            Line(claim="answered", value=tally.answered),
            Line(claim="wrong", value=tally.wrong, at_most=0),
            Line(claim="lost", value=tally.lost, at_most=0),
        ),
    )
