"""The view *query*: a question to the API, built with the mouse or as it stands, and its answer."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response
from starlette.routing import Route

from usagetwin.contract import effective_contract
from usagetwin.contract.operation import PARAMETERS
from usagetwin.page.asking import MOST_ROWS, asked, rows_of
from usagetwin.page.fields import fields_of, given, query_string
from usagetwin.page.front import PREFIX
from usagetwin.page.headers import LIVE
from usagetwin.page.snippets import snippets
from usagetwin.request.ignored import meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from usagetwin.page.fields import Field
    from usagetwin.page.site import Site
    from usagetwin.page.staged import Shown

VIEW: Final = f"{PREFIX}/query"
MOST_BOXES: Final = 200  # projects that are listed to choose from
LONGEST_SHOWN: Final = 20_000  # characters of an answer


def routes(site: "Site") -> list[Route]:
    """Give the view, and the answer by itself."""
    view = _View(site)
    return [Route(VIEW, view.show), Route(f"{VIEW}/answer", view.answer)]


class _View:
    def __init__(self, site: "Site") -> None:
        self._site = site

    async def show(self, request: "Request") -> Response:
        """Show the form, the answer, and how else to ask."""
        shown = await self._site.shown(request)
        fields = fields_of(effective_contract())
        query = query_string(request.query_params.multi_items(), fields)
        answered = await asked(request, self._site.staged, shown, query)
        text = answered.text
        names, rows = rows_of(answered.document if answered.status == 200 else None)
        path = shown.setup.settings.operations[0].path
        endpoint = f"{request.url.scheme}://{request.headers.get('host', '')}{path}"
        values: dict[str, Any] = {
            "fields": fields,
            "given": given(query),
            "keys": [project.key for project in shown.setup.world.projects[:MOST_BOXES]],
            "query": query,
            "answered": answered,
            "text": text[:LONGEST_SHOWN],
            "cut": max(0, len(text) - LONGEST_SHOWN),
            "names": names,
            "rows": [[shown_label(time), *cells] for time, *cells in rows[:MOST_ROWS]],
            "points": len(rows),
            "snippets": list(snippets(endpoint, query, beta=shown.setup.policies.beta == "required")),
            "ignored": list(_ignored(query, fields)),
            "faults": _faults(shown),
        }
        return await self._site.page(request, "query.html", view="query", shown=shown, **values)

    async def answer(self, request: "Request") -> Response:
        """Give the answer as a client has it: its status, its type and its bytes."""
        shown = await self._site.shown(request)
        query = query_string(request.query_params.multi_items(), fields_of(effective_contract()))
        answered = await asked(request, self._site.staged, shown, query)
        return Response(answered.body, answered.status, {**LIVE, "content-type": answered.content_type})


def shown_label(time: object) -> str:
    """Write a point's label: an instant where it can be one, and the label in any case."""
    if not isinstance(time, int) or isinstance(time, bool):
        return str(time)
    try:
        instant = datetime.fromtimestamp(time / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return str(time)
    return f"{instant:%Y-%m-%dT%H:%M:%SZ} ({time})".replace("T00:00:00Z", "")


def _ignored(query: str, fields: "tuple[Field, ...]") -> "Iterator[tuple[str, str | None]]":
    """Give the names that the contract does not have, each with the one that was meant, where one is near."""
    known = {field.name for field in fields} | set(PARAMETERS)
    for name in given(query):
        if name not in known:
            yield name, meant(name)


def _faults(shown: "Shown") -> list[str]:
    """Give the faults that requests may get, of which an answer here has none."""
    return [] if shown.play is None else [each.name for each in shown.play.faults.current]
