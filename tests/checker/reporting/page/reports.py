"""Reports to make pages of: one of a hand-made conversation, whose project has any name."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from tests.checker.conversations import KNOWN, answered, numbered
from usagetwin_checker.findings import Verdict
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.running.report import Phase, Report, Sent

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange

TARGET: Final = "http://127.0.0.1:8080"
AT_S: Final = 1_773_750_000.0


def report_of(*exchanges: "Exchange", key: str = "web") -> Report:
    """Judge a conversation of a target that has a project of this name."""
    known = replace(KNOWN, keys=frozenset({key, "app"}))
    sent = [replace(each, at_s=AT_S + each.number, seconds=0.002) for each in numbered(*exchanges)]
    judgement = judge(sent, known)
    return Report(
        target=TARGET,
        verdict=Verdict.FAIL if judgement.binding else Verdict.PASS,
        strict=False,
        seed=7,
        requests=len(sent),
        cases=len(sent),
        seconds=1.5,
        knowledge=known,
        judgement=judgement,
        findings=judgement.findings,
        reasons=(),
        budget=60,
        sent=tuple(Sent(Phase.PLAN, each) for each in sent),
    )


def sums_that_disagree(key: str = "web") -> Report:
    """Give a report with one finding: 2026-03-04 of a project has 4 sessions, by which 6 + 4 is 11."""
    asked = f"from=2026-03-01&to=2026-03-06&projectKey={quote(key, safe='')}"
    days = answered(
        f"{asked}&aggregationType=incremental",
        {"2026-03-01": 1, "2026-03-02": 2, "2026-03-03": 3, "2026-03-04": 4, "2026-03-05": 5},
    )
    sums = answered(
        f"{asked}&aggregationType=month_to_date",
        {"2026-03-01": 1, "2026-03-02": 3, "2026-03-03": 6, "2026-03-04": 11, "2026-03-05": 16},
    )
    return report_of(days, sums, key=key)
