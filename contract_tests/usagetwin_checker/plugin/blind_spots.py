"""How tests run again under faults and legal variations, once the session's own run is over.

Rule: nothing here changes what the session makes of its tests. The second pass begins when the last test has
ended, and its reports are never logged.
"""

from copy import copy
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import pytest
from _pytest.runner import runtestprotocol  # what pytest-rerunfailures runs an item again with

from usagetwin.errors import SettingError
from usagetwin_checker.noticing.deviation_list import deviations_of
from usagetwin_checker.noticing.noticed import Noticed, told
from usagetwin_checker.noticing.words import counted
from usagetwin_checker.plugin.options import OPTION_PREFIX, in_ini, of_run, on_command_line

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from usagetwin.stage.journal import Recorded

    Makes = Generator[None, pytest.TestReport, pytest.TestReport]

OPTION: Final = f"{OPTION_PREFIX}variations"
SUBTEST_REPORT: Final[type | None] = getattr(pytest, "SubtestReport", None)  # pytest 9 brought subtests
FAIL_OPTION: Final = f"{OPTION_PREFIX}fail-on-blind-spots"
HTML_OPTION: Final = f"{OPTION_PREFIX}blind-spots-html"
NOT_TOGETHER: Final = {
    "--pdb": "it would stop at each test that notices a fault",
}
TIMES_COUNTED: Final = 10
SECTION: Final = "usage twin: blind spots"
OUTPUT: Final = "usagetwin_noticed"  # where a worker of xdist leaves what it found


@dataclass(slots=True)
class Run:
    """One run of one test: the deviation that its twin shows, and at its end the requests that it sent."""

    deviation: str | None = None
    requests: "tuple[Recorded, ...]" = ()


RUN: Final = pytest.StashKey[Run]()  # on an item: its run at this moment, where someone wants to know


class _Node(Protocol):
    """A worker of xdist, as the controller sees it when it is done."""

    workeroutput: dict[str, Any]


class BlindSpots:
    """The plugin behind `--usage-twin-variations`: with xdist, workers run tests and the controller tells."""

    def __init__(self, names: "Sequence[str]", *, fail: bool, page: Path | None = None) -> None:
        """Take the deviations; `fail` fails a session that has blind spots, `page` is a file to write."""
        self._names: Final = names
        self._fail: Final = fail
        self._page: Final = page
        self._noticed: Final = Noticed()
        self._passed: Final[dict[pytest.Item, bool]] = {}
        self._subtests: Final[set[str]] = set()
        self._reports: list[pytest.TestReport] | None = None  # of the second pass, while it lasts

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """Run a test without logging it, in the second pass; the first one is the session's own."""
        if self._reports is None:
            item.stash[RUN] = Run()
            return None
        self._reports = runtestprotocol(item, log=False, nextitem=nextitem)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> "Makes":
        """Keep which tests passed, in all their parts and at the first attempt."""
        report = yield
        if self._reports is None:
            good = report.passed and not hasattr(report, "wasxfail")
            self._passed[item] = self._passed.get(item, True) and good
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep which tests have subtests, whose reports pytest logs in the midst of a test."""
        if SUBTEST_REPORT is not None and isinstance(report, SUBTEST_REPORT):
            self._subtests.add(report.nodeid)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> "Generator[None, object, object]":
        """Run the session's tests; then those that passed and called the twin, again."""
        result = yield
        callers = [
            item for item, passed in self._passed.items() if passed and item.stash.get(RUN, Run()).requests
        ]
        again = [item for item in callers if item.nodeid not in self._subtests]
        self._noticed.with_subtests += [item.nodeid for item in callers if item.nodeid in self._subtests]
        self._reports = []
        if again:
            runs = len(self._names) + 1
            _announce(session.config, f"usage twin: {counted(len(again), 'test')} again, {runs} times each")
        for number, (item, nextitem) in enumerate(zip_longest(again, again[1:]), 1):
            self._run_again(item, nextitem)
            if number in _counted_at(len(again)):
                _announce(session.config, f"usage twin: {number} of {counted(len(again), 'test')}")
        return result

    def _run_again(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """Run one test under each deviation, and at last without any: one that fails then says nothing."""
        shown: dict[str, bool] = {}
        reasons: dict[str, str] = {}
        for name in self._names:
            run = Run(name)
            failed = self._failure(item, run, copy(item))
            if any(request.deviates for request in run.requests):
                shown[name] = failed is not None
            if failed is not None:
                reasons[name] = failed
        failed = self._failure(item, Run(), nextitem)
        if failed is None:
            self._noticed.tests[item.nodeid] = shown
            self._noticed.reasons[item.nodeid] = {name: reasons[name] for name in shown if name in reasons}
        else:
            self._noticed.unrepeatable[item.nodeid] = failed

    def _failure(self, item: pytest.Item, run: Run, nextitem: pytest.Item | None) -> str | None:
        """Run one test once. With a copy of it as the next, pytest ends its own fixtures and no others."""
        item.stash[RUN] = run
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        return next((_reason(report) for report in self._reports or () if report.failed), None)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: _Node) -> None:
        """Take over what a worker found; one that crashed leaves nothing."""
        found = getattr(node, "workeroutput", {}).get(OUTPUT)
        if found is not None:
            self._noticed.add(found)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand what was found to the controller, or decide the exit status where that is asked for."""
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[OUTPUT] = self._noticed.as_dict()
        elif self._fail and session.exitstatus == pytest.ExitCode.OK and self._is_blind():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _is_blind(self) -> bool:
        return not self._noticed.tests or bool(self._noticed.blind_spots(self._names))

    def pytest_terminal_summary(
        self, terminalreporter: "pytest.TerminalReporter", config: pytest.Config
    ) -> None:
        """Tell what was found."""
        if config.getoption("collectonly"):
            return
        if self._page is not None:
            from usagetwin.commands.files import write_or_say
            from usagetwin_checker.noticing.noticed_page import noticed_page

            write_or_say(self._page, noticed_page(self._noticed, self._names), "the page")
        terminalreporter.ensure_newline()
        terminalreporter.section(SECTION)
        for line in told(self._noticed, self._names):
            terminalreporter.write_line(line)


def plugin_of(config: pytest.Config) -> BlindSpots:
    """Give the plugin that the command line asks for. Raises UsageError."""
    text, fail = of_run(config, "variations"), bool(of_run(config, "fail_on_blind_spots"))
    file: str | None = of_run(config, "blind_spots_html")
    if text is None:
        given = FAIL_OPTION if fail else HTML_OPTION
        problem = f"{given} is given, and no blind spots are looked for\n  try   {OPTION} beside it"
        raise pytest.UsageError(problem)
    for option, why in NOT_TOGETHER.items():
        if config.getoption(option):
            problem = f"{OPTION} can't go with {option}: {why}\n  try   one of them"
            raise pytest.UsageError(problem)
    page = None if file is None else _writable(config.invocation_params.dir / file, _world(config))
    try:
        return BlindSpots(deviations_of(text), fail=fail, page=page)
    except SettingError as error:
        problem = f"{OPTION}: {error}\n        written {OPTION}=LIST, or {OPTION} as the last argument"
        raise pytest.UsageError(problem) from None


def _world(config: pytest.Config) -> str | None:
    """Give what the run names as its world, which may be a file."""
    named = {**in_ini(config), **on_command_line(config)}.get("world")
    return named if isinstance(named, str) else None


def _writable(page: Path, world: str | None) -> Path:
    """Give the file of a page that can be made and written, in the place of no world. Raises UsageError."""
    from usagetwin.commands.files import refuse_taken, refuse_unwritable
    from usagetwin_checker.reporting.page.document import require_page

    try:
        require_page(HTML_OPTION)
        refuse_taken({HTML_OPTION: page}, {"the world": world})
        refuse_unwritable(page, HTML_OPTION)
    except SettingError as error:
        raise pytest.UsageError(str(error)) from None
    return page


def _reason(report: pytest.TestReport) -> str:
    """Give the first line of what failed a test."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = report.longreprtext if crash is None else crash.message
    return next(iter(text.strip().splitlines()), "")


def _counted_at(tests: int) -> range:
    """Give the numbers of the tests after which it is said how many are done: ten of them, or each."""
    step = max(1, tests // TIMES_COUNTED)
    return range(step, tests + 1, step)


def _announce(config: pytest.Config, line: str) -> None:
    """Say what takes the time, where someone watches."""
    terminal: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        terminal.write(f"\n{line}\n", flush=True)
