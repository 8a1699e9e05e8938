"""Tests of `usagetwin_checker.running.dry_run`: what it gives is what a run sends."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import NOW_S
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.dry_run import CONFIRM, DRAW, PROBE_MORE, would_send
from usagetwin_checker.running.report import Options
from usagetwin_checker.talking.live.day import Day, NothingLeftError
from usagetwin_checker.talking.live.target import LiveTarget
from usagetwin_checker.talking.targets import AppTarget

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

KEYS: Final = frozenset({"web", "app"})
EXACT: Final = Knowledge(KEYS, complete=True, now=Now(NOW_S, NOW_S))
LEARNED: Final = Knowledge(KEYS)


def live_target(app: "ASGIApp", folder: "Path", per_day: int) -> LiveTarget:
    """Give the twin as a host of someone else's, which is asked without waiting."""
    return LiveTarget(
        AppTarget(app), Day("usage.example", per_day, folder=folder), pace_s=0, sleep=lambda _s: None
    )


@pytest.mark.parametrize(
    ("budget", "knowledge", "live"),
    [(1, EXACT, True), (3, EXACT, False), (5, LEARNED, True), (60, EXACT, True), (60, LEARNED, False)],
)
def test_it_gives_what_a_run_sends_in_its_order(
    app: "ASGIApp",
    tmp_path: "Path",
    budget: int,
    knowledge: Knowledge,
    live: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    """Where nothing is found, and the target's day is that of the clock."""
    target = live_target(app, tmp_path, 100) if live else AppTarget(app)
    options = Options(knowledge, budget=budget)

    given = would_send(target, options, NOW_S)
    run = Campaign(target, options, lambda _sent, _of: None, clock=lambda: NOW_S)
    run.run()
    target.close()

    assert [step.ask for step in given.steps] == [exchange.ask for exchange in run.exchanges]
    assert len(given.steps) == given.budget == budget


def test_a_host_of_someone_else_s_gets_what_its_day_has(app: "ASGIApp", tmp_path: "Path") -> None:
    """By GET alone; and to look counts for nothing."""
    target = live_target(app, tmp_path, 100)

    for most, budget in ((None, 100), (40, 40), (500, 100)):
        given = would_send(target, Options(EXACT, budget=most), NOW_S)
        assert given.budget == len(given.steps) == budget
        assert {step.ask.method for step in given.steps} == {"GET"}

    assert list(tmp_path.iterdir()) == []
    target.budget(1)
    target.send(given.steps[0].ask)
    assert would_send(target, Options(EXACT), NOW_S).budget == 99
    target.close()
    spent = live_target(app, tmp_path, 1)
    with pytest.raises(NothingLeftError):
        would_send(spent, Options(EXACT), NOW_S)
    spent.close()


def test_what_hangs_on_answers_is_in_the_notes(app: "ASGIApp") -> None:
    """And nothing that can't be."""
    target = AppTarget(app)

    def notes(options: Options) -> tuple[str, ...]:
        return would_send(target, options, NOW_S).notes

    assert PROBE_MORE in notes(Options(LEARNED, budget=60))
    assert notes(Options(EXACT, budget=60)) == (CONFIRM.format(4),)
    assert notes(Options(EXACT, budget=10)) == ()
    known = would_send(target, Options(EXACT, budget=5000), NOW_S)
    assert known.notes == (CONFIRM.format(20), DRAW.format(5000 - len(known.steps) - 20))
    assert notes(replace(Options(EXACT, budget=5000), max_examples=0)) == (CONFIRM.format(20),)
    target.close()
