"""Tests of `usagetwin.contract.lines`: where the words that a rule rests on stand."""

from pathlib import Path
from typing import Final

import pytest

from usagetwin.contract import Tier, rule, rules
from usagetwin.contract.lines import lines_of, overlay_lines

ROOT: Final = Path(__file__).parents[2]


def text_at(file: str, number: int) -> str:
    """Read one line of a file of this checkout, and the next, since words go over the end of one."""
    lines = (ROOT / file).read_text("utf-8").splitlines()
    return " ".join(" ".join(lines[number - 1 : number + 1]).split())


@pytest.mark.parametrize("rule_id", rules())
def test_each_rule_has_a_line_that_is_there(rule_id: str) -> None:
    """Every rule cites something, and the first words of each citation stand at the line that is given."""
    found = rule(rule_id)

    lines = lines_of(found)

    assert lines
    for line in lines:
        shown = text_at(line.file, line.number)
        quoted = [" ".join(words.text.split()[:4]) for words in found.quotations]
        assert any(first in shown for first in quoted) or found.tier is Tier.SCHEMA


def test_a_pointer_leads_to_its_key() -> None:
    """A schema rule's line is the one where the key stands that its JSON pointer ends with."""
    pointers = {
        cite: line
        for each in rules().values()
        if each.tier is Tier.SCHEMA
        for cite, line in zip(each.cites, lines_of(each), strict=False)
    }

    for cite, line in pointers.items():
        last = cite.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        assert last.isdigit() or last in text_at(line.file, line.number)
    assert pointers


def test_an_action_of_the_overlay_begins_at_its_line() -> None:
    """The line is that of the action's target, which is its first key."""
    lines = overlay_lines(rule("timestamp-fits-ten-digits"))

    assert len(lines) >= 2  # `from` and `to`
    assert all(line.file == "openapi/overlay.yaml" for line in lines)
    assert all("- target:" in text_at(line.file, line.number) for line in lines)


def test_a_rule_that_no_schema_says_has_no_line_in_the_overlay() -> None:
    """Sums are the oracle's."""
    assert overlay_lines(rule("month-to-date-sums")) == ()
