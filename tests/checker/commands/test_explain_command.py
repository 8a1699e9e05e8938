"""Tests of `usagetwin explain`."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from usagetwin.contract import Tier, rules
from usagetwin.contract.document import DOCUMENT_PAGE, document_text
from usagetwin.errors import SettingError
from usagetwin_checker.commands.explain import explanation
from usagetwin_checker.commands.main import main


def explained(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["explain", *arguments])


def test_a_rule_is_explained_with_its_sentence_and_its_line() -> None:
    """Statement, tier, where it comes from, the quoted sentence, and how to fix what breaks it."""
    result = explained("month-to-date-sums")

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "month-to-date-sums"
    assert rules()["month-to-date-sums"].statement in lines[1]
    assert lines[2] == "  tier    prose"
    assert lines[3].startswith("  source  ")
    assert re.search(r"^ +line [0-9]+: '.+'$", result.output, re.MULTILINE)
    assert f"  fix     {rules()['month-to-date-sums'].remedy}" in lines


@pytest.mark.parametrize("rule_id", [found.id for found in rules().values() if found.tier is not Tier.SCHEMA])
def test_what_a_rule_rests_on_is_quoted_with_its_place(rule_id: str) -> None:
    """A sentence with its line, an entry of the facts, words of the semantics, each with its number."""
    found = rules()[rule_id]
    place = {Tier.PROSE: "line", Tier.OBSERVED: "entry", Tier.CHOSEN: "section"}[found.tier]
    lines = explanation(rule_id)

    quoted = [line.strip() for line in lines if re.match(rf" {{10}}{place} [0-9]+: ['\"].+['\"]$", line)]

    assert len(quoted) >= len(found.cites)
    assert all(f"{words.place}: {words.text!r}" in quoted for words in found.quotations)


@pytest.mark.parametrize("rule_id", ["window-not-inverted", "rate-limit-headers"])
def test_a_text_of_the_project_is_found_where_it_is_installed(rule_id: str) -> None:
    """The file that `see` names has the quoted words, but for line breaks."""
    lines = explanation(rule_id)
    (file,) = [line.removeprefix("  see     ") for line in lines if line.startswith("  see     ")]

    text = " ".join(Path(file).read_text(encoding="utf-8").split())

    assert all(words.text in text for words in rules()[rule_id].quotations)


@pytest.mark.parametrize("rule_id", ["from-is-unix-seconds", "links-is-an-object"])
def test_the_document_is_found_on_its_page_and_where_it_is_installed(rule_id: str) -> None:
    """The page of LaunchDarkly's documentation, and the file that the line numbers are about."""
    lines = explanation(rule_id)

    index = lines.index(f"  see     {DOCUMENT_PAGE}")

    assert Path(lines[index + 1].strip()).read_text(encoding="utf-8") == document_text()


def test_a_rule_is_explained_with_a_twin_that_breaks_it() -> None:
    """A fault shows what it looks like when the rule is broken."""
    assert "usagetwin serve --fault " in explained("month-to-date-sums").output


@pytest.mark.parametrize("rule_id", rules())
def test_every_rule_can_be_explained(rule_id: str) -> None:
    """No rule of the catalogue lacks a part."""
    lines = explanation(rule_id)

    assert lines[0] == rule_id
    assert all(line.strip() for line in lines)
    assert [line[:9] for line in lines[2:4]] == ["  tier   ", "  source "]
    assert any(line.startswith("  fix     ") and len(line) > 15 for line in lines)


def test_without_a_rule_all_are_listed() -> None:
    """One line each, with tier and statement."""
    result = explained()

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split()[0] for line in lines] == list(rules())
    assert all(rules()[line.split()[0]].statement in line for line in lines)


def test_a_wrong_name_gets_the_nearest() -> None:
    """Exit status 2, the name that was meant, and how many there are."""
    result = explained("fitler-additive")

    assert result.exit_code == 2
    assert "there is no rule 'fitler-additive'" in result.output
    assert "try   filter-additive" in result.output
    assert f"({len(rules())} in all)" in result.output


def test_a_name_like_no_other_gets_the_list() -> None:
    """Without anything near, the valid names are shown."""
    with pytest.raises(SettingError, match="one of "):
        explanation("zzz")
