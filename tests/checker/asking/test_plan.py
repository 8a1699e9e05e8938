"""Tests of the plan: what it asks for, in which order, and that nothing in it is invalid by accident."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from tests.checker.conversations import DAY_S
from usagetwin.contract import rules
from usagetwin.days import from_date
from usagetwin_checker.asking.parameters import views
from usagetwin_checker.asking.plan import Plan, levels, listed, probe
from usagetwin_checker.asking.recipes import best
from usagetwin_checker.asking.spoilt import ANY_STATUS
from usagetwin_checker.exchanges import Ask, Credential
from usagetwin_checker.findings import BINDING
from usagetwin_checker.judging.expectation import broken_rules, expect
from usagetwin_checker.knowing.knowledge import Knowledge, Now

TODAY: Final = from_date(date(2026, 3, 17))
NOW: Final = Now.within(TODAY, TODAY)
KEYS: Final = ("app", "blog", "shop", "web")
PLAN: Final = Plan(NOW, KEYS)
STEPS: Final = tuple(PLAN.steps())
ASKS: Final = [step.ask for step in STEPS]
IN_60: Final = ASKS[:52]  # two probes before and after, and four requests to confirm
KNOWN: Final = Knowledge(frozenset(KEYS), complete=True, now=NOW)
ROOM: Final = 510  # requests: the rest of the default budget is for what is drawn


def width(ask: Ask) -> int:
    """Give the days of a window that is given whole, else 0."""
    ends = [*ask.values("from"), *ask.values("to")]
    return (int(ends[1]) - int(ends[0])) // DAY_S if len(ends) == 2 and all(map(str.isdecimal, ends)) else 0


def test_the_probes_are_the_default_window_and_the_far_future() -> None:
    """The current time is learned from the two windows that reach furthest by themselves."""
    default, far = probe()

    assert default.ask.parameters == ()
    assert far.ask.values("to") == ("9999999999",)


def test_no_request_is_asked_twice_unless_it_says_so() -> None:
    """Each request is unique, but those that ask again for what must not have changed."""
    once = Counter(step.ask for step in STEPS if not step.about.startswith("again"))

    assert max(once.values()) == 1
    assert {step.ask for step in STEPS if step.about.startswith("again")} <= set(once)


@pytest.mark.parametrize("keys", [(), ("web",), KEYS, (*KEYS, "x", "y")], ids=len)
def test_the_plan_leaves_half_of_the_default_budget(keys: tuple[str, ...]) -> None:
    """However many projects there are, conversations are drawn as well."""
    assert len(list(Plan(NOW, keys).steps())) <= ROOM


def test_what_all_is_compared_with_comes_after_what_finds_most_and_again_last() -> None:
    """A year of each view and of each project, and a long answer of each view."""
    usual = [step.ask for step in Plan(NOW, KEYS, ()).steps()]
    compared = usual[: 2 * len(views()) + len(KEYS)]

    assert set(compared) <= set(ASKS[: len(best()) + len(compared)])
    assert {ask.values("projectKey") for ask in compared} == {(), *((key,) for key in KEYS)}
    assert [width(ask) for ask in compared if width(ask) > 4 * 365] == [1494] * len(views())
    assert {width(ask) for ask in compared if width(ask) < 365} == {364}
    assert ASKS[-len(compared) - 5 : -5] == compared
    assert ASKS[-6:] == [*ASKS[-6:-5], *[compared[0]] * 5]


def test_a_window_of_three_years_is_among_the_first_requests() -> None:
    """An answer that is cut at a few hundred buckets shows with the smallest budgets."""
    assert any(width(ask) > 3 * 365 and "monthly" not in ask.values("granularity") for ask in ASKS[:16])


def test_sixty_requests_put_the_rules_that_bind_a_target_to_the_test() -> None:
    """Each rule of tier schema or prose by which a request is answered or refused, and each default.

    Whether a status is documented is seen of every answer, so that what may have any need not be among them.
    """
    by_status = {rule_id for ask in ASKS for rule_id, _ in expect(ask, KNOWN).rules}
    binding = {rule_id for rule_id in by_status if rules()[rule_id].tier in BINDING}
    early = {rule_id for ask in IN_60 for rule_id, _ in expect(ask, KNOWN).rules}

    assert binding - {ANY_STATUS} <= early
    for name in ("from", "to", "projectKey", "granularity", "aggregationType"):
        assert any(not ask.values(name) for ask in IN_60 if not broken_rules(ask)), name


def test_sixty_requests_have_all_views_filters_and_an_unknown_key() -> None:
    """Each view of one project or of several, the keys in another order and twice, and a key of nobody."""
    valid = [ask for ask in IN_60 if not broken_rules(ask)]
    filters = {ask.values("projectKey") for ask in valid}

    assert {("app",), ("web",), ("web", "app"), ("app", "web"), ("web", "app", "web")} <= filters
    assert any(len(set(keys)) == len(KEYS) for keys in filters)
    assert ("usagetwin-no-such-project",) in filters
    for _, view in views():
        assert any(set(view) <= set(ask.parameters) and ask.values("projectKey") for ask in valid)


def test_each_default_is_asked_for_under_each_class_of_every_other_parameter() -> None:
    """A part of the view that is left out beside each filter, and an end of the window beside each view."""
    valid = [ask for ask in ASKS if not broken_rules(ask) and ask.credential is Credential.TOKEN]
    filters = {level.parameters for level in PLAN.factors.ordinary["projectKey"]}
    for name in ("granularity", "aggregationType"):
        without = [ask for ask in valid if not ask.values(name)]
        keys = {tuple(pair for pair in ask.parameters if pair[0] == "projectKey") for ask in without}
        assert filters <= keys, name
    for name in ("from", "to"):
        without = [ask for ask in valid if not ask.values(name)]
        assert {ask.values("granularity") for ask in without} == {(), ("daily",), ("monthly",)}, name
        assert len({ask.values("aggregationType") for ask in without}) == 4, name


def test_some_of_what_has_no_credential_was_answered_before() -> None:
    """A cache in front of the check of credentials would answer it (SEMANTICS 4: never 200)."""
    without = [index for index, ask in enumerate(ASKS) if ask.credential is Credential.NONE]
    before = [replace(ASKS[index], credential=Credential.TOKEN) in ASKS[:index] for index in without]

    assert any(before[: sum(index < len(best()) for index in without)])
    assert not all(before)


def test_the_newest_day_is_shown_before_the_default_window_is() -> None:
    """The default of `to` is judged by what was there just before (SEMANTICS 6)."""
    default = ASKS.index(Ask((("granularity", "daily"), ("aggregationType", "incremental"))))
    newest = str(TODAY * DAY_S + 1)

    assert any(newest in ask.values("to") for ask in ASKS[default - 1 : default])


def test_every_rule_about_parameters_is_asked_for() -> None:
    """Each rule by which a parameter can be invalid is broken by some request, and no other one."""
    broken = {rule for ask in ASKS for rule in broken_rules(ask)}

    assert broken == {
        "from-is-unix-seconds",
        "to-is-unix-seconds",
        "timestamp-fits-ten-digits",
        "timestamp-is-plain-digits",
        "window-not-inverted",
        "project-key-not-empty",
        "granularity-is-documented",
        "aggregation-type-is-documented",
        "enum-exact-spelling",
        "monthly-needs-month-to-date",
        "scalar-parameters-once",
    }


def test_what_says_nothing_unusual_is_valid() -> None:
    """Also on a day in the first years of time, where four years of history would begin before it."""
    early = from_date(date(1972, 6, 1))

    for step in (*STEPS, *Plan(Now.within(early, early), KEYS).steps()):
        assert not broken_rules(step.ask) or "unusual" in step.row, step


def test_without_known_projects_no_key_is_asked_for_that_may_exist() -> None:
    """A plan for an account of which no key is known asks for none but what no project is called."""
    keys = {key for step in Plan(NOW, ()).steps() for key in step.ask.values("projectKey")}

    assert not {
        key for key in keys if key.isascii() and key.isalnum() and not key.isdigit() and len(key) < 100
    }


def test_the_rows_say_what_a_request_is_made_of() -> None:
    """A request of the plan is named by its levels, a level by its factor and kind."""
    shown = list(listed([*probe(), *STEPS]))

    assert shown[0] == ("learn the current time: the default window", "GET", "(no parameters)")
    assert shown[1][2] == "to=9999999999&aggregationType=incremental"
    assert "a year, daily, month_to_date" in [about for about, _, _ in shown]
    assert ("window", "a leap day", "whole days") in list(levels(PLAN))
    assert ("credential", "none", "unusual") in list(levels(PLAN))
