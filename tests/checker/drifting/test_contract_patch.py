"""Tests of the patch by which a checkout follows a newer document."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.checker.drifting.editions import AUTHORIZATION, LIMIT, TEXT, TWELVE, drift_of, edited
from tests.project.checkout import ROOT
from tests.sampling import sampled
from usagetwin.errors import SettingError
from usagetwin_checker.drifting.contract_patch import FILES, contract_patch
from usagetwin_checker.drifting.patch import Patch

MONTH: Final = "2027-01"
ELEMENT: Final = """Each element of the array
            is an object with a 'time' field, whose value is the timestamp, and
            one or more key fields. """
OF_3_0: Final = edited("openapi: 3.1.0", "openapi: 3.0.3").replace("type: integer", "type: number")
OF_TWO: Final = edited("servers:\n", "  /other: {get: {}}\nservers:\n").replace(
    "type: integer", "type: number"
)
RESPONSES: Final = re.compile(r"      responses:\n.*(?=servers:)", re.DOTALL)
FIRST: Final = TEXT[TEXT.index("        - name: from") : TEXT.index("        - name: to")]
SHARED: Final = "        - {$ref: '#/components/parameters/F'}\n" + LIMIT
OF_F: Final = FIRST.replace("        - name", "          name").replace("          ", "      ")
OF_THE_PATH: Final = f"    parameters:\n{LIMIT}    get:\n"
ADDED: Final = """
- sentence: 'At most a year: no more.'
  none: 'Not decided yet: a newer edition of the document brought it.'
"""
HOLDS: Final = """
from usagetwin.contract import Tier, effective_contract, projected_contract, rules, sentences
from usagetwin.contract.citations import Citation
from usagetwin.contract.document import document
from usagetwin.contract.overlay import actions, apply
from usagetwin.contract.sentence_ledger import gaps, sentence_ledger
from usagetwin.contract.sentences import sentence_lines

known = sentence_lines()
assert gaps(sentences(), sentence_ledger(), rules()) == (), gaps(sentences(), sentence_ledger(), rules())
for rule in rules().values():
    assert not [p for cite in rule.cites if (p := Citation(cite).problem(document(), known))], rule
contract = document()
for action in actions():
    changed = apply(contract, [action])
    assert changed != contract, action.target
    contract = changed
    assert not [p for cite in action.raw["x-cites"] if (p := Citation(cite).problem(document(), known))]
    assert Tier(action.raw["x-tier"]) in {Citation(cite).tier for cite in action.raw["x-cites"]}, action
    assert Tier(action.raw["x-tier"]) in {rules()[each].tier for each in action.raw["x-rules"]}, action
effective_contract()
projected_contract()
lists = [[], contract]
for each in lists:
    parts = each.values() if isinstance(each, dict) else each
    lists.extend(part for part in parts if isinstance(part, (dict, list)))
    assert isinstance(each, dict) or all(each.count(part) == 1 for part in each), each
print(*(rule.id for rule in rules().values() if rule.tier is Tier.OBSERVED))
"""
REFERRED: Final = "            $ref: '#/components/schemas/SeriesTimeSliceRep'\n"
SLICE: Final = "            type: object\n            additionalProperties: {type: integer}\n"
OF_SLICES: Final = re.compile(r"    SeriesTimeSliceRep:.*title: SeriesTimeSliceRep\n", re.DOTALL)
HEADER: Final = TEXT[TEXT.index(AUTHORIZATION) : TEXT.index("      responses:\n")]
OF_SLICE: Final = "    SeriesTimeSliceRep:\n      type: object\n"
TIME: Final = "      properties: {time: {type: integer}}\n"
MORE: Final = {
    "what a data point is": edited(ELEMENT, ""),
    "a schema's name": TEXT.replace("SeriesTimeSliceRep", "SliceRep"),
    "a new answer": edited("        '429':", "        '503': {description: Busy}\n        '429':"),
    "a data point where it stands": OF_SLICES.sub("", edited(REFERRED, SLICE)),
    "a sentence at the path": edited("    get:\n", "    description: At most a year.\n    get:\n"),
    "no header beside the scheme": edited(HEADER, "      security: [{ApiKey: []}]\n"),
    "what a data point is, in its schema": edited(OF_SLICE, f"{OF_SLICE}{TIME}      required: [time]\n"),
    "a list of anything": OF_SLICES.sub("", edited(f"          items:\n{REFERRED}", "")),
    "a lower bound": edited("        type: integer", "        type: integer\n        minimum: 0"),
}
FOLLOWED: Final = {name: text for name, (text, _) in TWELVE.items() if name != "the operation moves"} | MORE
SHORT: Final = (
    "what a data point is, in its schema",
    "a data point where it stands",
    "no header beside the scheme",
    "a list of anything",
    "what a data point is",
    "an optional parameter comes",
)


def patch_of(text: str) -> Patch:
    """Propose what follows a text."""
    return contract_patch(drift_of(text), ROOT, MONTH)


def clone(folder: Path) -> Path:
    """Make a clone of the sources, as far as the contract needs them."""
    for name in ("mockserver", "openapi"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    (folder / "docs").mkdir()
    for name in ("facts.md", "semantics.md"):
        shutil.copy(ROOT / "docs" / name, folder / "docs")
    return folder


def of_a_clone(*sources: Path) -> dict[str, str]:
    """Give the variables under which a program runs from a clone; what is measured of it is not ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    return kept | {"PYTHONPATH": os.pathsep.join(map(str, sources))}


def observed_rules(folder: Path) -> set[str]:
    """Load the contract of a clone, hold it to what our tests hold it to, and give the rules it observed."""
    ended = subprocess.run(
        [sys.executable, "-c", HOLDS],
        env=of_a_clone(folder / "mockserver"),
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.split())


@pytest.mark.skipif(shutil.which("git") is None, reason="git applies the patch")
@pytest.mark.parametrize("name", sampled(FOLLOWED, SHORT))
def test_the_contract_holds_once_git_has_applied_the_patch(name: str, tmp_path: Path) -> None:
    """It loads, every sentence is accounted for, every citation holds, no action of the overlay is idle."""
    text, folder = FOLLOWED[name], clone(tmp_path)

    subprocess.run(
        ["git", "apply", "-"],  # noqa: S607 -- the one that is on the path
        input=patch_of(text).diff(),
        text=True,
        check=True,
        cwd=folder,
    )

    observed_rules(folder)
    assert (folder / "openapi/launchdarkly-usage.yaml").read_text(encoding="utf-8") == text


def test_a_rule_whose_words_are_gone_is_observed_by_the_earlier_edition(tmp_path: Path) -> None:
    """It says so in the facts, binds no foreign target, and keeps its other citations if it has some."""
    folder = clone(tmp_path)
    patch = patch_of(TWELVE["a sentence goes"][0])
    for name, (_, new) in patch.changed.items():
        (folder / name).write_text(new, encoding="utf-8")

    found = observed_rules(folder)

    assert "to-defaults-to-now" in found
    assert "explicit-default-changes-nothing" not in found
    entry = (
        '28. `[documented]` Until 2027-01 the document said "Defaults to the current time."; '
        "the next edition does not.\n"
    )
    assert (folder / "docs/facts.md").read_text(encoding="utf-8").endswith(entry)
    assert patch.left == (
        "the rule to-defaults-to-now rests on an earlier edition alone: keep it, or take its check out",
    )


def test_what_shapes_a_200_goes_with_its_words() -> None:
    """No foreign server is held to a schema that nothing says any more."""
    overlay = patch_of(MORE["what a data point is"]).changed["openapi/overlay.yaml"]

    assert "    update:\n      properties:\n        time:" in overlay[0]
    assert "properties:\n        time:" not in overlay[1]


def test_an_action_goes_where_its_schema_went() -> None:
    """The contract says the same of a data point, whether it is referred to or stands in its place."""
    overlay = patch_of(MORE["a data point where it stands"]).changed["openapi/overlay.yaml"][1]

    assert overlay.count("- target: $.components.schemas.SeriesListRep.properties.series.items") == 2
    assert "SeriesTimeSliceRep" not in overlay


def test_a_new_parameter_keeps_its_schema() -> None:
    """The action that clears the five strings of the document spares it; the twin's code is left."""
    patch = patch_of(edited(AUTHORIZATION, LIMIT + AUTHORIZATION))

    overlay = patch.changed["openapi/overlay.yaml"][1]
    assert "parameters[?@.in == 'query' && @.name != 'limit'].schema" in overlay
    assert "the twin and the checker don't know of it: the parameter limit is new, and optional" in patch.left


def test_a_new_parameter_of_any_name_keeps_its_schema() -> None:
    """A name with a quote or a line's end in it leaves the path readable, or the action to a person."""
    limits = LIMIT.replace("limit", '"it\'s"'), LIMIT.replace("limit", '"two\\nlines"')

    quoted, broken = (patch_of(edited(AUTHORIZATION, each + AUTHORIZATION)) for each in limits)

    assert r"@.name != 'it\'s'" in quoted.changed["openapi/overlay.yaml"][1]
    assert any("its target is no JSONPath" in each for each in broken.left)


def test_a_reworded_sentence_is_reworded_wherever_it_is_cited() -> None:
    """Comments and order stay, and nothing else is touched."""
    patch = patch_of(TWELVE["a sentence is reworded"][0])

    for name in ("openapi/rules.yaml", "openapi/sentences.yaml"):
        old, new = patch.changed[name]
        assert "Defaults to now." in new
        assert "Defaults to the current time." not in new
        assert len(set(new.splitlines()) - set(old.splitlines())) <= 3
    assert "docs/facts.md" not in patch.changed
    (left,) = patch.left
    assert left.startswith("read whether they still follow from 'Defaults to now.': to-defaults-to-now, ")


def test_a_new_sentence_is_left_for_a_person() -> None:
    """It has an entry, so that nothing is unaccounted for, and the entry says that it is undecided."""
    text = edited("Defaults to the current time.", "Defaults to the current time. At most a year: no more.")

    patch = patch_of(text)

    assert patch.changed["openapi/sentences.yaml"][1].endswith(ADDED)
    assert patch.left == ("say which rules follow from 'At most a year: no more.' (openapi/sentences.yaml)",)


def test_no_change_needs_no_patch_and_new_bytes_need_the_hash_alone() -> None:
    """A comment in the document changes nothing but what it hashes to."""
    assert patch_of(TEXT).changed == {}
    assert set(patch_of(f"# new\n{TEXT}").changed) == {FILES[0], "openapi/SOURCE.md", FILES[5]}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"openapi": "3.1.0", "paths": {}}', "it is JSON"),
        (OF_3_0, "it is OpenAPI 3.0.3"),
        (edited("/api/v2/usage/", "/api/v3/usage/"), "it has no /api/v2/usage/observability/sessions"),
        (OF_TWO, "it has other paths too (1)"),
        (edited("    get:\n", "    post:\n"), "it has no GET /api/v2/usage/observability/sessions"),
        (
            edited("    get:\n", "    get: {}\n    post:\n"),
            "its GET /api/v2/usage/observability/sessions has no",
        ),
        (
            RESPONSES.sub("      responses: [x]\n", TEXT),
            "its GET /api/v2/usage/observability/sessions has no",
        ),
        (edited(FIRST, SHARED) + "  parameters:\n    F:\n" + OF_F, "its parameters stand in part elsewhere"),
        (edited("    get:\n", OF_THE_PATH), "its parameters stand in part elsewhere"),
    ],
)
def test_what_can_not_be_vendored_as_it_is_gets_no_patch(text: str, why: str) -> None:
    """And says why, and where the one is that can."""
    patch = patch_of(text)

    assert patch.changed == {}
    assert patch.none.startswith(why)
    assert "openapi/SOURCE.md" in patch.none


def test_a_document_whose_schemas_are_all_at_their_answers_is_followed() -> None:
    """Its components may be anything, or nothing."""
    head, _, _ = TEXT.partition("components:\n")
    text = re.sub(r"\$ref: '#/components/schemas/\w+'", "type: object", head)

    for components in ("", "components:\n", "components: []\n"):
        assert FILES[0] in patch_of(text + components).changed


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    """So is one with another document: the patch would not be for it."""
    with pytest.raises(SettingError, match="no checkout of usagetwin"):
        contract_patch(drift_of(TEXT), tmp_path, MONTH)
    folder = clone(tmp_path)
    (folder / "openapi/launchdarkly-usage.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    with pytest.raises(SettingError, match="not the document of the usagetwin that runs"):
        contract_patch(drift_of(TEXT), folder, MONTH)
