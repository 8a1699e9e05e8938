"""Tests of what is answered from a recording, and of what is said where it has no answer."""

import base64
import gzip
from pathlib import Path

import pytest

from tests.acme import PATH
from tests.checker.recorded import DATE, entry
from tests.inprocess import ask
from tests.replay.taped import replay

TWO = "?projectKey=web&projectKey=app&aggregationType=incremental"


def test_an_answer_has_its_status_and_its_bytes(tmp_path: Path) -> None:
    """However its JSON is written."""
    written = '{ "code":"x",\r\n "message" : "größer" }'
    app = replay(tmp_path, entry("?from=1", written, status=418))

    answer = ask(app, "from=1")

    assert (answer.status, answer.body) == (418, written.encode())
    assert answer.header("content-length") == str(len(written.encode()))


def test_headers_that_tell_of_the_connection_stay_behind(tmp_path: Path) -> None:
    """A body is recorded without its encoding; cookies are secret, and a date is that of the answer."""
    headers = {
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "Content-Length": "9",
        "Transfer-Encoding": "chunked",
        "Set-Cookie": "session=1",
        "Strict-Transport-Security": "max-age=1",
        "Date": DATE,
        "Retry-After": "7",
        "X-Ratelimit-Reset": "12",
        "X-Odd": "a\nb",
        "X Odd": "a",
    }
    listed = [{"name": name, "value": text} for name, text in headers.items()]
    app = replay(tmp_path, entry(content="{}", headers=listed))

    assert dict(ask(app).headers) == {
        "content-type": "application/json",
        "retry-after": "7",
        "x-ratelimit-reset": "12",
        "content-length": "2",
    }


@pytest.mark.parametrize("kept", [b"{}", gzip.compress(b"{}", mtime=0)], ids=["plain", "packed"])
def test_a_body_is_sent_without_its_encoding(kept: bytes, tmp_path: Path) -> None:
    """A HAR should hold it decoded, and some tools keep it as it came."""
    packed = [{"name": "Content-Encoding", "value": "gzip"}]
    content = base64.b64encode(kept)
    app = replay(tmp_path, entry(content=content, content_too={"encoding": "base64"}, headers=packed))

    answer = ask(app)

    assert answer.body == b"{}"
    assert answer.header("content-encoding") is None


@pytest.mark.parametrize(
    "query",
    [
        TWO[1:],
        "aggregationType=incremental&projectKey=web&projectKey=app",
        "aggregationType=incremental&projectKey=app&projectKey=web&projectKey=app",
    ],
)
def test_a_question_is_found_however_it_is_written(query: str, tmp_path: Path) -> None:
    """By the order of its parameters, of its keys, and how often each is there."""
    assert ask(replay(tmp_path, entry(TWO, "{}")), query).body == b"{}"


def test_what_is_written_alike_comes_first(tmp_path: Path) -> None:
    """Where a target answers two spellings otherwise, each has its own answer."""
    other = "?projectKey=app&projectKey=web&aggregationType=incremental"
    app = replay(tmp_path, entry(TWO, "1"), entry(other, "2"))

    assert [ask(app, query[1:]).body for query in (TWO, other, TWO)] == [b"1", b"2", b"1"]


def test_answers_come_in_their_order_and_the_last_again(tmp_path: Path) -> None:
    """A 429, then the series."""
    app = replay(tmp_path, entry(content="1", status=429), entry(content="2"))

    assert [ask(app).status for _ in range(3)] == [429, 200, 200]


def test_a_head_is_answered_as_its_get_would_be(tmp_path: Path) -> None:
    """Without the body, and without taking the answer from a GET; what a HEAD got comes first."""
    app = replay(tmp_path, entry(content="12"), entry(content="3"))

    head = ask(app, method="HEAD")

    assert (head.status, head.body, head.header("content-length")) == (200, b"", "2")
    assert ask(app).body == b"12"
    own = [{"name": "Content-Length", "value": "321"}]
    recorded = replay(tmp_path, entry(content="", method="HEAD", headers=own), entry(content="1"))
    assert ask(recorded, method="HEAD").header("content-length") == "321"


def test_an_answer_without_a_body_has_no_length(tmp_path: Path) -> None:
    """As HTTP wants it of 204."""
    app = replay(tmp_path, entry(content="", status=204, method="OPTIONS"))

    answer = ask(app, method="OPTIONS")

    assert (answer.status, answer.header("content-length"), answer.body) == (204, None, b"")


def test_what_was_not_recorded_is_told_with_the_nearest_that_was(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """By what differs; the log says the same."""
    app = replay(
        tmp_path,
        entry("?from=100&aggregationType=rolling_30d&projectKey=web"),
        entry("?from=200&aggregationType=rolling_30d&projectKey=web"),
        entry("?from=300&aggregationType=incremental"),
    )

    answer = ask(app, "from=220&aggregationType=rolling_30d&projectKey=web")

    assert answer.status == 501
    assert answer.json() == {
        "code": "not_recorded",
        "message": "This was not recorded in calls.har. The nearest that was is "
        f"{PATH}?from=200&aggregationType=rolling_30d&projectKey=web: it has from=200, not from=220.",
    }
    assert answer.json()["message"] in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "said"),
    [
        ("POST", PATH, "from=1&sig=abc", {"authorization": "x"}, "it was asked by GET, not 'POST'"),
        ("GET", f"{PATH}/", "from=1", {"authorization": "x"}, f"its path ends in '{PATH}'"),
        ("GET", PATH, "", {"authorization": "x"}, "it has from=1, not none; it has a 'sig'."),
        ("GET", PATH, "from=1&sig=2", {"authorization": "x"}, "it has another 'sig'."),
        ("GET", PATH, "from=1&sig=abc&x=2", {"authorization": "x"}, "it has no 'x'."),
        ("GET", PATH, "from=1&sig=abc&to=%20", {"authorization": "x"}, "it has no to, not to=%20."),
        ("GET", PATH, "from=1&sig=abc", {}, "with a token as Authorization, not no Authorization header."),
        ("GET", "/elsewhere", "", {}, f"has {PATH} alone, and the path is '/elsewhere'."),
    ],
)
def test_each_difference_is_named(  # noqa: PLR0913 -- the parts of a request
    *, method: str, path: str, query: str, headers: dict[str, str], said: str, tmp_path: Path
) -> None:
    """Values of undocumented parameters may be secret, and are not."""
    app = replay(tmp_path, entry("?from=1&sig=abc"))

    answer = ask(app, query, method=method, path=path, headers=tuple(headers.items()))

    assert answer.status == 501
    assert said in answer.json()["message"], answer.json()["message"]
    assert "abc" not in answer.json()["message"]


def test_a_header_that_some_request_shows_is_compared(tmp_path: Path) -> None:
    """The beta header here; where no request has it, a tool may have left it out."""
    with_beta = [{"name": "LD-API-Version", "value": "beta"}]
    app = replay(tmp_path, entry(asked_with=with_beta), entry("?from=1", asked_with=[]))

    assert ask(app, headers=(("ld-api-version", "beta"),)).status == 200
    assert ask(app, "from=1", headers=()).status == 200
    assert "sent with LD-API-Version: beta, not no LD-API-Version" in ask(app, headers=()).json()["message"]


def test_a_token_that_was_put_into_a_query_is_not_told(tmp_path: Path) -> None:
    """Neither one that was recorded there, nor one that is asked with."""
    recorded, sent = (f"api-{number * 8}-1111-4111-8111-111111111111" for number in "12")
    app = replay(tmp_path, entry(f"?projectKey={recorded}"))

    message = ask(app, f"projectKey={sent}").json()["message"]

    assert recorded not in message
    assert sent not in message
    assert "it has projectKey=api-***, not projectKey=api-***." in message
