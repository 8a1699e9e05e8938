"""Tests of what is expected of a request: a table from the contract, and agreement with the twin."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.checker.conversations import DAY_S, KNOWN, NOON_S, get
from tests.checker.honest import honest
from usagetwin.contract import rules
from usagetwin.days import day_of
from usagetwin_checker.asking.plan import Plan
from usagetwin_checker.asking.strategies import conversations
from usagetwin_checker.exchanges import Ask, Credential
from usagetwin_checker.judging.expectation import broken_rules, expect
from usagetwin_checker.knowing.knowledge import Knowledge, Now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WINDOW: Final = "from=2026-03-01&to=2026-03-06"
NOTHING_KNOWN: Final = Knowledge()
NOW: Final = "2026-03-17T12:00:00Z"

TABLE: Final = (
    (WINDOW, "documented-query-is-answered", 200),
    (f"{WINDOW}&granularity=monthly", "documented-query-is-answered", 200),
    (f"{WINDOW}&aggregationType=rolling_30d", "documented-query-is-answered", 200),
    (f"{WINDOW}&projectKey=web", "documented-query-is-answered", 200),
    (f"{WINDOW}&projectKey=web&projectKey=app", "project-key-repeats", 200),
    (f"{WINDOW}&projectKey=web&projectKey=web", "repeated-project-key-is-irrelevant", 200),
    (f"{WINDOW}&limit=3", "undocumented-parameters-ignored", 200),
    ("from=2025-03-18&to=2026-03-17", "documented-query-is-answered", 200),
    ("from=2025-03-17&to=2026-03-17", "wide-window-is-answered", 200),
    ("from=2026-03-01&to=2026-03-17", "documented-query-is-answered", 200),
    ("from=2026-03-01&to=2026-03-17+1", "future-window-is-answered", 200),
    ("from=2026-03-01&to=9999999999", "future-window-is-answered", 200),
    ("from=2026-03-01&to=2026-03-20&projectKey=web&projectKey=web", "future-window-is-answered", 200),
    (f"{WINDOW}&projectKey=web&projectKey=web&limit=3", "undocumented-parameters-ignored", 200),
    ("from=2026-03-01", "future-window-is-answered", 200),
    ("", "future-window-is-answered", 200),
    ("from=2026-03-01&to=2026-03-01", "empty-window-is-empty", 200),
    ("from=2026-03-02&to=2026-03-01", "window-not-inverted", 400),
    ("from=2026-03-18", "window-checked-after-defaults", 400),
    ("to=2026-02-28", "window-checked-after-defaults", 400),
    (f"{WINDOW}&projectKey=", "project-key-not-empty", 400),
    (f"{WINDOW}&projectKey=nope", "unknown-project-not-found", 404),
    (f"{WINDOW}&projectKey=web&projectKey=nope", "unknown-project-not-found", 404),
    (f"{WINDOW}&granularity=weekly", "granularity-is-documented", 400),
    (f"{WINDOW}&granularity=Daily", "enum-exact-spelling", 400),
    (f"{WINDOW}&granularity=", "enum-exact-spelling", 400),
    (f"{WINDOW}&aggregationType=sum", "aggregation-type-is-documented", 400),
    (f"{WINDOW}&granularity=monthly&aggregationType=incremental", "monthly-needs-month-to-date", 400),
    (f"{WINDOW}&granularity=daily&granularity=daily", "scalar-parameters-once", 400),
    ("from=soon&to=2026-03-06", "from-is-unix-seconds", 400),
    ("from=2026-03-01&to=5days", "to-is-unix-seconds", 400),
    ("from=1772323200000&to=2026-03-06", "timestamp-fits-ten-digits", 400),
    ("from=&to=2026-03-06", "timestamp-is-plain-digits", 400),
    ("from=-5&to=2026-03-06", "timestamp-is-plain-digits", 400),
    ("from=0x10&to=2026-03-06", "timestamp-is-plain-digits", 400),
)


@pytest.mark.parametrize(("query", "rule", "status"), TABLE)
def test_the_rule_and_status_of_a_query(query: str, rule: str, status: int) -> None:
    """Each query has one rule that decides, and one status that keeps it."""
    assert expect(get(query), KNOWN).rules == ((rule, frozenset({status})),)


@pytest.mark.parametrize(
    ("ask", "rule", "status"),
    [
        (Ask(credential=Credential.NONE), "credential-required", 401),
        (Ask(credential=Credential.BLANK), "blank-credential-unauthorized", 401),
        (Ask(credential=Credential.BEARER), "bearer-is-invalid-token", 401),
        (Ask(method="POST"), "method-not-allowed", 405),
        (Ask(suffix="/"), "unknown-path-not-found", 404),
        (Ask(method="POST", suffix="/x"), "unknown-path-not-found", 404),
        (get(WINDOW, method="HEAD"), "head-answers-as-get", 200),
        (get("granularity=weekly", method="HEAD"), "head-answers-as-get", 400),
    ],
)
def test_what_surrounds_the_query_comes_first(ask: Ask, rule: str, status: int) -> None:
    """Path, method and credential are judged before the parameters; of HEAD the document says nothing."""
    assert expect(ask, KNOWN).rules == ((rule, frozenset({status})),)


@pytest.mark.parametrize("credential", [Credential.BASIC, Credential.UNKNOWN])
def test_of_another_credential_any_documented_answer_is_right(credential: Credential) -> None:
    """Whether a target knows it, nobody can say; what it answers is none of the account's counts."""
    expected = expect(get(WINDOW, credential=credential), KNOWN)

    assert expected.rules == (("status-is-documented", frozenset({200, 400, 401, 403, 404, 429})),)
    assert expected.query is None


def test_the_order_of_refusals_is_judged_where_two_apply() -> None:
    """A request without a credential that is invalid too is refused for its credential."""
    rules = expect(get("granularity=weekly", credential=Credential.NONE), KNOWN).rules

    assert rules == (("credential-required", frozenset({401})), ("refusal-order", frozenset({401})))


def test_several_broken_values_break_several_rules() -> None:
    """All rules about single values are named; those between parameters only when the values are valid."""
    several = expect(get("from=soon&to=2026-03-01&granularity=weekly&projectKey="), KNOWN)

    assert [rule for rule, _ in several.rules] == [
        "from-is-unix-seconds",
        "granularity-is-documented",
        "project-key-not-empty",
    ]
    assert several.query is None


def test_defaults_fill_the_query() -> None:
    """A query without parameters is this month to date, daily, of all projects."""
    query = expect(Ask(), KNOWN).query

    assert query is not None
    assert (query.from_s, query.to_s) == (NOON_S - 16 * DAY_S - DAY_S // 2, NOON_S)
    assert (query.project_keys, query.granularity, query.aggregation_type) == ((), "daily", "month_to_date")


def test_without_a_current_time_no_default_is_judged() -> None:
    """Where a default decides and is not known, nothing is expected."""
    for query in ("", "from=2026-03-01", "to=2026-03-06"):
        assert expect(get(query), NOTHING_KNOWN) == expect(get(query), NOTHING_KNOWN)
        assert expect(get(query), NOTHING_KNOWN).rules == ()
    assert expect(get(f"{WINDOW}&projectKey=web"), NOTHING_KNOWN).rules == ()
    assert expect(get(WINDOW), NOTHING_KNOWN).rules == (("future-window-is-answered", frozenset({200})),)


def test_near_the_turn_of_a_month_no_default_is_judged() -> None:
    """When the current time may lie in either month, neither default window is judged."""
    turning = replace(KNOWN, now=Now(NOON_S + 14 * DAY_S, NOON_S + 15 * DAY_S))

    assert expect(Ask(), turning).rules == ()
    assert expect(get("to=2026-03-20"), turning).rules == ()
    assert expect(get(WINDOW), turning).rules == (("documented-query-is-answered", frozenset({200})),)


def test_a_from_within_the_uncertain_time_is_not_judged() -> None:
    """A lone `from` that may be before or after the current time may be valid or not."""
    today = replace(KNOWN, now=Now(NOON_S - DAY_S // 2, NOON_S + DAY_S // 2 - 1))

    assert expect(get("from=2026-03-17+600"), today).rules == ()
    assert expect(get("from=2026-03-18"), today).rules == (
        ("window-checked-after-defaults", frozenset({400})),
    )


def test_every_expected_rule_is_in_the_catalogue() -> None:
    """Each rule of the table exists, and the documented ones are of tier prose."""
    assert {rule for _, rule, _ in TABLE} <= set(rules())
    assert rules()["documented-query-is-answered"].tier.value == "prose"
    assert rules()["future-window-is-answered"].tier.value == "chosen"


def test_parameters_that_the_document_does_not_name_break_nothing() -> None:
    """Only documented parameters can be broken."""
    assert broken_rules(get("page=x&granularit=weekly&from=2026-03-01")) == ()


KEYS: Final = ("checkout", "default", "internal-tools", "mobile")  # of the default world
TODAY: Final = day_of(NOON_S)
times = st.one_of(
    st.integers(NOON_S - 40 * DAY_S, NOON_S + 3 * DAY_S).map(str),
    st.sampled_from(["", "0", "9999999999", "1e9", "x"]),
)
pairs = st.one_of(
    st.tuples(st.sampled_from(["from", "to"]), times),
    st.tuples(st.just("granularity"), st.sampled_from(["daily", "monthly", "weekly", " daily", ""])),
    st.tuples(
        st.just("aggregationType"),
        st.sampled_from(["incremental", "month_to_date", "rolling_30d", "Incremental"]),
    ),
    st.tuples(st.just("projectKey"), st.sampled_from([*KEYS, "nope", ""])),
    st.tuples(st.just("page"), st.text(max_size=3)),
)
asks = st.builds(
    Ask,
    st.lists(pairs, max_size=5).map(tuple),
    st.sampled_from([Credential.TOKEN] * 8 + list(Credential)),
    st.sampled_from(["GET"] * 8 + ["HEAD", "POST"]),
    st.sampled_from([""] * 8 + ["/", "/x"]),
)


@pytest.fixture(scope="module")
def agrees() -> "Iterator[Callable[[Ask], None]]":
    """Give a function that holds the twin's status of a request to what is expected."""
    with honest(now=NOW) as (target, knowledge):

        def check(ask: Ask) -> None:
            status = target.send(ask).status
            expected = expect(ask, knowledge).rules
            assert expected, ask
            assert all(status in statuses for _, statuses in expected), (ask, status)

        yield check


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(asks)
def test_the_twin_answers_any_request_as_expected(agrees: "Callable[[Ask], None]", ask: Ask) -> None:
    """Whatever is asked, something is expected, and the twin's status is among it."""
    agrees(ask)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(conversations(TODAY, KEYS))
def test_the_twin_answers_drawn_conversations_as_expected(
    agrees: "Callable[[Ask], None]", drawn: tuple[Ask, ...]
) -> None:
    """The same for what the fuzz phase draws."""
    for ask in drawn:
        agrees(ask)


def test_the_twin_answers_the_plan_as_expected(agrees: "Callable[[Ask], None]") -> None:
    """The same for the plan."""
    for step in Plan(Now.within(TODAY, TODAY), KEYS).steps():
        agrees(step.ask)
