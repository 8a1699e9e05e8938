"""How a template becomes a document: what all of them know, and how text is shown that could be anything.

Rule: all text is escaped, wherever it is from, and what would not be seen is written out.
"""

from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from usagetwin import __version__
from usagetwin.days import iso
from usagetwin.errors import readable
from usagetwin.page.delivery import url_of
from usagetwin.page.files import PLOTLY, files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin.page.staged import Shown
    from usagetwin.page.views import View

SCRIPT: Final = Markup('<script type="application/json" id="{}">{}</script>')
FIELD: Final = Markup('<input type="hidden" name="play" value="{}">')


def rendered(
    template: str, views: "Sequence[View]", shown: "Shown | None", values: "Mapping[str, Any]"
) -> str:
    """Render a template. `values` are its own; `shown` is the play that it is of, if it is of one."""

    def here(path: str, **query: Any) -> str:  # noqa: ANN401 -- text, a number, or a list of texts
        """Give a link that stays with the play."""
        play = {} if shown is None or shown.is_default else {"play": shown.number}
        asked = urlencode({**play, **query}, doseq=True, errors="replace")
        return f"{path}?{asked}" if asked else path

    def play_field() -> Markup:
        """Give what lets a form stay with the play."""
        return Markup("") if shown is None or shown.is_default else FIELD.format(shown.number)

    return (
        _environment()
        .get_template(template)
        .render(
            {"view": "", **values, "views": views, "shown": shown, "here": here, "play_field": play_field}
        )
    )


def visible(text: object) -> Markup:
    """Show a text of somebody else's: apart where it runs from right to left, and with nothing unseen."""
    return Markup("<bdi>{}</bdi>").format(readable(str(text)))


def json_script(name: str, value: object) -> Markup:
    """Write data for a script; no character of it can end the element."""
    return SCRIPT.format(name, Markup(htmlsafe_json_dumps(value)))  # noqa: S704 -- what it is made for


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("usagetwin.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"visible": visible, "iso": iso, "number": number}
    environment.globals |= {
        "static": url_of,
        "plotly": PLOTLY,
        "foreign_styles": files().foreign_styles,
        "json_script": json_script,
        "version": __version__,
    }
    return environment


def number(value: float) -> str:
    """Write a number so that its digits can be counted: in groups of three, which no line break parts."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
