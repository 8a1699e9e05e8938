"""Faults that break their rule in a conversation that holds for the honest twin."""

from typing import TYPE_CHECKING

import pytest

from tests.deviations.cases import CASES
from tests.inprocess import ask
from usagetwin import Settings, create_app
from usagetwin.asgi.deviating import Deviating
from usagetwin.asgi.notes import Instant
from usagetwin.deviations import faults

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.answer import Answer
    from tests.deviations.showing import Shown
    from usagetwin.deviations.shape import Deviation

SETTINGS = Settings(now="2026-03-17T15:20:00Z", reply_cache=False)
FAULTS = tuple(faults()[name] for name in CASES)
OF_LINKS = frozenset({"links-is-an-object", "answer-is-a-series-list", "links-self-names-the-request"})
BESIDE_LINKS = tuple(fault for fault in FAULTS if OF_LINKS.isdisjoint(fault.rules))
QUERIES_OF_ALL_KINDS = (
    "",
    "granularity=monthly&from=1",
    "from=0&to=9999999999&aggregationType=rolling_30d",
    "from=0&to=1772323200&aggregationType=incremental&projectKey=internal-tools&projectKey=default",
    "from=1772323200&to=1772323200",
    "to=0",
    "from=" + "9" * 5000 + "&to=1",
    "from=%C2%B2&to=%D9%A1",
    "projectKey=&projectKey=",
    "projectKey=,",
)


@pytest.fixture(scope="module")
def honest() -> "ASGIApp":
    """Give the honest twin of the default world."""
    return create_app(SETTINGS)


def _faulty(honest: "ASGIApp", fault: "Deviation") -> "ASGIApp":
    return Instant(Deviating(honest, fault), SETTINGS.clock)


def _answers(app: "ASGIApp", shown: "Shown") -> "list[Answer]":
    return [ask(app, one.query, method=one.method, path=one.path, headers=one.headers) for one in shown.asked]


def test_a_twin_shows_a_fault_by_its_name() -> None:
    """The name is one that `Settings` takes, and the twin then differs."""
    app = create_app(Settings(now=SETTINGS.now, deviation="trailing-slash-answered"))

    assert ask(app, path="/api/v2/usage/observability/sessions/").status == 200


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_breaks_what_the_honest_twin_keeps(fault: "Deviation", honest: "ASGIApp") -> None:
    """The same requests hold a contradiction with the fault, and none without it."""
    shown = CASES[fault.name]

    assert not shown.broken(_answers(honest, shown))
    assert shown.broken(_answers(_faulty(honest, fault), shown))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_answers_every_kind_of_request(fault: "Deviation", honest: "ASGIApp") -> None:
    """Whatever is asked, by GET or HEAD, a fault differs as it says and does not fall over."""
    app = _faulty(honest, fault)

    for query in QUERIES_OF_ALL_KINDS:
        answer = ask(app, query)
        head = ask(app, query, method="HEAD")

        assert answer.status in {200, 204, 400, 404, 429, 500}
        assert head.body == b""
    assert ask(app, path="/").status == 404


@pytest.mark.parametrize("fault", BESIDE_LINKS, ids=lambda fault: fault.name)
def test_a_fault_in_the_values_keeps_the_link_to_the_request(fault: "Deviation", honest: "ASGIApp") -> None:
    """A fault that asks another question inside does not give itself away by that question's link."""
    query = "projectKey=default&projectKey=mobile&from=1772323200"

    answer = ask(_faulty(honest, fault), query)

    assert answer.status != 200 or answer.json()["_links"] == ask(honest, query).json()["_links"]
