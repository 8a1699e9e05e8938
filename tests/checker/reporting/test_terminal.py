"""Tests of `usagetwin_checker.reporting.terminal`: one report, as a person reads it."""

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from rich.console import Console

from tests.checker.reporting.test_json_report import LABELS, REPORT, SUMS, document
from usagetwin.contract import rules
from usagetwin.contract.operation import PATH
from usagetwin_checker.findings import BINDING, Ended, Verdict
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.reporting.terminal import on_terminal

if TYPE_CHECKING:
    from usagetwin_checker.running.report import Report


def printed(report: "Report" = REPORT, *, width: int = 200, verbose: bool = False) -> str:
    """Read the report as a pipe gets it."""
    pipe = io.StringIO()
    on_terminal(report, Console(file=pipe, emoji=False, width=width), verbose=verbose)
    return pipe.getvalue()


def test_a_pipe_gets_no_escape_codes() -> None:
    """Where no terminal is, the text is plain."""
    assert "\x1b" not in printed()


def test_a_finding_is_one_paragraph() -> None:
    """Severity, rule and source; the rule in plain words; what is here; the points; the commands."""
    rule = rules()["month-to-date-sums"]
    header = "-H 'Authorization: api-1' -H 'LD-API-Version: beta'"

    paragraph = printed(replace(REPORT, token="api-1")).split("\n\n")[0].strip().splitlines()

    assert paragraph == [
        f"failure month-to-date-sums ({rule.citation})",
        f"  {rule.statement}",
        "  Here 5 is not 2 + 4.",
        "    month_to_date of 2026-03-02 is 5",
        f"  $ curl -s -i {header} '{URL}'",
        f"  $ curl -s -I {header} {URL.partition('?')[0]}",
        "  usagetwin explain month-to-date-sums",
    ]


def test_what_a_finding_also_explains_is_named_and_broken() -> None:
    """One cause gets one finding; the other rules that it breaks are no more held than its own."""
    report = replace(
        REPORT, strict=True, findings=(replace(SUMS, also=("series-ascends", "filter-additive")),)
    )

    states = {state["rule"]: state["status"] for state in document(report)["rules"]}

    assert "  also explains: series-ascends, filter-additive" in printed(report).splitlines()
    assert document(report)["findings"][0]["also"] == ["series-ascends", "filter-additive"]
    assert {states[name] for name in ("month-to-date-sums", "series-ascends", "filter-additive")} == {
        "broken"
    }


URL: Final = f"http://127.0.0.1:8080/base{PATH}?from=1&projectKey=web"


def test_a_narrow_terminal_never_breaks_a_command() -> None:
    """A command can be pasted whatever the width."""
    assert f" '{URL}'\n" in printed(width=40)


def test_what_looks_like_markup_is_printed_as_it_is() -> None:
    """Neither brackets nor colons mean anything in what comes from outside."""
    odd = replace(REPORT, target="http://h/[bold]:smile:", reasons=("[red]reason[/] :smile:",))

    text = printed(odd, verbose=True)

    assert "time is in Unix [seconds]" in text
    assert "fail http://h/[bold]:smile:: " in text
    assert "inconclusive [red]reason[/] :smile:" in text


@pytest.mark.parametrize("verdict", Verdict)
def test_the_last_words_are_the_verdict_and_its_figures(verdict: Verdict) -> None:
    """One line says how it went, how many rules stand where, and what it cost."""
    text = printed(replace(REPORT, verdict=verdict))

    others = len(rules()) - 3
    assert text.splitlines()[-1] == (
        f"{verdict} http://127.0.0.1:8080/base: 1 rules held, 1 broken, 1 differ, {others} not judged; "
        "57 requests in 1.9 s (seed 7)"
    )


def test_a_pass_without_any_data_says_so() -> None:
    """Nothing was held against the ledger, which a reader should know."""
    empty = replace(REPORT, knowledge=Knowledge(), reasons=(), findings=(), verdict=Verdict.PASS)
    line = "no answer shows a bucket, so that no count was judged"

    assert line in printed(empty).splitlines()
    assert line not in printed(replace(empty, reasons=("nobody answers",)))
    assert line not in printed(replace(empty, knowledge=Knowledge(now=Now(0, 0))))


def test_a_run_that_was_cut_short_says_so() -> None:
    """The verdict is on what was asked until then."""
    last = printed(replace(REPORT, ended=Ended.SIGNAL)).splitlines()[-1]

    assert last.startswith("fail http://127.0.0.1:8080/base, cut short: ")


def test_what_was_sent_again_is_told_beside_the_requests() -> None:
    """A host that counts them got so many in all."""
    assert "; 57 requests, and 8 sent again, in 1.9 s (seed 7)" in printed(replace(REPORT, sent_again=8))
    assert "; 57 requests in 1.9 s (seed 7)" in printed()


def test_choices_are_told_in_a_line_each_or_many_in_one() -> None:
    """Names are enough of many; `--verbose` tells each in full, with the commands."""
    few = replace(REPORT, verdict=Verdict.PASS, findings=(LABELS,))
    chosen = [rule.id for rule in rules().values() if rule.tier not in BINDING][:6]
    many = replace(few, findings=tuple(replace(LABELS, rule_id=rule_id) for rule_id in chosen))

    assert "differs: time-is-milliseconds: time is in Unix [seconds]" in printed(few).splitlines()
    assert "unconfirmed time-is-milliseconds" not in printed(few)
    assert "unconfirmed time-is-milliseconds" in printed(few, verbose=True)
    assert printed(many).splitlines()[0] == (
        f"differs: 6 choices that the contract leaves open: {', '.join(chosen)} (--verbose)"
    )


def test_beside_a_failure_choices_are_counted() -> None:
    """They are not what matters then."""
    lines = printed().splitlines()

    assert lines[0].startswith("failure month-to-date-sums (prose")
    assert "differs: 1 choice that the contract leaves open (--verbose)" in lines
    assert printed(replace(REPORT, strict=True)).count("failure ") == 2


def test_verbose_says_why_each_rule_was_not_judged() -> None:
    """One line for each."""
    lines = printed(verbose=True).splitlines()

    assert "not judged: rate-limited: a throttled token is needed" in lines
