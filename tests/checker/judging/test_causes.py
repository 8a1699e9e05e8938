"""Tests of causes: what is folded into one finding, what keeps its own, and what never changes."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.conversations import KNOWN, answered, incremental, numbered, refused
from usagetwin_checker.findings import Finding
from usagetwin_checker.judging import causes as module
from usagetwin_checker.judging.causes import Cause, TooMuchToJudgeError, judge_of, one_for_each_cause
from usagetwin_checker.judging.one_exchange import Reader
from usagetwin_checker.judging.suspects import Suspects
from usagetwin_checker.knowing.reading import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from usagetwin_checker.exchanges import Exchange

DAYS: Final = "from=2026-03-02&to=2026-03-05&aggregationType=incremental"
ONE, TWO, THREE = numbered(*(answered(DAYS, incremental("2026-03-02", "2026-03-04")) for _ in range(3)))
STARTS: Final = "series-starts-at-from"  # prose
ENDS: Final = "series-ends-at-to"  # prose
KEPT: Final = "every-bucket-is-kept"  # chosen
ASCENDS: Final = "series-ascends"  # chosen


def folded(
    findings: "Sequence[Finding]", causes: "Sequence[Cause]", broken: "dict[frozenset[int], set[str]]"
) -> list[Finding]:
    """Fold findings, where judging exchanges whose numbers are changed so gives these rules."""

    def judged(exchanges: "Sequence[Exchange]") -> frozenset[str]:
        assumed = frozenset(each.number for each in exchanges if each.ask.method == "HEAD")
        own = {number for finding in findings for number in (e.number for e in finding.conversation)}
        rules = broken.get(assumed, set())
        return frozenset(rules if own <= {each.number for each in exchanges} else ())

    return one_for_each_cause(findings, [ONE, TWO, THREE], lambda _: [causes], judged)


def assumed(rule_id: str, *numbers: int) -> Cause:
    """Make a cause that concerns some exchanges."""

    def as_if(exchange: "Exchange") -> "Exchange":
        other = replace(exchange, ask=replace(exchange.ask, method="HEAD"))
        return other if exchange.number in numbers else exchange

    return Cause(rule_id, f"{rule_id} is so", as_if)


BOTH: Final = (Finding(KEPT, "a bucket is missing", (TWO,)), Finding(STARTS, "it starts early", (ONE,)))
FOUND: Final[dict[frozenset[int], set[str]]] = {frozenset(): {KEPT, STARTS}}


def test_a_cause_folds_what_it_explains() -> None:
    """Into the finding of its own rule, which says what the target does, and what else that breaks."""
    (finding,) = folded(BOTH, [assumed(STARTS, 1, 2)], FOUND)

    assert finding == replace(BOTH[1], message=f"{STARTS} is so: it starts early", also=(KEPT,))


@pytest.mark.parametrize(
    "still",
    [{KEPT}, {STARTS}, {KEPT, STARTS}, {ENDS}],
    ids=["one stays", "the other stays", "both stay", "another one comes"],
)
def test_a_cause_that_does_not_explain_several_folds_nothing(still: set[str]) -> None:
    """What would be found even so is another fault; what would only be found then shows that it is not so."""
    assert folded(BOTH, [assumed(STARTS, 1, 2)], {**FOUND, frozenset({1, 2}): still}) == list(BOTH)


def test_a_cause_that_concerns_one_finding_alone_explains_nothing() -> None:
    """However it is judged then."""
    assert folded(BOTH, [assumed(STARTS, 1)], FOUND) == list(BOTH)


def test_what_explains_more_comes_first() -> None:
    """Whatever the order of the causes."""
    findings = (*BOTH, Finding(ENDS, "it ends late", (THREE,)))
    found = {
        frozenset(): {KEPT, STARTS, ENDS},
        frozenset({1, 2}): {ENDS},
        frozenset({1, 2, 3}): set[str](),
    }

    (finding,) = folded(findings, [assumed(STARTS, 1, 2), assumed(ENDS, 1, 2, 3)], found)

    assert (finding.rule_id, finding.also) == (ENDS, (KEPT, STARTS))


def test_a_failure_stays_one() -> None:
    """Where the rule that names a cause does not decide the verdict, one that does gives the finding."""
    (finding,) = folded(BOTH, [assumed(ASCENDS, 1, 2)], FOUND)

    assert (finding.rule_id, finding.also) == (STARTS, (KEPT,))


def test_what_fails_nobody_becomes_no_failure() -> None:
    """Nor the other way round."""
    unconfirmed = (BOTH[0], Finding(ASCENDS, "it descends", (ONE,)))

    (finding,) = folded(unconfirmed, [assumed(STARTS, 1, 2)], {frozenset(): {KEPT, ASCENDS}})

    assert finding.rule_id == KEPT


def test_an_answer_that_may_be_someone_else_s_is_not_folded() -> None:
    """It stays unconfirmed."""
    doubtful = (BOTH[0], replace(BOTH[1], doubtful=True))

    assert folded(doubtful, [assumed(STARTS, 1, 2)], FOUND) == list(doubtful)


def test_what_would_take_too_long_is_not_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judging again is counted in requests and points, and the findings stay as they are when it is spent."""
    monkeypatch.setattr(module, "MOST_POINTS", 3 * (module.POINTS_OF_A_REQUEST + 3))
    broken = judge_of(KNOWN, STANDARD, Reader())

    assert broken([ONE, TWO, THREE]) == set()
    with pytest.raises(TooMuchToJudgeError):
        broken([ONE])
    assert one_for_each_cause(BOTH, [ONE, TWO, THREE], lambda _: [[assumed(STARTS, 1)]], broken) == list(BOTH)


def moving(*exchanges: "Exchange") -> "Iterable[Finding]":
    """Judge a conversation, and fold what it shows."""
    broken = judge_of(KNOWN, STANDARD, Reader())
    facts = Finding("past-counts-are-fixed", "it moves", exchanges[:2], views=frozenset({"incremental"}))
    sums = Finding("rolling-30d-sums", "the sum is wrong", exchanges[:2], views=frozenset({"rolling_30d"}))
    lost = Finding("known-bucket-is-present", "a bucket is missing", exchanges[:2])
    return one_for_each_cause([facts, sums, lost], exchanges, lambda _: (), broken)


def test_where_counts_move_sums_say_nothing_and_buckets_do() -> None:
    """One request got two counts of one bucket."""
    before, after = numbered(
        answered(DAYS, incremental("2026-03-02", "2026-03-04")),
        answered(DAYS, incremental("2026-03-02", "2026-03-04", times=2)),
    )

    found = [(finding.rule_id, finding.also) for finding in moving(before, after)]

    assert found == [("past-counts-are-fixed", ("rolling-30d-sums",)), ("known-bucket-is-present", ())]


def test_where_buckets_move_they_say_nothing_either() -> None:
    """One request got other buckets the second time."""
    before, after = numbered(
        answered(DAYS, incremental("2026-03-02", "2026-03-04")),
        answered(DAYS, incremental("2026-03-02", "2026-03-03", times=2)),
    )

    (finding,) = moving(before, after)

    assert finding.also == ("rolling-30d-sums", "known-bucket-is-present")


def test_only_an_answer_to_a_valid_request_may_be_one_to_another_request() -> None:
    """What is refused, or should be, stays as it is, whatever is assumed."""
    refusal, unrefused, usual = numbered(refused(DAYS, 400), answered("from=soon", {}), ONE)
    causes = [cause for some in Suspects(KNOWN)([]) for cause in some]

    assert all(cause.as_if(each) is each for cause in causes for each in (refusal, unrefused))
    assert any(cause.as_if(usual) is not usual for cause in causes)
