"""Tests of `usagetwin_checker.reporting.curl`: commands that ask the same again, pasted into a real shell."""

import json
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.raw_server import answer, answering, saying
from tests.checker.scripted import exchange, series
from tests.served import WITHIN_S
from usagetwin.contract.operation import PATH
from usagetwin_checker.exchanges import Ask, Credential, Exchange
from usagetwin_checker.findings import Finding, Value
from usagetwin_checker.knowing.reading import STANDARD
from usagetwin_checker.reporting.curl import command, curl, filter_for
from usagetwin_checker.talking.targets import headers_for
from usagetwin_checker.talking.tokens import ANY_TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE: Final = "http://127.0.0.1:8080"
BASH: Final = shutil.which("bash")
CURL: Final = shutil.which("curl")
JQ: Final = shutil.which("jq")
SECRET: Final = "api-11111111-2222-4333-8444-555555555555"
ODD: Final = (
    "it's",
    'say "no"',
    "$HOME",
    "`id`",
    "$(id)",
    "back\\slash",
    "two\nlines",
    "wow!!",
    "!$",
    "-rf",
    "--output=x",
    "naïve 名前 🎉",
    "a&b=c#d?e",
    "{1..3}[a-c]*~",
    "100%25",
    "\t tab",
)

needs_shell = pytest.mark.skipif(not (BASH and CURL), reason="bash and curl are not both installed")


def pasted(
    text: str, *, environment: "Mapping[str, str] | None" = None
) -> "subprocess.CompletedProcess[str]":
    """Paste a line into a shell that a person sits at: one with history, aliases and all expansions."""
    return subprocess.run(
        [str(BASH), "--norc", "--noprofile", "-i"],
        input=f"{text}\n",
        env={"PATH": "/usr/bin:/bin", "HOME": "/nowhere", **(environment or {})},
        capture_output=True,
        check=False,
        text=True,
        timeout=WITHIN_S,
    )


def heads_of(ask: Ask, token: str | None, **environment: str) -> "dict[str, str]":
    """Give the request line and the headers that a pasted command sends."""
    with answering(saying(answer(b"{}"))) as server:
        pasted(curl(ask, server.url, token), environment=environment)
    line, *headers = server.heads[0].decode().split("\r\n\r\n")[0].split("\r\n")
    named = {name.lower(): value for name, _, value in (header.partition(": ") for header in headers)}
    return {"": line, **named}


@needs_shell
@pytest.mark.parametrize("key", ODD)
def test_a_pasted_command_sends_the_key_that_was_sent(key: str) -> None:
    """Whatever it holds, the shell takes it for a part of the URL and for nothing to run."""
    ask = Ask((("projectKey", key), (key, "1")))

    sent = heads_of(ask, ANY_TOKEN)

    assert sent[""] == f"GET {ask.target} HTTP/1.1"
    assert sent["authorization"] == ANY_TOKEN


@needs_shell
@pytest.mark.parametrize(
    "ask",
    [
        Ask((("from", "1"),)),
        Ask(method="POST"),
        Ask(method="HEAD"),
        Ask(body="it's $HOME !! @x"),
        Ask(suffix="/"),
        Ask(beta=False),
        Ask(origin="https://app.example"),
        Ask(credential=Credential.NONE),
        Ask(credential=Credential.BLANK),
        Ask(credential=Credential.BEARER),
    ],
    ids=str,
)
def test_a_pasted_command_sends_what_the_checker_sent(ask: Ask) -> None:
    """Method, target, credential, beta header and the length of the body are the same."""
    sent = heads_of(ask, ANY_TOKEN)
    wanted = {name.lower(): value for name, value in headers_for(ask, ANY_TOKEN).items()}

    assert sent[""] == f"{ask.method} {ask.target} HTTP/1.1"
    for name in ("authorization", "ld-api-version", "origin", "content-type", "content-length"):
        assert sent.get(name, sent.get(f"{name}:", "")) == wanted.get(name, "")


@needs_shell
def test_a_token_of_the_user_s_comes_from_the_environment() -> None:
    """It is written nowhere, and sent as it is."""
    written = curl(Ask(), BASE, None)

    assert '"Authorization: ${USAGETWIN_TOKEN:?set it to your access token}"' in written
    assert heads_of(Ask(), None, USAGETWIN_TOKEN=SECRET)["authorization"] == SECRET


@needs_shell
def test_without_a_token_the_shell_says_what_to_do() -> None:
    """Nothing is sent with an empty token, which would be answered with a puzzling 401."""
    run = pasted(curl(Ask(), "http://127.0.0.1:9", None))

    assert "USAGETWIN_TOKEN: set it to your access token" in run.stderr


@needs_shell
def test_a_token_of_another_role_is_asked_for_by_its_role() -> None:
    """It is one of the account's, and is written nowhere either."""
    sent = heads_of(Ask(role="revoked"), ANY_TOKEN, USAGETWIN_REVOKED_TOKEN=SECRET)

    assert sent["authorization"] == SECRET


def test_a_url_with_brackets_is_no_pattern_of_curl_s() -> None:
    """Curl would take them for a range of URLs."""
    assert curl(Ask(), "http://[::1]:8080/a[1-2]", ANY_TOKEN).startswith("curl -s -g ")


DAYS: Final = (20512, 20513, 20514, 20515, 20516)  # 2026-02-28 and the days after it
POINTS: Final = tuple((day * 86_400_000, day - 20_000) for day in DAYS)
SERIES: Final = series(*POINTS, ask=Ask((("aggregationType", "incremental"),)))
TWO: Final = tuple(Value(1, "incremental", day, frozenset(), day - 20_000) for day in (20513, 20515))
FOUND: Final = Finding("incremental-counts", "it is", (SERIES,), days=(20513, 20515))


def test_the_points_that_matter_are_shown() -> None:
    """Those of the finding's buckets; where it names none, those of its days; many as a range."""
    two = replace(FOUND, shown=TWO)
    many = replace(FOUND, days=(DAYS[0], DAYS[-1]))

    assert filter_for(SERIES, two, STANDARD) == (
        ".series[] | select(.time == 1772323200000 or .time == 1772496000000)"
    )
    assert filter_for(SERIES, many, STANDARD) == (
        ".series[] | select(.time >= 1772236800000 and .time <= 1772582400000)"
    )


def test_where_a_bucket_is_missing_all_labels_are_shown() -> None:
    """What is not there can't be selected."""
    assert filter_for(SERIES, replace(FOUND, days=(20519, 20519)), STANDARD) == "[.series[].time]"


def test_of_a_wrong_answer_the_first_points_are_enough() -> None:
    """A finding about the answer shows the whole of it, but for a long series."""
    about_all = replace(FOUND, days=None)

    assert filter_for(SERIES, about_all, STANDARD) == ".series |= .[:2]"
    assert filter_for(series(POINTS[0]), about_all, STANDARD) == "."


@pytest.mark.parametrize(
    "shown",
    [
        exchange(404, b'{"code": "not_found", "message": "no"}'),
        exchange(200, b"<html>"),
        exchange(200, b'{"series": [1]}'),
        replace(SERIES, ask=Ask(method="HEAD")),
    ],
    ids=["404", "HTML", "no series", "HEAD"],
)
def test_what_is_no_series_is_shown_with_its_head(shown: Exchange) -> None:
    """Status, headers and body say it; jq would stumble over them."""
    written = command(shown, BASE, ANY_TOKEN, FOUND, STANDARD)

    assert "jq" not in written
    assert " -i " in written or " -I " in written


@pytest.mark.skipif(JQ is None, reason="jq is not installed")
@needs_shell
def test_jq_gives_the_points() -> None:
    """The whole line, as it is printed, run against a server: two points and nothing else."""
    finding = replace(FOUND, shown=TWO)
    with answering(saying(answer(SERIES.body))) as server:
        run = pasted(command(SERIES, server.url, ANY_TOKEN, finding, STANDARD))

    assert [json.loads(line) for line in run.stdout.splitlines()] == [
        {"time": time, "0": value} for time, value in (POINTS[1], POINTS[3])
    ]
    assert PATH in server.heads[0].decode()
