"""The page of a served twin: views for a browser at `/` and under `/__twin__/page/`, with the extra `page`.

How a view is added. A view is one module beside this file, one template, and where it needs one a script:

1. `views.py` lists it: `View("requests", "Requests", requests.routes)`. The name is its path below
   `/__twin__/page/`, and the navigation has it from there on.
2. `requests.py` has `routes(site) -> list[Route]`, Starlette's routes of the view and of what it fetches
   (`f"{PREFIX}/requests/..."`). A handler takes Starlette's `Request`. `await site.shown(request)` is the
   play that `?play=NUMBER` names, among all plays as they are at that moment (`seen`); where none can be
   told anything, `play` and `seen` are None. What asks a play's journal does so in a thread: it may be in
   a store. It answers with `await site.page(request, "requests.html", view="requests", shown=shown,
   ...)`, with `await site.json(request, ...)`, or with any `Response` that has `headers.LIVE`. What it
   raises of UsageTwinError becomes an answer with its words: HTML for a browser, else the control API's
   JSON.
3. `templates/requests.html` extends `base.html`; its blocks are `title`, `scripts` and `content`. All text
   is escaped. `{{ key|visible }}` shows text of somebody else's, `{{ here(path, name=value) }}` is a link
   that stays with the play, and `{{ play_field() }}` lets a form do so. `explained.html` shows a refusal
   (`refusing.py`).
4. `static/requests.js` is an ES module: `<script type="module" src="{{ static("requests.js")
   }}"></script>`. It imports its neighbours by `./name.js`. Data in the document: `{{ json_script("NAME",
   value) }}`, and `dataOf("NAME")` of `data.js`. Charts: `{% include "charts.html" %}` in the head, and
   `draw` of `chart.js`.

No inline script or style, and no `style=` attribute: `headers.py` has the policy. A form that changes
something is a POST, whose origin `guard.py` has checked before a handler sees it; `await
site.form(request)` reads it.

A document with such forms is answered by `site.proofs.document(site, request, ...)`, each form of it has
`{{ form_proof }}`, and what takes them begins with `await site.proofs.check(request, form)`. An answer that
goes on by itself ends when `site.staged.stopping` is declared.
"""
