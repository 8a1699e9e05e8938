"""Whatever a target answers, a check comes to a verdict, and its report can be written."""

import pytest

from tests.checker.honest import honest
from tests.checker.scripted import ScriptedTarget
from tests.checker.spoiling import NOW, nested, verdict_on
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options

pytestmark = pytest.mark.no_cover  # whole checks: traced, they take twice as long


@pytest.mark.parametrize("seed", range(4))
def test_spoiled_answers_come_to_a_verdict(seed: int) -> None:
    """Cut, misspelled, of other types and sizes, out of order, with odd labels: never a traceback."""
    assert verdict_on(seed) in {"pass", "fail", "inconclusive"}


@pytest.mark.proof
@pytest.mark.parametrize("start", range(100, 2100, 100))
def test_many_spoiled_answers_come_to_a_verdict(start: int) -> None:
    """The same for 2 000 seeds."""
    verdicts = {verdict_on(seed) for seed in range(start, start + 100)}

    assert verdicts <= {"pass", "fail", "inconclusive"}
    assert "fail" in verdicts


@pytest.mark.parametrize("more", [nested(1020), "9" * 5000], ids=["nested too deeply", "too many digits"])
def test_json_that_the_schema_accepts_and_nobody_parses_is_a_finding(more: str) -> None:
    """An answer with such a value in a place where the schema wants nothing of it."""
    with honest(now=NOW) as (target, known):

        def script(ask: Ask, _number: int) -> Exchange:
            exchange = target.send(ask)
            body = exchange.body.replace(b'"type"', b'"more":' + more.encode() + b',"type"', 1)
            return Exchange(ask, exchange.number, 0.0, 0.001, exchange.status, exchange.headers, body)

        asked = ScriptedTarget(script)
        report = Campaign(asked, Options(known, budget=20), lambda _sent, _of: None).run()

    assert "documented-answer-is-json" in {finding.rule_id for finding in report.findings}
