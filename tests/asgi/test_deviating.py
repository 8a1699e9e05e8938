"""The part that shows a deviation: what it remembers belongs to one app."""

import pytest

from tests.inprocess import ask
from usagetwin import Settings, create_app
from usagetwin.deviations import deviation, faults, variations
from usagetwin.deviations.shape import Remembering

NOW = "2026-03-17T15:20:00Z"
REMEMBERING = [name for name in (*faults(), *variations()) if isinstance(deviation(name).reply, Remembering)]
PAST = "aggregationType=incremental&from=1767225600&to=1769904000"
HISTORY = (PAST, f"{PAST}&projectKey=default", "", f"{PAST}&projectKey=default&projectKey=mobile") * 10


def _answers(name: str) -> list[tuple[int, bytes]]:
    app = create_app(Settings(now=NOW, deviation=name))
    return [(answer.status, answer.body) for answer in (ask(app, query) for query in HISTORY)]


def test_a_fault_of_state_counts_from_its_app_s_first_request() -> None:
    """The twentieth request of an app fails, whatever was asked of another one."""
    apps = [create_app(Settings(now=NOW, deviation="every-twentieth-answer-fails")) for _ in range(2)]
    asked_before = [ask(apps[0], "").status for _ in range(7)]

    statuses = [ask(apps[1], "").status for _ in range(20)]

    assert asked_before == [200] * 7
    assert statuses == [200] * 19 + [500]


@pytest.mark.parametrize("name", REMEMBERING)
def test_an_app_s_answers_do_not_depend_on_another_app(name: str) -> None:
    """The same requests in the same order get the same answers from every app."""
    assert _answers(name) == _answers(name)


def test_headers_of_the_parts_around_a_deviation_are_kept() -> None:
    """What a page needs to read an answer is there whatever the answer deviates in."""
    app = create_app(Settings(now=NOW, deviation="descending", policies={"cors": "on"}))

    assert ask(app, "").header("access-control-allow-origin") == "*"
