"""Tests of what the twin of a world gives, beside what was recorded."""

from dataclasses import replace

from tests.acme import FEB_27, NOW_S, WORLD
from tests.checker.recovering.asked import answered
from usagetwin.account.traffic import GivenCounts
from usagetwin.account.world import Project
from usagetwin.account.world.yaml_file import read_yaml
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.recovering.comparing import compared
from usagetwin_checker.recovering.known import answers_of
from usagetwin_checker.recovering.policies import policies_of, unset

ACME = read_yaml(WORLD, "acme.yaml")
KNOWN = Knowledge(frozenset({"web", "app"}), now=Now(NOW_S, NOW_S))
QUERY = f"from={FEB_27 - 86400}&aggregationType=incremental&projectKey=web"


def test_each_difference_is_named() -> None:
    """A value, a bucket that the twin lacks, one that it has beyond, and an answer that it does not give."""
    answers = answers_of(answered(ACME, NOW_S, [QUERY]), KNOWN)
    day = ACME.projects[0].created
    other = replace(ACME, projects=(Project("web", day + 1, GivenCounts(day + 1, (20, 31, 40, 50))),))
    counts = GivenCounts(day, (10, 20, 30, 40, 50))
    earlier = replace(ACME, projects=(Project("web", day - 1, counts),))
    crowd = tuple(Project(f"p{number}", 0, GivenCounts(0, (1,))) for number in range(2_000))
    large, since = replace(ACME, projects=crowd), replace(answers[0].query, from_s=0)
    wide = [replace(answers[0], query=since, keys=frozenset(), facts=())]

    found = compared(other, answers, NOW_S)

    assert found.lacking == ["incremental bucket 2026-02-27 of web"]
    assert found.other_values == ["incremental bucket 2026-03-01 of web is 30, and the twin gives 31"]
    assert found.alike == 3
    assert compared(earlier, answers, NOW_S).added == ["incremental bucket 2026-02-26 of web"]
    assert compared(large, wide, NOW_S).lacking == [f"all of {answers[0].exchange.ask.target}"]


def test_what_shows_a_policy() -> None:
    """An unknown key that counts nothing, the beta gate; what needs more than answers is told."""
    empty = read_yaml(f"{WORLD}policies: {{unknown_project: empty}}\n", "x")
    exchanges = answered(empty, NOW_S, ["projectKey=nobody", QUERY])
    gate = Exchange(Ask(beta=False), 9, 0.0, 0.0, 403, {}, b'{"message": "beta only"}')
    page = Exchange(Ask(), 10, 0.0, 0.0, 502, {"x-ratelimit-reset": "1"}, b"<html>")

    shown = policies_of([*exchanges, gate, page], [], KNOWN)

    assert shown["unknown_project"] == "empty"
    assert "error_id" not in shown
    assert list(unset([page])) == [
        "answers have X-Ratelimit headers, and how long a window is they don't say: no quota is set"
    ]
