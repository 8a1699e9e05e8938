"""Tests of what one exchange shows: each rule from one answer that breaks it and nothing else."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from tests.checker.conversations import KNOWN, answered, get, refused, seconds, sent
from usagetwin.contract import rules
from usagetwin_checker.exchanges import Ask, Credential, Exchange
from usagetwin_checker.judging.checks import check
from usagetwin_checker.judging.expectation import expect

QUERY: Final = get("from=2026-03-01&to=2026-03-03&aggregationType=incremental")
FIRST_MS: Final = seconds("2026-03-01") * 1000
GOOD: Final[dict[str, Any]] = {
    "_links": {"self": {"href": QUERY.target, "type": "application/json"}},
    "metadata": [{}],
    "series": [{"time": FIRST_MS, "0": 1}, {"time": FIRST_MS + 86_400_000, "0": 2}],
}
TWO: Final = [{"time": FIRST_MS, "0": 1, "1": 2}]


def found(exchange: Exchange) -> list[str]:
    """Give the ids of the rules that an exchange breaks by itself."""
    return [finding.rule_id for finding in check(exchange, expect(exchange.ask, KNOWN))]


def with_fields(**fields: object) -> Exchange:
    """Make a 200 whose body differs from a right one in some fields; None leaves a field out."""
    document = {name: value for name, value in {**GOOD, **fields}.items() if value is not None}
    return sent(QUERY, 200, json.dumps(document).encode())


def point(**fields: object) -> Exchange:
    """Make a 200 with one point, which differs from a right one in some fields."""
    values = {"time": FIRST_MS, "0": 1, **{name.strip("_"): value for name, value in fields.items()}}
    return with_fields(series=[{name: value for name, value in values.items() if value is not None}])


BODIES: Final = (
    ("answer-is-a-series-list", with_fields(series=None)),
    ("answer-is-a-series-list", sent(QUERY, 200, b"[]")),
    ("links-is-an-object", with_fields(_links=[])),
    ("metadata-is-a-list-of-objects", with_fields(metadata={})),
    ("metadata-is-a-list-of-objects", with_fields(metadata=["total"])),
    ("series-is-a-list-of-objects", with_fields(series={})),
    ("series-is-a-list-of-objects", with_fields(series=[7])),
    ("values-are-integers", point(_0="1")),
    ("values-are-integers", point(_0=1.5)),
    ("values-are-integers", point(time="2026-03-01")),
    ("slice-has-time", point(time=None)),
    ("slice-has-key-fields", point(_0=None)),
    ("time-not-negative", point(time=-1)),
    ("values-not-negative", point(_0=-1)),
    ("integers-have-no-fraction", point(_0=1.0)),
    ("answer-has-nothing-else", with_fields(totalCount=3)),
    ("links-self-is-json", with_fields(_links={"self": {"href": QUERY.target}})),
    ("links-self-names-the-request", with_fields(_links={"self": {"href": "/", "type": "application/json"}})),
    ("series-ascends", with_fields(series=GOOD["series"][::-1])),
    ("buckets-are-unique", with_fields(series=[GOOD["series"][0]] * 2)),
    ("single-key-field-is-zero", with_fields(series=[{"time": FIRST_MS, "sessions": 1}])),
    ("single-key-field-has-metadata", with_fields(metadata=[])),
    ("metadata-of-a-total-is-empty", with_fields(metadata=[{"unit": "sessions"}])),
    ("documented-answer-is-json", sent(QUERY, 200, b"<html>")),
    ("documented-answer-is-json", sent(QUERY, 200, b'{"series": NaN}')),
    ("documented-answer-is-json", sent(QUERY, 200, b"\xff\xfe")),
    ("documented-answer-is-json", sent(QUERY, 200, b"[" * 100_000)),
    ("documented-answer-is-json", sent(QUERY, 200, json.dumps(GOOD).encode(), "text/plain")),
)


def test_a_right_answer_breaks_nothing() -> None:
    """The answer that the others differ from is right."""
    assert found(with_fields()) == []
    assert with_fields().well_formed


@pytest.mark.parametrize(("rule", "exchange"), BODIES)
def test_a_rule_about_a_body_is_named(rule: str, exchange: Exchange) -> None:
    """The rule is found broken, and no other one."""
    assert found(exchange) == [rule]


@pytest.mark.parametrize(
    ("metadata", "labels", "more"),
    [
        ([{}, {}], "01", []),
        ([{}], "01", ["metadata-explains-key-fields"]),
        ([{}, {}], "02", ["key-fields-are-labelled-in-order"]),
    ],
)
def test_several_key_fields_are_legal_when_labelled_and_explained(
    metadata: list[dict[str, str]], labels: str, more: list[str]
) -> None:
    """That there is one total is chosen; labels and metadata of several are prose."""
    series = [{"time": FIRST_MS} | dict.fromkeys(labels, 1)]

    assert found(with_fields(series=series, metadata=metadata)) == [*more, "total-by-default"]
    assert rules()["total-by-default"].tier.value == "chosen"


def test_an_empty_series_has_no_key_fields_to_judge() -> None:
    """Without points, metadata may be anything."""
    assert found(with_fields(series=[], metadata=[])) == []


ERRORS: Final = (
    ("error-has-code-and-message", b'{"code": "not_found"}'),
    ("error-fields-are-strings", b'{"code": 404, "message": "There is none."}'),
    ("error-has-nothing-else", b'{"code": "not_found", "message": "There is none.", "id": "x"}'),
    ("not-found-code", b'{"code": "missing", "message": "There is none."}'),
)


@pytest.mark.parametrize(("rule", "body"), ERRORS)
def test_a_rule_about_an_error_is_named(rule: str, body: bytes) -> None:
    """The rule is found broken, and no other one."""
    ask = get("from=2026-03-01&to=2026-03-03&projectKey=nope")

    assert found(sent(ask, 404, body)) == [rule]


@pytest.mark.parametrize(
    ("message", "rules_broken"),
    [
        ("granularity='weekly' is not one of daily, monthly.", []),
        ("granularity='weekly' is wrong.", ["invalid-request-says-what-is-allowed"]),
        ("granularity takes daily, monthly.", ["invalid-request-quotes-value"]),
        ("Send daily, monthly.", ["invalid-request-names-parameter"]),
    ],
)
def test_the_message_of_a_400_helps(message: str, rules_broken: list[str]) -> None:
    """It names the parameter, quotes its value, and says what is allowed."""
    exchange = refused("from=2026-03-01&to=2026-03-03&granularity=weekly", 400, "invalid_request", message)

    assert found(exchange) == rules_broken


@pytest.mark.parametrize(
    ("status", "code"), [(401, "unauthorized"), (403, "forbidden"), (429, "rate_limited")]
)
def test_a_refusal_of_our_token_says_nothing_of_the_query(status: int, code: str) -> None:
    """401, 403 and 429 are documented, and may be the token's fault."""
    assert found(refused(QUERY, status, code)) == []
    assert found(refused("granularity=weekly", status, code)) == []


def test_a_number_without_end_is_told_as_one() -> None:
    """It is JSON, and Python's own words would be about its insides."""
    exchange = sent(QUERY, 200, b'{"series": ' + b"9" * 5000 + b"}")

    (finding,) = check(exchange, expect(exchange.ask, KNOWN))

    assert finding.rule_id == "documented-answer-is-json"
    assert finding.message == "the body of the 200 can't be read: it has a number of more than 4300 digits"


@pytest.mark.parametrize("status", [201, 204, 301, 302, 500, 501])
def test_an_undocumented_status_is_a_failure_by_itself(status: int) -> None:
    """A 5xx, another 2xx or a 3xx is no answer to any GET."""
    exchange = sent(QUERY, status, b"", "")
    ids = found(exchange)

    assert "status-is-documented" in ids
    assert rules()["status-is-documented"].tier.value == "prose"


def test_without_a_credential_there_is_no_series() -> None:
    """A 200 without a credential breaks the contract, one for a Bearer credential only what was observed."""
    ids = {
        credential: found(answered(replace(QUERY, credential=credential), {"2026-03-01": 1, "2026-03-02": 2}))
        for credential in Credential
    }

    assert ids[Credential.TOKEN] == []
    assert set(ids[Credential.NONE]) == {"no-answer-without-credential", "credential-required"}
    assert ids[Credential.BEARER] == ["bearer-is-invalid-token"]


def test_a_series_is_told_of_where_one_came() -> None:
    """An empty object is none."""
    ask = replace(QUERY, credential=Credential.NONE)
    right = answered(ask, {"2026-03-01": 1, "2026-03-02": 2})

    told = [
        finding.message
        for exchange in (right, sent(ask, 200, b"{}"))
        for finding in check(exchange, expect(ask, KNOWN))
        if finding.rule_id == "no-answer-without-credential"
    ]

    assert told == [
        "a request without a credential got the series",
        "a request without a credential was answered with 200",
    ]


@pytest.mark.parametrize("ask", [Ask(suffix="/unknown"), Ask(method="POST"), Ask(suffix="/")])
def test_the_document_says_nothing_of_other_paths_and_methods(ask: Ask) -> None:
    """A plain-text 404 elsewhere breaks what was chosen or observed, and nothing that the document says."""
    for exchange in (sent(ask, 404, b"<html>", "text/html"), sent(ask, 404, b"{}"), sent(ask, 400, b"<")):
        tiers = {rules()[rule].tier.value for rule in found(exchange)}
        assert tiers <= {"observed", "chosen"}, found(exchange)


def test_a_head_is_judged_as_chosen() -> None:
    """Whatever a HEAD gets, the document says nothing of it."""
    ask = replace(QUERY, method="HEAD")

    assert found(sent(ask, 200, b"")) == []
    assert found(sent(ask, 200, b"{}")) == ["head-answers-as-get"]
    assert found(sent(ask, 404, b"")) == ["head-answers-as-get"]
    assert found(sent(ask, 405, b"", "text/plain")) == ["head-answers-as-get", "every-answer-is-json"]


def test_a_documented_query_must_be_answered() -> None:
    """A 400 or 404 for a query in documented values is a failure; the finding says which."""
    (finding,) = check(refused(QUERY, 404), expect(QUERY, KNOWN))

    assert finding.rule_id == "documented-query-is-answered"
    assert finding.message == "the answer is 404, not 200"


def test_no_whole_answer_shows_nothing() -> None:
    """An exchange that failed says nothing of the contract."""
    failed = replace(sent(QUERY, 200, b"{"), failure="the connection was closed half-way")

    assert found(failed) == []
    assert not failed.well_formed
