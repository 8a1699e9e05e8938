"""The held-out faults that nobody saw before: each spoils its conversation, and leaves others alone."""

from typing import TYPE_CHECKING

import pytest

from tests.deviations.held_out_cases import CASES
from tests.inprocess import ask
from usagetwin import Settings, create_app
from usagetwin.asgi.deviating import Deviating
from usagetwin.asgi.notes import Instant
from usagetwin.contract import rules
from usagetwin.deviations import faults
from usagetwin.deviations.held_out import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp

    from tests.answer import Answer
    from tests.deviations.showing import Asked
    from usagetwin.deviations.shape import Deviation

SETTINGS = Settings(now="2026-03-17T15:20:00Z", reply_cache=False)
QUERIES_OF_ALL_KINDS = (
    "",
    "granularity=monthly&from=1",
    "from=0&to=9999999999&aggregationType=rolling_30d",
    "from=0&to=9999999999&granularity=daily",
    "from=0&to=1772323200&aggregationType=incremental&projectKey=internal-tools&projectKey=default",
    "from=1772323200&to=1772323200",
    "from=1772323200&to=1772326800",
    "to=0",
    "from=0&to=0&granularity=monthly",
    "from=" + "9" * 5000 + "&to=1",
    "from=%C2%B2&to=%D9%A1",
    "from=&to=&from=&granularity=",
    "from=-999999999&to=9999w",
    "aggregationType=rolling_999d&from=0",
    "aggregationType=-&granularity=-",
    "projectKey=&projectKey=",
    "projectKey=&projectKey=.&projectKey=*",
    "projectKey=,",
    "limit=0&callback=a.b&limit=",
)


@pytest.fixture(scope="module")
def honest() -> "ASGIApp":
    """Give the honest twin of the default world."""
    return create_app(SETTINGS)


def _faulty(honest: "ASGIApp", fault: "Deviation") -> "ASGIApp":
    return Instant(Deviating(honest, fault), SETTINGS.clock)


def _answers(app: "ASGIApp", asked: "Iterable[Asked]") -> "list[Answer]":
    return [ask(app, one.query, method=one.method, path=one.path, headers=one.headers) for one in asked]


def test_every_fault_has_its_case() -> None:
    """No fault is left unshown, and each has a name of its own among all faults."""
    names = [fault.name for fault in FAULTS]

    assert sorted(names) == sorted(CASES)
    assert len(set(names)) == len(names)
    assert all(faults()[fault.name] is fault for fault in FAULTS)


def test_every_fault_names_rules_of_the_catalogue() -> None:
    """Each names at least one rule, and none twice."""
    for fault in FAULTS:
        assert fault.rules, fault.name
        assert len(set(fault.rules)) == len(fault.rules), fault.name
        assert set(fault.rules) <= rules().keys(), fault.name


def test_every_fault_says_in_one_line_what_a_user_sees() -> None:
    """The line is a sentence, and no other fault has it."""
    others = [fault.about for fault in faults().values()]
    for fault in FAULTS:
        assert others.count(fault.about) == 1, fault.name
        assert fault.about.endswith("."), fault.name
        assert "\n" not in fault.about, fault.name


def test_there_are_faults_of_all_tiers() -> None:
    """Of 64 faults or more half break a rule that fails a target by default, and a third one that doesn't."""
    tiers = [str(rules()[fault.rules[0]].tier) for fault in FAULTS]
    by_default = len([tier for tier in tiers if tier in {"schema", "prose"}])

    assert len(tiers) >= 64
    assert by_default >= len(tiers) / 2
    assert len(tiers) - by_default >= len(tiers) / 3


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_spoils_what_the_honest_twin_keeps(fault: "Deviation", honest: "ASGIApp") -> None:
    """The same requests hold a contradiction with the fault, and none without it."""
    shown = CASES[fault.name].shown

    assert not shown.broken(_answers(honest, shown.asked))
    assert shown.broken(_answers(_faulty(honest, fault), shown.asked))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_leaves_other_requests_alone(fault: "Deviation", honest: "ASGIApp") -> None:
    """What the fault's line does not speak of is answered as by the honest twin, byte for byte."""
    same = CASES[fault.name].same

    assert same
    for one, other in zip(_answers(_faulty(honest, fault), same), _answers(honest, same), strict=True):
        assert (one.status, sorted(one.headers), one.body) == (
            other.status,
            sorted(other.headers),
            other.body,
        )


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_answers_every_kind_of_request(fault: "Deviation", honest: "ASGIApp") -> None:
    """Whatever is asked, by GET or HEAD, a fault differs as it says and does not fall over."""
    app = _faulty(honest, fault)

    for query in QUERIES_OF_ALL_KINDS:
        answer = ask(app, query)
        head = ask(app, query, method="HEAD")

        assert answer.status in {200, 400, 404, 500}
        assert head.body == b""
    assert ask(app, path="/").status == 404


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_keeps_the_link_to_the_request(fault: "Deviation", honest: "ASGIApp") -> None:
    """A fault that asks another question inside does not give itself away by that question's link."""
    query = "projectKey=default&projectKey=mobile&from=1767225600&granularity=daily"

    answer = ask(_faulty(honest, fault), query)

    assert answer.status != 200 or answer.json()["_links"] == ask(honest, query).json()["_links"]
