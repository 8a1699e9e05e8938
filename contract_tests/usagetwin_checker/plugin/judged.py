"""When a test is told of its own requests: at its end, as its failure, a warning, or a section of its report.

This module is a plugin of its own, which joins the run with the first test that has a twin.
"""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pytest

from usagetwin.errors import UsageTwinError
from usagetwin.stage.consumer import report
from usagetwin_checker.plugin import UsageTwinWarning
from usagetwin_checker.testing.expected import explanation
from usagetwin_checker.testing.story import story, unused

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from usagetwin.stage.consumer import RequestFinding
    from usagetwin.stage.play import Play
    from usagetwin_checker.testing.control import UsageTwin
    from usagetwin_checker.testing.distant_play import DistantPlay

    Makes = Generator[None, pytest.TestReport, pytest.TestReport]

SECTION: Final = "usage_twin"
MET_SECTION: Final = "usage_twin: what the test met"
LEFT_OVER_SECTION: Final = "usage twin: requests after their test"
BROKEN: Final = "requests break {rules}:"
FAILED: Final = "what the test told the twin to do failed:"
UNUSED_ADVICE: Final = (
    'unused="warn" or "off", in the marker usage_twin or as usage_twin_unused in the ini file, lets it pass.'
)
ADVICE: Final = (
    "A test that breaks a rule on purpose says so: @pytest.mark.usage_twin(allow={rules!r}).\n"
    'requests="warn" or "off", in the marker or as usage_twin_requests in the ini file, lets all pass.'
)


@dataclass(slots=True)
class Judged:
    """One test's use of the twin, and what the test has been told of it so far."""

    twin: "UsageTwin"
    play: "Play | DistantPlay"
    mode: str
    unused: str
    stopped: "Callable[[], list[str]]"
    renew: "Callable[[], None]"
    raised: BaseException | None = None
    _stopped: list[str] = field(default_factory=list)
    _told: int = 0  # the number of the last request that the test has been told of

    def failures(self) -> str:
        """Tell once of what was stopped, and of what failed on the server's thread."""
        stopped = [line for line in dict.fromkeys(self.stopped()) if line not in self._stopped]
        self._stopped += stopped
        past = [f"{line}\n" for line in stopped]
        told: list[str] = []
        while True:
            try:
                self.twin.raise_errors()
            except Exception as error:  # noqa: BLE001 -- whatever it was, the test is told of it
                told += _told(error)
            else:
                return "".join([*past, *([f"{FAILED}\n", *told] if told else [])])

    def findings(self) -> "tuple[RequestFinding, ...]":
        """Give what is wrong with the requests, each finding once."""
        told, self._told = self._told, len(self.play.journal.requests)
        if self.mode == "off" or told == self._told:
            return ()
        return tuple(each for each in self.play.findings if told < each.request.number <= self._told)


JUDGED: Final = pytest.StashKey[Judged]()
LEFT_OVER: Final = pytest.StashKey[Mapping[str, int]]()  # what was said to what tests have left behind


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> "Generator[None]":
    """Fail a test that has passed so far, and whose requests break the contract."""
    _renew(item)
    yield
    useless = _useless(item)
    fail_or_warn(item)
    if useless:
        _fail_or_warn_for(item, useless)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> "Generator[None]":
    """See that the fixtures of the test still reach the twin: another plugin may tidy up before them."""
    item.addfinalizer(lambda: _renew(item))  # the last to be added is the first to run
    yield


def _renew(item: pytest.Item) -> None:
    judged = item.stash.get(JUDGED, None)
    if judged is not None:
        judged.renew()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: "pytest.CallInfo[None]") -> "Makes":
    """Add to a test's report what it has not been told of: it failed for another reason."""
    report = yield
    judged = item.stash.get(JUDGED, None)
    if judged is None or (call.when != "call" and call.excinfo is None):
        return report
    findings = judged.findings()  # first: what keeps a test from reading them is among the failures
    text = _text(judged.failures(), findings)
    if judged.raised is not None and (call.excinfo is None or call.excinfo.value is not judged.raised):
        text = str(judged.raised)  # a unittest.TestCase shows its own failure, and drops ours
    if text:
        report.sections.append((SECTION, text))
    if report.failed:
        report.sections.append((MET_SECTION, story(judged.play)))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell of requests that came after their test was over."""
    left_over = config.stash.get(LEFT_OVER, None)
    if left_over:
        terminalreporter.section(LEFT_OVER_SECTION)
        for said, times in left_over.items():
            terminalreporter.write_line(said if times == 1 else f"{said}\n  ({times} requests)")


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Say bucket by bucket why a series is not the expected one."""
    lines = explanation(left, right) if op == "==" else ()
    return [f"{left!r} == {right!r}", *lines] if lines else None


def _useless(item: pytest.Item) -> tuple[str, ...]:
    """Say what the test has no use of, before anybody but the test has looked."""
    judged = item.stash.get(JUDGED, None)
    return () if judged is None or judged.unused == "off" else unused(judged.play)


def _fail_or_warn_for(item: pytest.Item, useless: tuple[str, ...]) -> None:
    judged, text = item.stash[JUDGED], "\n".join((*useless, UNUSED_ADVICE))
    if judged.unused == "warn":
        item.warn(UsageTwinWarning(text))
    else:
        judged.raised = pytest.fail.Exception(text, pytrace=False)
        raise judged.raised


def fail_or_warn(item: pytest.Item) -> None:
    """Fail or warn for what a test has not been told of."""
    judged = item.stash.get(JUDGED, None)
    if judged is None:
        return
    findings = judged.findings()
    failures = judged.failures()
    if findings and judged.mode == "warn":
        item.warn(UsageTwinWarning(_report(findings)))
        findings = ()
    text = _text(failures, findings)
    if text:
        judged.raised = pytest.fail.Exception(text, pytrace=False)
        raise judged.raised


def _told(error: Exception) -> list[str]:
    """Tell an error: in its own words where it has them, else with the lines of the test that raised it."""
    if error.__cause__ is None and isinstance(error, UsageTwinError):
        return [f"{error}\n"]
    return traceback.format_exception(error.__cause__ or error)


def _text(failures: str, findings: "tuple[RequestFinding, ...]") -> str:
    return "\n".join(filter(None, (failures, _report(findings))))


def _report(findings: "tuple[RequestFinding, ...]") -> str:
    if not findings:
        return ""
    rules = list(dict.fromkeys(finding.rule for finding in findings))
    broken = BROKEN.format(rules=", ".join(rules))
    advice = ADVICE.format(rules=rules[0] if len(rules) == 1 else rules)
    return f"{broken}\n{report(findings)}\n\n{advice}"
