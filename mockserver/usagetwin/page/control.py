"""The view *control*: what a play is, and the forms that change it.

Rule: whatever changes something goes through the control API; here is only what it looks like.
"""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from usagetwin.control import documents
from usagetwin.control.cast import DEFAULT, Cast
from usagetwin.page.forms import FORMS
from usagetwin.page.front import PREFIX
from usagetwin.page.headers import LIVE
from usagetwin.page.saying import Speaker, field_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from usagetwin.page.form import Form
    from usagetwin.page.saying import Said
    from usagetwin.page.site import Site
    from usagetwin.page.staged import Shown

PATH: Final = f"{PREFIX}/control"
BACK: Final = {"requests": f"{PREFIX}/requests"}  # the other views that have forms of these
ENDED: Final = frozenset({"end"})  # forms after which there is no such play


def routes(site: "Site") -> "list[Route]":
    """Give the view and what its forms are sent to."""
    desk = _Desk(site)
    return [
        Route(PATH, desk.show, name="control"),
        Route(f"{PATH}/{{form}}", desk.take, methods=["POST"], name="control-form"),
    ]


class _Desk:
    """The forms of one twin."""

    def __init__(self, site: "Site") -> None:
        self._site: Final = site
        self._speaker: Speaker | None = None

    async def show(self, request: "Request") -> "Response":
        """Show the view; `done` is the form that led here."""
        shown = await self._site.shown(request)
        form = FORMS.get(request.query_params.get("done", ""))
        return await self._page(request, shown, done="" if form is None else form.done)

    async def take(self, request: "Request") -> "Response":
        """Take a form: what it says is done, or said to be wrong beside what was filled in."""
        form = FORMS.get(request.path_params["form"])
        if form is None:
            raise HTTPException(404)
        sent = await self._site.form(request)
        await self._site.proofs.check(request, sent)
        shown = await self._site.shown(request)
        given = {name: values[0].replace("\r\n", "\n") for name, values in sent.items()}
        said = await self._ready().say(form, shown.number, given)
        if said.is_refused:
            return await self._page(request, shown, status=said.status, wrong=_wrong(form, given, said))
        if "token" in said.document:
            return await self._page(request, await self._site.shown(request), made=said.document)
        return RedirectResponse(_after(form, shown, given), 303, LIVE)

    def _ready(self) -> Speaker:
        if self._speaker is None:
            self._speaker = Speaker(self._site.staged.told)
        return self._speaker

    async def _page(
        self, request: "Request", shown: "Shown", *, status: int = 200, **news: object
    ) -> "Response":
        """Answer with the view. `news` may have `done`, `wrong` and `made`."""
        told = await asyncio.to_thread(_told, shown)
        known = {"forms": FORMS, "closed": self._site.staged.closed, "done": "", "wrong": None, "made": None}
        values = {**known, **told, **news, "view": "control", "shown": shown, "status": status}
        return await self._site.proofs.document(self._site, request, "control.html", **values)


def _told(shown: "Shown") -> dict[str, Any]:
    """Give what the control API says of a play, and of all."""
    play, seen = shown.play, shown.seen
    if play is None or seen is None:
        return {}
    return {
        "one": documents.play(shown.number, shown.name, play),
        "decided": documents.policies(play.setup),
        "faults": [documents.fault(each) for each in play.faults.current],
        "allowed": sorted(play.setup.allowed),
        "every": Cast(seen).list_plays(),
    }


def _wrong(form: "Form", given: "Mapping[str, str]", said: "Said") -> dict[str, Any]:
    """Give what is shown beside a form that can't be."""
    message = str(said.document.get("message", ""))
    return {
        "form": form.name,
        "field": field_of(form, given, message),
        "given": given,
        "problem": message,
        "remedy": str(said.document.get("remedy", "")),
    }


def _after(form: "Form", shown: "Shown", given: "Mapping[str, str]") -> str:
    """Give where a browser goes on after a form: the view that it stands in, and the play that is left."""
    path = BACK.get(given.get("back", ""), PATH)
    play = "" if shown.number == DEFAULT or form.name in ENDED else f"play={shown.number}"
    done = f"done={form.name}" if path == PATH else ""
    asked = "&".join(filter(None, [play, done]))
    return f"{path}?{asked}" if asked else path
