"""How what is shown becomes one HTML document that needs nothing else: no server, no other file or host.

Rule: a browser takes no script and no style of it but those whose hashes its policy names, and every text is
escaped, wherever it is from. `plotly.js`, which is most of the document's size, is in it only beside a chart.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files as resources
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import SettingError, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

    from usagetwin_checker.reporting.page.charts import Chart

EXTRA: Final = "pip install 'usagetwin[page]'"
NEEDED: Final = ("jinja2", "plotly")
OWN: Final = "usagetwin_checker.reporting.page"
POLICY: Final = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def require_page(option: str) -> None:
    """Refuse to write a page where what makes it is not installed. Raises SettingError."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        problem = f"{option} writes a page with {' and '.join(missing)}, which is not installed"
        raise SettingError(problem, EXTRA)


def rendered(template: str, charts: "Sequence[Chart]", **values: Any) -> str:  # noqa: ANN401 -- what it shows
    """Render a template with its charts; `values` are its own."""
    from markupsafe import Markup

    from usagetwin.page.files import PLOTLY, files
    from usagetwin.page.headers import EMPTY_STYLE

    shared = files()
    style = shared.contents["page.css"].decode() + _own("report.css")
    scripts = []
    if charts:
        scripts = [
            ("", UNSEEN.sub(_escaped, shared.contents[PLOTLY].decode())),
            ("module", shared.contents["chart.js"].decode() + _own("report.js")),
        ]
    policy = POLICY.format(
        scripts=" ".join(_hashed(script) for _, script in scripts) or "'none'",
        styles=f"{_hashed(style)} {EMPTY_STYLE}",
    )
    return (
        _environment()
        .get_template(template)
        .render(
            values,
            policy=policy,
            style=Markup(style),  # noqa: S704 -- our own
            scripts=[(kind, Markup(script)) for kind, script in scripts],  # noqa: S704 -- our own, and plotly's
            foreign_styles=shared.foreign_styles if charts else (),
            data=[chart.for_script for chart in charts],
        )
    )


def _escaped(found: "re.Match[str]") -> str:
    """Write a control character of a script's texts as an escape: HTML has none, and they mean the same."""
    return f"\\x{ord(found[0]):02x}"


def _own(name: str) -> str:
    return resources(OWN).joinpath("static", name).read_text(encoding="utf-8")


def _hashed(text: str) -> str:
    """Name a text in a policy, by its hash."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from usagetwin import __version__
    from usagetwin.page.rendering import json_script, number, visible

    environment = Environment(
        loader=PackageLoader(OWN),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"visible": visible, "readable": readable, "number": number}
    environment.globals |= {"json_script": json_script, "version": __version__}
    return environment
