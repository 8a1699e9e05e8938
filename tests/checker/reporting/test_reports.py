"""Tests of `usagetwin_checker.reporting.reports`: one report, as text for a person and as JSON."""

import io
import json
from dataclasses import replace
from typing import Any, Final

import pytest
from rich.console import Console

from tests.checker.scripted import exchange
from usagetwin.contract import rules
from usagetwin.contract.operation import PATH
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.findings import Finding, Verdict
from usagetwin_checker.judging.judge import Judgement
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.reporting.reports import as_json, on_terminal
from usagetwin_checker.running.report import Report

FIRST: Final = exchange(200, ask=Ask((("from", "1"), ("projectKey", "web"))))
SECOND: Final = exchange(404, ask=Ask(method="HEAD"))
SUMS: Final = Finding(
    "month-to-date-sums", "5 is not 2 + 4", (FIRST, SECOND), ("month_to_date of 2026-03-02 is 5",), (1, 2)
)
LABELS: Final = Finding("time-is-milliseconds", "time is in Unix [seconds]", (FIRST,))
REPORT: Final = Report(
    target="http://127.0.0.1:8080/base",
    verdict=Verdict.FAIL,
    strict=False,
    seed=7,
    requests=57,
    cases=310,
    seconds=1.94567,
    knowledge=Knowledge(),
    judgement=Judgement((SUMS, LABELS), {"month-to-date-sums": 41, "series-ascends": 40}),
    findings=(SUMS, LABELS),
    reasons=("the project 'web' is never answered",),
)


def document(report: Report = REPORT) -> dict[str, Any]:
    """Read the report as JSON."""
    read: dict[str, Any] = json.loads(as_json(report))
    return read


def printed(report: Report = REPORT, *, width: int = 200) -> str:
    """Read the report as a pipe gets it."""
    pipe = io.StringIO()
    on_terminal(report, Console(file=pipe, emoji=False, width=width))
    return pipe.getvalue()


def test_the_json_report_has_its_keys() -> None:
    """The top level is that of DESIGN, with the reasons beside."""
    report = document()
    rest = {name: value for name, value in report.items() if name not in ("findings", "rules")}

    assert rest == {
        "verdict": "fail",
        "target": "http://127.0.0.1:8080/base",
        "strict": False,
        "requests": 57,
        "cases": 310,
        "seconds": 1.946,
        "seed": 7,
        "reasons": ["the project 'web' is never answered"],
        "notes": [],
        "interrupted": None,
    }


def test_a_finding_in_json_has_rule_tier_severity_and_conversation() -> None:
    """Each exchange of the conversation is given with the command that asks it again."""
    url = f"http://127.0.0.1:8080/base{PATH}"
    header = "-H \"Authorization: $USAGETWIN_TOKEN\" -H 'LD-API-Version: beta'"

    assert document()["findings"][0] == {
        "rule": "month-to-date-sums",
        "tier": "prose",
        "severity": "failure",
        "citation": rules()["month-to-date-sums"].citation,
        "message": "5 is not 2 + 4",
        "points": ["month_to_date of 2026-03-02 is 5"],
        "also": [],
        "conversation": [
            {
                "method": "GET",
                "url": f"{url}?from=1&projectKey=web",
                "status": 200,
                "curl": f"curl -s {header} '{url}?from=1&projectKey=web'",
            },
            {"method": "HEAD", "url": url, "status": 404, "curl": f"curl -s -I {header} '{url}'"},
        ],
    }


def test_every_rule_is_in_the_json_report_once() -> None:
    """Each rule has a state; what was not judged says what it needs, and nothing else does."""
    states = document()["rules"]

    assert [state["rule"] for state in states] == list(rules())
    for state in states:
        assert state["tier"] == rules()[state["rule"]].tier
        assert state["status"] in ("held", "broken", "inconclusive")
        assert isinstance(state["exchanges"], int)
        assert ("needs" in state) == (state["status"] == "inconclusive")


def test_a_rule_is_broken_held_or_inconclusive() -> None:
    """A finding breaks it; without one it is held when an exchange put it to the test."""
    states = {state["rule"]: state for state in document()["rules"]}

    assert states["month-to-date-sums"]["status"] == "broken"
    assert states["month-to-date-sums"]["exchanges"] == 41
    assert states["series-ascends"] == {
        "rule": "series-ascends",
        "tier": rules()["series-ascends"].tier,
        "status": "held",
        "exchanges": 40,
    }
    assert states["filter-additive"]["status"] == "inconclusive"
    assert states["filter-additive"]["exchanges"] == 0


def test_strict_raises_an_unconfirmed_finding_to_a_failure() -> None:
    """`observed` and `chosen` rules only decide in strict mode."""
    severities = [finding["severity"] for finding in document()["findings"]]
    strict = [finding["severity"] for finding in document(replace(REPORT, strict=True))["findings"]]

    assert severities == ["failure", "unconfirmed"]
    assert strict == ["failure", "failure"]


def test_the_twin_is_shown_where_serve_would_put_it() -> None:
    """The twin in-process has no URL, and its commands are of the default port."""
    (first, _) = document(replace(REPORT, target="twin"))["findings"][0]["conversation"]

    assert first["url"].startswith(f"http://127.0.0.1:8080{PATH}")


def test_the_same_report_is_written_in_the_same_bytes() -> None:
    """Nothing of the writing depends on chance."""
    assert as_json(REPORT) == as_json(REPORT)


def test_a_pipe_gets_no_escape_codes() -> None:
    """Where no terminal is, the text is plain."""
    assert "\x1b" not in printed()


def test_a_finding_is_one_paragraph() -> None:
    """Severity, rule and source; the rule in plain words; what is here; the points; the commands."""
    rule = rules()["month-to-date-sums"]
    command = f"curl -s -H \"Authorization: $USAGETWIN_TOKEN\" -H 'LD-API-Version: beta' '{URL}'   # 200"

    paragraph = printed().split("\n\n")[0].strip().splitlines()

    assert paragraph == [
        f"failure month-to-date-sums ({rule.citation})",
        f"  {rule.statement}",
        "  Here 5 is not 2 + 4.",
        "    month_to_date of 2026-03-02 is 5",
        f"  $ {command}",
        f"  $ curl -s -I {command.partition('curl -s ')[2].partition('?')[0]}'   # 404",
        "  usagetwin explain month-to-date-sums",
    ]


def test_what_a_finding_also_explains_is_named_and_broken() -> None:
    """One cause gets one finding; the other rules that it breaks are no more held than its own."""
    report = replace(REPORT, findings=(replace(SUMS, also=("series-ascends", "filter-additive")),))

    states = {state["rule"]: state["status"] for state in document(report)["rules"]}

    assert "  also explains: series-ascends, filter-additive" in printed(report).splitlines()
    assert document(report)["findings"][0]["also"] == ["series-ascends", "filter-additive"]
    assert {states[name] for name in ("month-to-date-sums", "series-ascends", "filter-additive")} == {
        "broken"
    }


URL: Final = f"http://127.0.0.1:8080/base{PATH}?from=1&projectKey=web"


def test_a_narrow_terminal_never_breaks_a_command() -> None:
    """A command can be pasted whatever the width."""
    assert f"'{URL}'   # 200" in printed(width=40)


def test_what_looks_like_markup_is_printed_as_it_is() -> None:
    """Neither brackets nor colons mean anything in what comes from outside."""
    odd = replace(REPORT, target="http://h/[bold]:smile:", reasons=("[red]reason[/] :smile:",))

    text = printed(odd)

    assert "Here time is in Unix [seconds]." in text
    assert "fail http://h/[bold]:smile:: " in text
    assert "inconclusive [red]reason[/] :smile:" in text


@pytest.mark.parametrize("verdict", Verdict)
def test_the_last_words_are_the_verdict_and_its_figures(verdict: Verdict) -> None:
    """One line says how it went, how many rules stand where, and what it cost."""
    text = printed(replace(REPORT, verdict=verdict))

    others = len(rules()) - 3
    assert (
        f"{verdict} http://127.0.0.1:8080/base: 1 rules held, 2 broken, {others} not judged; "
        "57 requests in 1.9 s (seed 7)"
    ) in text.splitlines()


def test_a_pass_without_any_data_says_so() -> None:
    """Nothing was held against the ledger, which a reader should know."""
    empty = replace(REPORT, knowledge=Knowledge(), reasons=(), findings=(), verdict=Verdict.PASS)
    line = "no answer shows a bucket, so that no count was judged"

    assert line in printed(empty).splitlines()
    assert line not in printed(replace(empty, reasons=("nobody answers",)))
    assert line not in printed(replace(empty, knowledge=Knowledge(now=Now(0, 0))))


def test_options_that_would_judge_more_rules_are_named() -> None:
    """What only takes an option is said at the end."""
    assert "more rules are judged with --project KEY, given at least twice" in printed().splitlines()
