"""Tests of the judgement as a whole: tallies, one finding for each rule, tiers, readings, evidence."""

from dataclasses import replace
from typing import Final

import pytest

from tests.checker.conversations import (
    DAY_S,
    KNOWN,
    answered,
    broken,
    get,
    incremental,
    labelled,
    month_to_date,
    numbered,
    refused,
    seconds,
    sent,
)
from usagetwin.contract import rules
from usagetwin_checker.exchanges import Credential
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.judging.one_exchange import ALWAYS_TESTED, Reader
from usagetwin_checker.knowing.knowledge import Knowledge
from usagetwin_checker.knowing.learning import learn
from usagetwin_checker.knowing.reading import SECONDS, STANDARD

INC: Final = "aggregationType=incremental"
DAYS: Final = f"from=2026-03-01&to=2026-03-06&{INC}"
MARCH: Final = incremental("2026-03-01", "2026-03-05")


def test_nothing_is_broken_by_nothing() -> None:
    """Without exchanges there are no findings, and no rule was tested."""
    judgement = judge([], KNOWN)

    assert judgement.findings == ()
    assert judgement.tested == {}
    assert judgement.reading == STANDARD


def test_a_rule_is_tested_only_by_what_could_break_it() -> None:
    """One answer tests its own shape; a second one of the same bucket tests that both agree."""
    one = judge(numbered(answered(DAYS, MARCH)), KNOWN).tested
    two = judge(numbered(answered(DAYS, MARCH), answered(DAYS, MARCH)), KNOWN).tested

    assert one["values-are-integers"] == 1
    assert one["incremental-counts"] == 1
    assert "past-counts-are-fixed" not in one
    assert two["past-counts-are-fixed"] == 1
    assert two["values-are-integers"] == 2
    assert "filter-additive" not in two


def test_every_tested_rule_is_in_the_catalogue() -> None:
    """Rules that are counted as tested exist."""
    for ids in ALWAYS_TESTED.values():
        assert set(ids) <= set(rules())


def test_one_finding_for_each_rule_and_the_smallest() -> None:
    """Of several contradictions by one rule, one is given."""
    wrong = incremental("2026-03-01", "2026-03-05", 2)

    judgement = judge(
        numbered(answered(DAYS, MARCH), answered(DAYS, wrong), answered(DAYS, MARCH), answered(DAYS, wrong)),
        KNOWN,
    )

    assert [finding.rule_id for finding in judgement.findings] == ["past-counts-are-fixed"]
    assert len(judgement.findings[0].conversation) == 2


def test_after_one_false_answer_the_true_ones_agree() -> None:
    """The answer that clashes with most others is the culprit, and is no evidence against another filter."""
    false = answered(DAYS, MARCH | {"2026-03-03": 0})
    web = answered(f"{DAYS}&projectKey=web", MARCH)

    found = broken(answered(DAYS, MARCH), answered(f"{DAYS}&granularity=daily", MARCH), false, web)

    assert len(found) == 1


def test_binding_counts_what_the_document_says() -> None:
    """A finding of tier prose binds, one of tier chosen does not."""
    both = judge(
        numbered(answered(f"from=2026-03-02&to=2026-03-04&{INC}", incremental("2026-03-01", "2026-03-04"))),
        KNOWN,
    )

    assert {finding.rule_id for finding in both.findings} == {
        "series-starts-at-from",
        "bucket-starting-at-to-is-absent",
    }
    assert both.binding == 1


def test_a_failed_exchange_is_no_evidence() -> None:
    """An exchange without a whole answer tests nothing and breaks nothing."""
    failed = replace(sent(get(DAYS), 0, b""), failure="the connection was refused")

    judgement = judge(numbered(failed), KNOWN)

    assert judgement.findings == ()
    assert judgement.tested == {}


def test_a_malformed_answer_is_no_evidence_against_others() -> None:
    """A body that breaks the schema is reported once, and its values are not compared."""
    found = broken(answered(DAYS, MARCH), sent(get(DAYS), 200, b'{"series": [{"time": 1, "0": "x"}]}'))

    assert {rules()[rule].tier.value for rule in found} <= {"schema", "prose"}
    assert "past-counts-are-fixed" not in found
    assert "known-bucket-is-present" not in found


def test_an_answer_without_a_credential_is_no_view_of_the_ledger() -> None:
    """What is given to a stranger is not compared with what is given to us."""
    stranger = answered(get(DAYS, credential=Credential.BEARER), MARCH | {"2026-03-03": 0})

    assert broken(answered(DAYS, MARCH), stranger) == {"bearer-is-invalid-token"}


def test_a_fault_is_not_explained_away_by_another_reading() -> None:
    """When no reading makes all rules hold, the usual one of the label's unit is kept."""
    judgement = judge(numbered(answered(DAYS, MARCH), answered(DAYS, MARCH | {"2026-03-02": 9})), KNOWN)

    assert judgement.reading == STANDARD
    assert [finding.rule_id for finding in judgement.findings] == ["past-counts-are-fixed"]


def test_seconds_with_a_fault_are_still_seconds() -> None:
    """The unit is told by the newest label, not by what breaks least."""
    ask = get(DAYS)
    right = [{"time": seconds(day), "0": count} for day, count in MARCH.items()]
    wrong = [{**point, "0": 9} for point in right]

    judgement = judge(numbered(labelled(ask, right), labelled(ask, wrong)), KNOWN)

    assert judgement.reading == SECONDS
    assert {finding.rule_id for finding in judgement.findings} == {
        "time-is-milliseconds",
        "past-counts-are-fixed",
    }


def test_one_answer_in_another_unit_is_named_and_held_against_nothing_else() -> None:
    """Its labels lie outside its window in the unit of the others, and inside it in seconds."""
    months = [{"time": seconds(f"2026-{month}-01"), "0": 1} for month in ("02", "03")]
    odd = labelled(get("from=2026-02-01&to=2026-03-17&granularity=monthly"), months)

    judgement = judge(numbered(answered(DAYS, MARCH), odd), KNOWN)

    assert judgement.reading == STANDARD
    assert [finding.rule_id for finding in judgement.findings] == [
        "time-is-milliseconds",
        "series-starts-at-from",
    ]


def test_exchanges_that_were_seen_before_are_judged_alike() -> None:
    """A reader changes nothing but the time that it takes."""
    exchanges = numbered(answered(DAYS, MARCH), answered(DAYS, MARCH | {"2026-03-02": 9}))
    reader = Reader()

    first = judge(exchanges[:1], KNOWN, reader=reader)
    again = judge(exchanges, KNOWN, reader=reader)

    assert first.findings == ()
    assert again.tested == judge(exchanges, KNOWN).tested
    assert [finding.message for finding in again.findings] == [
        finding.message for finding in judge(exchanges, KNOWN).findings
    ]


def test_one_reading_can_be_asked_for() -> None:
    """What was learned of the labels by then is not learned again."""
    exchanges = numbered(answered(DAYS, MARCH))

    assert judge(exchanges, KNOWN, STANDARD).findings == ()
    assert "series-ends-at-to" in {finding.rule_id for finding in judge(exchanges, KNOWN, SECONDS).findings}


def test_labels_at_the_end_of_their_buckets_are_read_as_such() -> None:
    """By that reading no rule of schema and prose breaks; what is left is the rule about labels."""
    points = [{"time": (seconds(day) + DAY_S) * 1000, "0": count} for day, count in MARCH.items()]

    noon = get(f"from=2026-03-01&to=2026-03-05+43200&{INC}")

    judgement = judge(numbered(labelled(noon, points)), KNOWN)

    assert judgement.reading.name.endswith("but at the bucket's end")
    assert [finding.rule_id for finding in judgement.findings] == ["time-is-bucket-start"]


def test_labels_at_the_end_leave_the_current_day_open() -> None:
    """The newest label lies on the next day; the current one may still grow."""
    probe = get(f"to=9999999999&{INC}")
    first = [{"time": (seconds("2026-03-01") + (day + 1) * DAY_S) * 1000, "0": day + 1} for day in range(17)]
    later = [*first[:-1], {**first[-1], "0": 30}]
    exchanges = numbered(labelled(probe, first), labelled(probe, later))

    judgement = judge(exchanges, learn(Knowledge(), exchanges[:1], exchanges[1:]))

    assert {finding.rule_id for finding in judgement.findings} <= {
        "time-is-bucket-start",
        "bucket-starting-at-to-is-absent",
    }


@pytest.mark.parametrize("parameter", ["projectKey=web", "projectKey=web&projectKey=app"])
def test_a_key_is_known_everywhere_or_nowhere(parameter: str) -> None:
    """404 for keys that are answered elsewhere is a failure; keys that never are may be wrong."""
    never = refused(f"{DAYS}&{parameter}", 404)
    once = [answered(f"{DAYS}&projectKey={key}", MARCH) for key in ("web", "app")]

    assert "project-key-known-everywhere" not in broken(never, never)
    assert "project-key-known-everywhere" in broken(*once, never)


def test_a_filter_is_not_blamed_for_a_key_that_may_not_exist() -> None:
    """A 404 for several keys may be for one that was never answered, or of which nothing is known."""
    web, nope = (answered(f"{DAYS}&projectKey={key}", MARCH) for key in ("web", "nope"))
    never_answered = refused(f"{DAYS}&projectKey=web&projectKey=app", 404)
    not_known = numbered(web, nope, refused(f"{DAYS}&projectKey=web&projectKey=nope", 404))

    assert "project-key-known-everywhere" not in broken(web, never_answered)
    judgement = judge(not_known, KNOWN)
    assert "project-key-known-everywhere" not in {finding.rule_id for finding in judgement.findings}
    assert judgement.tested["project-key-known-everywhere"] == 1


def test_the_ledger_of_two_months_is_silent() -> None:
    """All views of a hand-made ledger, of two projects and their sum, contradict nothing."""
    window = "from=2026-02-01&to=2026-03-06"
    counts = incremental("2026-02-01", "2026-03-05")
    keys = "projectKey=web&projectKey=app"
    exchanges = [
        answered(f"{window}&{INC}&projectKey=web", counts),
        answered(f"{window}&{INC}&projectKey=app", counts),
        answered(f"{window}&{INC}&{keys}", incremental("2026-02-01", "2026-03-05", 2)),
        answered(f"{window}&{INC}", incremental("2026-02-01", "2026-03-05", 3)),
        answered(f"{window}&projectKey=web", month_to_date("2026-02-01", "2026-03-05")),
        answered("from=2026-02-01&to=2026-03-01&granularity=monthly&projectKey=app", {"2026-02": 280}),
        refused(f"{window}&projectKey=nope", 404),
    ]

    assert broken(*exchanges) == set()
    assert broken(*exchanges, knowledge=Knowledge(KNOWN.keys)) == set()


def test_a_rule_that_is_broken_was_tested() -> None:
    """Here by a bucket that nobody shows, in the middle of a series."""
    gap = {day: count for day, count in MARCH.items() if day != "2026-03-03"}

    judgement = judge(numbered(answered(DAYS, gap)), KNOWN)

    assert {finding.rule_id for finding in judgement.findings} == {"every-bucket-is-kept"}
    assert judgement.tested["every-bucket-is-kept"] == 1
