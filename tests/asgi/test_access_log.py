"""The access log: one line for each request, with its parameters, and never a credential."""

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.acme import FULL, PATH
from tests.asgi.counting import Counting
from tests.inprocess import ask
from usagetwin.asgi.access_log import AccessLog

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tests.conftest import MakeApp


@pytest.fixture(autouse=True)
def _at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "usagetwin.access")


def test_a_line_has_instant_status_duration_method_and_url(caplog: pytest.LogCaptureFixture) -> None:
    """In that order; the parameters in the order that they came."""
    ask(AccessLog(Counting(404)), "to=2&from=1&projectKey=a&projectKey=b&granularity=daily")

    (line,) = caplog.messages
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 404 \d+\.\dms "
        rf"GET http://127\.0\.0\.1:8080{PATH}\?to=2&from=1&projectKey=a&projectKey=b&granularity=daily",
        line,
    )


@pytest.mark.parametrize(
    ("query", "end"),
    [
        ("", PATH),
        ("access_token=hunter2&x=y&from=5", "?from=5  (+2 undocumented)"),
        ("from=", "from="),
        ("from=1%0a2026-01-01T00:00:00Z 200", "from=1%0A2026-01-01T00%3A00%3A00Z%20200"),
        ("projectKey=%ff%00", "projectKey=%EF%BF%BD%00"),
        (f"projectKey={FULL}", "projectKey=api-***"),
        (f"from=x{FULL[4:]}&projectKey=sdk-0123456789abcdef", "projectKey=sdk-***"),
        ("&".join(["projectKey=a"] * 25), "projectKey=a  (+5 more)"),
        (f"to={'9' * 5000}", f"to={'9' * 200}..."),
    ],
)
def test_a_parameter_is_one_word_whatever_it_holds(
    caplog: pytest.LogCaptureFixture, query: str, end: str
) -> None:
    """Undocumented ones are counted, not shown; credentials are masked; no line breaks or floods."""
    ask(AccessLog(Counting()), query.replace(" ", "%20"))

    (line,) = caplog.messages
    assert line.endswith(end)
    assert "\n" not in line
    assert len(line) < 1000


def test_the_url_of_a_line_can_be_pasted(make_app: "MakeApp", caplog: pytest.LogCaptureFixture) -> None:
    """It asks the same again, whatever the keys hold, in a shell's single quotes too."""
    keys = ["a b", "a&b", "ü", "'", "100%", "a+b", "#"]

    ask(make_app(access_log=True), urlencode({"from": 5, "projectKey": keys}, doseq=True))

    (url,) = re.findall(r"http://\S+", caplog.text)
    assert parse_qs(urlsplit(url).query) == {"from": ["5"], "projectKey": keys}
    assert "'" not in url


def test_an_ipv6_address_is_in_brackets(caplog: pytest.LogCaptureFixture) -> None:
    """Else its colons would be the port's."""
    ask(lambda scope, receive, send: AccessLog(Counting())({**scope, "server": ("::1", 80)}, receive, send))

    assert f" GET http://[::1]:80{PATH}" in caplog.text


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("from=soon", "from-is-unix-seconds"),
        ("granularity=weekly", "granularity-is-documented"),
        ("projectKey=nowhere", "unknown-project-not-found"),
    ],
)
def test_a_refusal_is_logged_with_its_rule(
    make_app: "MakeApp", caplog: pytest.LogCaptureFixture, query: str, rule: str
) -> None:
    """`usagetwin explain` takes it."""
    ask(make_app(access_log=True), query)

    assert caplog.messages[0].endswith(f"?{query}  rule {rule}")


def test_a_refused_credential_is_logged_with_its_rule(
    make_app: "MakeApp", caplog: pytest.LogCaptureFixture
) -> None:
    """Not only what the query breaks."""
    ask(make_app(access_log=True), headers=())

    assert caplog.messages[0].endswith("  rule credential-required")


@pytest.mark.parametrize(
    ("query", "end"),
    [
        ("projectkey=web", "warning: projectkey is ignored, send projectKey, once for each project"),
        ("project-key=web", "warning: project-key is ignored, send projectKey, once for each project"),
        ("projectKey[]=web", "warning: projectKey[] is ignored, send projectKey, once for each project"),
        ("aggregation_type=incremental", "warning: aggregation_type is ignored, send aggregationType"),
        ("Granularity=daily", "warning: Granularity is ignored, send granularity"),
        ("until=5&until=6", "(+2 undocumented)  warning: until is ignored, send to"),
        ("cursor=5", "(+1 undocumented)"),
        (f"{'from' * 20}=5", "(+1 undocumented)"),
    ],
)
def test_an_ignored_parameter_is_warned_of_by_the_name_that_was_meant(
    make_app: "MakeApp", caplog: pytest.LogCaptureFixture, query: str, end: str
) -> None:
    """The answer is as without it, so nothing else would tell; its value stays out of the log."""
    ask(make_app(access_log=True), query)

    assert caplog.messages[0].endswith(end)
    assert " 200 " in caplog.messages[0]


def test_a_credential_in_the_path_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    """A client that mixes up its arguments must not leave one in a file."""
    ask(AccessLog(Counting(404)), path=f"/api/{FULL}")

    assert FULL not in caplog.text
    assert "/api/api-***" in caplog.text


@pytest.mark.parametrize("credential", [FULL, f"Bearer {FULL}", "hunter2-hunter2"])
def test_a_header_never_reaches_the_log(
    make_app: "MakeApp", caplog: pytest.LogCaptureFixture, credential: str
) -> None:
    """Whatever the answer is."""
    caplog.set_level(logging.DEBUG)

    ask(make_app(access_log=True), headers=(("authorization", credential), ("cookie", "hunter2")))

    assert len([record for record in caplog.records if record.name == "usagetwin.access"]) == 1
    assert FULL not in caplog.text
    assert "hunter2" not in caplog.text


def test_a_reply_from_the_cache_is_logged_too(make_app: "MakeApp", caplog: pytest.LogCaptureFixture) -> None:
    """Each request has its line."""
    app = make_app(access_log=True)

    for _ in range(3):
        ask(app)

    assert len(caplog.messages) == 3
    assert all(" 200 " in line for line in caplog.messages)


def test_a_request_whose_part_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The failure passes on, and the line is there."""

    async def fails(_scope: "Scope", _receive: "Receive", _send: "Send") -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        ask(AccessLog(fails))

    assert len(caplog.messages) == 1


def test_what_is_not_http_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A lifespan message is no request."""
    ask(lambda scope, receive, send: AccessLog(Counting())({**scope, "type": "lifespan"}, receive, send))

    assert caplog.messages == []
