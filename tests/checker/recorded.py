"""Recordings as others make them: a HAR with what a browser writes, entry by entry."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from tests.acme import MAR_1, MAR_2, MAR_3, PATH
from tests.checker.hostile import body, linked
from usagetwin_checker.commands.recordings import recorded
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from pathlib import Path

    from usagetwin_checker.running.report import Report

LIVE: Final = "https://app.launchdarkly.com"
SERIES: Final = ((MAR_1 * 1000, 31), (MAR_2 * 1000, 73), (MAR_3 * 1000, 100))
DATE: Final = "Tue, 10 Mar 2026 12:00:00 GMT"
AT_S: Final = MAR_3 + 7 * 86400 + 43200  # the same
DAYS: Final = f"?from={MAR_1}&to={MAR_3}&aggregationType="


def entry(query: str = "", content: str | bytes | None = None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    """Give an entry with a right answer, or this content; `changes` name parts of it by their last name."""
    text = linked(body(*SERIES), query) if content is None else content
    made: dict[str, Any] = {
        "startedDateTime": datetime.fromtimestamp(changes.pop("at_s", AT_S), UTC)
        .isoformat()
        .replace("+00:00", "Z"),
        "time": 12.5,
        "request": {
            "method": changes.pop("method", "GET"),
            "url": changes.pop("url", f"{LIVE}{PATH}{query}"),
            "headers": changes.pop("asked_with", [{"name": "Authorization", "value": "api-token"}]),
        },
        "response": {
            "status": changes.pop("status", 200),
            "headers": changes.pop(
                "headers",
                [{"name": "Content-Type", "value": "application/json"}, {"name": "Date", "value": DATE}],
            ),
            "content": {"text": text.decode() if isinstance(text, bytes) else text},
        },
    }
    made["response"]["content"].update(changes.pop("content_too", {}))
    return made | changes


def daily(view: str, *points: tuple[int, int], **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    """Give an entry that asks for the first two days of March in a view."""
    query = DAYS + view
    return entry(query, linked(body(*((day * 1000, value) for day, value in points)), query), **changes)


def har(*entries: Any, **head: Any) -> bytes:  # noqa: ANN401 -- any JSON
    """Write a HAR of these entries."""
    log = {"version": "1.2", "creator": {"name": "somebody", "version": "1"}, **head, "entries": entries}
    return json.dumps({"log": log}).encode()


def recorded_run(
    file: "Path", *, world: str | None = None, now: str, deviation: str | None = None, drawn: int = 0
) -> "Report":
    """Check a twin that may deviate, and record it."""
    target, known = twin(world=world, now=now, deviation=deviation)
    options = Options(known, strict=True, budget=120 if drawn else 40, max_examples=drawn)
    asked = recorded(target, options, file)
    try:
        return Campaign(asked, options, lambda _sent, _of: None).run()
    finally:
        asked.close()
