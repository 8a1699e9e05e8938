"""The faults: each known one shows, and shows no more than it says; what holds for all of them."""

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest

from tests.deviations.cases import CASES
from tests.deviations.probes import (
    DAY_S,
    DEC_1_2025,
    INCREMENTAL,
    INSTANTS,
    MAR_17_2026,
    NOW_S,
    PAST,
    PROBES,
    ROLLING,
    TWO,
    YEARS,
    Probe,
    window,
)
from tests.inprocess import ask
from usagetwin import Settings, create_app
from usagetwin.contract import rules
from usagetwin.deviations import faults, held_out, variations
from usagetwin.deviations.known import FAULTS

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.answer import Answer
    from usagetwin.deviations.shape import Deviation

NOW: Final = INSTANTS[0]
ALL: Final = tuple(faults().values())
WINTER: Final = (DEC_1_2025, MAR_17_2026)
MONTHLY: Final = "granularity=monthly"


@cache
def _twin(now: str, name: str | None = None) -> "ASGIApp":
    return create_app(Settings(now=now, deviation=name, reply_cache=False))


@cache
def _honest(probe: Probe, now: str) -> tuple[object, ...]:
    return _content(probe.answer(_twin(now)))


def _content(answer: "Answer") -> tuple[object, ...]:
    headers = {pair for pair in answer.headers if pair[0] != "content-length"}
    return (answer.status, answer.body, frozenset(headers))


def _changed_buckets(name: str, query: str) -> int:
    """Count the buckets that differ, are missing or are in excess."""
    honest, faulty = (
        {point["time"]: point for point in ask(app, query).json()["series"]}
        for app in (_twin(NOW), _twin(NOW, name))
    )
    return sum(honest.get(time) != faulty.get(time) for time in honest.keys() | faulty.keys())


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.name not in CASES], ids=lambda fault: fault.name
)
def test_a_fault_shows(fault: "Deviation") -> None:
    """There is a request that the faulty twin answers otherwise than the honest one.

    The others break their rule in a conversation that `test_contradictions` has.
    """
    shown = (
        _content(probe.answer(_twin(now, fault.name))) != _honest(probe, now)
        for now in INSTANTS
        for probe in PROBES
    )

    assert any(shown)


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_a_fault_names_rules_of_the_catalogue(fault: "Deviation") -> None:
    """Each once, the one that names it best first."""
    assert fault.rules
    assert len(set(fault.rules)) == len(fault.rules)
    assert set(fault.rules) <= set(rules())


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_a_fault_says_in_one_line_what_a_user_sees(fault: "Deviation") -> None:
    """Its name is a slug."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", fault.name)
    assert re.fullmatch(r"[^\n]{10,120}[.]", fault.about)


def test_no_two_deviations_have_one_name() -> None:
    """Nor do a known fault and a held-out one, or a variation; and no two faults say the same."""
    names = {fault.name for fault in FAULTS}

    assert len(names) == len(FAULTS)
    assert len({fault.about for fault in ALL}) == len(ALL)
    assert len(faults()) == len(FAULTS) + len(held_out.FAULTS)
    assert not names & variations().keys()


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_a_head_is_no_trap(fault: "Deviation") -> None:
    """A reply without a body is none that a fault fails on."""
    answer = ask(_twin(NOW, fault.name), window(*PAST, TWO), method="HEAD")

    assert answer.body == b""
    assert answer.status in {200, 400, 404, 405}


@pytest.mark.parametrize(
    ("name", "query", "changed"),
    [
        ("incremental-has-one-day-in-a-hundred-wrong", window(*WINTER, INCREMENTAL), 1),  # 2025-12-19
        ("month-to-date-has-one-day-in-a-hundred-wrong", window(*WINTER), 1),  # 2026-02-24
        ("month-to-date-forgets-the-last-day", window(*WINTER), 3),  # of December, January and February
        ("month-to-date-resets-a-day-late", window(*WINTER), 4),  # 1 December to 1 March
        ("month-to-date-forgets-the-leap-day", window(*YEARS), 1),
        ("rolling-of-31-days-on-mondays", window(*WINTER, ROLLING), 16),
        ("rolling-stops-at-new-year", window(*WINTER, ROLLING), 29),  # 1 to 29 January
        ("rolling-counts-the-leap-day-twice", window(*YEARS, ROLLING), 30),
        ("leap-day-is-missing", window(*YEARS), 1),
        ("yesterday-is-missing", "", 1),
        ("long-windows-lose-every-seventh-day", window(*WINTER), 15),
        ("window-stops-at-the-year-turn", window(*WINTER), 31 + 28 + 16),
        ("series-is-cut-at-100", window(*WINTER), 6),
        ("monthly-misses-the-last-day", window(*WINTER, MONTHLY), 3),  # all but the open one
        ("today-is-missing-in-incremental", INCREMENTAL, 1),
        ("first-day-is-missing", window(*PAST), 1),
        ("two-buckets-after-to", window(*PAST), 2),
        ("rolling-includes-to", window(*PAST, ROLLING), 1),
    ],
)
def test_a_subtle_fault_changes_few_buckets(name: str, query: str, changed: int) -> None:
    """The others are those of the honest twin."""
    assert _changed_buckets(name, query) == changed


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("long-windows-default-to-monthly", window(*PAST)),
        ("long-windows-lose-every-seventh-day", window(*PAST)),
        ("window-stops-at-the-year-turn", window(*PAST)),
        ("series-is-cut-at-100", window(*PAST)),
        ("leap-day-is-missing", window(*WINTER)),
        ("rolling-stops-at-new-year", window(*PAST, ROLLING)),
        ("rolling-counts-the-leap-day-twice", window(*WINTER, ROLLING)),
        ("month-to-date-forgets-the-leap-day", window(*WINTER)),
        ("month-to-date-restarts-at-from", ""),
        ("two-projects-count-as-the-larger", f"{TWO}&projectKey=checkout"),
        ("two-projects-count-as-the-larger", "projectKey=mobile"),
        ("third-project-key-ignored", TWO),
        ("project-key-order-matters", "projectKey=default&projectKey=mobile"),
        ("repeated-project-key-counts-twice", TWO),
        ("parameter-order-matters", window(*PAST, INCREMENTAL)),
        ("explicit-daily-changes-the-view", ""),
        ("explicit-now-is-midnight", ""),
        ("project-key-ignored-in-monthly", TWO),
        ("project-key-ignored-in-rolling", TWO),
        ("aggregation-type-defaults-to-rolling-for-one-project", TWO),
        ("monthly-refuses-explicit-month-to-date", MONTHLY),
        ("hourly-granularity", "granularity=weekly"),
        ("average-aggregation-type", "aggregationType=sum"),
        ("rolling-over-a-year-is-refused", window(*YEARS)),
        ("window-of-31-days-at-most", window(PAST[0], PAST[0] + 31 * DAY_S)),
        ("credential-not-needed-with-project-key", TWO),
        ("longer-key-finds-shorter-project", "projectKey=nowhere"),
        ("from-of-zero-is-refused", window(*PAST)),
        ("key-beyond-the-first-plane-crashes", "projectKey=%C3%A9"),
        ("key-longer-than-its-column-crashes", "projectKey=" + "k" * 255),
        ("digits-beyond-64-bits-crash", f"to={2**63 - 1}"),
        ("months-of-projects-end-with-the-last-by-default", MONTHLY),
        ("from-defaults-to-a-month-before-a-past-to", f"to={NOW_S}"),
        ("rolling-ends-with-yesterday-by-default", ""),
        ("several-projects-default-to-monthly", "projectKey=mobile"),
        ("old-windows-default-to-monthly", window(*WINTER)),
        ("a-lone-to-defaults-to-incremental", f"from={PAST[0]}"),
        ("all-projects-misses-mobile-in-rolling", INCREMENTAL),
        ("longer-key-finds-the-project-that-it-ends-with", "projectKey=mobile-old"),
        ("part-of-a-key-finds-projects", "projectKey=to"),
        ("beginning-of-a-key-finds-a-project", "projectKey=tool"),
        ("first-letter-of-a-key-in-any-case", "projectKey=MOBILE"),
        ("underscores-in-a-key-are-hyphens", "projectKey=internaltools"),
        ("unknown-project-is-empty-in-rolling", f"projectKey=nowhere&{INCREMENTAL}"),
        ("inverted-within-a-day-is-empty", window(PAST[1], PAST[0])),
        ("series-keeps-its-newest-500", window(*WINTER)),
    ],
)
def test_a_subtle_fault_leaves_other_answers_alone(name: str, query: str) -> None:
    """To the byte."""
    assert ask(_twin(NOW, name), query).body == ask(_twin(NOW), query).body


def test_without_a_project_key_the_credential_is_still_needed() -> None:
    """The fault is about requests that name a project."""
    app = _twin(NOW, "credential-not-needed-with-project-key")

    assert ask(app, "projectKey=mobile", headers=()).status == 200
    assert ask(app, headers=()).status == 401


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("credential-not-needed-for-months", "GET"),
        ("put-answered", "PUT"),
    ],
)
def test_a_fault_of_access_opens_one_door(name: str, method: str) -> None:
    """Without a credential, what it does not name is refused."""
    assert ask(_twin(NOW, name), method=method, headers=()).status == 401


def test_another_method_than_the_answered_one_is_refused() -> None:
    """The fault is about PUT."""
    assert ask(_twin(NOW, "put-answered"), method="PATCH").status == 405


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("past-counts-creep", ""),
        ("past-counts-are-noisy", ""),
        ("every-third-answer-is-stale", ""),
        ("one-past-day-in-a-hundred-moves", window(*WINTER)),
        ("today-falls", ""),
        ("fields-change-places", ""),
    ],
)
def test_a_fault_of_state_answers_one_question_in_several_ways(name: str, query: str) -> None:
    """Three answers in a row are not the same."""
    bodies = {ask(_twin(NOW, name), query).body for _ in range(3)}

    assert len(bodies) > 1


def test_every_twentieth_answer_fails() -> None:
    """Wherever the count stands, one of twenty in a row is a 500."""
    app = _twin(NOW, "every-twentieth-answer-fails")

    statuses = [ask(app, window(*PAST)).status for _ in range(20)]

    assert sorted(statuses) == [200] * 19 + [500]


def test_a_key_sticks_to_the_next_request() -> None:
    """All projects count as the one that was named before, once."""
    app, honest = _twin(NOW, "project-key-sticks"), _twin(NOW)

    ask(app, "projectKey=mobile")
    after, later = ask(app), ask(app)

    assert after.values == ask(honest, "projectKey=mobile").values
    assert later.values == ask(honest).values


def test_a_changed_answer_still_links_to_the_request() -> None:
    """A fault of the filter is none of the links."""
    answer = ask(_twin(NOW, "project-key-ignored"), "projectKey=mobile&x=%2F")

    assert answer.json()["_links"]["self"]["href"].endswith("?projectKey=mobile&x=%2F")
