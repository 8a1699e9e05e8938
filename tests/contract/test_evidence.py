"""Tests of the texts that rules cite: how their parts are told apart, and what is refused."""

import re
from pathlib import Path
from types import ModuleType

import pytest

import usagetwin
import usagetwin_checker
from usagetwin.contract.evidence import FACTS, SEMANTICS, Evidence
from usagetwin.errors import ContractError

LEDGER = """# Semantics

1. no section

## 1. Rules

A rule is
  one   sentence.

### 7. Deeper

## 2. The ledger
There is one.
"""


def test_an_entry_is_a_line_that_begins_with_its_number() -> None:
    """Headings and tables lie between entries, and numbers go on after them."""
    text = "# Facts\n\n| 1. | a |\n\n1. It rains.\n\n## More\n\n2. It  snows.\n  3. Deeper.\n"

    assert FACTS.parts_of(text) == {1: "It rains.", 2: "It snows."}


def test_a_section_goes_to_the_next_heading() -> None:
    """Its title belongs to it, its lines are joined, and what stands before the first is in none."""
    assert SEMANTICS.parts_of(LEDGER) == {
        1: "Rules A rule is one sentence. ### 7. Deeper",
        2: "The ledger There is one.",
    }


@pytest.mark.parametrize(
    ("evidence", "text", "numbers"),
    [
        (FACTS, "no entries\n", "missing"),
        (FACTS, "1. a\n3. b\n", "1, 3"),
        (FACTS, "1. a\n1. b\n", "1, 1"),
        (FACTS, "2. a\n", "2"),
        (SEMANTICS, LEDGER.replace("## 2.", "## 1."), "1, 1"),
    ],
)
def test_numbers_count_from_one(evidence: Evidence, text: str, numbers: str) -> None:
    """A number that is left out or given twice would make a citation mean something else."""
    with pytest.raises(ContractError, match=rf"docs/{evidence.file}") as refusal:
        evidence.parts_of(text)

    assert f"its numbers are {numbers}\n" in str(refusal.value)


def test_the_parts_are_those_of_the_texts_that_are_installed() -> None:
    """They are read where `usagetwin.data` finds them."""
    assert FACTS.path.name == "facts.md"
    assert FACTS.parts() == FACTS.parts_of(FACTS.path.read_text(encoding="utf-8"))
    assert SEMANTICS.parts()[2].startswith("The ledger One idea")


@pytest.mark.parametrize("package", [usagetwin, usagetwin_checker], ids=lambda package: package.__name__)
def test_what_the_code_cites_exists(package: ModuleType) -> None:
    """A comment that names an entry or a section leads somewhere."""
    code = [path.read_text(encoding="utf-8") for path in Path(package.__path__[0]).rglob("*.py")]
    cited = {found for text in code for found in re.findall(r"(FACTS|SEMANTICS)`? ([0-9]+)", text)}

    known = {"FACTS": FACTS.parts(), "SEMANTICS": SEMANTICS.parts()}

    assert len(cited) > 1
    assert [(name, number) for name, number in cited if int(number) not in known[name]] == []
