"""Make the README's pictures, in docs/pictures, from what the commands print: a finding, and a failing test.

Each is an SVG for dark and one for light pages, and its text. Nothing in them comes from another host.
"""

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME
from rich.text import Text

from usagetwin_checker.commands.demo import broken
from usagetwin_checker.reporting.terminal import finding_on_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WIDTH: Final = 110
THEMES: Final = {"dark": SVG_EXPORT_THEME, "light": DEFAULT_TERMINAL_THEME}
LEAKS: Final = (
    "PYTEST_",
    "USAGETWIN_",
    "COV_",
    "CI",
    "BUILD_NUMBER",
)  # how variables begin that change a run

CLIENT: Final = '''\
"""A client that takes seconds for milliseconds, and whatever is no series for none."""

import httpx

URL = "https://app.launchdarkly.com/api/v2/usage/observability/sessions"


def sessions_since(start_s):
    """Give the series since an instant in Unix seconds."""
    headers = {"Authorization": "api-1", "LD-API-Version": "beta"}
    answer = httpx.get(URL, params={"from": start_s * 1000}, headers=headers, timeout=60)
    return answer.json().get("series", [])
'''
TEST: Final = '''\
"""Its one assertion holds: without the plugin, nobody would notice."""

import billing


def test_a_new_month_has_no_sessions(usage_twin):
    """The series is empty."""
    usage_twin.freeze("2026-04-01T00:00:00Z")

    assert billing.sessions_since(1775001600) == []
'''

# rich's own format loads a font from a public host; readers have one, and each text says how wide it is.
FONT: Final = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace'
FORMAT: Final = f"""\
<svg class="rich-terminal" viewBox="0 0 {{width}} {{height}}" xmlns="http://www.w3.org/2000/svg">
<style>
.{{unique_id}}-matrix {{{{ font-family: {FONT}; font-size: {{char_height}}px;
line-height: {{line_height}}px; }}}}
.{{unique_id}}-title {{{{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}}}
{{styles}}
</style>
<defs>
<clipPath id="{{unique_id}}-clip-terminal">
<rect x="0" y="0" width="{{terminal_width}}" height="{{terminal_height}}" />
</clipPath>
{{lines}}
</defs>
{{chrome}}
<g transform="translate({{terminal_x}}, {{terminal_y}})" clip-path="url(#{{unique_id}}-clip-terminal)">
{{backgrounds}}
<g class="{{unique_id}}-matrix">
{{matrix}}
</g>
</g>
</svg>
"""


def main() -> int:
    """Write all; from the same output they are the same, byte for byte."""
    FOLDER.mkdir(exist_ok=True)
    for name, title, ansi in pictures():
        (FOLDER / f"{name}.txt").write_text(plain(ansi), encoding="utf-8")
        for theme in THEMES:
            (FOLDER / f"{name}-{theme}.svg").write_text(svg(ansi, title, theme), encoding="utf-8")
    return 0


def pictures() -> "Iterator[tuple[str, str, str]]":
    """Give the name, the title and the coloured text of each picture."""
    yield "finding", "usagetwin check", finding()
    yield "failing-test", "pytest", failing_test()


def finding() -> str:
    """Give what `usagetwin check` prints of the fault of `usagetwin demo`."""
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=True, color_system="standard", width=WIDTH, emoji=False, legacy_windows=False
    )
    report = broken()
    for each in report.findings:
        finding_on_terminal(each, report, console)
    return out.getvalue().strip("\n") + "\n"


def failing_test() -> str:
    """Give what pytest prints of a test whose client sends milliseconds; with `-qq` it tells no duration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEAKS)}
    with tempfile.TemporaryDirectory(prefix="usagetwin-picture-") as folder:
        project = Path(folder)
        (project / "billing.py").write_text(CLIENT, encoding="utf-8")
        (project / "test_billing.py").write_text(TEST, encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-qq", "--color=yes", "-p", "usagetwin_checker.plugin"],
            cwd=project,
            env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": str(WIDTH - 2)},
            capture_output=True,
            check=False,
            text=True,
        )
    return run.stdout


def plain(ansi: str) -> str:
    """Give a text without its colours, and without the spaces that end a line."""
    return "".join(f"{line.rstrip()}\n" for line in Text.from_ansi(ansi).plain.splitlines())


def steady(text: str) -> str:
    """Give a text as it is however wide pytest draws its rules."""
    return " ".join(re.sub(r"[=_]{3,}", "", text).split())


def svg(ansi: str, title: str, theme: str) -> str:
    """Draw a coloured text; a line that is too long for the picture goes on in the next."""
    console = Console(record=True, file=io.StringIO(), width=WIDTH)
    console.print(Text.from_ansi(ansi), overflow="fold", highlight=False)
    name = "".join(filter(str.isalnum, title))
    return console.export_svg(
        title=title, theme=THEMES[theme], code_format=FORMAT, unique_id=f"{name}-{theme}"
    )


if __name__ == "__main__":
    sys.exit(main())
