"""The log as JSON: what its objects have, and what they never have."""

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.acme import FULL, PATH
from usagetwin.accesses import objects as module
from usagetwin.accesses.objects import ErrorObjects, Objects, identity_of, missing

if TYPE_CHECKING:
    from usagetwin.accesses.access import Identity

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01".encode()


def written(
    query: bytes = b"", *, path: str = PATH, rule: str | None = None, identity: "Identity | None" = None
) -> dict[str, Any]:
    """Give the object of one request, read again."""
    line = Objects()((1_740_787_200.0625, 0.0012346, 200, ("GET", "http", None, path, query, rule), identity))
    assert "\n" not in line
    assert line.isascii()
    read: dict[str, Any] = json.loads(line)
    return read


def test_an_object_has_what_a_line_of_text_has() -> None:
    """And the request's id, with its trace and play where there are such."""
    assert written(
        b"to=2&from=1&projectKey=a%20b&projectKey=%C3%BC", rule="r", identity=("id", TRACE, 3)
    ) == {
        "time": "2025-03-01T00:00:00.062Z",
        "event": "request",
        "status": 200,
        "duration_ms": 1.235,
        "method": "GET",
        "path": PATH,
        "parameters": {"to": ["2"], "from": ["1"], "projectKey": ["a b", "ü"]},
        "rule": "r",
        "request_id": "id",
        "trace_id": TRACE,
        "play": 3,
    }


def test_what_there_is_not_is_left_out() -> None:
    """But for the parameters and the rule, which programs look for."""
    said = written(identity=("id", None, None))

    assert (said["parameters"], said["rule"]) == ({}, None)
    assert not said.keys() & {"undocumented", "meant", "trace_id", "play"}


def test_undocumented_parameters_are_counted_and_misspelled_ones_told() -> None:
    """Never with their values."""
    said = written(b"project_key=hunter2&x=hunter2&from=5")

    assert (said["undocumented"], said["meant"]) == (2, {"project_key": "projectKey"})
    assert "hunter2" not in json.dumps(said)


def test_credentials_are_masked_wherever_they_stand() -> None:
    """In a value, in the path, in the name of a parameter, and in an id."""
    said = written(
        f"projectKey={FULL}&Granularity-{FULL}=1".encode(),
        path=f"/api/{FULL}",
        identity=identity_of([(b"x-request-id", FULL.encode())], None),
    )

    assert FULL[4:] not in json.dumps(said)
    assert said["request_id"] == "api-***"


def test_the_words_of_one_question_are_not_anothers() -> None:
    """They are made once, for each rule; and forgotten beyond a number."""
    objects = Objects()

    lines = [
        objects((0.0, 0.0, 200, ("GET", "http", None, PATH, b"from=5", rule), None))
        for rule in ("a", "b", "a")
    ]

    assert [json.loads(line)["rule"] for line in lines] == ["a", "b", "a"]


def test_questions_beyond_a_number_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """And long ones at once: what clients ask must not fill the memory."""
    monkeypatch.setattr(module, "MOST_KNOWN", 3)
    objects = Objects()

    for number in range(10):
        for query in (b"from=%d" % number, b"from=%d&to=%s" % (number, b"9" * 1024)):
            objects((0.0, 0.0, 200, ("GET", "http", None, PATH, query, None), None))

    assert len(objects._known) <= 3  # noqa: SLF001 -- nothing outside shows what is kept


@given(st.text(), st.binary(max_size=300))
def test_any_request_has_one_line_of_json(path: str, query: bytes) -> None:
    """Whatever bytes it has."""
    written(query, path=path.encode("utf-8", "replace").decode())


@pytest.mark.parametrize(
    ("headers", "request_id", "trace"),
    [
        ([(b"x-request-id", b"Aa0._-")], "Aa0._-", None),
        ([(b"x-request-id", b"one"), (b"x-request-id", b"two")], "one", None),
        ([(b"traceparent", PARENT)], TRACE, TRACE),
        ([(b"x-request-id", b"one"), (b"traceparent", PARENT)], "one", TRACE),
        ([(b"x-request-id", b'"},{'), (b"traceparent", PARENT)], TRACE, TRACE),
    ],
)
def test_the_id_is_the_clients_if_it_is_well_formed(
    headers: list[tuple[bytes, bytes]], request_id: str, trace: str | None
) -> None:
    """Else its trace's."""
    assert identity_of(headers, 7) == (request_id, trace, 7)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"x-request-id", b"")],
        [(b"x-request-id", b"a b")],
        [(b"x-request-id", b"x" * 65)],
        [(b"x-request-id", b"hunter2"), (b"authorization", b"hunter2")],
        [(b"traceparent", PARENT.upper())],
        [(b"traceparent", b"01" + PARENT[2:])],
    ],
)
def test_else_it_is_the_twins_own(headers: list[tuple[bytes, bytes]]) -> None:
    """A new one for each request; the credential itself is no id."""
    first, second = identity_of(headers, None), identity_of(headers, None)

    assert len(first[0]) == 32
    assert first[0] != second[0]
    assert first[1:] == (None, None)


def test_an_error_is_an_object_with_its_traceback() -> None:
    """Without a credential that happens to be in it."""
    failure = (ValueError, ValueError(FULL), None)
    record = logging.LogRecord("usagetwin.error", 40, __file__, 1, "request %s failed", ("5",), failure)

    said = json.loads(ErrorObjects().format(record))

    assert (said["event"], said["level"], said["logger"]) == ("error", "ERROR", "usagetwin.error")
    assert said["message"] == "request 5 failed"
    assert said["exception"].endswith("ValueError: api-***")


def test_missing_lines_are_an_object_too() -> None:
    """A program that reads the log reads nothing else."""
    said = json.loads(missing(5))

    assert (said["event"], said["lines"]) == ("lines-missing", 5)
