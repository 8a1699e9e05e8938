"""What is told of answers as they go by, and at the end."""

from typing import TYPE_CHECKING

from usagetwin.recordings.entries import PassedOver
from usagetwin_checker.commands.passing_by import Telling, tell_the_end
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.findings import Finding, Verdict
from usagetwin_checker.proxying.each_answer import NOTHING, Said
from usagetwin_checker.proxying.gone_by import GoneBy
from usagetwin_checker.running.report import Options
from usagetwin_checker.talking.recordings.scrubbing import Scrubber

if TYPE_CHECKING:
    import pytest

EXCHANGE = Exchange(Ask((("to", "1"),)), 7, 0.0, 0.1, 200)
BROKEN = Said(Verdict.FAIL, (Finding("values-are-integers", "a\x1b value", (EXCHANGE,)),))
RIGHT = Said(Verdict.PASS, (Finding("time-is-bucket-start", "noon", (EXCHANGE,)),))


def test_each_answer_has_a_line_and_a_broken_rule_is_told_once() -> None:
    """What the contract leaves open is in the report alone; nothing of upstream's moves the cursor."""
    lines: list[str] = []
    telling = Telling(lines.append, each=True, strict=False)
    for said in (RIGHT, BROKEN, BROKEN):
        telling(EXCHANGE, said)

    assert "".join(lines).splitlines() == [
        "usagetwin:    7  200  pass          GET ?to=1",
        "usagetwin:    7  200  fail          GET ?to=1",
        "  values-are-integers: a\\x1b value",
        "usagetwin:    7  200  fail          GET ?to=1",
    ]


def test_quiet_tells_of_broken_rules_alone() -> None:
    """Once each; and why there was no answer where each is told."""
    lines: list[str] = []
    for each in (False, True):
        telling = Telling(lines.append, each=each, strict=False)
        telling(Exchange(Ask(), 8, 0.0, 0.1, failure="nothing there"), NOTHING)
        telling(EXCHANGE, BROKEN)

    assert [line.split()[1:3] for line in "".join(lines).splitlines()] == [
        ["7", "200"],
        ["a\\x1b", "value"],
        ["8", "---"],
        ["7", "200"],
        ["a\\x1b", "value"],
    ]


def test_the_end_tells_what_was_not_judged_and_what_failed(
    capsys: "pytest.CaptureFixture[str]",
) -> None:
    """Nothing of it is in the report."""
    gone_by = GoneBy("http://127.0.0.1:9", Options(), Scrubber(), loopback=True)
    gone_by.end()
    tell_the_end(gone_by)
    assert capsys.readouterr().err == ""

    gone_by.pass_over(PassedOver("of other hosts or paths"))
    gone_by.pass_over(PassedOver("of other hosts or paths"))
    gone_by.defect = "RuntimeError: x"
    tell_the_end(gone_by)

    assert capsys.readouterr().err.splitlines() == [
        "usagetwin: passed on and not judged: 2 of other hosts or paths",
        "usagetwin: a defect of usagetwin: RuntimeError: x; report it",
    ]
