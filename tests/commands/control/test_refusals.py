"""What can't be done ends with status 2 and a sentence with its remedy, and never shows a token."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.commands.control.told import Ended, Told, play_of, told
from tests.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "let-me-in"


def sentence(ended: Ended) -> tuple[str, str]:
    """Give what is wrong and what would be right."""
    assert (ended.status, ended.output) == (2, ""), ended
    problem, _, remedy = ended.errors.removeprefix("usagetwin: ").partition("\n  try   ")
    assert remedy
    assert "\n" not in problem
    return problem, remedy.rstrip("\n")


@pytest.fixture
def unused() -> int:
    """Give a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Foreign(BaseHTTPRequestHandler):
    """A server that is no twin; the path of its base URL says how it answers."""

    def do_GET(self) -> None:
        """Answer with a page, or with JSON."""
        body = b'{"hello": "world"}' if self.path.startswith("/json") else b"<html>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
        """Say nothing."""


@pytest.fixture(scope="module")
def foreign() -> "Iterator[str]":
    """Serve something else."""
    with HTTPServer(("127.0.0.1", 0), Foreign) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_nobody_listens(unused: int) -> None:
    """The command that starts a twin is named."""
    problem, remedy = sentence(told("plays", "--url", f"http://127.0.0.1:{unused}/"))

    assert problem == f"nothing listens at http://127.0.0.1:{unused}"
    assert "usagetwin serve" in remedy


@pytest.mark.parametrize(
    ("path", "said"), [("", "answers 200, but is no usagetwin"), ("/json", "answers as no twin")]
)
def test_something_else_answers(foreign: str, path: str, said: str) -> None:
    """Whatever it answers with."""
    problem, _ = sentence(told("plays", "--url", foreign + path))

    assert said in problem


def test_a_name_that_no_host_has() -> None:
    """It ends in a name that is never given to one."""
    problem, _ = sentence(told("plays", "--url", "http://twin.invalid"))

    assert problem == "no host is known as 'twin.invalid'"


def test_plain_http_behind_https(url: str) -> None:
    """The scheme is to blame."""
    problem, remedy = sentence(told("plays", "--url", url.replace("http:", "https:")))

    assert "TLS" in problem
    assert "http://" in remedy


def test_a_twin_without_a_control_api() -> None:
    """Served so, or of an older release."""
    with served("--quiet", "--no-control") as twin:
        problem, remedy = sentence(told("freeze", "2026-03-17", "--url", twin.url))

    assert problem == f"the twin at {twin.url} has no control API"
    assert "--no-control" in remedy


def test_a_twin_with_several_workers() -> None:
    """It says so itself."""
    with served("--quiet", "--workers", "2") as twin:
        problem, remedy = sentence(told("plays", "--url", twin.url))

    assert "several workers" in problem
    assert remedy.startswith("usagetwin serve --workers 1, or --store redis://")


def test_the_control_token_is_sent_and_asked_for() -> None:
    """By its variable or option; a wrong one is not shown."""
    with served("--quiet", environment={"USAGETWIN_CONTROL_TOKEN": TOKEN}) as twin:
        missing = told("plays", "--url", twin.url)
        wrong = told("plays", "--url", twin.url, "--token", "open-sesame")
        by_variable = told("plays", "--url", twin.url, environment={"USAGETWIN_CONTROL_TOKEN": TOKEN})
        by_option = told("--token", TOKEN, "plays", "--url", twin.url)

    for ended in (missing, wrong):
        problem, remedy = sentence(ended)
        assert "control token" in problem
        assert remedy.startswith("--token or USAGETWIN_CONTROL_TOKEN")
        assert "sesame" not in ended.errors
    assert (by_variable.status, by_option.status) == (0, 0)


@pytest.mark.parametrize("token", ["two\nlines-of-it", "a secret", "geheimnisß", ""])
def test_a_token_that_no_header_can_have_is_not_shown(url: str, token: str) -> None:
    """It is said of where it came from."""
    ended = told("plays", "--url", url, "--token", token)

    problem, _ = sentence(ended)
    assert problem == "--token: a control token is printable ASCII without spaces"


@pytest.mark.parametrize(
    "given", ["http://me:hunter2@127.0.0.1:1", "http://[::1", "ftp://x", "here", "http://:1"]
)
def test_a_url_that_is_none(given: str) -> None:
    """With its variable, and without a password."""
    ended = told("plays", environment={"USAGETWIN_URL": given})

    problem, _ = sentence(ended)
    assert problem.startswith("USAGETWIN_URL: ")
    assert "hunter2" not in ended.errors


@pytest.mark.parametrize(
    ("arguments", "wrong", "right"),
    [
        (("world", "outag"), "no world named 'outag'", "outage"),
        (("policy", "quot=5"), "no policy 'quot'", "quota"),
        (("policy", "quota=many"), "quota", "number"),
        (("policy", "quota"), "'quota' is no NAME=VALUE", "quota=5"),
        (("policy", "--profile", "observe"), "observe", "observed"),
        (("fault", "rezet"), "no fault 'rezet'", "reset"),
        (("fault", "delay", "secs=2"), "takes no 'secs'", "seconds"),
        (("fault", "delay", "seconds=long"), "seconds='long'", "a number of seconds"),
        (("fault", "reset", "--times", "0"), "times=0", "at least 1"),
        (("fault", "reset", "--when", "projectkey=x"), "no parameter 'projectkey'", "projectKey"),
        (("freeze", "yesterday"), "yesterday", "2026"),
        (("fault", "delay", "times=3"), "'times' is an option", "--times"),
        (("no-faults", "7"), "there is no fault 7 in this play", "usagetwin control fault NAME"),
        (("advance", "--days", "-1"), "by -86400 seconds; it goes forward", "usagetwin control freeze"),
        (("advance",), "how far", "--days 1"),
        (("expected", "granularity=hourly"), "granularity", "daily"),
        (("expected", "von=1"), "von", ""),
        (("record", "off"), "records all its requests", "journal --clear"),
    ],
)
def test_a_wrong_name_or_value(play: Told, arguments: tuple[str, ...], wrong: str, right: str) -> None:
    """In the API's own words, with the nearest name."""
    problem, remedy = sentence(Ended(2, "", play.refused(*arguments)))

    assert wrong in problem
    assert right in remedy


def test_a_token_of_the_default_play_is_named(url: str) -> None:
    """It has none of its own."""
    problem, remedy = sentence(told("role", "revoked", "--url", url))

    assert problem == "the default play has no token of its own"
    assert remedy.startswith("usagetwin control role ROLE TOKEN")


def test_a_url_with_the_endpoint_s_path_is_told_without_it(url: str) -> None:
    """Who pastes the URL of a request gets the base URL."""
    problem, remedy = sentence(told("plays", "--url", f"{url}/api/v2/usage/observability/sessions"))

    assert problem.endswith("answers 404, but is no usagetwin")
    assert remedy == f"{url}, without /api/v2/usage/observability/sessions"


def test_a_play_that_is_not_there(url: str) -> None:
    """By its number, by its name, and from the variable."""
    play_of(url, "--name", "nightly")

    for meant in ("99999", "nightli"):
        problem, remedy = sentence(
            told("faults", environment={"USAGETWIN_URL": url, "USAGETWIN_PLAY": meant})
        )
        assert problem.startswith("USAGETWIN_PLAY: ")
        assert ("usagetwin control plays" in remedy) or remedy.startswith("nightly")


def test_a_name_that_two_plays_have(url: str) -> None:
    """Their numbers are told."""
    numbers = [play_of(url, "--name", "twice").number for _ in range(2)]

    problem, remedy = sentence(told("end", "twice", "--url", url))

    assert problem == "2 plays are named 'twice'"
    assert remedy == f"a number, one of {', '.join(numbers)}"


def test_the_default_play_does_not_end(url: str) -> None:
    """The command that lets it begin again is named."""
    problem, remedy = sentence(told("end", "default", "--url", url))

    assert "does not end" in problem
    assert "usagetwin control reset" in remedy


def test_proxies_of_the_environment_are_not_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A twin is asked directly."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert told("plays", "--url", url).status == 0
