"""The view *account*: what each project counts, and all together, as charts and as a table.

Rule: what is shown is the ledger's. A fault or variation that the twin is told to show changes its answers,
which the view *query* has.
"""

import asyncio
import re
from typing import TYPE_CHECKING, Any, Final

from starlette.routing import Route

from usagetwin.contract.operation import MONTHLY
from usagetwin.days import SECONDS_PER_DAY, iso, start_of
from usagetwin.errors import Refusal, SettingError
from usagetwin.page.choosing import FEW_ROWS, ROWS, SIZES, choice_of, found, kinds, written
from usagetwin.page.columns import Account, Ledgers
from usagetwin.page.front import FIRST, PREFIX
from usagetwin.page.refusing import refused_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from usagetwin.account.world import World
    from usagetwin.page.choosing import Choice
    from usagetwin.page.columns import Column
    from usagetwin.page.site import Site

DATA: Final = f"{PREFIX}/account"
DATE: Final = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})?")
MOST_ASKED: Final = 50  # projects, by one request of a script's


def routes(site: "Site") -> list[Route]:
    """Give the view, and what its script fetches."""
    view = _View(site)
    return [
        Route(FIRST, view.show),
        Route(f"{DATA}/total", view.total),
        Route(f"{DATA}/projects", view.projects),
    ]


class _View:
    def __init__(self, site: "Site") -> None:
        self._site = site
        self._ledgers = Ledgers()

    async def show(self, request: "Request") -> "Response":
        """Show the document: the form, places for charts, and the table."""
        shown = await self._site.shown(request)
        values: dict[str, Any] = {
            "refused": None,
            "kinds": kinds(),
            "sizes": SIZES,
            "sent": request.query_params,
            "total": f"{DATA}/total?{request.url.query}",
            "types": {"start": _type(request, "from"), "end": _type(request, "to")},
        }
        try:
            choice = choice_of(request.query_params, shown.setup.now_s)
            account = Account(choice, shown.setup, self._ledgers.of(shown.setup))
            values |= await asyncio.to_thread(_table, account, shown.setup.world)
            status = 200
        except (SettingError, Refusal) as error:
            values["refused"] = refused_by(error)
            status = 400
        return await self._site.page(
            request, "account.html", view="account", shown=shown, status=status, **values
        )

    async def total(self, request: "Request") -> "Response":
        """Give the total to a script, and the projects that have most of it."""
        return await self._answer(request, _total)

    async def projects(self, request: "Request") -> "Response":
        """Give some projects to a script, by their places in the account."""
        places = [
            int(text) for text in request.query_params.getlist("place")[:MOST_ASKED] if text.isdecimal()
        ]

        def some(account: Account, world: "World") -> dict[str, object]:
            keys = [world.projects[place].key for place in places if place < len(world.projects)]
            return {**_axis(account), "columns": [account.column(key).document() for key in keys]}

        return await self._answer(request, some)

    async def _answer(
        self, request: "Request", make: "Callable[[Account, World], dict[str, object]]"
    ) -> "Response":
        shown = await self._site.shown(request)
        choice = choice_of(request.query_params, shown.setup.now_s)
        account = Account(choice, shown.setup, self._ledgers.of(shown.setup))
        try:
            document = await asyncio.to_thread(make, account, shown.setup.world)
        except Refusal as error:
            return await self._site.json(
                request, {"code": error.code, "message": error.message}, status=error.status
            )
        return await self._site.json(request, document)


def _type(request: "Request", name: str) -> str:
    """Give the control for an instant: a date's, which would lose anything else that was typed."""
    return "date" if DATE.fullmatch(request.query_params.get(name, "")) else "text"


def _total(account: Account, _world: "World") -> dict[str, object]:
    named, rest = account.layers()
    layers = [each.document() for each in named] + ([] if rest is None else [rest.document()])
    total = account.total().document()
    return {**_axis(account), "total": total, "layers": layers, "rest": rest is not None}


def _axis(account: Account) -> dict[str, object]:
    """Give the buckets as a chart has them: the first day of each, and how many are closed."""
    times_ms = account.times_ms()
    times = [written(time_ms // 1000) for time_ms in times_ms]
    return {"times": times, "closed": account.closed(times_ms)}


def _table(account: Account, world: "World") -> dict[str, Any]:
    """Give what the document shows: a page of projects, and a page of buckets, the newest first."""
    choice = account.choice
    every = found(choice, world)
    page, pages = _page(choice.page, len(every), choice.size)
    listed = every[(page - 1) * choice.size : page * choice.size]
    times_ms = account.times_ms()
    size = ROWS if choice.size == SIZES[0] else FEW_ROWS
    sheet, sheets = _page(choice.rows, len(times_ms), size)
    stop = len(times_ms) - (sheet - 1) * size
    start = max(0, stop - size)
    part = account.during(times_ms, start, stop)
    columns = (part.total(), *(part.column(project.key) for _, project in listed))
    closed = account.closed(times_ms)
    rows = [
        (_label(choice, times_ms[place]), place >= closed, _cells(columns, place - start, stop - start))
        for place in reversed(range(start, stop))
    ]
    return {
        "choice": choice,
        "window": _window(account),
        "open": None if closed == len(times_ms) else _label(choice, times_ms[-1]),
        "buckets": len(times_ms),
        "projects": listed,
        "matching": len(every),
        "page": page,
        "pages": pages,
        "rows": rows,
        "sheet": sheet,
        "sheets": sheets,
        "spans": _spans(world, account.now_s),
    }


def _page(wanted: int, things: int, size: int) -> tuple[int, int]:
    """Give which page there is of so many things, for the one that is wanted, and how many there are."""
    pages = max(1, -(-things // size))
    return min(wanted, pages), pages


def _cells(columns: "Sequence[Column]", place: int, buckets: int) -> list[int | None]:
    """Give a row's values: none where a project was not yet created."""
    offsets = [place - (buckets - len(column.values)) for column in columns]
    return [
        column.values[offset] if offset >= 0 else None
        for column, offset in zip(columns, offsets, strict=True)
    ]


def _label(choice: "Choice", time_ms: int) -> str:
    text = written(time_ms // 1000)
    return text[:7] if choice.granularity == MONTHLY else text


def _window(account: Account) -> str:
    """Say which window was asked for."""
    choice = account.choice
    end = iso(account.now_s) + ", which is now" if choice.end_s is None else written(choice.end_s)
    return f"from {written(choice.start_s)} to {end}"


def _spans(world: "World", now_s: int) -> list[tuple[str, str]]:
    """Give windows that are worth a link: their names, and where each starts."""
    today = now_s // SECONDS_PER_DAY
    first = min(project.created for project in world.projects)
    starts = {"30 days": today - 29, "90 days": today - 89, "a year": today - 364, "everything": first}
    return [(name, written(start_of(max(0, day)))) for name, day in starts.items()]
