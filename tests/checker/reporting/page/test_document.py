"""Tests of `usagetwin_checker.reporting.page.document`: one file, and what it lets run."""

import re
from importlib.util import find_spec
from typing import Final

import pytest

from tests.checker.reporting.page.reading import Page, hashed
from tests.checker.reporting.page.reports import report_of, sums_that_disagree
from usagetwin.errors import SettingError
from usagetwin_checker.asking.covered import Covered
from usagetwin_checker.reporting.page import document
from usagetwin_checker.reporting.page.charts import Chart, Table
from usagetwin_checker.reporting.page.check_page import check_page
from usagetwin_checker.reporting.page.document import rendered, require_page

NOTHING_ELSE: Final = ("default-src", "base-uri", "form-action")
EMPTY: Final = hashed("")
PAGE: Final = Page(check_page(sums_that_disagree()))


def test_the_policy_names_every_script_and_style_and_no_other() -> None:
    """A browser runs what these hashes are of: the charts' library, our script, our style."""
    policy = dict(part.split(" ", 1) for part in PAGE.policy.split("; "))

    assert policy.keys() == {*NOTHING_ELSE, "script-src", "style-src", "img-src"}
    assert policy["img-src"] == "data:"
    assert {policy[name] for name in NOTHING_ELSE} == {"'none'"}
    assert sorted(policy["script-src"].split()) == sorted(
        hashed(text) for tag, attributes, text in PAGE.raw if tag == "script" and "id" not in attributes
    )
    styles = [hashed(text) for tag, _, text in PAGE.raw if tag == "style"]
    assert sorted(policy["style-src"].split()) == sorted([EMPTY, *styles])
    assert len(PAGE.executed) == 3
    assert "unsafe" not in PAGE.policy


def test_nothing_in_the_page_leads_to_another_file_or_host() -> None:
    """No element fetches anything, and each link stays in the page."""
    fetching = {"src", "srcset", "data", "poster", "action", "formaction", "style", "ping", "background"}

    assert not [(tag, each) for tag, attributes in PAGE.elements for each in attributes if each in fetching]
    assert not [(tag, each) for tag, attributes in PAGE.elements for each in attributes if each[:2] == "on"]
    links = [str(attributes["href"]) for _, attributes in PAGE.elements if "href" in attributes]
    named = {attributes.get("id") for _, attributes in PAGE.elements}
    assert links
    assert {link for link in links if link[0] != "#" or link[1:] not in named} == set()
    assert "link" not in {tag for tag, _ in PAGE.elements}


def test_the_page_has_no_character_that_html_forbids() -> None:
    """Control characters in the texts of the charts' library are written as escapes."""
    assert re.findall("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", PAGE.source) == []


def test_the_library_of_the_charts_comes_once() -> None:
    """It is most of a page, however many charts there are."""
    assert PAGE.source.count("plotly.js v") == 1
    assert len(PAGE.source) < 6_000_000
    assert len(PAGE.charts) >= 3


def test_without_a_chart_there_is_no_script() -> None:
    """A page that has nothing to draw is small, and lets nothing run."""
    page = Page(rendered("check.html", [], **NOTHING))

    assert "script-src 'none'" in page.policy
    assert len(page.executed) == 1
    assert len(page.source) < 60_000


NOTHING: Final = {
    "report": report_of(),
    "counted": "0 rules held, 0 broken",
    "facts": (),
    "failures": (),
    "others": (),
    "tiers": (),
    "learned": None,
    "rules": Chart("rules", "None.", (), Table((), ())),
    "covered": Covered(),
    "classes": None,
    "sentences": (),
    "course": None,
    "stretches": None,
}


def test_what_is_not_installed_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is run for the page."""
    monkeypatch.setattr(document, "find_spec", lambda name: None if name == "plotly" else find_spec(name))

    with pytest.raises(SettingError, match=r"--html .* plotly, which is not installed") as refused:
        require_page("--html")

    assert refused.value.remedy == "pip install 'usagetwin[page]'"
