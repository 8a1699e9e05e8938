"""Tests of a check of a host of someone else's: what it is sent, and what the report says of the rest."""

import json
import re
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import NOW_S
from tests.checker.scripted import ScriptedTarget, exchange
from usagetwin_checker.findings import Ended, Status
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.reporting.json_report import as_json
from usagetwin_checker.reporting.standing import standings
from usagetwin_checker.reporting.unjudged import OF_OTHER_METHODS, ONLY_GET
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options, Report
from usagetwin_checker.talking.live.day import Day
from usagetwin_checker.talking.live.target import LiveTarget
from usagetwin_checker.talking.targets import AppTarget

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.talking.targets import Target

HOST: Final = "usage.example"
REFUSED: Final = b'{"code": "rate_limited", "message": "Try again later."}'
KNOWN: Final = Knowledge(frozenset({"web", "app"}), complete=True, now=Now(NOW_S, NOW_S))


class Kept:
    """A target that keeps what it was asked."""

    def __init__(self, app: "ASGIApp") -> None:
        """Take an application."""
        self._target = AppTarget(app)
        self.name, self.loopback, self.route, self.token = f"https://{HOST}", False, None, None
        self.asked: list[Ask] = []
        self.exchanges: list[Exchange] = []

    def send(self, ask: "Ask") -> "Exchange":
        """Pass a request on."""
        self.asked.append(ask)
        self.exchanges.append(self._target.send(ask))
        return self.exchanges[-1]

    def interrupt(self) -> None:
        """Have nothing to give up."""

    def close(self) -> None:
        """Let go of it."""
        self._target.close()


def checked(target: "Target", folder: "Path", per_day: int, options: Options | None = None) -> Report:
    """Check a target with manners, without waiting."""
    now_s = [0.0]
    live = LiveTarget(
        target,
        Day(HOST, per_day, folder=folder),
        pace_s=0.5,
        sleep=lambda seconds: now_s.append(now_s[-1] + seconds),
        monotonic=lambda: now_s[-1],
    )
    try:
        return Campaign(
            live,
            options or Options(KNOWN),
            lambda _sent, _of: None,
            sleep=lambda seconds: now_s.append(now_s[-1] + seconds),
            clock=lambda: NOW_S,
        ).run()
    finally:
        live.close()


def test_a_host_of_someone_else_s_is_sent_get_alone(app: "ASGIApp", tmp_path: "Path") -> None:
    """The rules about other methods are not judged, and say why."""
    target = Kept(app)

    report = checked(target, tmp_path, 150)

    assert report.verdict == "pass"
    assert report.requests == len(target.asked) == 150
    assert {ask.method for ask in target.asked} == {"GET"}
    reasons = {each.rule.id: each.reason for each in standings(report) if each.reason == ONLY_GET}
    assert reasons == dict.fromkeys(OF_OTHER_METHODS, ONLY_GET)
    assert {
        each["rule"] for each in json.loads(as_json(report))["rules"] if each["reason"] == ONLY_GET
    } == set(OF_OTHER_METHODS)


def test_the_rules_that_take_another_method_are_those_that_only_such_answers_settle(app: "ASGIApp") -> None:
    """No other rule loses its case where GET alone is sent."""
    target = Kept(app)
    Campaign(target, Options(KNOWN, budget=150), lambda _sent, _of: None, clock=lambda: NOW_S).run()
    by_get = [each for each in target.exchanges if each.ask.method == "GET"]

    lost = judge(target.exchanges, KNOWN).tested.keys() - judge(by_get, KNOWN).tested.keys()
    target.close()

    assert len(by_get) < len(target.exchanges)
    assert lost == set(OF_OTHER_METHODS)


def test_runs_of_a_day_share_what_it_has(app: "ASGIApp", tmp_path: "Path") -> None:
    """Whatever each may ask for; and each comes to its verdict."""
    budgets = []
    for budget in (20, 20, None):
        target = Kept(app)
        report = checked(target, tmp_path, 60, Options(KNOWN, budget=budget))
        budgets.append((len(target.asked), report.budget, report.verdict))

    assert budgets == [(20, 20, "pass")] * 3
    assert report.notes == (
        "usage.example got 20 requests of this run, and 60 of the 60 that it gets today (UTC); by GET alone",
    )


def test_refusals_that_are_waited_out_are_of_the_day_too(app: "ASGIApp", tmp_path: "Path") -> None:
    """So that a run has fewer answers, and the host no more requests."""
    twin = AppTarget(app)
    asked = ScriptedTarget(
        lambda ask, number: (
            exchange(429, REFUSED, headers={"retry-after": "3"}, ask=ask)
            if number % 3 == 2
            else twin.send(ask)
        ),
        loopback=False,
    )

    report = checked(asked, tmp_path, 31)
    twin.close()

    assert len(asked.asked) == 31
    assert (report.requests, report.sent_again) == (21, 10)
    assert report.verdict == "pass", (report.findings, report.reasons)


def test_a_host_that_asks_to_be_left_alone_is_left_alone(app: "ASGIApp", tmp_path: "Path") -> None:
    """For longer than a check waits: the report says so, and the verdict is none."""
    twin = AppTarget(app)
    asked = ScriptedTarget(
        lambda ask, number: (
            exchange(429, REFUSED, headers={"retry-after": "900"}, ask=ask)
            if number == 12
            else twin.send(ask)
        ),
        loopback=False,
    )

    report = checked(asked, tmp_path, 60)
    twin.close()

    assert len(asked.asked) == 13
    assert report.verdict == "inconclusive"
    assert report.reasons == (
        "usage.example asks to be left alone for 900 s, and a check waits 60 s at most",
    )
    assert (report.ended, report.sent_again) == (Ended.BUSY, 0)
    assert "not asked, as the target answered 429, or asked to be left alone" in as_json(report)


def test_a_host_that_asks_for_more_time_than_a_run_has_is_left_alone(
    app: "ASGIApp", tmp_path: "Path"
) -> None:
    """Also where it says so with an answer, as that of the last request of its window."""
    twin = AppTarget(app)
    spent = {"x-ratelimit-route-remaining": "0", "x-ratelimit-reset": f"{int(time.time()) + 50}000"}

    def script(ask: "Ask", number: int) -> "Exchange":
        answer = twin.send(ask)
        return replace(answer, headers=answer.headers | spent) if number == 12 else answer

    asked = ScriptedTarget(script, loopback=False)

    report = checked(asked, tmp_path, 60, replace(Options(KNOWN), max_time_s=30.0))
    twin.close()

    assert len(asked.asked) == report.requests == 13
    assert (report.verdict, report.ended) == ("inconclusive", Ended.BUSY)
    (reason,) = report.reasons
    assert re.fullmatch(
        r"usage\.example asks to be left alone for (49|50) s, and --max-time leaves (29|30) s", reason
    )


def test_a_host_that_has_nothing_left_after_the_last_request_is_not_waited_for(
    app: "ASGIApp", tmp_path: "Path"
) -> None:
    """Nothing is to be sent, so that nothing ends the run."""
    twin = AppTarget(app)
    spent = {"x-ratelimit-route-remaining": "0", "x-ratelimit-reset": f"{int(time.time()) + 50}000"}

    def script(ask: "Ask", number: int) -> "Exchange":
        answer = twin.send(ask)
        return replace(answer, headers=answer.headers | spent) if number == 19 else answer

    options = replace(Options(KNOWN), budget=20, max_examples=0, max_time_s=30.0)
    report = checked(ScriptedTarget(script, loopback=False), tmp_path, 60, options)
    twin.close()

    assert (report.requests, report.verdict, report.ended) == (20, "pass", Ended.BUDGET)


def test_a_day_that_can_not_be_counted_any_more_is_no_target_that_is_gone(
    app: "ASGIApp", tmp_path: "Path"
) -> None:
    """The rules that were not put to the test say so."""
    twin = AppTarget(app)

    def script(ask: "Ask", number: int) -> "Exchange":
        if number == 12:
            shutil.rmtree(tmp_path / "counts")
        return twin.send(ask)

    report = checked(ScriptedTarget(script, loopback=False), tmp_path / "counts", 60)
    twin.close()

    assert (report.verdict, report.ended) == ("inconclusive", Ended.UNCOUNTED)
    assert "not asked, as the requests of the day could not be counted" in as_json(report)


@pytest.mark.parametrize("per_day", [1, 2, 3, 5])
def test_a_day_with_hardly_any_requests_is_kept(app: "ASGIApp", tmp_path: "Path", per_day: int) -> None:
    """The probes at the end are no exception."""
    target = Kept(app)

    report = checked(target, tmp_path, per_day, replace(Options(), max_examples=0))
    target.close()

    assert len(target.asked) == per_day
    assert report.verdict != "fail"
    assert {each.status for each in standings(report)} <= {
        Status.HELD,
        Status.NOT_JUDGED,
        Status.NOT_APPLICABLE,
        Status.DIFFERS,
    }
