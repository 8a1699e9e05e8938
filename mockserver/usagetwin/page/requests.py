"""The view *requests*: the journal of a play with what each request broke, a page at a time and live.

Rule: it shows what the journal has, the newest first; a filter is a part of the address, of streams too.
"""

import asyncio
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from starlette.routing import Route

from usagetwin.control.refusals import ControlError
from usagetwin.errors import SettingError
from usagetwin.page.front import PREFIX
from usagetwin.page.live import Stream, Streams
from usagetwin.page.rows import TAKES, Wanted, row
from usagetwin.page.watching import Watch
from usagetwin.stage.mistakes import MISTAKES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from usagetwin.page.rows import Row
    from usagetwin.page.site import Site
    from usagetwin.page.staged import Shown
    from usagetwin.stage.play import Play

ROWS: Final = 50  # of one page
PATH: Final = f"{PREFIX}/requests"
STREAM: Final = f"{PATH}/stream"
LARGEST_NUMBER: Final = 18  # digits


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the journal: its rows, the newest first, and what to ask for the page of older ones."""

    rows: "tuple[Row, ...]"
    older: int | None
    newest: int  # the number of the last request that the page knows of
    total: int
    kept: int
    broken: "Mapping[str, int]"


def routes(site: "Site") -> "list[Route]":
    """Give the view and its stream."""
    streams = Streams(site.staged.stopping)

    async def shown(request: "Request") -> "Response":
        return await _page(site, request)

    async def stream(request: "Request") -> "Response":
        shown = await site.shown(request)
        play = _told(shown)
        known = request.headers.get("last-event-id") or request.query_params.get("after", "")
        last = await asyncio.to_thread(lambda: play.journal.last_number)
        after = _number(known) if known else last
        after = after if after <= last else 0  # it is of another twin, which stood here before
        return Stream(Watch(play, shown.number, _wanted(request), after), streams)

    return [Route(PATH, shown, name="requests"), Route(STREAM, stream, name="requests-stream")]


async def _page(site: "Site", request: "Request") -> "Response":
    shown = await site.shown(request)
    if shown.play is None or shown.seen is None:
        return await site.page(
            request, "requests.html", view="requests", shown=shown, sheet=None, closed=site.staged.closed
        )
    mistaken: SettingError | None = None
    try:
        wanted = _wanted(request)
        given = wanted.fields()
    except SettingError as error:
        mistaken, wanted, given = error, Wanted(), dict(request.query_params)
    before = _number(request.query_params.get("before", ""))
    sheet = await asyncio.to_thread(_sheet, shown.play, shown.number, wanted, before)
    values: dict[str, Any] = {
        "given": given,
        "wanted": wanted.fields(),
        "before": before,
        "mistaken": mistaken,
        "takes": TAKES,
        "rules": sorted({*sheet.broken, *filter(None, [wanted.rule])}),
        "recording": not shown.is_default or shown.seen.recording or shown.seen.is_told,
        "can_stop": shown.is_default and shown.seen.recording,
        "stream": STREAM,
    }
    status = 200 if mistaken is None else 400
    return await site.proofs.document(
        site, request, "requests.html", view="requests", shown=shown, sheet=sheet, status=status, **values
    )


def _sheet(play: "Play", number: str, wanted: Wanted, before: int) -> Sheet:
    """Look at the journal."""
    look = play.journal.look()
    kept = look.requests
    findings = play.findings_of(kept) if wanted.rule else {}
    meant = (
        each
        for each in reversed(kept)
        if (not before or each.number < before) and wanted.has(each, findings.get(each.number, ()))
    )
    shown = list(islice(meant, ROWS + 1))
    older = shown[ROWS - 1].number if len(shown) > ROWS else None
    found = play.findings_of(shown)
    rows = tuple(row(each, found[each.number], number) for each in shown[:ROWS])
    return Sheet(rows, older, look.last, look.total, len(kept), play.broken)


def _wanted(request: "Request") -> Wanted:
    """Read the filter. Raises SettingError."""
    asked = request.query_params
    status, rule, text = (asked.get(name, "").strip() for name in ("status", "rule", "text"))
    return Wanted(status=status.lower(), rule=rule if rule in MISTAKES else "", text=text)


def _told(shown: "Shown") -> "Play":
    """Give the play. Raises ControlError where there is none that keeps a journal."""
    if shown.play is None:
        raise ControlError(
            409, "no_plays", "this twin keeps no journal", "usagetwin serve, with the control API"
        )
    return shown.play


def _number(text: str) -> int:
    """Read the number of a request; what is none is before all of them."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LARGEST_NUMBER else 0
