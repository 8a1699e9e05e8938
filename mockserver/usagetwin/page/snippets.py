"""The same query for a shell and for two languages; whoever runs it has the token in `USAGETWIN_TOKEN`."""

import json
import shlex
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN: Final = "USAGETWIN_TOKEN"  # noqa: S105 -- the name of a variable

PYTHON: Final = """\
import json, os
from urllib.request import Request, urlopen

request = Request(
    {url!r},
    headers={{"Authorization": os.environ["{token}"]{beta}}},
)
with urlopen(request) as answer:
    print(json.load(answer))
"""
JAVASCRIPT: Final = """\
const answer = await fetch({url}, {{
  headers: {{ Authorization: process.env.{token}{beta} }},
}});
console.log(answer.status, await answer.json());
"""


def snippets(endpoint: str, query: str, *, beta: bool) -> "Iterator[tuple[str, str]]":
    """Give the name and the text of each; `endpoint` is a URL, and `beta` if it wants the header."""
    url = f"{endpoint}?{query}" if query else endpoint
    curl = f'curl -H "Authorization: ${TOKEN}"' + (" -H 'LD-API-Version: beta'" if beta else "")
    yield "curl", f"{curl} {shlex.quote(url)}\n"
    pair = ', "LD-API-Version": "beta"' if beta else ""
    yield "Python", PYTHON.format(url=url, token=TOKEN, beta=pair)
    yield "JavaScript", JAVASCRIPT.format(url=json.dumps(url), token=TOKEN, beta=pair)
