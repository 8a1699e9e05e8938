"""Tests of `usagetwin explain`."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from usagetwin.account.world import world_names
from usagetwin.contract import Tier, rules
from usagetwin.contract.document import DOCUMENT_PAGE, document_text
from usagetwin.deviations import faults, variations
from usagetwin.errors import SettingError
from usagetwin.policies import POLICIES
from usagetwin.stage.kinds import KINDS
from usagetwin_checker.commands.main import main
from usagetwin_checker.reporting.explaining import Entry, entries, found, sentence

NAMES = [*rules(), *faults(), *KINDS, *variations(), *POLICIES, *world_names()]


def explanation(rule_id: str) -> list[str]:
    """Give the lines about a rule."""
    return next(entry for entry in found(rule_id) if entry.kind == "rule").lines


def explained(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["explain", *arguments])


def test_a_rule_is_explained_with_its_sentence_and_its_line() -> None:
    """Statement, tier, where it comes from, the quoted sentence, and how to fix what breaks it."""
    result = explained("month-to-date-sums")

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "month-to-date-sums (rule)"
    assert rules()["month-to-date-sums"].statement in lines[1]
    assert lines[2] == "  tier    prose"
    assert lines[3].startswith("  source  ")
    assert re.search(r"^ +line [0-9]+: '.+'$", result.output, re.MULTILINE)


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


@pytest.mark.parametrize("entry", list(entries()), ids=lambda entry: f"{entry.kind} {entry.name}")
def test_every_name_is_explained_to_both_sides(entry: Entry) -> None:
    """Whatever it is, and no line of it is empty or has a sentence that ends twice."""
    first, about, *lines = entry.lines

    assert first == f"{entry.name} ({entry.kind})"
    assert about.endswith(".")
    for line in (about, *lines):
        assert line.strip()
        assert not re.search(r"[^.]\.\.$", line)
    if entry.kind != "world":
        for label in ("  server  ", "  client  "):
            (advice,) = [line for line in lines if line.startswith(label)]
            assert len(advice) > len(label)
            assert advice.endswith(".")


def test_a_rule_says_what_the_server_and_a_client_do() -> None:
    """The owner of the server mends it; a client can do something meanwhile."""
    lines = explanation("rolling-30d-sums")

    assert f"  server  {rules()['rolling-30d-sums'].server}" in lines
    assert f"  client  {rules()['rolling-30d-sums'].client}" in lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("rolling-of-29-days", "  breaks  rolling-30d-sums"),
        ("slow-body", "  takes   seconds=1.0, a number of seconds from 0 to 86400; chunks=10, a whole"),
        ("timeout", "  try     usagetwin control fault timeout, while usagetwin serve runs"),
        ("keys-in-any-case", "  differs from project-key-is-exact"),
        ("error_id", "  values  off | on; off where nothing is said"),
        ("near-2-53", "  try     usagetwin serve --world near-2-53"),
        ("Window-Not-Inverted", "window-not-inverted (rule)"),
        (" descending ", "descending (legal variation)"),
        ("whole-buckets", "whole-buckets-only (legal variation)"),  # a part that only one name has
    ],
)
def test_each_catalogue_is_looked_up_alike(text: str, line: str) -> None:
    """A rule, a fault, a variation, a policy, a world: in any case, by a part that is enough."""
    assert any(shown.startswith(line) for shown in explained(text).output.splitlines())


def test_a_part_of_names_lists_all_that_have_it() -> None:
    """One line each, of whatever kind, and no other."""
    lines = explained("retentio").output.splitlines()

    wanted = [name for name in NAMES if "retentio" in name]
    assert len(wanted) > 1
    assert [line.split()[0] for line in lines] == wanted
    assert all(re.match(r"\S+  (rule|fault|legal variation|policy|world): .+\.$", line) for line in lines)


def test_a_name_of_two_things_is_explained_as_both() -> None:
    """A rule and a variation share one name."""
    output = explained("rate-limit-headers").output

    assert "rate-limit-headers (rule)" in output
    assert "rate-limit-headers (legal variation)" in output


def test_without_a_name_all_are_listed() -> None:
    """One line each, and neither folded nor cut."""
    result = explained()

    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == NAMES
    assert all(rule.statement in result.output for rule in rules().values())


def test_the_lists_are_written_as_json() -> None:
    """What was found, each with its kind, and with what its kind has."""
    everything = json.loads(explained("--json").output)
    (one,) = json.loads(explained("--json", "open-bucket-grows").output)
    listed = json.loads(CliRunner().invoke(main, ["faults", "--json"]).output)

    assert [record["name"] for record in everything] == NAMES
    assert one["tier"] == "chosen"
    assert one["server"] == rules()["open-bucket-grows"].server
    assert [record["name"] for record in listed] == [*faults(), *KINDS, *variations()]
    assert all(record["rules"] for record in listed if record["kind"] == "fault")


def test_a_wrong_name_gets_the_few_that_are_near() -> None:
    """Exit status 2, and the name that was meant, not a list of others."""
    result = explained("fitler-additive")

    assert result.exit_code == 2
    assert "no rule, fault, variation, policy or world with 'fitler-additive' in its name" in result.output
    assert "try   usagetwin explain filter-additive" in result.output
    assert result.output.count(",") < 8


def test_a_name_like_no_other_is_told_where_all_are() -> None:
    """Nothing is near, so that nothing is guessed."""
    with pytest.raises(SettingError, match="usagetwin explain, without a name"):
        found("zzz")


@pytest.mark.parametrize(
    ("text", "whole"),
    [("it is", "it is."), ("it is.", "it is."), ("it is..", "it is."), ("a\n  b", "a b."), ("so?", "so?")],
)
def test_a_sentence_ends_once(text: str, whole: str) -> None:
    """However it came, it is on one line, with one full stop."""
    assert sentence(text) == whole
