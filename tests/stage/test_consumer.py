"""Which mistakes a request shows, and how they are told."""

from typing import Final

import pytest

from tests.acme import FULL, MAR_1, MAR_2, NOW_S, PATH
from tests.siblings import ERRORS, LOGS, operations
from tests.stage.records import GOOD, recorded
from usagetwin.contract import Tier
from usagetwin.policies import Policies
from usagetwin.stage.consumer import (
    RequestFinding,
    Terms,
    findings_of,
    report,
)
from usagetwin.stage.mistakes import MISTAKES

TERMS: Final = Terms(keys=frozenset({"web", "app"}))
OBSERVED: Final = Terms(keys=TERMS.keys, policies=Policies(beta="required", cors="on"))

WRONG: Final = {  # a query that breaks one rule -> the rule, a part of what is said, and the remedy
    f"from={MAR_1}000": ("timestamp-fits-ten-digits", "looks like milliseconds", f"from={MAR_1}"),
    "to=123456789012345": ("timestamp-fits-ten-digits", "has 15 digits", "whole seconds since 1970-01-01"),
    "from=soon": ("from-is-unix-seconds", "from='soon' is not a timestamp", "for example from=1735689600"),
    "to=2026y": ("to-is-unix-seconds", "to='2026y' is not a timestamp", "for example to=1735689600"),
    "to=2026-03-01": ("timestamp-is-plain-digits", "to='2026-03-01'", "for example to=1735689600"),
    "from=": ("timestamp-is-plain-digits", "from='' is not", "for example from=1735689600"),
    f"from={MAR_2}&to={MAR_1}": ("window-not-inverted", "2026-03-02T00:00:00Z) lies after to", "from <= to"),
    f"to={MAR_1 - 1}": (
        "window-checked-after-defaults",
        "the default: the beginning of",
        "Send both `from` and",
    ),
    f"from={NOW_S + 1}": (
        "window-checked-after-defaults",
        "the default: the current time",
        "Send both `from` and",
    ),
    "granularity=hourly": ("granularity-is-documented", "granularity='hourly'", "granularity=daily"),
    "aggregationType=sum": ("aggregation-type-is-documented", "aggregationType='sum'", "aggregationType="),
    "granularity=Daily": ("enum-exact-spelling", "granularity='Daily'", "granularity=daily, or leave it out"),
    "granularity=monthly&aggregationType=rolling_30d": (
        "monthly-needs-month-to-date",
        "does not go with aggregationType='rolling_30d'",
        "granularity=daily, or aggregationType=month_to_date",
    ),
    "from=1&from=1": ("scalar-parameters-once", "from is given more than once", "from once"),
    "projectKey=": (
        "project-key-not-empty",
        "projectKey='' is empty",
        "a project's key, or leave projectKey out",
    ),
    "projectKey=web,app": ("project-key-is-exact", "joins keys with commas", "projectKey=web&projectKey=app"),
    "projectKey=x%26, web": ("project-key-is-exact", "'x&, web'", "projectKey=x%26&projectKey=web"),
    "projectKey=Web": ("project-key-is-exact", "another key, than 'web'", "projectKey=web"),
    "projectKey=+app": ("project-key-is-exact", "projectKey=' app'", "projectKey=app"),
    "aggregation_type=incremental": (
        "undocumented-parameters-ignored",
        "names no parameter 'aggregation_type'",
        "aggregationType (valid: from, to, ",
    ),
    "page=2": ("undocumented-parameters-ignored", "names no parameter 'page'", "one of from, to, projectKey"),
}
HEADERS: Final = {  # the same, of headers
    (): ("credential-required", "there is no Authorization header", "`Authorization: YOUR-TOKEN`"),
    (("authorization", " "),): (
        "blank-credential-unauthorized",
        "header is blank",
        "`Authorization: YOUR-TOKEN`",
    ),
    (("authorization", f"Bearer {FULL}"),): (
        "bearer-is-invalid-token",
        "without `Bearer`",
        "Send the token itself",
    ),
}


def found(query: str = "", terms: Terms = TERMS, **parts: object) -> tuple[RequestFinding, ...]:
    """Judge one request."""
    return findings_of(recorded(query, **parts), terms)  # type: ignore[arg-type]  # -- parts by name


def rules_of(findings: tuple[RequestFinding, ...]) -> list[str]:
    """Give the rules that are broken, in their order."""
    return [finding.rule for finding in findings]


@pytest.mark.parametrize(
    "query",
    [
        "",
        f"from={MAR_1}&to={MAR_2}&projectKey=web&projectKey=app&projectKey=web",
        "granularity=monthly&aggregationType=month_to_date",
        "aggregationType=rolling_30d",
        f"from={MAR_1}&to={MAR_1}",
        f"from=0&to={NOW_S * 2}",
        "projectKey=nobody",
    ],
)
def test_a_request_that_keeps_the_rules_has_no_findings(query: str) -> None:
    """Nor has one for a project that does not exist: what a client makes of a 404 is worth a test."""
    assert found(query) == ()
    assert found(query, method="HEAD") == ()
    assert found(query, OBSERVED, headers=(*GOOD, ("ld-api-version", "beta"))) == ()


@pytest.mark.parametrize("query", WRONG)
def test_a_wrong_parameter_is_told_with_rule_and_remedy(query: str) -> None:
    """One finding for one mistake."""
    rule, part, remedy = WRONG[query]

    (finding,) = found(query)

    assert finding.rule == rule
    assert part in finding.message
    assert finding.remedy.startswith(remedy)


@pytest.mark.parametrize("headers", HEADERS)
def test_a_wrong_credential_is_told_without_it(headers: tuple[tuple[str, str], ...]) -> None:
    """The token itself is in no text."""
    rule, part, remedy = HEADERS[headers]

    (finding,) = found(headers=headers)

    assert finding.rule == rule
    assert part in finding.message
    assert finding.remedy.startswith(remedy)
    assert FULL not in f"{finding} {finding!r} {report([finding])}"


@pytest.mark.parametrize(
    ("value", "part"),
    [(None, "there is no header LD-API-Version"), ("20240415", "LD-API-Version='20240415'")],
)
def test_the_beta_header_is_wanted_where_the_profile_requires_it(value: str | None, part: str) -> None:
    """As the official client's own version is not enough (FACTS 17)."""
    headers = GOOD if value is None else (*GOOD, ("ld-api-version", value))

    (finding,) = found("", OBSERVED, headers=headers)

    assert finding.rule == "beta-header-required"
    assert part in finding.message
    assert found(headers=headers) == ()


@pytest.mark.parametrize("path", [f"{PATH}/", PATH.replace("sessions", "session"), "/api/v2/projects"])
def test_a_wrong_path_is_told_with_the_right_one(path: str) -> None:
    """And alone: what another path takes is not ours to judge."""
    (finding,) = found("page=2", path=path, headers=(), method="POST")

    assert finding.rule == "unknown-path-not-found"
    assert repr(path) in finding.message
    assert finding.remedy == f"Ask for {PATH}"


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "get"])
def test_a_wrong_method_is_told(method: str) -> None:
    """And alone, too."""
    (finding,) = found("page=2", OBSERVED, method=method)

    assert (finding.rule, finding.remedy) == ("method-not-allowed", "Use GET or HEAD.")
    assert repr(method) in finding.message


def test_a_browser_s_preflight_is_no_mistake_where_cors_is_on() -> None:
    """It comes without a credential, as it must."""
    headers = (("access-control-request-method", "GET"), ("origin", "http://localhost"))

    assert found("", OBSERVED, method="OPTIONS", headers=headers) == ()
    assert rules_of(found("", TERMS, method="OPTIONS", headers=headers)) == ["method-not-allowed"]


def test_all_mistakes_of_a_request_are_told_at_once() -> None:
    """Headers, then values, then what parameters do together, then names and keys; each once."""
    query = f"from={MAR_1}000&from={MAR_1}000&granularity=monthly&aggregationType=incremental&page=1&page=2"

    assert rules_of(found(f"{query}&projectKey=web,app", headers=())) == [
        "credential-required",
        "timestamp-fits-ten-digits",
        "scalar-parameters-once",
        "monthly-needs-month-to-date",
        "undocumented-parameters-ignored",
        "project-key-is-exact",
    ]


def test_a_parameter_that_is_given_twice_is_no_end_of_a_window() -> None:
    """Nobody knows which of the two was meant."""
    assert rules_of(found(f"from={MAR_1}&from={MAR_2}&to={MAR_1}")) == ["scalar-parameters-once"]


def test_one_wrong_end_of_a_window_is_not_held_against_the_other() -> None:
    """A `to` before this month is fine with the `from` that was meant."""
    assert rules_of(found(f"from=soon&to={MAR_1 - 1}")) == ["from-is-unix-seconds"]


def test_defaults_are_those_of_the_instant_that_the_request_came_at() -> None:
    """The same request is right a month before."""
    query = f"to={MAR_1 - 1}"

    assert found(query, now_s=MAR_1 - 1) == ()
    assert rules_of(found(f"from={MAR_2}&{query}", now_s=MAR_1 - 1)) == ["window-not-inverted"]


def test_without_the_account_a_key_s_spelling_is_not_judged() -> None:
    """A comma still is: no project's key has one, unless the account says so."""
    assert found("projectKey=Web", Terms()) == ()
    assert rules_of(found("projectKey=web,app", Terms())) == ["project-key-is-exact"]
    assert found("projectKey=web,app", Terms(keys=frozenset({"web,app"}))) == ()


def test_an_allowed_rule_may_be_broken() -> None:
    """That one alone."""
    terms = Terms(keys=TERMS.keys, allowed=frozenset({"timestamp-fits-ten-digits"}))

    assert rules_of(found(f"from={MAR_1}000&page=2", terms)) == ["undocumented-parameters-ignored"]


def test_a_rule_that_the_table_lacks_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table alone decides what counts."""
    monkeypatch.delitem(MISTAKES, "timestamp-fits-ten-digits")

    assert rules_of(found(f"from={MAR_1}000&page=2")) == ["undocumented-parameters-ignored"]


def test_every_rule_of_the_table_has_a_request_that_breaks_it() -> None:
    """The tests here break each of them."""
    elsewhere = {"unknown-path-not-found", "method-not-allowed", "beta-header-required"}

    assert {rule for rule, *_ in (*WRONG.values(), *HEADERS.values())} | elsewhere == MISTAKES.keys()


def test_a_finding_reads_as_three_lines() -> None:
    """Value and what is wrong; the rule, with tier and source; what to send."""
    (finding,) = found(f"from={MAR_1}000")

    assert str(finding) == (
        "from='1772323200000' looks like milliseconds; from takes Unix seconds, at most 10 digits\n"
        "  rule  timestamp-fits-ten-digits (chosen, docs/semantics.md 3)\n"
        "  try   from=1772323200"
    )
    assert finding.tier is Tier.CHOSEN


def test_a_report_tells_each_mistake_once() -> None:
    """With the first request that makes it, and how many more do; those of the same requests share a line."""
    wrong = f"from={MAR_1}000&page=2"
    findings = [*found(wrong, number=1), *found(wrong, number=3), *found("projectKey=", number=4)]

    assert report(findings).splitlines()[2:] == [
        "  try   from=1772323200",
        "the contract names no parameter 'page', so the API ignores it",
        "  rule  undocumented-parameters-ignored (chosen, docs/semantics.md 3)",
        "  try   one of from, to, projectKey, granularity, aggregationType",
        f"  sent  request 1: GET app.launchdarkly.com{PATH}?from=1772323200000&page=2 (and in 1 more)",
        "projectKey='' is empty; a project key has at least one character",
        "  rule  project-key-not-empty (chosen, docs/semantics.md 3)",
        "  try   a project's key, or leave projectKey out for all projects",
        f"  sent  request 4: GET app.launchdarkly.com{PATH}?projectKey=",
    ]


def test_a_huge_value_does_not_drown_the_report() -> None:
    """Value and request are cut."""
    findings = found(f"from={'x' * 100_000}&projectKey={'a,' * 50_000}", number=1)

    assert len(findings) == 2
    assert len(report(findings)) < 3_000


def test_a_request_for_any_operation_of_the_twin_has_the_right_path() -> None:
    """Another one is told the nearest of them, the vendored one's too where it is not served."""
    terms = Terms(operations=operations(ERRORS, LOGS))

    (finding,) = findings_of(recorded(path=PATH), terms)

    assert findings_of(recorded(path=ERRORS), terms) == ()
    assert (finding.rule, ERRORS in finding.message, LOGS in finding.message) == (
        "unknown-path-not-found",
        True,
        True,
    )
    assert f"(valid: {ERRORS}, {LOGS})" in finding.remedy
