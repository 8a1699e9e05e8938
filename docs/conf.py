"""How Sphinx makes the site of these pages: `make docs`.

The sources are the repository's root, so that README and pages link to one another as they do in a checkout.
"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT: Final = Path(__file__).resolve().parents[1]
CHAPTERS: Final = {
    "Start": (
        "install",
        "serving",
        "observing",
        "containers",
        "kubernetes",
        "scale",
        "page",
        "control",
        "policies",
        "limits",
        "worlds",
        "siblings",
        "environment",
        "troubleshooting",
        "glossary",
    ),
    "Check": ("checking", "live", "learning", "recordings", "proxy", "drift", "ci", "suite", "score"),
    "Test": ("pytest", "pytest-clients", "run", "languages", "blind-spots"),
}
BACKGROUND: Final = sorted(
    {file.stem for file in (ROOT / "docs").glob("*.md")}
    - {page for pages in CHAPTERS.values() for page in pages}
)
PROJECT: Final = (
    "CHANGELOG",
    "CONTRIBUTING",
    "ARCHITECTURE",
    "SECURITY",
    "examples/billing-report/README",
    "examples/billing-report-node/README",
    "examples/compose/README",
    "openapi/SOURCE",
    "docs/decisions/*",
)
TITLES: Final = {"docs/score": "# Scores\n\n"}  # of a page that a command writes, as a table alone
INDEX: Final = '<!doctype html><meta http-equiv="refresh" content="0; url=README.html">\n'

project = "usagetwin"
root_doc = "README"
extensions = ["myst_parser"]
include_patterns = ["*.md", "docs/**.md", "examples/*/README.md", "openapi/SOURCE.md"]
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # there is no colouring for CSV
html_theme = "furo"
html_title = "usagetwin"
html_show_sphinx = False
html_copy_source = False


def setup(app: "Sphinx") -> None:
    """Add what the pages don't have as they stand."""
    app.connect("source-read", _complete)
    app.connect("build-finished", _add_files)


def _complete(_app: "Sphinx", name: str, source: list[str]) -> None:
    """Give a page the title that it lacks, and the first page the lists of all others."""
    source[0] = TITLES.get(name, "") + source[0]
    if name == root_doc:
        chapters = {**CHAPTERS, "Background": BACKGROUND}
        lists = {title: [f"docs/{page}" for page in pages] for title, pages in chapters.items()}
        for title, pages in {**lists, "Project": [*PROJECT]}.items():
            source[0] += "\n".join(
                ("", "```{toctree}", ":hidden:", ":glob:", f":caption: {title}", "", *pages, "```", "")
            )


def _add_files(app: "Sphinx", problem: Exception | None) -> None:
    """Add the pictures, which HTML within a page names, and the page at the site's own address."""
    if problem is None:
        site = Path(app.outdir)
        shutil.copytree(ROOT / "docs" / "pictures", site / "docs" / "pictures", dirs_exist_ok=True)
        (site / "index.html").write_text(INDEX, encoding="utf-8")
