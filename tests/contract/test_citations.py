"""Tests of citations: their kinds, their truth, and their text in a message."""

import pytest

from usagetwin.contract import Tier, rule
from usagetwin.contract.citations import Citation, Quotation, rendered

DOCUMENT = {"a": [{"b": 1}]}
SENTENCES = frozenset({"It rains."})


@pytest.mark.parametrize(
    ("cite", "tier"),
    [
        ("/a/0/b", Tier.SCHEMA),
        ("It rains.", Tier.PROSE),
        ("FACTS 27", Tier.OBSERVED),
        ('SEMANTICS 3 "`from` > `to` is 400."', Tier.CHOSEN),
        ('FACTS 13 "405 `method_not_allowed`"', Tier.OBSERVED),
    ],
)
def test_a_citation_shows_its_tier_and_holds(cite: str, tier: Tier) -> None:
    """Each form belongs to one tier, and a true citation has no problem."""
    assert Citation(cite).tier is tier
    assert Citation(cite).problem(DOCUMENT, SENTENCES) is None


@pytest.mark.parametrize(
    ("cite", "problem"),
    [
        ("/a/1", "nothing at '/a/1'"),
        ("/a/0/b/c", "nothing at"),
        ("It snows.", "no sentence 'It snows.'"),
        ("FACTS 0", "from 1 to 27"),
        ("FACTS 28", "from 1 to 27"),
        ("FACTS 1, 2", "from 1 to 27"),
        ('SEMANTICS 7 "is 400"', "from 1 to 6"),
        ("SEMANTICS 3", "quotes no words"),
        ('SEMANTICS 3 ""', "names no section"),
        ('SEMANTICS 2 "`from` > `to` is 400."', "section 2 of docs/semantics.md has no words"),
        ('FACTS 12 "405 `method_not_allowed`"', "entry 12 of docs/facts.md has no words"),
        ("SEMANTICS x", "from 1 to 6"),
    ],
)
def test_a_citation_that_does_not_hold_says_why(cite: str, problem: str) -> None:
    """Pointers resolve, sentences stand in the document, numbers lie in range, quoted words stand there."""
    found = Citation(cite).problem(DOCUMENT, SENTENCES)

    assert found is not None
    assert problem in found


@pytest.mark.parametrize(
    ("rule_id", "citation"),
    [
        ("series-starts-at-from", "prose, launchdarkly-usage.yaml:19"),
        ("from-is-unix-seconds", "prose, launchdarkly-usage.yaml:19, 76"),
        (
            "links-is-an-object",
            "schema, launchdarkly-usage.yaml#/components/schemas/SeriesListRep/properties/_links/type",
        ),
        ("bearer-is-invalid-token", "observed, docs/facts.md 9, 10"),
        ("beta-header-required", "observed, docs/facts.md 11, policy beta"),
        ("window-not-inverted", "chosen, docs/semantics.md 3"),
        ("every-bucket-is-kept", "chosen, docs/semantics.md 3"),  # two quotations of one section
    ],
)
def test_a_rule_states_its_source(rule_id: str, citation: str) -> None:
    """Messages show tier and place, and the policy where one switches the rule."""
    assert rule(rule_id).citation == citation


def test_two_sentences_on_one_line_are_one_place() -> None:
    """A line is named once, and lines ascend."""
    cites = ("Rate limited", "Specifies the data granularity.", "Defaults to `daily`.")

    assert rendered(Tier.PROSE, cites) == "prose, launchdarkly-usage.yaml:46, 100"


FACT_12 = (
    '`[documented]` Errors are `{"code","message"}`, in the overview also `"id"`; captured bodies lack `id`.'
)


@pytest.mark.parametrize(
    ("cite", "place", "text"),
    [
        ("Forbidden", "line 88", "Forbidden"),
        ("FACTS 12", "entry 12", FACT_12),
        ('FACTS 13 "405 `method_not_allowed`"', "entry 13", "405 `method_not_allowed`"),
        ('SEMANTICS 3 "`from` > `to` is 400."', "section 3", "`from` > `to` is 400."),
    ],
)
def test_a_citation_quotes_what_it_cites(cite: str, place: str, text: str) -> None:
    """A sentence with its line, an entry whole, a section by the words that are meant."""
    assert Citation(cite).quotations() == (Quotation(place, text),)


def test_a_sentence_that_stands_twice_is_quoted_twice() -> None:
    """Each appearance has its own line; a pointer into the schema has no words to quote."""
    several = Citation("Specific error code encountered").quotations()

    assert len({words.place for words in several}) == len(several) > 1
    assert Citation("/components/securitySchemes/ApiKey").quotations() == ()
