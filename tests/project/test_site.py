"""The site has every page, its links hold, and it loads nothing from elsewhere."""

import re
import subprocess

import pytest

from tests.project.checkout import ROOT

LOADED = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\b(?:src|srcset)=["'](?:https?:)?//|url\(["']?(?:https?:)?//"""
)
STYLES = re.compile(r"""<link\b[^>]*\bhref=["'](?:https?:)?//""")


@pytest.mark.proof
def test_the_site_is_made_and_loads_nothing_from_elsewhere() -> None:
    """`make docs` ends well, which it does only when every link holds."""
    subprocess.run(["make", "docs"], cwd=ROOT, check=True, capture_output=True)  # noqa: S607 -- any make

    site = ROOT / ".site"
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    wanted = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert {path.relative_to(ROOT).with_suffix(".html").as_posix() for path in wanted} - pages == set()
    loaded = [
        path.name
        for path in (*site.rglob("*.html"), *site.rglob("*.css"))
        if LOADED.search(path.read_text("utf-8")) or STYLES.search(path.read_text("utf-8"))
    ]
    assert loaded == []
    assert (site / "docs" / "pictures" / "finding-dark.svg").exists()
