"""The view *contract*: rules by tier, the document with each sentence beside its rules, the API's reference.

Rule: all of it is read from the contract's own files, so that an overlay that changes one changes the view.
"""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from usagetwin.contract import render
from usagetwin.contract.document import DOCUMENT_FILE, DOCUMENT_PAGE
from usagetwin.page import catalogue
from usagetwin.page.delivery import packed
from usagetwin.page.front import PREFIX

if TYPE_CHECKING:
    from starlette.requests import Request

    from usagetwin.page.site import Site

PATH: Final = f"{PREFIX}/contract"
REFERENCE: Final = f"{PATH}/reference"
DESCRIBED: Final = f"{REFERENCE}.json"
TYPES: Final = {"json": "application/json", "yaml": "application/yaml"}


def routes(site: "Site") -> "list[Route]":
    """Give the view, the reference, and the contract as it is downloaded."""

    async def shown(request: "Request") -> Response:
        values = await asyncio.to_thread(_values)
        return await site.page(
            request, "contract.html", view="contract", shown=await site.shown(request), **values
        )

    async def reference(request: "Request") -> Response:
        shown = await site.shown(request)
        return await site.page(
            request, "reference.html", view="contract", shown=shown, path=PATH, described=DESCRIBED
        )

    async def described(request: "Request") -> Response:
        return await site.json(request, await asyncio.to_thread(catalogue.for_the_reference))

    async def written(request: "Request") -> Response:
        form = request.path_params["form"]
        if form not in TYPES:
            raise HTTPException(404)
        text = await asyncio.to_thread(render, "3.1", form)
        return await packed(request, text.encode(), TYPES[form], 200)

    return [
        Route(PATH, shown, name="contract"),
        Route(REFERENCE, reference, name="reference"),
        Route(DESCRIBED, described, name="reference-data"),
        Route(f"{PATH}/openapi.{{form}}", written, name="openapi"),
    ]


def _values() -> dict[str, Any]:
    """Give what the view shows."""
    return {
        "tiers": catalogue.TIERS,
        "by_tier": catalogue.by_tier(),
        "clauses": catalogue.clauses(),
        "lines": catalogue.lines(),
        "parameters": catalogue.parameters(),
        "document_file": DOCUMENT_FILE,
        "document_page": DOCUMENT_PAGE,
        "path": PATH,
        "reference": REFERENCE,
    }
