"""Answers of something between a correct target and the checker: it is not the target that is blamed."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.scripted import ScriptedTarget, exchange
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.knowing.knowledge import Knowledge
from usagetwin_checker.running.between import is_strange
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options, Report
from usagetwin_checker.talking.targets import AppTarget

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    Between = Callable[[Ask, int], bool]

PAGE: Final = b"<html><h1>Request blocked</h1></html>"
HTML: Final = {"content-type": "text/html", "server": "edge/1.2"}
ODD: Final = frozenset("\n'\0;%<> ")


def report_on(app: "ASGIApp", blocks: "Between", status: int = 403) -> Report:
    """Check the twin behind something that answers some requests itself, with a page."""
    twin = AppTarget(app)

    def script(ask: Ask, number: int) -> Exchange:
        if blocks(ask, number):
            return exchange(status, PAGE, ask=ask, number=number + 1, headers=HTML)
        answer = twin.send(ask)
        return exchange(answer.status, answer.body, ask=ask, number=number + 1, headers=answer.headers)

    known = Knowledge(frozenset({"web", "app"}), complete=True)
    options = Options(known, budget=250, max_examples=10)
    try:
        return Campaign(ScriptedTarget(script), options, lambda _sent, _of: None, sleep=lambda _s: None).run()
    finally:
        twin.close()


def has_odd_characters(ask: Ask, _number: int) -> bool:
    """Tell what a firewall takes for an attack."""
    return any(ODD & set(value) for _, value in ask.parameters)


def is_one_of_many(_ask: Ask, number: int) -> bool:
    """Tell what a busy edge answers by chance: here the 20th request and every 50th."""
    return number == 20 or number % 50 == 49


@pytest.mark.parametrize(
    ("blocks", "status"),
    [
        (has_odd_characters, 403),
        (has_odd_characters, 400),
        (is_one_of_many, 429),
        (is_one_of_many, 403),
        (lambda ask, _number: any(len(value) > 100 for _, value in ask.parameters), 400),
    ],
    ids=["a firewall", "a load balancer", "a busy edge", "a moody edge", "a short line"],
)
def test_a_page_of_something_in_between_is_unconfirmed(
    app: "ASGIApp", blocks: "Between", status: int
) -> None:
    """The target passes; the page is told of, with who sent it."""
    report = report_on(app, blocks, status)

    assert report.verdict == "pass", report.findings
    for finding in report.findings:
        assert finding.severity(strict=False) == "unconfirmed"
    doubtful = [finding for finding in report.findings if finding.doubtful]
    assert all("Server: edge/1.2" in finding.message for finding in doubtful)


def test_it_is_told_of(app: "ASGIApp") -> None:
    """A firewall's page is a finding of its own, which no strictness makes a failure."""
    report = report_on(app, has_odd_characters)

    (finding,) = [finding for finding in report.findings if finding.doubtful]
    assert "something in between may have answered (403 text/html, Server: edge/1.2)" in finding.message
    assert finding.severity(strict=True) == "unconfirmed"


def test_a_target_that_refuses_everything_with_a_page_is_blamed(app: "ASGIApp") -> None:
    """In plain words as well: then the page is the target's own way to refuse."""
    refused = {"x", "weekly", "average", ""}
    report = report_on(
        app,
        lambda ask, number: (
            has_odd_characters(ask, number) or any(value in refused for _, value in ask.parameters)
        ),
    )

    assert report.verdict == "fail"


@pytest.mark.parametrize(
    ("answer", "strange"),
    [
        (exchange(200, b"{}"), False),
        (exchange(200, b"<html>", headers=HTML), True),
        (exchange(400, b'{"code": "invalid_request", "message": "no"}'), False),
        (exchange(400, b'{"error": "no"}'), True),
        (exchange(502, b'{"code": "x", "message": "y"}'), True),
        (exchange(405, b"<html>", ask=Ask(method="POST"), headers=HTML), False),
        (exchange(0, failure="gone"), False),
    ],
    ids=["200", "a page", "a documented refusal", "another refusal", "a gateway", "a POST", "nothing"],
)
def test_which_shape_is_not_the_documents(answer: Exchange, *, strange: bool) -> None:
    """A 200 in JSON is the target's, whatever it says; of other methods the document says nothing."""
    assert is_strange(answer) is strange
