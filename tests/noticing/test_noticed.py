"""What is told of the second pass, by hand-made results."""

import json
from typing import Final

from usagetwin_checker.noticing.noticed import Noticed, told
from usagetwin_checker.noticing.words import of_command

FAULT: Final = "counts-are-strings"
OTHER: Final = "metadata-missing"
HIDDEN: Final = "json-as-text"
LEGAL: Final = "sparse"


def noticed() -> Noticed:
    """Give three tests: two are shown the fault and one notices, all are shown the other, and none does."""
    return Noticed(
        tests={
            "a": {FAULT: True, OTHER: False, LEGAL: True},
            "b": {FAULT: False, OTHER: False, LEGAL: True},
            "c": {OTHER: False},
        },
        reasons={"a": {FAULT: "assert '3' == 3", LEGAL: "KeyError: 5"}},
    )


def test_faults_and_variations_are_told_apart() -> None:
    """Of a fault the counts of tests, of a variation the tests that it broke."""
    assert list(told(noticed(), (FAULT, OTHER, HIDDEN, LEGAL))) == [
        "3 tests called the twin and ran again, with 3 faults and 1 legal variation.",
        "",
        "1 fault that no test noticed:",
        "  metadata-missing, shown to 3 tests",
        "    A 200 has no `metadata`.",
        "    breaks answer-is-a-series-list; usagetwin explain answer-is-a-series-list",
        '    see it in one test with @pytest.mark.usage_twin(faults="metadata-missing")',
        "",
        "1 fault noticed:",
        "  counts-are-strings, by 1 of 2 tests",
        "    a: assert '3' == 3",
        "",
        "1 fault that changed no answer which a test got:",
        "  json-as-text",
        "",
        "1 legal variation of 1 broke tests, which assume more than the contract says:",
        "  sparse: zero buckets are left out",
        "    a: KeyError: 5",
        "    b",
        '    see it in one test with @pytest.mark.usage_twin(faults="sparse")',
    ]


def test_a_blind_spot_was_shown_and_not_noticed() -> None:
    """What nobody was shown is none, nor is a variation."""
    assert noticed().blind_spots((FAULT, OTHER, HIDDEN, LEGAL)) == [OTHER]
    assert Noticed(tests={"a": {LEGAL: False}}).blind_spots((LEGAL,)) == []


def test_nothing_is_said_of_what_there_is_none() -> None:
    """Without brittle tests there is no word of them."""
    assert list(told(Noticed(tests={"a": {FAULT: True}}), (FAULT, LEGAL))) == [
        "1 test called the twin and ran again, with 1 fault and 1 legal variation.",
        "",
        "1 fault noticed:",
        "  counts-are-strings, by 1 of 1 test",
    ]


def test_tests_that_are_left_out_are_named() -> None:
    """Even when no other is left."""
    empty = Noticed(unrepeatable={"a": "ValueError: twice"}, with_subtests=["b"])

    assert list(told(empty, (FAULT,))) == [
        "No test that passed called the twin, so nothing is known.",
        "Left out, as these fail when they run again without any:",
        "  a: ValueError: twice",
        "Left out, as these have subtests:",
        "  b",
    ]


def test_what_workers_found_is_added_up() -> None:
    """As the plain data that travels from one process to another."""
    whole = Noticed(tests={"d": {FAULT: True}}, with_subtests=["e"])
    other = Noticed(
        tests={"a": {OTHER: False}},
        unrepeatable={"b": "why"},
        with_subtests=["c"],
        reasons={"a": {OTHER: "how"}},
    )

    whole.add(json.loads(json.dumps(other.as_dict())))

    assert whole == Noticed(
        {"d": {FAULT: True}, "a": {OTHER: False}}, {"b": "why"}, ["e", "c"], {"a": {OTHER: "how"}}
    )


def test_of_a_command_there_is_nothing_to_count() -> None:
    """The line that shows it again is one for a shell, with the options of this run."""
    words = of_command(("npm", "run", "unit tests"), ("--now", "2026-03-17"))
    found = Noticed(
        tests={"honest": {FAULT: True, OTHER: False, LEGAL: True}},
        reasons={"honest": {FAULT: "exit status 1", LEGAL: "exit status 2"}},
    )

    assert list(told(found, (FAULT, OTHER, HIDDEN, LEGAL), words)) == [
        "The command ran again, with 3 faults and 1 legal variation.",
        "",
        "1 fault that it did not notice:",
        "  metadata-missing",
        "    A 200 has no `metadata`.",
        "    breaks answer-is-a-series-list; usagetwin explain answer-is-a-series-list",
        "    see it with usagetwin run --now 2026-03-17 --fault metadata-missing -- npm run 'unit tests'",
        "",
        "1 fault noticed:",
        "  counts-are-strings",
        "    exit status 1",
        "",
        "1 fault that changed no answer which it got:",
        "  json-as-text",
        "",
        "1 legal variation of 1 made it fail, which assumes more than the contract says:",
        "  sparse: zero buckets are left out",
        "    exit status 2",
        "    see it with usagetwin run --now 2026-03-17 --variation sparse -- npm run 'unit tests'",
    ]
