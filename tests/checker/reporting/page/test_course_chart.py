"""Tests of `usagetwin_checker.reporting.page.course_chart`: the time line of a run."""

from dataclasses import replace
from typing import Final

import pytest

from tests.checker.reporting.page.reports import AT_S, report_of
from tests.checker.scripted import exchange
from usagetwin_checker.reporting.page.course_chart import MOST_REQUESTS, course_chart, kind_of, thinned
from usagetwin_checker.running.report import Phase, Sent

GONE: Final = exchange(0, failure="nothing listens there")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, "2xx"), (299, "2xx"), (301, "3xx and 4xx"), (429, "3xx and 4xx"), (500, "5xx")],
)
def test_what_came_back_is_of_a_kind(status: int, kind: str) -> None:
    """Each has a colour and a symbol of its own."""
    assert kind_of(Sent(Phase.PLAN, exchange(status))) == kind
    assert kind_of(Sent(Phase.PLAN, exchange(status, failure="cut short"))) == "no whole answer"


def test_requests_stand_where_they_were_sent() -> None:
    """In seconds since the first one, and in milliseconds that each took."""
    sent = (
        Sent(Phase.PROBE, replace(exchange(), at_s=AT_S, seconds=0.002)),
        Sent(Phase.PLAN, replace(GONE, at_s=AT_S + 1.5, seconds=0.25)),
    )
    chart = course_chart(replace(report_of(), sent=sent))

    assert chart is not None
    assert [(trace["name"], trace["x"], trace["y"]) for trace in chart.traces] == [
        ("2xx", [0.0], [2.0]),
        ("no whole answer", [1.5], [250.0]),
    ]
    assert chart.table.rows[1][1:] == (
        1.5,
        "plan",
        "GET (no parameters)",
        "no answer: nothing listens there",
        250.0,
    )


@pytest.mark.parametrize(("requests", "left"), [(1_000, 1_000), (1_001, 501), (2_500, 834)])
def test_of_too_many_requests_some_are_left_at_even_steps(requests: int, left: int) -> None:
    """Every second one, or every third, until they are few enough."""
    sent = [Sent(Phase.PLAN, exchange(number=number)) for number in range(requests)]

    assert len(thinned(sent, set())) == left <= MOST_REQUESTS
    assert {1, 2, 999} <= {each.exchange.number for each in thinned(sent, {1, 2, 999})}
