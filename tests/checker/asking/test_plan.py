"""Tests of the plan: what it covers, in which order, and that nothing in it is by accident invalid."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Final

from tests.checker.conversations import DAY_S, get
from tests.checker.honest import honest
from usagetwin.contract import rules
from usagetwin.days import from_date, start_of
from usagetwin_checker.asking.classes import invalid_queries, views, window_classes
from usagetwin_checker.asking.plan import Plan, probe, table
from usagetwin_checker.exchanges import Ask, Credential
from usagetwin_checker.judging.expectation import broken_rules
from usagetwin_checker.knowing.knowledge import Now

TODAY: Final = from_date(date(2026, 3, 17))
KEYS: Final = ("app", "shop", "web")
STEPS: Final = tuple(Plan(Now.within(TODAY, TODAY), KEYS).steps())
HISTORY: Final = get("from=2025-03-18&to=2026-03-17").parameters
EVERY_DAY: Final = range(from_date(date(2024, 1, 1)), from_date(date(2028, 3, 31)))


def test_the_probes_are_the_default_window_and_the_far_future() -> None:
    """The current time is learned from the two windows that reach furthest by themselves."""
    default, far = probe()

    assert default.ask.parameters == ()
    assert far.ask.values("to") == ("9999999999",)


def test_no_request_is_asked_twice_unless_it_says_so() -> None:
    """Each request is unique, but those that ask again for what must not have changed."""
    counts = Counter(step.ask for step in STEPS if not step.about.startswith("again"))

    assert max(counts.values()) == 1
    assert {step.ask for step in STEPS if step.about.startswith("again")} <= set(counts)


def test_the_essentials_come_first() -> None:
    """Sixty requests have all views, each project alone and together, each default, and bad values."""
    asks = [step.ask for step in STEPS[:56]]  # two probes before and after
    valid = [ask for ask in asks if not broken_rules(ask)]

    shown = {(ask.values("aggregationType"), ask.values("granularity")) for ask in valid}
    assert {(dict(view)["aggregationType"], dict(view)["granularity"]) for _, view in views()} <= {
        (aggregation[0], granularity[0]) for aggregation, granularity in shown if aggregation and granularity
    }
    assert {ask.values("projectKey") for ask in asks} >= {(), *((key,) for key in KEYS)}
    assert any(len(set(ask.values("projectKey"))) == len(KEYS) for ask in asks)
    for name in ("from", "to", "granularity", "aggregationType"):
        assert any(not ask.values(name) for ask in valid), name
        assert any(broken_rules(Ask(((name, value),))) for ask in asks for value in ask.values(name)), name


def test_a_query_that_was_answered_is_asked_without_a_credential() -> None:
    """A cache in front of the check of credentials would answer it (SEMANTICS 4: never 200)."""
    (without,) = [step.ask for step in STEPS[:58] if step.about.startswith("no credential, a query that was")]
    before = [step.ask for step in STEPS[: [step.ask for step in STEPS].index(without)]]

    assert without.credential is Credential.NONE
    assert replace(without, credential=Credential.TOKEN) in before


def test_what_is_asked_again_follows_a_request_for_other_keys_and_itself() -> None:
    """What was asked in between must not matter, and of many answers in a row one may be another."""
    abouts = [step.about for step in STEPS]
    repeated = [index for index, about in enumerate(abouts) if about.startswith("again, a year")]

    assert len(repeated) == len(views())
    assert all(STEPS[index - 1].ask.values("projectKey") == (KEYS[-1],) for index in repeated)
    assert abouts[-5:] == ["again, in a row"] * 5


def test_filters_are_written_in_another_order() -> None:
    """Two requests differ in nothing but the order of their project keys, and one begins with its key."""
    asks = {step.ask for step in STEPS}
    of_two = [ask.parameters for ask in asks if len(set(ask.values("projectKey"))) == 2]

    assert any(Ask(parameters[:-2] + parameters[:-3:-1]) in asks for parameters in of_two)
    assert any(ask.parameters[:1] == (("projectKey", KEYS[0]),) and len(ask.parameters) == 5 for ask in asks)


def test_every_rule_about_parameters_is_asked_for() -> None:
    """Each rule by which a parameter can be invalid is broken by some request."""
    broken = {rule for step in STEPS for rule in broken_rules(step.ask)}

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
    assert broken <= set(rules())


def test_invalid_queries_are_invalid_and_refused_on_the_wire() -> None:
    """Each breaks a rule before it is sent, and the twin, which parses the wire, refuses it with 400."""
    with honest(now="2026-03-17T12:00:00Z") as (target, _):
        for parameters in invalid_queries(HISTORY):
            assert broken_rules(Ask(parameters)), parameters
            assert target.send(Ask(parameters)).status == 400, parameters


def test_all_windows_are_closed_on_every_day_of_four_years() -> None:
    """None ends after the start of the current day, none is inverted, and each is less than a year wide."""
    for today in EVERY_DAY:
        for about, from_s, to_s in window_classes(today):
            assert 0 <= from_s <= to_s <= start_of(today), (about, today)
            assert to_s - from_s < 365 * DAY_S, (about, today)


def test_windows_are_what_they_are_called() -> None:
    """Of 2026-03-17: the whole month is February, the year turned in January, the leap day was in 2024."""
    found = {about: (from_s, to_s) for about, from_s, to_s in window_classes(TODAY)}

    def window(query: str) -> tuple[int, ...]:
        return tuple(int(value) for _, value in get(query).parameters)

    assert found["a whole month"] == window("from=2026-02-01&to=2026-03-01")
    assert found["the turn of a year and its month"] == window("from=2025-12-01&to=2026-02-01")
    assert found["one day"] == window("from=2026-03-16&to=2026-03-17")
    assert found["the last day of a year"] == window("from=2025-12-31&to=2026-01-01")
    from_s, to_s = found["a leap day and its months"]
    assert from_s < window("from=2024-02-29")[0] < to_s


def test_values_come_from_the_contract() -> None:
    """The views are the pairs that the contract's enums and the rule between them allow."""
    assert [name for name, _ in views()] == [
        "month_to_date",
        "month_to_date monthly",
        "incremental",
        "rolling_30d",
    ]


def test_without_known_projects_no_key_is_asked_for_but_unknown_ones() -> None:
    """A plan for an account of which no key is known asks about none that may exist."""
    keys = {
        key for step in Plan(Now.within(TODAY, TODAY), ()).steps() for key in step.ask.values("projectKey")
    }

    assert keys == {"", "usagetwin-no-such-project"}


def test_a_plan_for_the_first_years_of_time_is_valid() -> None:
    """Where four years of history would begin before 1970, they are left out."""
    today = from_date(date(1972, 6, 1))

    for step in Plan(Now.within(today, today), KEYS).steps():
        if not step.about.startswith("invalid"):
            assert not broken_rules(step.ask) or step.about == "no credential, invalid query", step


def test_the_table_has_a_row_for_each_request() -> None:
    """Each row says what the request is for, its method and its query."""
    rows = list(table(probe()))

    assert rows[0] == ("learn the current time: the default window", "GET", "(no parameters)")
    assert rows[1][2] == "to=9999999999&aggregationType=incremental"
