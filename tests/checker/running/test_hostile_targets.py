"""Hostile targets: a finding, or *inconclusive* with the reason, in bounded time and memory."""

import gzip
import json
import random
import resource
import time
import zlib
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import MAR_1, MAR_2, MAR_3
from tests.checker.hostile import (
    CHUNKED,
    FAIL,
    FAR,
    GOOD,
    GZIP,
    HEAD,
    INCONCLUSIVE,
    MEBIBYTE,
    OTHERS,
    STATUSES,
    body,
    chaotic_body,
    dripping,
    endless,
    linked,
)
from tests.checker.raw_server import answer, answering, saying
from tests.sampling import sampled
from usagetwin.errors import LONGEST_TEXT
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.findings import Ended
from usagetwin_checker.reporting.json_report import as_json
from usagetwin_checker.running import sending
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options, Report
from usagetwin_checker.talking.room import FEWEST_BYTES
from usagetwin_checker.talking.targets import UrlTarget

if TYPE_CHECKING:
    import socket

    from tests.checker.raw_server import Respond

pytestmark = pytest.mark.no_cover  # whole checks: traced, they take twice as long
TIMEOUT_S: Final = 0.3
BUDGET: Final = 12
THROTTLED: Final = b'{"code": "rate_limited", "message": "slow down"}'
TOKEN: Final = "api-22222222-2222-4222-8222-2222222255ec"


def checked(respond: "Respond", *, timeout_s: float = TIMEOUT_S, budget: int = BUDGET) -> Report:
    """Check a server that answers so."""
    with answering(respond) as server:
        return checked_at(server.url, timeout_s=timeout_s, budget=budget)


def checked_at(url: str, *, timeout_s: float = TIMEOUT_S, budget: int = BUDGET) -> Report:
    """Check whatever is at a URL."""
    target = UrlTarget(url, timeout_s=timeout_s)
    try:
        return Campaign(target, Options(budget=budget), lambda _sent, _of: None).run()
    finally:
        target.close()


def said(report: Report) -> str:
    """Give all that a report says in words, and hold each text to what a terminal can show."""
    texts = [*report.reasons, *(f"{finding.rule_id}: {finding.message}" for finding in report.findings)]
    assert all(text.isprintable() for text in texts), texts
    assert all(len(text) < LONGEST_TEXT + 200 for text in texts)
    json.loads(as_json(report).encode())
    return "\n".join(texts)


@pytest.mark.parametrize("name", INCONCLUSIVE)
def test_a_target_without_a_whole_answer_is_inconclusive(name: str) -> None:
    """Where no answer arrives whole, nothing is known of the contract, and the reason says what happened."""
    respond, reason = INCONCLUSIVE[name]
    started = time.monotonic()

    report = checked(respond)

    assert report.verdict == "inconclusive", said(report)
    assert reason in said(report)
    assert "requests got no whole answer" in said(report)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("name", OTHERS)
def test_what_may_be_no_api_at_all_fails_by_nothing(name: str) -> None:
    """No answer was a series: who seems to have answered is said, and no rule is called broken."""
    respond, who = OTHERS[name]

    report = checked(respond)

    assert report.verdict == "inconclusive"
    assert report.findings == ()
    assert report.judgement.tested == {}
    assert who in said(report)


@pytest.mark.parametrize("name", FAIL)
def test_a_target_with_a_wrong_answer_fails(name: str) -> None:
    """A whole answer that the contract does not have is a finding of the rule that it breaks."""
    respond, message = FAIL[name]

    report = checked(respond)

    assert report.verdict == "fail", said(report)
    assert message in said(report)


def test_a_target_that_refuses_connections_is_inconclusive(unused_port: int) -> None:
    """Nothing listens: the reason says so, and the run ends after the probes."""
    report = checked_at(f"http://127.0.0.1:{unused_port}")

    assert report.verdict == "inconclusive"
    assert "4 of 4 requests got no whole answer: nothing listens there" in said(report)


def test_a_target_that_dies_during_the_run_is_left_after_five_failures() -> None:
    """Two probes are answered and nothing after them: the run ends early, and keeps what it has."""
    daily = body((MAR_1 * 1000, 31), (MAR_2 * 1000, 42), (MAR_3 * 1000, 27))
    answers = iter([answer(linked(GOOD, "")), answer(linked(daily, FAR))])

    report = checked(lambda link, _head: link.sendall(next(answers, b"")), budget=200)

    assert report.verdict == "inconclusive"
    assert report.requests == 7
    assert "5 of 7 requests got no whole answer" in said(report)


@pytest.mark.parametrize(
    "label",
    [0, 10**12, 10**15, 10**18, 10**30, 1e300, 253402300800000, MAR_3, MAR_3 * 1000 + 43_200_000],
    ids=str,
)
def test_any_label_can_be_judged(label: float) -> None:
    """Labels out of the calendar, in other units or within the day end in a verdict that is no pass."""
    report = checked(saying(answer(body((label, 1)))), timeout_s=5, budget=150)

    assert report.verdict in ("fail", "inconclusive"), said(report)


@pytest.mark.parametrize("label", [10**15, 10**30], ids=str)
def test_labels_that_name_no_instant_leave_the_current_time_unknown(label: int) -> None:
    """A label whose day `from` and `to` could not write teaches no current time."""
    report = checked(saying(answer(body((label, 1)))), timeout_s=5)

    assert report.knowledge.now is None
    assert report.requests == BUDGET


def test_one_answer_to_everything_fails() -> None:
    """A target that gives the same series to every request, invalid ones included: one finding says so."""
    report = checked(saying(answer(GOOD)), timeout_s=5, budget=200)

    first = report.findings[0]
    assert report.verdict == "fail"
    assert first.message.startswith("a request is answered with 200: ")
    assert {"granularity-is-documented", "window-not-inverted"} <= set(first.also)
    assert first.rule_id == "no-answer-without-credential"


def test_a_target_that_is_always_throttled_is_inconclusive() -> None:
    """A 429 that asks for no wait at all is asked again a bounded number of times."""
    waits: list[float] = []

    with answering(saying(answer(THROTTLED, "429 Slow", b"Retry-After: 0\r\n"))) as server:
        target = UrlTarget(server.url, timeout_s=5)
        campaign = Campaign(target, Options(), lambda _sent, _of: None, sleep=waits.append)
        report = campaign.run()
        target.close()

    assert report.verdict == "inconclusive", said(report)
    assert "429 for longer than the checker waits" in said(report)
    assert sum(waits) <= 120
    assert len(waits) < 20


def test_a_target_that_hangs_is_left_once_the_time_of_the_run_is_over() -> None:
    """The request that was under way then was the last one."""
    with answering(dripping(b"", b"")) as server:
        target = UrlTarget(server.url, timeout_s=1.1)
        report = Campaign(target, Options(max_time_s=0.5), lambda _sent, _of: None).run()
        target.close()

    assert len(server.heads) == report.requests == 1
    assert report.ended is Ended.TARGET
    assert said(report) == "1 of 1 request got no whole answer: no whole answer within 1.1 s"


def test_an_endless_body_costs_bounded_memory() -> None:
    """A body that never ends is left at its bound, whatever comes after."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    report = checked(endless(HEAD + b"\r\n", b" " * MEBIBYTE), timeout_s=10)

    assert "no end within 4210176 bytes" in said(report)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib * 1024 < 40 * FEWEST_BYTES


@pytest.mark.parametrize("seed", sampled(range(4), [0, 3]))
def test_a_chaotic_target_gets_a_verdict(seed: int) -> None:
    """Answers of every kind, mixed by chance: the whole run ends with findings that can be shown."""
    chance = random.Random(seed)  # noqa: S311 -- no secret
    quick = [*FAIL.values(), INCONCLUSIVE["resets"], INCONCLUSIVE["closes half-way"]]

    def respond(link: "socket.socket", head: bytes) -> None:
        if chance.random() < 0.2:
            chance.choice(quick)[0](link, head)
        elif chance.random() < 0.2:
            link.sendall(answer(b'{"code": "\\u001b", "message": "\\ud800"}', chance.choice(STATUSES)))
        else:
            link.sendall(answer(chaotic_body(chance)))

    report = checked(respond, timeout_s=5, budget=60)

    assert report.verdict == "fail"
    assert said(report)


def test_a_token_that_the_target_repeats_is_in_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that quotes the credential in bodies and headers does not bring it into the report."""
    monkeypatch.setenv("USAGETWIN_TOKEN", TOKEN)
    echo = json.dumps({"code": TOKEN, "message": f"no such token: {TOKEN}"}).encode()

    def respond(link: "socket.socket", head: bytes) -> None:
        if b"?" in head.partition(b"\r\n")[0]:
            link.sendall(answer(echo, "400 No", f"Content-Type: {TOKEN}\r\n".encode()))
        else:
            link.sendall(answer(linked(GOOD, "")))

    with answering(respond) as server:
        report = checked_at(server.url, timeout_s=5)

    assert report.verdict == "fail"
    assert TOKEN.encode() in server.heads[0]
    assert TOKEN not in as_json(report)
    assert "[token]" in as_json(report)
    assert "${USAGETWIN_TOKEN:?" in as_json(report)


@pytest.mark.parametrize(
    "raw",
    [
        answer(GOOD),
        answer(gzip.compress(GOOD), headers=GZIP),
        answer(zlib.compress(GOOD), headers=b"Content-Encoding: deflate\r\n"),
        b"HTTP/1.1 100 Continue\r\n\r\n" + answer(GOOD),
        HEAD + b"\r\n" + GOOD,
        CHUNKED + b"%x;odd=1\r\n" % len(GOOD) + GOOD + b"\r\n0\r\nX-Trailer: 1\r\n\r\n",
        answer(GOOD, headers=b"".join(b"X-%d: y\r\n" % number for number in range(5000))),
    ],
    ids=["plain", "gzip", "deflate", "100-continue", "until the end", "chunked", "5 000 headers"],
)
def test_every_way_to_send_a_body_is_read(raw: bytes) -> None:
    """Compression, chunks, interim answers and many headers are no reason not to understand an answer."""
    with answering(saying(raw)) as server:
        target = UrlTarget(server.url)
        exchange = target.send(Ask())
        target.close()

    assert exchange.failure is None
    assert exchange.status == 200
    assert exchange.body == GOOD
    assert exchange.media_type == "application/json"


def test_a_token_that_is_no_secret_is_left_in_what_the_target_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A placeholder such as `e` is in many a word, and taking it out would break the very JSON."""
    monkeypatch.setenv("USAGETWIN_TOKEN", "e")

    with answering(saying(answer(body((1_772_496_000_000, 1))))) as server:
        report = checked_at(server.url, timeout_s=5)

    assert report.knowledge.now is not None
    assert "[token]" not in as_json(report)


def test_a_series_with_far_more_points_than_days_is_cut_and_is_a_finding() -> None:
    """Its first points are judged, its labels lie where they lie, and the rest is counted."""
    points = ((MAR_1 * 1000 + day * 86_400_000, day) for day in range(9_000))
    respond = saying(answer(body(*points)))

    report = checked(respond, timeout_s=5, budget=8)

    assert "buckets-are-unique: there are 9000 points, far more than the window has days" in said(report)
    assert "series-starts-at-from" in said(report)
    assert report.verdict == "fail"


@pytest.mark.proof
def test_what_a_cut_series_says_is_held_against_no_other_answer() -> None:
    """The days that were cut off are not missing."""
    whole = body(*((MAR_1 * 1000, 1 + index % 2) for index in range(9_000)))

    report = checked(saying(answer(whole)), timeout_s=5, budget=8)

    assert "missing" not in said(report)


def test_an_answer_larger_than_any_right_one_is_unconfirmed() -> None:
    """No more of it is read than a right one may need; nobody knows what it would have said."""
    report = checked(endless_after(20), timeout_s=20, budget=40)

    assert "bytes, far more than a right answer needs" in said(report)
    assert "answer-has-nothing-else: the body of the 200 goes on after" in said(report)
    assert [finding.severity(strict=True) for finding in report.findings if "goes on" in finding.message] == [
        "unconfirmed"
    ]


def endless_after(number: int) -> "Respond":
    """Give a `respond` that answers well for a while, and then without end."""
    left = [number]

    def respond(link: "socket.socket", head: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            endless(HEAD + b"\r\n", b" " * 65536)(link, head)
        query = head.split(b" ")[1].partition(b"?")[1:]
        link.sendall(answer(linked(GOOD, b"".join(query).decode())))

    return respond


@pytest.mark.proof
def test_a_check_keeps_no_more_than_it_can_judge_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of points in each answer end the asking, and the report says so."""
    assert sending.MOST_KEPT == 4 * MEBIBYTE
    monkeypatch.setattr(sending, "MOST_KEPT", MEBIBYTE)
    points = ((MAR_1 * 1000 + day * 86_400_000, day) for day in range(2_900))

    report = checked(saying(answer(body(*points))), timeout_s=5, budget=100)

    assert report.requests < 20
    assert any("stopped asking after 1 MiB of answers" in note for note in report.notes)
