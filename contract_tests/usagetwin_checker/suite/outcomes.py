"""What a check says of each rule, in words that a test can show, and in a form that workers can share."""

import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from usagetwin_checker.findings import Severity
from usagetwin_checker.reporting.reports import paragraph
from usagetwin_checker.reporting.standing import standings

if TYPE_CHECKING:
    from usagetwin_checker.running.report import Report

OPTION: Final = re.compile(r"(?<![\w-])--(?=(?:project|complete|now|budget|max-time)(?![\w-]))")


class Result(StrEnum):
    """What becomes of a rule's test."""

    HELD = "held"
    FAILURE = "failure"
    UNCONFIRMED = "unconfirmed"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check says of one rule: `text` is the finding, or what it would take to judge the rule."""

    rule: str
    tier: str
    citation: str
    result: Result
    exchanges: int
    text: str = ""

    @property
    def properties(self) -> list[tuple[str, str]]:
        """Give what a JUnit report shows beside the result."""
        return [
            ("tier", self.tier),
            ("citation", self.citation),
            ("result", str(self.result)),
            ("exchanges", str(self.exchanges)),
        ]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a check says of every rule, and why it came to no verdict on the whole, where it did not."""

    target: str
    reasons: tuple[str, ...]
    rules: dict[str, Outcome]

    def as_json(self) -> str:
        """Write it for other processes."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Outcomes":
        """Read what another process wrote."""
        document = json.loads(text)
        read = {
            rule_id: Outcome(**{**fields, "result": Result(fields["result"])})
            for rule_id, fields in document["rules"].items()
        }
        return cls(document["target"], tuple(document["reasons"]), read)


def outcomes_of(report: "Report") -> Outcomes:
    """Sort a report by rule."""
    broken = {  # the first finding of a rule counts; what one also explains is broken with it
        rule_id: (finding.severity(strict=report.strict), "\n".join(paragraph(finding, report)))
        for finding in reversed(report.findings)
        for rule_id in (*finding.also, finding.rule_id)
    }
    found = {}
    for each in standings(report):
        rule_id, result, text = each.rule.id, Result.HELD, ""
        if rule_id in broken:
            severity, text = broken[rule_id]
            result = Result.FAILURE if severity is Severity.FAILURE else Result.UNCONFIRMED
        elif each.reason is not None:
            result, text = Result.INCONCLUSIVE, f"{each.status.replace('-', ' ')}: {in_pytest(each.reason)}"
        found[rule_id] = Outcome(
            rule_id, str(each.rule.tier), each.rule.citation, result, each.exchanges, text
        )
    return Outcomes(report.target, tuple(map(in_pytest, report.reasons)), found)


def in_pytest(text: str) -> str:
    """Name the options of `usagetwin check` as they are called in pytest."""
    return OPTION.sub("--usage-twin-", text)
