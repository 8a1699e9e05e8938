"""Tests of `usagetwin_checker.running.campaign`: what is sent, when it ends, and what the run comes to."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import MAR_3, NOW_S
from tests.checker.honest import honest
from tests.checker.scripted import DAY_S, ScriptedTarget, exchange, series
from usagetwin.days import day_of
from usagetwin.errors import SettingError
from usagetwin_checker.asking.plan import Plan, probe, recent
from usagetwin_checker.exchanges import Ask, Credential, Exchange
from usagetwin_checker.findings import Ended
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.reporting.json_report import as_json
from usagetwin_checker.running.campaign import BUDGET, LOOPBACK_BUDGET, Campaign
from usagetwin_checker.running.report import Options, Report
from usagetwin_checker.running.sending import Sender
from usagetwin_checker.talking.targets import AppTarget

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.conftest import MakeApp

Script = Callable[[Ask, int], Exchange]

KNOWN: Final = Knowledge(frozenset({"web", "app"}), complete=True, now=Now(NOW_S, NOW_S))
JANUARY_2020_MS: Final = 1_577_836_800_000
ODD_DAY: Final = MAR_3 // 86_400 - 4
ERROR: Final = b'{"code": "c", "message": "m"}'


def run(target: AppTarget | ScriptedTarget, options: Options | None = None) -> Report:
    """Run a campaign without waiting."""
    return Campaign(
        target, options or Options(budget=40), lambda _sent, _of: None, sleep=lambda _s: None
    ).run()


def scripted(script: Script, **options: object) -> tuple[Report, ScriptedTarget]:
    """Run against a script, and give the target as well."""
    target = ScriptedTarget(script)
    return run(target, Options(**{"budget": 40, **options})), target  # type: ignore[arg-type]  # -- options by name


def test_the_twin_passes_in_strict_mode(app: "ASGIApp") -> None:
    """With all that there is to know, and every rule deciding, nothing is found."""
    target = AppTarget(app)

    report = run(target, Options(KNOWN, strict=True, budget=150, max_examples=10))
    target.close()

    assert report.verdict == "pass", report.findings
    assert report.findings == ()
    assert report.reasons == ()


def test_the_twin_passes_without_being_known(app: "ASGIApp") -> None:
    """Nothing is told: the current time is learned, and what can't be judged costs no verdict."""
    target = AppTarget(app)

    report = run(target, Options(budget=80, max_examples=5))
    target.close()

    assert report.verdict == "pass", report.findings
    assert report.knowledge.now == Now(MAR_3, MAR_3 + 86_399)


@pytest.mark.parametrize("budget", [1, 2, 3, 10, 60])
def test_no_more_requests_are_sent_than_the_budget_allows(app: "ASGIApp", budget: int) -> None:
    """The budget is the most, from the probes to the fuzz phase."""
    target = AppTarget(app)

    report = run(target, Options(KNOWN, budget=budget))
    target.close()

    assert report.requests <= budget


@pytest.mark.parametrize(("loopback", "budget"), [(True, LOOPBACK_BUDGET), (False, BUDGET)])
def test_the_default_budget_depends_on_where_the_target_is(loopback: bool, budget: int) -> None:  # noqa: FBT001 -- a parameter of the test
    """A thousand requests for loopback, sixty for a host of someone else."""
    told = []
    target = ScriptedTarget(lambda _ask, _number: exchange(500, ERROR), loopback=loopback)

    Campaign(target, Options(), lambda _sent, of: told.append(of)).run()

    assert set(told) == {budget}


def test_progress_is_told_after_each_request(app: "ASGIApp") -> None:
    """A bar can show how far it is."""
    told: list[tuple[int, int]] = []
    target = AppTarget(app)

    Campaign(target, Options(budget=12), lambda sent, of: told.append((sent, of))).run()
    target.close()

    assert told == [(number, 12) for number in range(1, 13)]


def test_the_same_seed_sends_the_same_requests(app: "ASGIApp") -> None:
    """A run can be repeated, timing aside."""
    asked = []

    for _ in range(2):
        twin = AppTarget(app)
        target = ScriptedTarget(lambda ask, _number, twin=twin: twin.send(ask))  # type: ignore[misc]  # -- the default binds the loop variable
        run(target, Options(KNOWN, budget=120, seed=3))
        twin.close()
        asked.append(target.asked)

    assert asked[0] == asked[1]
    assert len(asked[0]) > 60


def test_probes_are_sent_first_and_last() -> None:
    """The current time is asked for again at the end, since a day may have turned."""
    report, target = scripted(lambda ask, _number: series((MAR_3 * 1000, 5), ask=ask))

    assert target.asked[0] == Ask()
    assert report.requests == 40
    assert target.asked[:2] == target.asked[38:40]


def test_an_account_without_data_is_asked_around_the_clock_of_the_checker() -> None:
    """It shows no current time, and nothing that hangs on one: the plan is sent, and nothing is missing."""
    told: list[int] = []

    def clock() -> float:
        told.append(NOW_S)
        return NOW_S

    target = ScriptedTarget(lambda ask, _number: series(ask=ask))
    report = Campaign(target, Options(budget=40), lambda _sent, _of: None, clock=clock).run()

    assert told == [NOW_S]
    assert len(target.asked) == 40
    assert ("to", str(NOW_S // 86_400 * 86_400)) in target.asked[3].parameters
    assert report.knowledge.now is None
    assert report.reasons == ()


def test_data_without_a_current_time_is_inconclusive() -> None:
    """Windows with two ends show buckets, and those that end now show none."""

    def script(ask: Ask, _number: int) -> Exchange:
        whole = ask.values("from") and ask.values("to")
        return series((MAR_3 * 1000, 5), ask=ask) if whole else series(ask=ask)

    report, target = scripted(script)

    assert len(target.asked) > 4
    assert report.knowledge.now is None
    assert "give it with --now" in report.reasons[0]


def test_an_empty_default_window_leaves_the_time_between_the_newest_bucket_and_the_clock() -> None:
    """As on the first day of a month, where a target does not show the open day."""

    def script(ask: Ask, _number: int) -> Exchange:
        return series((MAR_3 * 1000, 5), ask=ask) if ask.values("from") else series(ask=ask)

    target = ScriptedTarget(script)
    clock_s = MAR_3 + 40 * 86_400 + 5
    report = Campaign(target, Options(budget=40), lambda _sent, _of: None, clock=lambda: clock_s).run()

    assert target.asked[2] == recent(MAR_3 // 86_400 + 40).ask
    assert report.knowledge.now == Now(MAR_3, clock_s + 86_400)
    assert report.knowledge.default_from_s is None
    assert report.reasons == ()


@pytest.mark.parametrize("body", [b"<p>Welcome</p>", b"[]", b"1"])
def test_what_is_no_api_is_sent_the_probes_alone(body: bytes) -> None:
    """Somebody's web page is not asked three hundred times."""
    _, target = scripted(lambda ask, _number: exchange(200, body, ask=ask))

    assert len(target.asked) == 4


def test_a_current_time_that_is_given_is_enough_for_an_empty_account() -> None:
    """With `--now` the plan is sent whatever the probes show."""
    told = Knowledge(now=Now(MAR_3, MAR_3))

    report, target = scripted(lambda ask, _number: series(ask=ask), knowledge=told)

    assert len(target.asked) >= 40
    assert not any("--now" in reason for reason in report.reasons)


def test_a_target_that_wants_another_token_is_inconclusive() -> None:
    """401 to everything says something of the token, not of the contract."""

    def script(ask: Ask, _number: int) -> Exchange:
        code = "invalid_token" if ask.credential is Credential.BEARER else "unauthorized"
        return exchange(401, f'{{"code": "{code}", "message": "m"}}'.encode(), ask=ask)

    report, _ = scripted(script)

    assert report.verdict == "inconclusive"
    assert report.reasons == (
        "no query was answered with 200 (answers: 401); give a valid access token in USAGETWIN_TOKEN",
    )


def test_throttling_costs_no_budget(app: "ASGIApp") -> None:
    """A 429 that is waited out leaves the whole budget to the plan."""
    twin = AppTarget(app)
    throttled = exchange(429, ERROR, headers={"retry-after": "1"})
    target = ScriptedTarget(lambda ask, number: throttled if number % 2 == 0 else twin.send(ask))

    report = run(target, Options(KNOWN, budget=30))
    twin.close()

    assert (report.requests, report.sent_again) == (30, 30)
    assert len(target.asked) == 60
    assert report.verdict == "pass", report.findings


def test_what_is_waited_out_in_another_shape_is_unconfirmed(app: "ASGIApp") -> None:
    """A gateway that throttles in plain text is told of, and the target is not blamed for it."""
    twin = AppTarget(app)
    throttled = exchange(429, b"Too many", headers={"retry-after": "1", "content-type": "text/plain"})
    target = ScriptedTarget(lambda ask, number: throttled if number == 5 else twin.send(ask))

    report = run(target, Options(KNOWN, budget=30))
    twin.close()

    assert report.requests <= 30
    assert report.verdict == "pass"
    (finding,) = report.findings
    assert (finding.rule_id, finding.doubtful) == ("documented-answer-is-json", True)
    assert "429 text/plain" in finding.message


def test_what_is_waited_out_in_json_is_judged(app: "ASGIApp") -> None:
    """A 429 that has the document's shape is the target's, and its code is held against the rule."""
    twin = AppTarget(app)
    body = b'{"code": "slow_down", "message": "Too many"}'
    target = ScriptedTarget(
        lambda ask, number: exchange(429, body, ask=ask) if number == 5 else twin.send(ask)
    )

    report = run(target, Options(KNOWN, budget=30))
    twin.close()

    assert "rate-limited-code" in {finding.rule_id for finding in report.findings}


@pytest.mark.parametrize("budget", [30, 60, 400])
def test_confirming_is_counted_and_kept_requests_for(budget: int) -> None:
    """What is found is asked again within the budget, in windows of the few days that it is about."""
    with honest(now="2026-03-17T12:00:00Z", world="business-week") as (twin, known):
        target = ScriptedTarget(lambda ask, _number: _one_day_wrong(twin.send(ask)))
        report = run(target, Options(known, budget=budget))

    assert report.requests == len(target.asked) <= budget
    (finding,) = [found for found in report.findings if found.rule_id == "incremental-counts"]
    assert all(len(exchange.document["series"]) <= 2 for exchange in finding.conversation)


def test_a_run_that_finds_nothing_spends_its_budget_on_the_plan(app: "ASGIApp") -> None:
    """What is kept for confirming is spent when there is nothing to confirm."""
    target = AppTarget(app)

    report = run(target, Options(KNOWN, budget=60))
    target.close()

    assert report.requests == 60


def test_a_run_ends_once_throttling_outlasts_all_patience(app: "ASGIApp") -> None:
    """Waiting has a bound; a run that reaches it is inconclusive."""
    twin = AppTarget(app)
    throttled = exchange(429, b'{"code": "rate_limited", "message": "m"}', headers={"retry-after": "50"})
    target = ScriptedTarget(lambda ask, number: throttled if number > 10 else twin.send(ask))

    report = run(target, Options(KNOWN, budget=100))
    twin.close()

    assert report.verdict == "inconclusive"
    assert "429 for longer than the checker waits" in report.reasons[0]
    assert report.ended is Ended.BUSY
    assert report.requests == 12


@pytest.mark.parametrize("most_s", [None, 5.0, 900.0])
def test_a_target_that_asks_to_be_left_alone_for_an_hour_is_left_alone(
    app: "ASGIApp", most_s: float | None
) -> None:
    """On this machine as elsewhere; what it asked for is named, and no rule calls the target gone."""
    report, target = throttled_from(app, 15, "3600", Options(KNOWN, budget=200, max_time_s=most_s))

    assert len(target.asked) == report.requests == 16
    assert (report.verdict, report.ended, report.notes) == ("inconclusive", Ended.BUSY, ())
    assert report.reasons == (
        "the target asks to be left alone for 3600 s (429), and a check waits 60 s at most",
    )
    assert "not asked, as the target answered 429, or asked to be left alone" in as_json(report)


def test_a_wait_that_ends_after_the_time_of_a_run_is_not_begun(app: "ASGIApp") -> None:
    """Nor is anything sent after it."""
    report, target = throttled_from(app, 15, "40", Options(KNOWN, budget=200, max_time_s=30.0))

    assert len(target.asked) == report.requests == 16
    (reason,) = report.reasons
    assert reason.startswith("the target asks to be left alone for 40 s (429), and --max-time leaves ")


def test_a_conversation_ends_where_the_target_asks_to_be_left_alone(app: "ASGIApp") -> None:
    """What of it was not sent stays so."""
    twin = AppTarget(app)
    busy = exchange(429, headers={"retry-after": "3600"})
    target = ScriptedTarget(lambda ask, number: busy if number == 1 else twin.send(ask))
    sender = Sender(target, 60, None, lambda _sent, _of: None, lambda _seconds: None)

    assert sender.converse((Ask(), Ask(), Ask())) is None
    twin.close()

    assert len(target.asked) == len(sender.exchanges) == 2


def throttled_from(app: "ASGIApp", first: int, after: str, options: Options) -> tuple[Report, ScriptedTarget]:
    """Check a twin that answers 429 from one request on, each with this `Retry-After`."""
    twin = AppTarget(app)
    busy = exchange(429, b'{"code": "rate_limited", "message": "m"}', headers={"retry-after": after})
    target = ScriptedTarget(lambda ask, number: twin.send(ask) if number < first else busy)
    report = run(target, options)
    twin.close()
    return report, target


def test_a_gateway_that_recovers_is_no_finding(app: "ASGIApp") -> None:
    """One 503 in three is tried again and never judged."""
    twin = AppTarget(app)
    down = exchange(503, b"<html>", headers={"content-type": "text/html"})
    target = ScriptedTarget(lambda ask, number: down if number % 3 == 0 else twin.send(ask))

    report = run(target, Options(KNOWN, budget=30))
    twin.close()

    assert report.verdict == "pass", report.findings


def test_a_gateway_that_breaks_down_for_one_query_is_a_failure() -> None:
    """A 5xx is no answer that the document has (SEMANTICS 4), where the target answers others."""
    report, _ = scripted(
        lambda ask, _number: (
            exchange(503, ERROR, ask=ask) if ask.parameters else series((MAR_3 * 1000, 5), ask=ask)
        )
    )

    assert report.verdict == "fail"
    assert "status-is-documented" in {finding.rule_id for finding in report.findings}


def test_five_failures_in_a_row_end_the_run() -> None:
    """A target that is gone is not asked again, nor is its conversation confirmed."""
    lost = exchange(0, failure="ReadError: gone")

    report, target = scripted(
        lambda ask, number: series((MAR_3 * 1000, 5), ask=ask) if number < 2 else lost, budget=200
    )

    assert report.requests == 7
    assert len(target.asked) == 2 + 5 * 3
    assert "5 of 7 requests got no whole answer: ReadError: gone" in report.reasons


def test_the_findings_on_a_target_that_has_gone_are_not_confirmed() -> None:
    """What was found before stands, and the dead target is left alone."""
    lost = exchange(0, failure="ReadError: gone")

    def script(ask: Ask, number: int) -> Exchange:
        return lost if number >= 8 else series((MAR_3 * 1000 - 5 * 86_400_000, number), ask=ask)

    report, target = scripted(script, knowledge=Knowledge(now=Now(MAR_3, MAR_3)), budget=200)

    assert any(finding.days is not None for finding in report.findings)
    assert len(target.asked) == 8 + 5 * 3


def test_a_failure_now_and_then_does_not_end_the_run(app: "ASGIApp") -> None:
    """One lost answer is tried again, and the run goes on to the end of its budget."""
    twin = AppTarget(app)
    lost = exchange(0, failure="ReadError")
    target = ScriptedTarget(lambda ask, number: lost if number % 7 == 3 else twin.send(ask))

    report = run(target, Options(KNOWN, budget=40))
    twin.close()

    assert report.requests == 40
    assert report.verdict == "pass", (report.findings, report.reasons)


def test_a_key_that_is_never_answered_makes_the_run_inconclusive(app: "ASGIApp") -> None:
    """A key that the account does not have says nothing of the target."""
    target = AppTarget(app)

    report = run(target, Options(Knowledge(frozenset({"web", "nope"})), budget=60))
    target.close()

    assert report.verdict == "inconclusive", report.findings
    assert report.reasons == ("the project 'nope' is never answered with 200; is it a key of this account?",)


def test_an_unconfirmed_finding_fails_only_in_strict_mode(make_app: "MakeApp") -> None:
    """Labels in seconds are legal for a target that nobody knows, and wrong for the twin."""

    def in_seconds(app: "ASGIApp", *, strict: bool) -> Report:
        twin = AppTarget(app)
        target = ScriptedTarget(lambda ask, _number: _relabelled(twin.send(ask)))
        report = run(target, Options(KNOWN, strict=strict, budget=60))
        twin.close()
        return report

    lenient, strict = in_seconds(make_app(), strict=False), in_seconds(make_app(), strict=True)

    assert lenient.verdict == "pass", lenient.findings
    assert "time-is-milliseconds" in {finding.rule_id for finding in lenient.findings}
    assert strict.verdict == "fail"


def test_what_was_drawn_is_judged_again_with_what_is_known_at_the_end() -> None:
    """The target's clock turns out to stand in 2020: no later day has to keep its count, drawn or not."""

    def change(answer: Exchange, number: int) -> Exchange:
        points = [(point["time"], point["0"] + number) for point in answer.document["series"]]
        probed = answer.ask in {step.ask for step in probe()}
        return series(*([(JANUARY_2020_MS, 5)] if probed else points), ask=answer.ask)

    report = drawn_from(change)

    assert report.cases > report.requests
    assert {finding.rule.tier for finding in report.findings} == {"chosen"}


@pytest.mark.proof
@pytest.mark.no_cover
def test_what_was_drawn_and_stands_is_reported() -> None:
    """The end shows that a count has changed, which explains the rest; no rule is told twice."""

    def change(answer: Exchange, _number: int) -> Exchange:
        points = answer.document["series"]
        points = points[1:] if len(points) > 20 else points
        longer = len(points) if "incremental" in answer.ask.values("aggregationType") else 0
        return series(*((point["time"], point["0"] + longer) for point in points), ask=answer.ask)

    found: list[list[str]] = []
    for seed in range(8):  # what is drawn hangs on the seed, and seldom on nothing but the count
        report = drawn_from(change, seed=seed)
        found.append([rule_id for each in report.findings for rule_id in (each.rule_id, *each.also)])
        if {"month-to-date-sums", "bucket-independent-of-window"} & set(found[-1]):
            break

    assert {"month-to-date-sums", "bucket-independent-of-window"} & set(found[-1]), found
    assert all("past-counts-are-fixed" in each for each in found)
    assert all(len(each) == len(set(each)) for each in found)


def drawn_from(change: Callable[[Exchange, int], Exchange], *, seed: int = 0) -> Report:
    """Check a twin whose answers are changed once the plan has been sent."""
    with honest(now="2026-03-17T12:00:00Z", world="business-week") as (twin, known):
        assert known.now is not None
        day = Now.within(*[day_of(known.now.latest_s)] * 2)
        planned = len(probe()) + len(list(Plan(day, sorted(known.keys)).steps()))

        def script(ask: Ask, number: int) -> Exchange:
            answer = twin.send(ask)
            changed = number >= planned and answer.status == 200
            return replace(change(answer, number) if changed else answer, number=number + 1)

        return run(ScriptedTarget(script), Options(Knowledge(known.keys), seed=seed, max_examples=60))


def _one_day_wrong(answer: Exchange) -> Exchange:
    """Add a session to the incremental value of one day."""
    if not answer.well_formed or "incremental" not in answer.ask.values("aggregationType"):
        return answer
    points = [
        (point["time"], point["0"] + (point["time"] == ODD_DAY * 86_400_000))
        for point in answer.document["series"]
    ]
    return series(*points, ask=answer.ask, number=answer.number)


def _relabelled(answer: Exchange) -> Exchange:
    return Exchange(
        answer.ask,
        answer.number,
        answer.at_s,
        answer.seconds,
        answer.status,
        answer.headers,
        answer.body.replace(b'00000,"', b'00,"'),
    )


def test_a_run_stops_asking_when_its_time_is_over(app: "ASGIApp") -> None:
    """The probes alone are sent, before and after, and the report says why so few."""
    target = AppTarget(app)

    report = run(target, Options(KNOWN, budget=500, max_time_s=0.0))
    target.close()

    assert report.requests == 4
    assert report.verdict == "pass"
    assert report.notes == ("stopped asking after 0 s (--max-time)",)


def test_a_run_that_ends_in_time_says_nothing_of_it(app: "ASGIApp") -> None:
    """Also where the plan is cut by the budget."""
    target = AppTarget(app)

    report = run(target, Options(KNOWN, budget=20, max_examples=0, max_time_s=300.0))
    target.close()

    assert (report.requests, report.notes) == (20, ())


def growing(target: AppTarget, day_s: int) -> Script:
    """Give the twin's answers, but for one day, which counts one more with each request."""

    def script(ask: Ask, number: int) -> Exchange:
        answer = target.send(ask)
        if answer.status != 200 or "incremental" not in ask.values("aggregationType"):
            return answer
        document = answer.document
        for point in document["series"]:
            point["0"] += number if point["time"] == day_s * 1000 else 0
        return exchange(200, json.dumps(document).encode(), ask=ask, number=number)

    return script


def failures(report: Report) -> set[str]:
    """Name the rules whose findings fail a foreign target."""
    return {finding.rule_id for finding in report.findings if finding.severity(strict=False) == "failure"}


@pytest.mark.parametrize(("live", "blamed"), [(False, True), (True, False)], ids=["at rest", "live"])
def test_a_live_account_on_loopback_is_blamed_for_nothing(
    app: "ASGIApp",
    live: bool,  # noqa: FBT001 -- a parameter of the test
    blamed: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    """Yesterday still grows there; with the option that is said, and believed."""
    twin = AppTarget(app)
    known = Knowledge(KNOWN.keys, complete=True)

    report = run(ScriptedTarget(growing(twin, MAR_3 - DAY_S)), Options(known, budget=60, live=live))
    twin.close()

    assert ("past-counts-are-fixed" in failures(report)) is blamed
    assert any("--live" in note for note in report.notes) is live


def test_a_live_account_gets_no_more_requests_than_one_elsewhere() -> None:
    """Its quota is someone else's, whatever the address."""
    told = []
    target = ScriptedTarget(lambda _ask, _number: exchange(500, ERROR))

    Campaign(target, Options(live=True), lambda _sent, of: told.append(of)).run()

    assert set(told) == {BUDGET}


@pytest.mark.parametrize(("hours", "blamed"), [(24, True), (72, False)])
def test_a_day_is_final_when_the_caller_says(app: "ASGIApp", hours: int, blamed: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """A count that grows after that is a contradiction, and before it is none."""
    twin = AppTarget(app)
    known = Knowledge(KNOWN.keys, complete=True, now=Now(NOW_S, NOW_S), settling_h=hours)

    two_days_before = growing(twin, MAR_3 - 2 * DAY_S)
    report = run(ScriptedTarget(two_days_before), Options(known, budget=60, live=True))
    twin.close()

    assert ("past-counts-are-fixed" in failures(report)) is blamed
    assert f"assumed: a day is final {hours} hours after its end (--settles-after)" in report.notes


@pytest.mark.parametrize("days", [-40, -10, 40, 400])
def test_a_current_time_that_the_target_contradicts_is_the_callers_mistake(app: "ASGIApp", days: int) -> None:
    """It is told at once, and the target is blamed for nothing."""
    target = AppTarget(app)
    wrong = Knowledge(now=Now(NOW_S + days * DAY_S, NOW_S + days * DAY_S))

    with pytest.raises(SettingError, match=r"contradicts --now .*: the newest bucket .* is 2026-03-03"):
        run(target, Options(wrong, claimed=True, budget=30))
    target.close()


@pytest.mark.parametrize("days", [0, 1])
def test_a_current_time_that_may_be_right_is_believed(app: "ASGIApp", days: int) -> None:
    """A day beside it is what time zones make of it."""
    target = AppTarget(app)
    given = Knowledge(now=Now(NOW_S + days * DAY_S, NOW_S + days * DAY_S))

    report = run(target, Options(given, claimed=True, budget=3))
    target.close()

    assert report.requests == 3
