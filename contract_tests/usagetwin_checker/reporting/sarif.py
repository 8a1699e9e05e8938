"""How a report is written as SARIF 2.1.0: a result for each finding, on the lines that its rule rests on.

Rule: a file is named as it is in a checkout of usagetwin, never where it is installed.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from usagetwin import __version__
from usagetwin.contract import rule
from usagetwin.contract.document import DOCUMENT_PAGE
from usagetwin_checker.findings import Verdict
from usagetwin_checker.reporting.marked import marks
from usagetwin_checker.reporting.reports import paragraph

if TYPE_CHECKING:
    from usagetwin.contract import Rule
    from usagetwin.contract.lines import Line
    from usagetwin_checker.reporting.marked import Mark
    from usagetwin_checker.running.report import Report

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT: Final = "USAGETWIN"  # what the files are relative to
FINGERPRINT: Final = "usagetwin/v1"


def as_sarif(report: "Report") -> str:
    """Write any report, one of a run that was cut short too."""
    found = list(marks(report))
    broken = list(dict.fromkeys(mark.finding.rule_id for mark in found))
    run = {
        "tool": {
            "driver": {
                "name": "usagetwin",
                "semanticVersion": __version__,
                "rules": [_rule(rule(rule_id)) for rule_id in broken],
            }
        },
        "originalUriBaseIds": {ROOT: {"description": {"text": "A checkout of usagetwin."}}},
        "invocations": [_invocation(report)],
        "results": [_result(mark, broken.index(mark.finding.rule_id), report) for mark in found],
        "columnKind": "unicodeCodePoints",
        "properties": {
            "target": report.title,
            "verdict": str(report.verdict),
            "seed": report.seed,
            "requests": report.requests,
        },
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2) + "\n"


def _rule(found: "Rule") -> dict[str, Any]:
    advice = f"Server: {found.server}\n\nClient: {found.client}"
    return {
        "id": found.id,
        "shortDescription": {"text": found.statement},
        "fullDescription": {"text": f"{found.statement} ({found.citation})"},
        "help": {"text": advice},
        "helpUri": DOCUMENT_PAGE,
        "properties": {"tags": [str(found.tier)]},
    }


def _invocation(report: "Report") -> dict[str, Any]:
    """Say whether the check could judge: without that, no result would look like nothing being wrong."""
    told = [{"level": "error", "message": {"text": reason}} for reason in report.reasons]
    return {
        "executionSuccessful": report.verdict is not Verdict.INCONCLUSIVE,
        **({"toolExecutionNotifications": told} if told else {}),
    }


def _result(mark: "Mark", index: int, report: "Report") -> dict[str, Any]:
    whole = "\n".join(paragraph(mark.finding, report))
    level = "error" if mark.decides else "warning" if mark.finding.doubtful else "note"
    others = [{"id": number, **_place(line)} for number, line in enumerate(mark.others, start=1)]
    return {
        "ruleId": mark.finding.rule_id,
        "ruleIndex": index,
        "level": level,
        "message": {"text": whole},
        "locations": [_place(mark.line)],
        "partialFingerprints": {FINGERPRINT: mark.key},
        **({"relatedLocations": others} if others else {}),
    }


def _place(line: "Line") -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": line.file, "uriBaseId": ROOT},
            "region": {"startLine": line.number},
        }
    }
