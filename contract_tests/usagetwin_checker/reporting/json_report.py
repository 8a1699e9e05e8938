"""How a report is written as JSON: as `report.schema.json` beside this file says.

Rule: nothing is decided here. A number is a number, an instant is ISO 8601 in UTC.
"""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from usagetwin import __version__
from usagetwin.days import iso, to_date
from usagetwin_checker.choices.lessons import Shown
from usagetwin_checker.findings import Status
from usagetwin_checker.reporting.course import coverage, stretches
from usagetwin_checker.reporting.learned import answers, request
from usagetwin_checker.reporting.prose import judged
from usagetwin_checker.reporting.reports import base_of, command_of
from usagetwin_checker.reporting.standing import standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin_checker.choices.lessons import Lessons
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.knowing.knowledge import Now
    from usagetwin_checker.reporting.standing import Standing
    from usagetwin_checker.running.report import Report

FORMAT: Final = "urn:usagetwin:report:1"  # the $id of the schema


def as_json(report: "Report") -> str:
    """Write any report, one of a run that was cut short too."""
    found = list(standings(report))
    numbers = Counter(each.status for each in found)
    document = {
        "format": FORMAT,
        "usagetwin": __version__,
        "verdict": str(report.verdict),
        "target": report.target,
        "operation": {"id": report.options.operation.id, "path": report.options.operation.path},
        "strict": report.strict,
        "seed": report.seed,
        "partial": report.ended.partial,
        "ended": str(report.ended),
        "interrupted": report.interrupted,
        "options": _options(report),
        "now": _now(report.knowledge.now),
        "requests": report.requests,
        "sent_again": report.sent_again,
        "cases": report.cases,
        "seconds": round(report.seconds, 3),
        "phases": _phases(report),
        "coverage": _coverage(report, found),
        "counts": {str(status): numbers[status] for status in Status},
        "reasons": list(report.reasons),
        "notes": list(report.notes),
        "findings": [_finding(finding, report) for finding in report.findings],
        "rules": list(map(_standing, found)),
        "learned": None if report.lessons is None else _learned(report, report.lessons),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _options(report: "Report") -> dict[str, Any]:
    options = report.options
    given = options.knowledge
    return {
        "projects": sorted(given.keys),
        "complete": given.complete,
        "now": None if given.now is None else iso(given.now.earliest_s),
        "budget": report.budget,
        "max_time": options.max_time_s,
        "max_examples": options.max_examples,
        "live": options.live,
        "settles_after": given.settling_h,
        "shards": options.shard.of,
    }


def _now(now: "Now | None") -> dict[str, str] | None:
    return None if now is None else {"earliest": iso(now.earliest_s), "latest": iso(now.latest_s)}


def _phases(report: "Report") -> list[dict[str, Any]]:
    return [
        {
            "phase": str(each.phase),
            "requests": each.requests,
            "began": _instant(each.began_s),
            "seconds": round(each.seconds, 6),
        }
        for each in stretches(report)
    ]


def _coverage(report: "Report", found: "Sequence[Standing]") -> dict[str, Any]:
    of_plan = coverage(report)
    sentences = Counter(each.status for each in judged(found))
    return {
        "classes": [
            {
                "factor": each.factor,
                "class": each.level,
                "unusual": each.unusual,
                "requests": each.requests,
            }
            for each in of_plan.classes
        ],
        "pairs": [{"about": about, "met": met, "allowed": allowed} for about, met, allowed in of_plan.pairs],
        "sentences": {
            **{str(status): sentences[status] for status in Status},
            "without-rule": sentences[None],
        },
    }


def _learned(report: "Report", lessons: "Lessons") -> dict[str, Any]:
    return {
        "asked": lessons.asked,
        "choices": [
            {
                "choice": each.choice.name,
                "shown": str(each.shown),
                "ways": [way or None for way in each.ways],
                "needs": each.choice.needs if each.shown is Shown.OPEN else None,
                "requests": list(map(request, each.asks)),
            }
            for each in lessons.each
        ],
        "rules": [
            {
                "rule": each.rule.id,
                "tier": str(each.rule.tier),
                "answer": str(each.answer),
                "way": each.way,
                "needs": each.needs,
                "request": None if each.ask is None else request(each.ask),
            }
            for each in answers(report, lessons)
        ],
        "profile": {
            "policies": dict(lessons.profile.policies),
            "variations": list(lessons.profile.variations),
        },
    }


def _standing(each: "Standing") -> dict[str, Any]:
    return {
        "rule": each.rule.id,
        "tier": str(each.rule.tier),
        "status": str(each.status),
        "exchanges": each.exchanges,
        "reason": each.reason,
    }


def _finding(finding: "Finding", report: "Report") -> dict[str, Any]:
    return {
        "rule": finding.rule_id,
        "tier": str(finding.rule.tier),
        "severity": str(finding.severity(strict=report.strict)),
        "citation": finding.rule.citation,
        "message": finding.message,
        "points": list(finding.points),
        "values": _values(finding),
        "also": list(finding.also),
        "conversation": [_exchange(exchange, finding, report) for exchange in finding.conversation],
    }


def _values(finding: "Finding") -> list[dict[str, Any]]:
    order = {exchange.number: index for index, exchange in enumerate(finding.conversation, start=1)}
    return [
        {
            "view": shown.view,
            "bucket": to_date(shown.bucket).isoformat(),
            "projects": sorted(shown.keys),
            "value": shown.value,
            "request": order[shown.number],
        }
        for shown in finding.shown
    ]


def _exchange(exchange: "Exchange", finding: "Finding", report: "Report") -> dict[str, Any]:
    return {
        "method": exchange.ask.method,
        "url": base_of(report.base_url or report.target) + exchange.ask.target,
        "status": exchange.status,
        "at": _instant(exchange.at_s),
        "seconds": round(exchange.seconds, 6),
        "curl": command_of(exchange, finding, report),
    }


def _instant(at_s: float) -> str:
    at = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds")
    return at.replace("+00:00", "Z")
