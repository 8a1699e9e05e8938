"""Tests of the rule catalogue, and of what is refused as a rule."""

import pytest

from usagetwin.contract import About, Tier, rule, rules
from usagetwin.contract.citations import Citation
from usagetwin.contract.document import document
from usagetwin.contract.rules import rules_of
from usagetwin.contract.sentences import sentence_lines
from usagetwin.errors import ContractError, SettingError

POLICIES = {"unknown_project", "projects", "open_day", "error_id", "beta", "unknown_tokens", "cors", "quota"}
CITE = 'SEMANTICS 3 "`from` > `to` is 400."'
RULE = (
    f"a-rule: {{tier: chosen, cites: ['{CITE}'], about: request, "
    "statement: It holds., server: Do., client: Wait.}\n"
)


def test_every_citation_holds() -> None:
    """Pointers resolve, sentences stand in the document, numbers exist; nothing is without a source."""
    source, known = document(), sentence_lines()

    problems = [
        f"{found.id}: {problem}"
        for found in rules().values()
        for cite in found.cites
        if (problem := Citation(cite).problem(source, known))
    ]

    assert problems == []


def test_every_rule_has_one_tier_and_cites_it_alone() -> None:
    """A rule whose parts have different tiers is two rules."""
    for found in rules().values():
        assert {Citation(cite).tier for cite in found.cites} == {found.tier}, found.id


def test_all_tiers_and_places_are_in_use() -> None:
    """The catalogue covers what schema, prose, facts and choices say, wherever it shows."""
    assert {found.tier for found in rules().values()} == set(Tier)
    assert {found.about for found in rules().values()} == set(About)


def test_policies_of_rules_are_those_that_exist() -> None:
    """Each policy switches a rule, and no rule names another."""
    assert {found.policy for found in rules().values() if found.policy is not None} == POLICIES


def test_statements_are_single_sentences_and_differ() -> None:
    """One rule is one sentence, and no two rules say the same."""
    statements = [found.statement for found in rules().values()]

    assert len(set(statements)) == len(statements)
    for statement in statements:
        assert statement.endswith(".")
        assert ". " not in statement
        assert "\n" not in statement


def test_both_sides_of_a_broken_rule_are_told_what_to_do() -> None:
    """The server's owner and a client each get words of their own, in one line, with one full stop."""
    for found in rules().values():
        assert found.server != found.client, found.id
        for advice in (found.server, found.client):
            assert advice.endswith("."), found.id
            assert not advice.endswith(".."), found.id
            assert "\n" not in advice


@pytest.mark.parametrize(
    ("rule_id", "tier", "policy"),
    [
        ("from-is-unix-seconds", Tier.PROSE, None),
        ("timestamp-fits-ten-digits", Tier.CHOSEN, None),
        ("monthly-needs-month-to-date", Tier.PROSE, None),
        ("enum-exact-spelling", Tier.CHOSEN, None),
        ("unknown-project-not-found", Tier.CHOSEN, "unknown_project"),
        ("unknown-project-never-widens", Tier.PROSE, None),
        ("credential-required", Tier.PROSE, None),
        ("blank-credential-unauthorized", Tier.CHOSEN, None),
        ("bearer-is-invalid-token", Tier.OBSERVED, None),
        ("beta-header-required", Tier.OBSERVED, "beta"),
        ("values-are-integers", Tier.SCHEMA, None),
        ("values-not-negative", Tier.PROSE, None),
        ("time-is-milliseconds", Tier.OBSERVED, None),
        ("bucket-independent-of-window", Tier.PROSE, None),
        ("cut-month-is-whole", Tier.CHOSEN, None),
    ],
)
def test_a_rule_has_the_tier_of_its_source(rule_id: str, tier: Tier, policy: str | None) -> None:
    """Tiers decide what fails a foreign target, so those that matter most are written down here."""
    assert (rule(rule_id).tier, rule(rule_id).policy) == (tier, policy)


def test_an_unknown_rule_is_refused_with_the_nearest() -> None:
    """A slip in an id is answered with the id that was probably meant."""
    with pytest.raises(SettingError, match="'month-to-date-sum'") as refusal:
        rule("month-to-date-sum")

    assert refusal.value.remedy.startswith("month-to-date-sums")


def test_a_rule_is_read_as_written() -> None:
    """Fields arrive unchanged, in the order of the file."""
    catalogue = rules_of(RULE + RULE.replace("a-rule", "b-rule").replace("}", ", policy: quota}"))

    assert list(catalogue) == ["a-rule", "b-rule"]
    assert catalogue["a-rule"].cites == (CITE,)
    assert catalogue["a-rule"].about is About.REQUEST
    assert catalogue["a-rule"].policy is None
    assert catalogue["b-rule"].policy == "quota"


def test_the_catalogue_cannot_be_changed() -> None:
    """It is shared by all that read it."""
    with pytest.raises(TypeError):
        rules()["another"] = rule("rate-limited")  # type: ignore[index]  # -- what must fail


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (RULE + RULE, "'a-rule' stands twice"),
        ("- a\n", "is no mapping"),
        (RULE.replace("a-rule", "A_rule"), "id is no slug"),
        ("a-rule: text\n", "fields are not those"),
        (RULE.replace("server:", "cure:"), "fields are not those"),
        (RULE.replace(", server: Do.", ""), "fields are not those"),
        (RULE.replace(", client: Wait.", ""), "fields are not those"),
        (RULE.replace("Do.", "''"), "server is ''"),
        (RULE.replace("It holds.", "[1]"), "statement is"),
        (RULE.replace("chosen", "guessed"), "tier is 'guessed'"),
        (RULE.replace("chosen", "[chosen, prose]"), "tier is"),
        (RULE.replace("request", "weather"), "about is 'weather'"),
        (RULE.replace(f"['{CITE}']", "[]"), "cites nothing"),
        (RULE.replace(f"['{CITE}']", f"'{CITE}'"), "cites nothing"),
        (RULE.replace(f"['{CITE}']", "[3]"), "cites nothing"),
        (RULE.replace(f"'{CITE}'", f"'{CITE}', FACTS 1"), "citation of another"),
        (
            RULE.replace("is 400", "is 404"),
            "section 3 of docs/semantics.md has no words '`from` > `to` is 404.'",
        ),
        (RULE.replace("SEMANTICS 3", "SEMANTICS 7"), "names no section from 1 to 6 of docs/semantics.md"),
        (RULE.replace(CITE, "SEMANTICS 3"), "'SEMANTICS 3' quotes no words of its section"),
    ],
)
def test_what_is_not_exactly_a_rule_is_refused(text: str, problem: str) -> None:
    """Doubled ids, unknown and missing fields, tiers that don't exist, citations of another tier."""
    with pytest.raises(ContractError, match=r"rules\.yaml") as refusal:
        rules_of(text)

    assert problem in str(refusal.value)
