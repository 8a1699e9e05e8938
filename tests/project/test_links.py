"""Every link between the documents leads to a file that is there, and to a heading that it has."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.project.checkout import ROOT

FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"""(?<!`)\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)\"""")
FOLDERS = (
    ".",
    "docs",
    "docs/decisions",
    "examples/billing-report",
    "examples/billing-report-node",
    "openapi",
)
PAGES = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.md"))


def links(page: str) -> list[str]:
    """Give the targets of a page's links, those in code left out."""
    return [one or other for one, other in LINK.findall(re.sub(r"`[^`\n]*`", "", FENCED.sub("", page)))]


@cache
def anchors(file: Path) -> frozenset[str]:
    """Give the anchors of a page's headings, as GitHub and the site name them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", file.read_text("utf-8")), re.MULTILINE)
    return frozenset(
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    )


def broken(page: Path, target: str) -> str | None:
    """Say what is wrong with a link of a page, if anything is."""
    if re.match(r"[a-z]+:", target):
        return None if target.startswith("https://") else f"{target} is no https address"
    name, _, anchor = target.partition("#")
    file = (page.parent / name).resolve() if name else page
    if not file.exists() or not file.is_relative_to(ROOT):
        return f"{target} leads nowhere"
    if file.is_dir():
        return f"{target} leads to a folder, which the site can't show"
    if anchor and anchor not in anchors(file):
        return f"{file.name} has no heading for #{anchor}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    """To a file of the checkout, and a heading where it names one."""
    found = [broken(page, target) for target in links(page.read_text("utf-8"))]

    assert [problem for problem in found if problem] == []


def test_every_page_is_found_from_the_readme() -> None:
    """By following links, however many."""
    found, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in found and page.suffix == ".md":
            found.add(page)
            targets = (target.partition("#")[0] for target in links(page.read_text("utf-8")))
            waiting += [(page.parent / name).resolve() for name in targets if name and ":" not in name]

    assert {path.name for path in PAGES if path.parent.name != "decisions"} - {
        path.name for path in found
    } == set()


def test_broken_links_are_noticed(tmp_path: Path) -> None:
    """A folder, a file or heading that is not there, and an address that is not encrypted."""
    page = ROOT / "docs" / "pytest.md"
    targets = ["decisions", "none.md", "suite.md#none", "#faults", "suite.md#options", "http://example.com"]
    text = " ".join(f"[text]({target})" for target in targets)

    assert links(f"{text} `[code](none.md)`") == targets
    assert [broken(page, target) for target in targets] == [
        "decisions leads to a folder, which the site can't show",
        "none.md leads nowhere",
        "suite.md has no heading for #none",
        None,
        None,
        "http://example.com is no https address",
    ]
    assert broken(page, f"../../{tmp_path.name}") is not None
