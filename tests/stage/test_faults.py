"""Which requests get a fault, and what a fault can be told."""

from dataclasses import replace
from typing import Any

import pytest

from tests.stage.test_journal import recorded
from usagetwin.errors import SettingError
from usagetwin.stage.faults import MOST_FAULTS, Fault, Faults, PredicateError, make_fault
from usagetwin.stage.journal import Recorded

REQUEST = recorded()


def shown(faults: Faults, requests: int) -> list[str | None]:
    """Give the names of the faults that so many equal requests get."""
    chosen = [faults.choose(REQUEST) for _ in range(requests)]
    return [None if fault is None else fault.name for fault in chosen]


def having(*added: Fault) -> Faults:
    """Give faults, added in this order."""
    faults = Faults()
    for fault in added:
        faults.add(fault)
    return faults


def test_a_fault_is_shown_as_often_as_told_and_then_the_twin_recovers() -> None:
    """`times=2` is two requests, and the third is answered."""
    fault = make_fault("reset", times=2)

    assert shown(having(fault), 4) == ["reset", "reset", None, None]
    assert fault.shown == 2


def test_a_fault_without_a_count_is_shown_until_it_is_removed() -> None:
    """Removing it twice does no harm."""
    fault = make_fault("reset")
    faults = having(fault)
    before = shown(faults, 3)

    faults.remove(fault)
    faults.remove(fault)

    assert before == ["reset"] * 3
    assert shown(faults, 2) == [None, None]


def test_counted_faults_are_shown_like_the_scenes_of_a_script() -> None:
    """One after the other, in the order that they were added."""
    faults = having(make_fault("reset", times=1), make_fault("server-error", times=2))

    assert shown(faults, 4) == ["reset", "server-error", "server-error", None]


def test_faults_without_a_count_are_the_background() -> None:
    """They are shown where no counted fault is, whichever came first; of several, the latest."""
    faults = having(make_fault("delay"), make_fault("reset", times=1), make_fault("slow-body"))

    assert shown(faults, 3) == ["reset", "slow-body", "slow-body"]


def test_a_predicate_chooses_the_requests() -> None:
    """Requests that it is false of don't count against `times`."""
    fault = make_fault("reset", times=1, when=lambda request: request.value("granularity") == "monthly")
    faults = having(fault)
    monthly = recorded(parameters=(("granularity", "monthly"),))

    assert faults.choose(REQUEST) is None
    assert faults.choose(monthly) is fault
    assert faults.choose(monthly) is None


def test_parameters_choose_the_requests() -> None:
    """Those that a request has, by either of their names, and those that it has not."""
    fault = make_fault("reset", when={"granularity": "monthly", "project_key": ["web", "app"], "to": None})
    pairs = (("projectKey", "app"), ("projectKey", "web"), ("granularity", "monthly"))

    assert having(fault).choose(recorded(parameters=pairs)) is fault
    assert having(fault).choose(recorded(parameters=(*pairs, ("to", "5")))) is None
    assert having(fault).choose(recorded(parameters=pairs[1:])) is None
    with pytest.raises(SettingError, match="no parameter 'project' to expect\n  try   projectKey"):
        make_fault("reset", when={"project": "web"})


def test_where_a_predicate_is_false_the_next_fault_has_its_turn() -> None:
    """A fault that does not want a request leaves it to the others."""
    faults = having(make_fault("reset"), make_fault("delay", when=lambda _: False))

    assert shown(faults, 1) == ["reset"]


def test_chance_takes_about_its_share() -> None:
    """Of 2000 requests 0.3 is 600, give or take five standard deviations (of 20.5)."""
    names = shown(having(make_fault("reset", chance=0.3, seed=7)), 2000)

    assert 498 < names.count("reset") < 702


def test_the_same_seed_gives_the_same_row_of_outcomes() -> None:
    """And another seed another row."""
    rows = [shown(having(make_fault("reset", chance=0.5, seed=seed)), 64) for seed in (7, 7, 8)]

    assert rows[0] == rows[1]
    assert rows[0] != rows[2]


@pytest.mark.parametrize(("chance", "expected"), [(0, [None] * 20), (1, ["reset"] * 20)])
def test_the_ends_of_chance_are_certain(chance: float, expected: list[str | None]) -> None:
    """0 is never, 1 is always."""
    assert shown(having(make_fault("reset", chance=chance)), 20) == expected


def test_chance_and_count_go_together() -> None:
    """Requests that were lucky don't count against `times`."""
    names = shown(having(make_fault("reset", chance=0.5, times=3, seed=1)), 100)

    assert names.count("reset") == 3


def test_the_outcome_of_a_request_does_not_depend_on_those_that_the_predicate_leaves_out() -> None:
    """Chances are drawn for the wanted requests alone, so other traffic does not shift the row."""
    wanted = recorded("wanted")
    plain = make_fault("reset", chance=0.5, seed=3)
    choosy = make_fault("reset", chance=0.5, seed=3, when=lambda request: request.query_string == "wanted")
    alone, among = having(plain), having(choosy)

    expected = [alone.choose(wanted) is not None for _ in range(32)]
    got = []
    for _ in range(32):
        among.choose(REQUEST)
        got.append(among.choose(wanted) is not None)

    assert got == expected


class Stop(BaseException):
    """What `pytest.fail()` raises is no Exception either."""


@pytest.mark.parametrize("raised", [ValueError("no such project"), Stop("no such project")])
def test_a_predicate_that_raises_is_named_with_what_it_raised(raised: BaseException) -> None:
    """Its own exception is the cause, with its traceback."""

    def when(_request: Recorded) -> bool:
        raise raised

    with pytest.raises(PredicateError, match="no such project") as caught:
        having(make_fault("reset", when=when)).choose(REQUEST)

    assert caught.value.__cause__ is raised
    assert "'reset'" in str(caught.value)
    assert type(raised).__name__ in str(caught.value)


def test_a_predicate_may_change_the_faults() -> None:
    """It can end its own fault: the change holds from the next request on."""
    faults = Faults()

    def when(_request: Recorded) -> bool:
        faults.clear()
        return True

    faults.add(make_fault("reset", when=when))

    assert shown(faults, 2) == ["reset", None]


def test_details_are_complete_and_the_tests_own_come_first() -> None:
    """What is not told has its default."""
    assert make_fault("slow-body", seconds=2).details == {"seconds": 2, "chunks": 10}
    assert make_fault("rate-limited").details == {"retry_after": 1}
    assert make_fault("rate-limited", retry_after=0).details == {"retry_after": 0}
    assert make_fault("unavailable").details == {"retry_after": None}


@pytest.mark.parametrize(
    ("name", "told", "part"),
    [
        ("delay", {"seconds": -1}, "seconds=-1"),
        ("delay", {"seconds": "1"}, "seconds='1'"),
        ("delay", {"seconds": True}, "seconds=True"),
        ("delay", {"seconds": float("nan")}, "seconds=nan"),
        ("delay", {"seconds": float("inf")}, "seconds=inf"),
        ("delay", {"seconds": None}, "seconds=None"),
        ("slow-body", {"chunks": 0}, "chunks=0"),
        ("slow-body", {"chunks": 2.5}, "chunks=2.5"),
        ("truncated-body", {"bytes": -1}, "bytes=-1"),
        ("rate-limited", {"retry_after": -1}, "retry_after=-1"),
        ("rate-limited", {"retry_after": 0.5}, "retry_after=0.5"),
        ("rate-limited", {"retry_after": None}, "retry_after=None"),
        ("unavailable", {"retry_after": "soon"}, "retry_after='soon'"),
        ("wrong-content-type", {"content_type": ""}, "content_type=''"),
        ("wrong-content-type", {"content_type": "a\r\nx: y"}, "content_type="),
        ("wrong-content-type", {"content_type": "text/höml"}, "content_type="),
        ("reset", {"times": 0}, "times=0"),
        ("reset", {"times": True}, "times=True"),
        ("reset", {"times": 1.0}, "times=1.0"),
        ("reset", {"chance": 1.1}, "chance=1.1"),
        ("reset", {"chance": -0.1}, "chance=-0.1"),
        ("reset", {"chance": "0.3"}, "chance='0.3'"),
        ("reset", {"seed": 1.5}, "seed=1.5"),
        ("reset", {"seed": None}, "seed=None"),
        ("reset", {"when": "monthly"}, "when='monthly'"),
    ],
)
def test_values_that_make_no_sense_are_refused(name: str, told: dict[str, Any], part: str) -> None:
    """The message quotes the value, and says what the detail takes."""
    with pytest.raises(SettingError) as caught:
        make_fault(name, **told)

    assert part in caught.value.problem
    assert repr(name) in caught.value.problem
    assert f"{next(iter(told))}=VALUE" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "detail", "nearest"),
    [
        ("rate-limited", "retry_afer", "retry_after"),
        ("delay", "second", "seconds"),
        ("reset", "time", "times"),
        ("past-counts-creep", "chanc", "chance"),
    ],
)
def test_an_unknown_detail_is_refused_with_the_nearest(name: str, detail: str, nearest: str) -> None:
    """What every fault takes is among the valid ones."""
    with pytest.raises(SettingError) as caught:
        make_fault(name, **{detail: 1})  # type: ignore[arg-type]  # -- the mistake is the point

    assert f"takes no {detail!r}" in caught.value.problem
    assert caught.value.remedy.startswith(f"{nearest} (valid:")


def test_a_coroutine_function_is_no_predicate() -> None:
    """Its result would be true of every request."""

    async def when(_request: Recorded) -> bool:
        return False

    with pytest.raises(SettingError, match="coroutine function"):
        make_fault("reset", when=when)


def test_a_predicate_sees_the_request_as_it_came() -> None:
    """With its number, before any answer."""
    seen: list[Recorded] = []
    numbered = replace(REQUEST, number=5)

    having(make_fault("reset", when=seen.append)).choose(numbered)

    assert seen == [numbered]


@pytest.mark.parametrize(
    ("status", "name"),
    [(429, "rate-limited"), (500, "server-error"), (503, "unavailable"), (404, "status"), (599, "status")],
)
def test_a_number_names_a_fault_by_its_status(status: int, name: str) -> None:
    """The one that has a name of its own, or else the one that answers with any status."""
    fault = make_fault(status, times=1)

    assert (fault.name, fault.details.get("status", status)) == (name, status)


@pytest.mark.parametrize("status", [200, 399, 600, True, 4.29, None])
def test_another_number_names_none(status: Any) -> None:  # noqa: ANN401 -- what a test may write
    """What is no error is no fault."""
    with pytest.raises(SettingError, match=r"no fault .*(?s:.*)a whole number from 400 to 599"):
        make_fault(status)


def test_a_number_takes_the_details_of_its_fault() -> None:
    """As its name does."""
    assert make_fault(429, retry_after=7).details == {"retry_after": 7}


def test_there_are_only_so_many_faults_at_once() -> None:
    """Each request tries them all; those that were taken back make room."""
    faults, first = Faults(), make_fault("reset")
    faults.add(first)
    for _ in range(MOST_FAULTS - 1):
        faults.add(make_fault("reset"))

    with pytest.raises(SettingError, match=r"there are 1000 faults already.*\n  try   take back"):
        faults.add(make_fault("reset"))
    faults.remove(first)
    faults.add(make_fault("close"))
