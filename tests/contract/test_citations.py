"""Tests of citations: their kinds, their truth, and their text in a message."""

import pytest

from usagetwin.contract import Tier, rule
from usagetwin.contract.citations import citation_problem, cited_tier, rendered

DOCUMENT = {"a": [{"b": 1}]}
SENTENCES = frozenset({"It rains."})


@pytest.mark.parametrize(
    ("cite", "tier"),
    [
        ("/a/0/b", Tier.SCHEMA),
        ("It rains.", Tier.PROSE),
        ("FACTS 27", Tier.OBSERVED),
        ("SEMANTICS 1", Tier.CHOSEN),
    ],
)
def test_a_citation_shows_its_tier_and_holds(cite: str, tier: Tier) -> None:
    """Each form belongs to one tier, and a true citation has no problem."""
    assert cited_tier(cite) is tier
    assert citation_problem(cite, DOCUMENT, SENTENCES) is None


@pytest.mark.parametrize(
    ("cite", "problem"),
    [
        ("/a/1", "nothing at '/a/1'"),
        ("/a/0/b/c", "nothing at"),
        ("It snows.", "no sentence 'It snows.'"),
        ("FACTS 0", "from 1 to 27"),
        ("FACTS 28", "from 1 to 27"),
        ("FACTS 1, 2", "from 1 to 27"),
        ("SEMANTICS 7", "from 1 to 6"),
        ("SEMANTICS x", "from 1 to 6"),
    ],
)
def test_a_citation_that_does_not_hold_says_why(cite: str, problem: str) -> None:
    """Pointers must resolve, sentences stand in the document, numbers lie in range."""
    found = citation_problem(cite, DOCUMENT, SENTENCES)

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
        ("bearer-is-invalid-token", "observed, FACTS 9, 10"),
        ("beta-header-required", "observed, FACTS 11, policy beta"),
        ("window-not-inverted", "chosen, SEMANTICS 3"),
    ],
)
def test_a_rule_states_its_source(rule_id: str, citation: str) -> None:
    """Messages show tier and place, and the policy where one switches the rule."""
    assert rule(rule_id).citation == citation


def test_two_sentences_on_one_line_are_one_place() -> None:
    """A line is named once, and lines ascend."""
    cites = ("Rate limited", "Specifies the data granularity.", "Defaults to `daily`.")

    assert rendered(Tier.PROSE, cites) == "prose, launchdarkly-usage.yaml:46, 100"
