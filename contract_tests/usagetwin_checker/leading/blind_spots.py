"""What a command notices of faults and legal variations: honest, then under each of them, then honest again.

Rule: a deviation counts if it changed an answer that the command got; a command that fails when nothing is
wrong says nothing.
"""

import json
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final

from usagetwin.deviations import deviation, faults
from usagetwin.errors import RemediedError, quoted
from usagetwin_checker.leading.forwarding import FIRST
from usagetwin_checker.leading.program import NotRunError
from usagetwin_checker.leading.runs import Runs
from usagetwin_checker.leading.supervised import Outcome, Supervised, Task, start
from usagetwin_checker.noticing.noticed import Noticed
from usagetwin_checker.noticing.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HONEST: Final = "honest"
AGAIN: Final = "honest-again"
TIMES_AS_LONG: Final = 10
LEAST_S: Final = 60.0
LAST_LINES: Final = 20
TIMES_COUNTED: Final = 10


@dataclass(eq=False)
class NothingKnownError(RemediedError):
    """A command that shows nothing of itself; `said` are the last lines that it wrote."""

    problem: str
    remedy: str
    said: tuple[str, ...] = ()


class StoppedError(Exception):
    """A signal ended it; `status` is a shell's."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status: Final = FIRST + number


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How many runs there are at once, how long each may take, and where what they write is kept."""

    jobs: int
    timeout_s: float | None
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Found:
    """What became of each run: the honest one, and one under each deviation."""

    command: "Sequence[str]"
    honest: Outcome
    under: "Mapping[str, Outcome]"

    @property
    def noticed(self) -> Noticed:
        """Give it as what the one command noticed."""
        shown = {name: run for name, run in self.under.items() if run.problem is None and run.deviated}
        failed = {name: run.reason for name, run in shown.items() if run.failed}
        return Noticed(
            tests={HONEST: {name: name in failed for name in shown}},
            reasons={HONEST: failed},
        )

    @property
    def problems(self) -> "Mapping[str, str]":
        """Give the runs of which nothing is known, with the reason."""
        return {name: run.problem for name, run in self.under.items() if run.problem is not None}

    def as_json(self) -> str:
        """Give all of it as a JSON document."""
        document = {
            "command": [*self.command],
            "honest": _told(self.honest),
            "deviations": [_entry(name, run) for name, run in self.under.items()],
        }
        return f"{json.dumps(document, indent=2)}\n"


def look(task: Task, names: "Sequence[str]", how: How, runs: Runs, say: "Callable[[str], None]") -> Found:
    """Run the command as often as it takes; `say` is told how far it is.

    Raises NotRunError, NothingKnownError, StoppedError, and SettingError.
    """
    task.try_out()
    with ExitStack() as ends:
        series = _Series(runs, task, _Outputs(ends, how.folder))
        honest = series.all([HONEST], jobs=1, within_s=how.timeout_s)[HONEST]
        check(honest, task.command, series.outputs.last_lines(HONEST))
        within_s = how.timeout_s or max(LEAST_S, TIMES_AS_LONG * honest.seconds)
        say(
            f"it passes in {honest.seconds:.1f} s, with {counted(honest.requests, 'request')}; "
            f"{len(names) + 1} runs more, {how.jobs} at a time, of {within_s:.0f} s at most"
        )
        outcomes = series.all([*names, AGAIN], jobs=how.jobs, within_s=within_s, say=say)
        check_again(outcomes[AGAIN], series.outputs.last_lines(AGAIN))
    return Found(task.command, honest, {name: outcomes[name] for name in names})


@dataclass(frozen=True, slots=True)
class _Series:
    """The runs of one command."""

    runs: Runs
    task: Task
    outputs: "_Outputs"

    def all(
        self,
        names: "Sequence[str]",
        *,
        jobs: int,
        within_s: float | None,
        say: "Callable[[str], None]" = lambda _line: None,
    ) -> "dict[str, Outcome]":
        """Give all outcomes. Raises StoppedError."""

        def begin(name: str) -> Supervised:
            shown = None if name in (HONEST, AGAIN) else name
            return start(self.task, shown, output=self.outputs.of(name), within_s=within_s)

        outcomes: dict[str, Outcome] = {}
        for name, outcome in self.runs.of(names, begin, jobs=jobs):
            outcomes[name] = outcome
            if len(outcomes) % max(1, len(names) // TIMES_COUNTED) == 0:
                say(f"{len(outcomes)} of {len(names)} runs")
        if self.runs.stopped_by is not None:
            raise StoppedError(self.runs.stopped_by)
        return outcomes


class _Outputs:
    """Where runs write: into a folder of the user's; else what the honest ones write is kept for a while."""

    def __init__(self, ends: ExitStack, folder: Path | None) -> None:
        self._ends: Final = ends
        self._folder: Final = folder
        self._files: Final[dict[str, IO[bytes]]] = {}

    def of(self, name: str) -> int:
        """Give the file of a run."""
        self._files[name] = file = self._ends.enter_context(self._opened(name))
        return file.fileno()

    def last_lines(self, name: str) -> tuple[str, ...]:
        """Give the end of what a run has written."""
        file = self._files[name]
        file.seek(max(0, file.seek(0, 2) - 100 * 80))
        return tuple(file.read().decode("utf-8", "replace").splitlines()[-LAST_LINES:])

    def _opened(self, name: str) -> IO[bytes]:
        if self._folder is not None:
            return (self._folder / f"{name}.txt").open("w+b")
        return TemporaryFile() if name in (HONEST, AGAIN) else Path("/dev/null").open("w+b")


def check(honest: Outcome, command: "Sequence[str]", said: tuple[str, ...]) -> None:
    """Raise what says that nothing can be learned from the command."""
    if not honest.was_run and honest.problem is not None:
        problem, _, remedy = honest.problem.partition("\n  try   ")
        raise NotRunError(problem, remedy, honest.status)
    if honest.problem is not None:
        raise NothingKnownError(honest.problem, "usagetwin run -- COMMAND, which says more")
    if honest.failed:
        problem = f"the command fails with the honest twin already: {honest.reason}"
        remedy = "usagetwin run -- COMMAND, until that passes"
        raise NothingKnownError(problem, remedy, said)
    if not honest.requests:
        problem = f"the command {quoted(' '.join(command))} sent no request, so it can notice nothing"
        remedy = "a client that heeds HTTPS_PROXY, or USAGETWIN_URL as its base URL; for tests that have"
        raise NothingKnownError(problem, f"{remedy} the fixture `usage_twin`: pytest --usage-twin-variations")


def check_again(again: Outcome, said: tuple[str, ...]) -> None:
    """Raise what says that a failure says nothing."""
    if again.failed or again.problem is not None:
        problem = f"the command fails when it runs again without a fault: {again.problem or again.reason}"
        remedy = "--jobs 1, if its runs get in each other's way; or a command that leaves nothing behind"
        raise NothingKnownError(problem, remedy, said)


def _entry(name: str, run: Outcome) -> dict[str, Any]:
    is_fault = name in faults()
    return {
        "name": name,
        "kind": "fault" if is_fault else "variation",
        "about": deviation(name).about,
        "rules": list(deviation(name).rules) if is_fault else [],
        "result": _result(run),
        **_told(run),
    }


def _result(run: Outcome) -> str:
    if run.problem is not None:
        return "unknown"
    if not run.deviated:
        return "never-shown"
    return "noticed" if run.failed else "unnoticed"


def _told(run: Outcome) -> dict[str, Any]:
    return {
        "status": run.status,
        "in_time": run.in_time,
        "seconds": round(run.seconds, 3),
        "requests": run.requests,
        "problem": run.problem,
    }
