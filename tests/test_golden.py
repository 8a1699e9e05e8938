"""The golden answers: the same in any order, with any number of workers, with and without the reply cache."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tests import golden
from tests.served import served
from tests.wire import connection_to, get
from usagetwin.account.world import world_names
from usagetwin.policies import PROFILES

if TYPE_CHECKING:
    from tests.answer import Answer
    from tests.golden import Group
    from tests.served import Twin


def _wide(profile: str) -> "Group":
    return next(
        group
        for group in golden.groups()
        if (group.world, group.now, group.profile) == (*golden.WIDE, profile)
    )


def _shuffled(group: "Group", salt: int) -> list[int]:
    """Give the positions of a group's questions in an order that has nothing to do with theirs."""
    return sorted(range(len(group.queries)), key=lambda index: sha256(b"%d %d" % (salt, index)).digest())


def _over_http(twin: "Twin", group: "Group", salt: int) -> str:
    """Ask all in a shuffled order on one connection; give the digest in the group's order."""
    answers: dict[int, Answer] = {}
    with closing(connection_to(twin.url)) as connection:
        for index in _shuffled(group, salt):
            answers[index] = get(connection, group.queries[index], group.headers)
    return golden.digest(answer for _, answer in sorted(answers.items()))


def test_the_answers_are_the_recorded_ones() -> None:
    """A difference names its group. After a change on purpose: `make golden`, and say why in the commit."""
    computed, recorded = golden.computed(), golden.recorded()

    assert {name: entry for name, entry in computed.items() if recorded.get(name) != entry} == {}
    assert computed.keys() == recorded.keys()


def test_they_are_as_many_and_as_various_as_promised() -> None:
    """At least 2 000 questions: every world, both profiles, edges of months, years and a leap day."""
    groups = list(golden.groups())

    assert sum(len(group.queries) for group in groups) >= 2000
    assert {group.world for group in groups} == set(world_names())
    assert {group.profile for group in groups} == set(PROFILES)
    assert {"2028-02-29T00:00:00Z", "2027-01-01T00:00:00Z", "2026-12-31T23:59:59Z"} <= {
        group.now for group in groups
    }
    assert {answer.status for answer in golden.answered(_wide("documented"))} == {200, 400, 404}


def test_the_order_of_worlds_instants_and_questions_changes_nothing() -> None:
    """Backwards, without the reply cache: later instants first, when the ledger has grown."""
    recorded = golden.recorded()
    differing = []

    for group in list(golden.groups())[::-3]:
        backwards = golden.Group(group.world, group.profile, group.now, group.queries[::-1])
        answers = golden.answered(backwards, reply_cache=False)
        if golden.digest(reversed(answers)) != recorded[group.name]["sha256"]:
            differing.append(group.name)

    assert differing == []


def test_answers_from_memory_are_the_recorded_ones() -> None:
    """The reply cache keeps what is asked a second time, so the third answers come from there."""
    group = _wide("documented")

    digests = {golden.digest(golden.answered(group)) for _ in range(3)}

    assert digests == {golden.recorded()[group.name]["sha256"]}


PROOF = pytest.mark.proof
CASES = [
    pytest.param("documented", 1, (), 2),
    pytest.param("documented", 4, ("--no-reply-cache",), 2),
    *(
        pytest.param(profile, workers, options, 7, marks=PROOF)
        for profile in PROFILES
        for workers in (1, 4)
        for options in ((), ("--no-reply-cache",))
    ),
]


@pytest.mark.parametrize(("profile", "workers", "options", "rounds"), CASES)
def test_they_are_the_same_over_http(
    profile: str, workers: int, options: tuple[str, ...], rounds: int
) -> None:
    """All questions of a group, shuffled, round after round, on four connections at a time."""
    group = _wide(profile)

    with (
        served(*group.options, "--quiet", "--workers", str(workers), *options) as twin,
        ThreadPoolExecutor(4) as pool,
    ):
        digests = list(pool.map(lambda salt: _over_http(twin, group, salt), range(rounds)))

    assert digests == [golden.recorded()[group.name]["sha256"]] * rounds


@PROOF
@pytest.mark.parametrize(("workers", "every"), [(1, 1), (4, 10)])
def test_every_group_is_the_same_over_http(workers: int, every: int) -> None:
    """Each from a process of its own, with a frozen clock; every tenth of them from four."""
    recorded = golden.recorded()
    differing = []

    for group in list(golden.groups())[::every]:
        with served(*group.options, "--quiet", "--workers", str(workers)) as twin:
            if _over_http(twin, group, 0) != recorded[group.name]["sha256"]:
                differing.append(group.name)

    assert differing == []
