"""One exchange of a finding on a page: what was asked, what came, and the command that asks again."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from usagetwin_checker.reporting.curl import points_in_question
from usagetwin_checker.reporting.reports import base_of, command_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.running.report import Report

MOST_POINTS: Final = 12
MOST_TEXT: Final = 1_000  # characters of an answer that has no points to show
KEPT_CONTROLS: Final = "\n\t"


@dataclass(frozen=True, slots=True)
class Shown:
    """One exchange, in words. `answer` is what matters of the body, `left_out` says how much that is."""

    method: str
    url: str
    came: str
    media_type: str
    at: str
    milliseconds: float
    curl: str
    answer: str
    left_out: str


def conversation(finding: "Finding", report: "Report") -> "Iterator[Shown]":
    """Give the exchanges of a finding in their order."""
    for exchange in finding.conversation:
        answer, left_out = _answer(exchange, finding, report)
        yield Shown(
            exchange.ask.method,
            base_of(report.base_url or report.target) + exchange.ask.target,
            came(exchange),
            exchange.media_type,
            datetime.fromtimestamp(exchange.at_s, UTC).strftime("%Y-%m-%d %H:%M:%S"),
            round(exchange.seconds * 1000, 1),
            seen(command_of(exchange, finding, report)),
            answer,
            left_out,
        )


def came(exchange: "Exchange") -> str:
    """Say what came back in a word or a few: the status, or why there is none."""
    if exchange.failure is None:
        return f"{int(exchange.status)}"
    return f"{int(exchange.status) or 'no answer'}: {exchange.failure}"


def _answer(exchange: "Exchange", finding: "Finding", report: "Report") -> tuple[str, str]:
    """Give the points in question, a line each, or else the beginning of the body; and what is left out."""
    points = points_in_question(exchange, finding, report.judgement.reading)
    if points:
        lines = [json.dumps(point, ensure_ascii=False) for point in points[:MOST_POINTS]]
        of = len(exchange.document["series"])
        return seen("\n".join(lines)), f"{len(lines)} of {of} points" if of > len(lines) else ""
    text = exchange.body[: MOST_TEXT * 4].decode("utf-8", "backslashreplace")
    whole = len(text) <= MOST_TEXT and len(exchange.body) <= MOST_TEXT * 4
    return seen(text[:MOST_TEXT]), "" if whole else f"the beginning of {len(exchange.body)} bytes"


def seen(text: str) -> str:
    """Write a text of several lines so that nothing in it is unseen: what can't be printed is escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in KEPT_CONTROLS else repr(char)[1:-1] for char in text)
