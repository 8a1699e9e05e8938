"""The command, in this process and as people run it."""

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest
from usagetwin_checker.testing import UsageTwin

from billing_report.command import main

REPORT = """\
Sessions in March 2026, up to 2026-03-17 00:00 UTC

this month                     2,390
change, whole days            +27.1%
last 30 whole days             4,350
peak day, 2026-03-09             290
web                            1,750    73.2%
app                              640    26.8%
2026-01                        3,100
2026-02                        3,560
"""
ASKED = ["--now", "2026-03-17T00:00:00Z", "--project", "web", "--project", "app"]


def run(token: str, *arguments: str, environment: Mapping[str, str] = {}) -> str:
    """Run the command in a process of its own, and give what it prints."""
    return subprocess.run(
        [sys.executable, "-m", "billing_report", *arguments],
        env={**os.environ, **environment, "LAUNCHDARKLY_TOKEN": token},
        capture_output=True,
        check=True,
        text=True,
    ).stdout


@pytest.mark.usage_twin
def test_the_command_prints_the_report(
    token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The marker alone lets the twin answer: this test has nothing to say to it."""
    monkeypatch.setenv("LAUNCHDARKLY_TOKEN", token)

    status = main(ASKED)

    assert status == 0
    assert capsys.readouterr().out == REPORT


@pytest.mark.usage_twin(faults={"server-error": {}})
def test_a_failure_is_one_line_and_a_status(
    token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, and no half report."""
    monkeypatch.setenv("LAUNCHDARKLY_TOKEN", token)
    monkeypatch.setattr("billing_report.retry.LONGEST_WAIT_S", 0)

    status = main(ASKED)

    printed = capsys.readouterr()
    assert status == 1
    assert printed.out == ""
    assert printed.err.startswith("billing-report: gave up after 4 tries: 500")


def test_without_a_token_nothing_is_asked(usage_twin: UsageTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever forgets it learns so from us."""
    monkeypatch.delenv("LAUNCHDARKLY_TOKEN", raising=False)

    with pytest.raises(SystemExit, match="2"):
        main(ASKED)

    usage_twin.assert_not_called()


def test_a_process_of_its_own_can_be_told_where_to_ask(usage_twin_url: str, token: str) -> None:
    """`--api` is for LaunchDarkly's other instances; here it is the twin over plain HTTP."""
    assert run(token, "--api", usage_twin_url, *ASKED) == REPORT


def test_a_process_of_its_own_asks_the_real_hostname(usage_twin: UsageTwin, token: str) -> None:
    """The environment leads it to the twin."""
    assert run(token, *ASKED, environment=usage_twin.environment()) == REPORT
    assert {request.host for request in usage_twin.requests} == {"app.launchdarkly.com"}
