"""Tests of what makes two requests the same question."""

import pytest

from usagetwin.replay.question import AUTHORIZATION, BETA, UNLISTED_TOKEN, Credential, kind_of, question
from usagetwin_checker import exchanges

BOTH = frozenset({AUTHORIZATION, BETA})


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (None, Credential.NONE),
        ("", Credential.BLANK),
        ("  ", Credential.BLANK),
        ("Bearer", Credential.BEARER),
        ("bearer api-x", Credential.BEARER),
        ("Basic eDp4", Credential.BASIC),
        ("api-x", Credential.TOKEN),
        (UNLISTED_TOKEN, Credential.UNKNOWN),
    ],
)
def test_a_credential_has_a_kind(sent: str | None, kind: Credential) -> None:
    """Which token it is makes no difference."""
    assert kind_of(sent) is kind


def test_a_check_sends_what_is_told_apart_here() -> None:
    """Its kinds are these, and what it sends as each is taken for it."""
    assert {each.value for each in exchanges.Credential} == {each.value for each in Credential}
    for kind, sent in exchanges.OTHER.items():
        assert kind_of(sent).value == kind.value


@pytest.mark.parametrize(
    "query",
    [
        "from=1&projectKey=a&projectKey=b",
        "projectKey=a&projectKey=b&from=1",
        "projectKey=a&from=1&projectKey=b",
        "projectKey=b&projectKey=a&from=1",
        "projectKey=a&projectKey=b&projectKey=a&from=1",
        "from=%31&projectKey=%61&projectKey=b",
    ],
)
def test_one_question_is_written_in_many_ways(query: str) -> None:
    """The document says that these do not matter, but for how a character is written, which URLs say."""
    usual = question("GET", "", "from=1&projectKey=a&projectKey=b", {}, shown=BOTH)
    other = question("get", "", query, {}, shown=BOTH)

    assert list(usual.forms())[-1] == list(other.forms())[-1]


@pytest.mark.parametrize(
    "query", ["from=1&projectKey=a", "from=2&projectKey=a&projectKey=b", "from=1&from=2", "", "x=1"]
)
def test_other_parameters_make_another_question(query: str) -> None:
    """Undocumented ones too: a recording has only what was asked."""
    usual = question("GET", "", "from=1&projectKey=a&projectKey=b", {}, shown=BOTH)

    assert set(usual.forms()).isdisjoint(question("GET", "", query, {}, shown=BOTH).forms())


def test_headers_are_compared_where_a_recording_shows_them() -> None:
    """Many tools leave out what is secret."""
    sent = {"authorization": "api-x", "ld-api-version": "beta"}

    assert question("GET", "", "", sent, shown=BOTH) != question("GET", "", "", {}, shown=BOTH)
    assert question("GET", "", "", sent, shown=frozenset()) == question("GET", "", "", {}, shown=frozenset())
