"""Tests of `usagetwin_checker.reporting.page.check_page`: what the page of a check says."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.conversations import answered, sent
from tests.checker.honest import checked
from tests.checker.raw_server import answer, answering
from tests.checker.reporting.page.reading import Page
from tests.checker.reporting.page.reports import report_of, sums_that_disagree
from usagetwin.contract import rules, sentences
from usagetwin_checker.findings import Finding, Verdict
from usagetwin_checker.reporting.course import coverage
from usagetwin_checker.reporting.page.check_page import MOST_CHARTS, check_page
from usagetwin_checker.reporting.reports import command_of
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options, Report
from usagetwin_checker.talking.targets import UrlTarget

if TYPE_CHECKING:
    import socket

REPORT: Final = sums_that_disagree()
PAGE: Final = Page(check_page(REPORT))
MEBIBYTE: Final = 1 << 20
HOSTILE: Final = (
    "<zevil src=x onerror=zevil()>",
    "</script><zevil>",
    "</pre></table><zevil onload='zevil()'>",
    "\"' zevil=\"1\" onmouseover='zevil()'",
    "javascript:zevil()",
    "{{ zevil }}{% zevil %}",
    "<!--zevil",
    "]]><zevil>",
    "zevil\u202e\u2066gnp.\x00\x1b[31m\x7f",
    '<a href="https://zevil.example">zevil</a>',
)


def test_the_verdict_comes_first_with_what_was_asked() -> None:
    """In the title, in the heading, and with the numbers of the terminal's last line."""
    title = next(index for index, (tag, _) in enumerate(PAGE.elements) if tag == "title")

    assert PAGE.words.startswith("fail: http://127.0.0.1:8080 - usagetwin")
    assert [tag for tag, _ in PAGE.elements].count("h1") == 1
    assert title < [tag for tag, _ in PAGE.elements].index("h1")
    assert "requests 2 of 60 at most took 1.5 s seed 7" in PAGE.words


def test_a_finding_has_rule_message_values_conversation_and_commands() -> None:
    """All that the terminal says of it, the words of the document that it rests on, and what to do."""
    (finding,) = REPORT.findings

    for text in (
        finding.rule_id,
        finding.rule.statement,
        finding.rule.citation,
        finding.rule.server,
        finding.rule.client,
        *(words.text for words in finding.rule.quotations),
        *(" ".join(point.split()) for point in finding.points),
        *(command_of(exchange, finding, REPORT) for exchange in finding.conversation),
        "Here month_to_date of 2026-03-04 for web should be 1 + 2 + 3 + 4 = 10, and is 11: 1 too many.",
        '{"time": 1772582400000, "0": 11}',
    ):
        assert text in PAGE.words
    assert "Shown: 1 of 5 points." in PAGE.words


def test_the_chart_of_a_finding_has_the_points_that_disagree_and_those_around() -> None:
    """Each in its view, on the day that it is of."""
    traces = {trace["name"]: trace for trace in PAGE.charts["finding-1"]["traces"]}

    assert traces["month_to_date of web, in question"]["x"] == ["2026-03-04"]
    assert traces["month_to_date of web, in question"]["y"] == [11]
    assert traces["month_to_date of web, around"]["y"] == [1, 3, 6, 16]
    assert traces["incremental of web, in question"]["y"] == [1, 2, 3, 4]
    assert traces["incremental of web, around"]["y"] == [5]


def test_each_chart_has_a_place_and_a_table_that_says_the_same() -> None:
    """So that nothing is lost with scripts off, and to who sees no chart."""
    places = [str(found["id"]) for _, found in PAGE.elements if str(found.get("id")).startswith("chart-")]

    assert sorted(places) == sorted(f"chart-{name}" for name in PAGE.charts)
    assert "month_to_date 2026-03-04 web 11 request 1, in question" in PAGE.words
    assert "month_to_date 2026-03-03 web 6 request 1" in PAGE.words
    for _, attributes in PAGE.elements:
        if str(attributes.get("id")).startswith("chart-"):
            assert attributes["role"] == "img"
            assert attributes["aria-label"]


def test_every_rule_and_every_sentence_has_its_status() -> None:
    """Rules by tier, each where the findings link to it; sentences with the rules that follow from them."""
    named = [found.get("id") for _, found in PAGE.elements]

    assert [name for name in rules() if named.count(f"rule-{name}") != 1] == []
    assert [each.text for each in sentences() if " ".join(each.text.split()) not in PAGE.words] == []


def test_a_run_shows_what_it_covered_and_when_it_asked() -> None:
    """Pairs and classes of the plan's table, and each request with its time."""
    report = checked(budget=40, now="2026-03-17T15:20:00Z")
    page = Page(check_page(report))

    assert page.words.count("learn the target's current time") == 2
    assert sum(len(trace["x"]) for trace in page.charts["course"]["traces"]) == report.requests == 40
    about, met, allowed = coverage(report).pairs[0]
    assert f"{met} of {allowed} {about}" in page.words
    assert sum(sum(trace["y"]) for trace in page.charts["classes"]["traces"]) > 100
    assert "Nothing that was judged is broken." in page.words


def test_a_run_that_asked_nothing_says_so() -> None:
    """Inconclusive, with its reason, and without a time line."""
    report = replace(report_of(), verdict=Verdict.INCONCLUSIVE, reasons=("nothing <listens> there",))
    page = Page(check_page(report))

    assert "Inconclusive: nothing <listens> there" in page.words
    assert "No request was sent." in page.words
    assert page.charts.keys() == {"rules"}


def hostile_report(text: str) -> Report:
    """Give the report of a target whose project, errors, headers and bodies are all of one text."""
    report = sums_that_disagree(text)
    shown = (
        sent(report.sent[0].exchange.ask, 500, json.dumps({"code": text, "message": text}).encode(), text),
        replace(report.sent[0].exchange, failure=text, status=0, body=text.encode("utf-8", "replace")),
        answered("", {"2026-03-04": {text: 1}}, metadata=[{text: text}]),
    )
    other = Finding("status-is-documented", f"it says {text}", shown, (text,))
    found = (*report.findings, other)
    return replace(report, target=f"http://h/{text}", findings=found, reasons=(text,), notes=(text,))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_target_sends_is_text_and_never_markup(text: str) -> None:
    """No element, no attribute and no part of one comes from data, and what is unseen is written out."""
    page = Page(check_page(hostile_report(text)))

    tags = {tag for tag, _ in page.elements}
    parts = [f"{name}={value}" for _, found in page.elements for name, value in found.items()]
    assert not [tag for tag in tags if "zevil" in tag]
    assert not [part for part in parts if "zevil" in part]
    assert {tag for tag, _ in PAGE.elements} >= tags - {"p"}
    assert not [char for char in page.text if not char.isprintable() and char not in "\n\u202f"]
    assert page.words.count("zevil") > 10
    assert len(page.executed) == 3
    for trace in page.charts["finding-1"]["traces"]:
        assert "<" not in trace["name"]


def test_a_token_that_the_target_repeats_is_in_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in a body nor in a header nor in a command; the command asks for it."""
    token = "api-33333333-3333-4333-8333-3333333355ec"
    monkeypatch.setenv("USAGETWIN_TOKEN", token)
    echo = json.dumps({"code": token, "message": f"no such token: {token}"}).encode()

    def respond(link: "socket.socket", _head: bytes) -> None:
        link.sendall(answer(echo, "418 No", f"Content-Type: {token}\r\nX: {token}\r\n".encode()))

    with answering(respond) as server:
        target = UrlTarget(server.url)
        report = Campaign(target, Options(budget=6, max_examples=0), lambda _sent, _of: None).run()
        target.close()
    page = check_page(
        replace(report, findings=(Finding("status-is-documented", "", (report.sent[0].exchange,)),))
    )

    assert token.encode() in server.heads[0]
    assert token not in page
    assert "no such token: [token]" in Page(page).words
    assert "${USAGETWIN_TOKEN:?" in Page(page).words


def test_a_thousand_findings_stay_some_megabytes() -> None:
    """Charts are drawn of the first ones, all keep their values, and none keeps a whole body."""
    (finding,) = REPORT.findings
    body = sent(finding.conversation[0].ask, 200, b"x" * 100_000)
    many = replace(REPORT, findings=(replace(finding, conversation=(*finding.conversation, body)),) * 1_000)

    page = check_page(many)

    assert len(page.encode()) < 11 * MEBIBYTE
    assert page.count('<article class="finding') == 1_000
    assert page.count('id="chart-finding-') == MOST_CHARTS


def test_very_many_requests_are_thinned_out_and_it_says_so() -> None:
    """Those of a finding are among what is left."""
    sent_ = [
        replace(REPORT.sent[0], exchange=replace(REPORT.sent[0].exchange, number=n)) for n in range(9_001)
    ]
    kept = {each.number for each in REPORT.findings[0].conversation}
    page = Page(check_page(replace(REPORT, sent=tuple(sent_))))

    drawn = sum(len(trace["x"]) for trace in page.charts["course"]["traces"])
    assert 900 <= drawn <= 1_002
    assert f"{drawn} of 9001 requests: those of findings, and others at even steps." in page.words
    assert all(f" {number} 0.0 plan " in page.words for number in kept)


def test_the_same_report_is_the_same_page() -> None:
    """Nothing of the writing depends on chance or on the time."""
    assert check_page(REPORT) == PAGE.source
