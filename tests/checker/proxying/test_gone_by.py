"""What a proxy comes to at the end is what its recording comes to."""

import json
import random
import resource
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.acme import FULL, MAR_1, MAR_2, REVOKED
from tests.checker.hostile import body, linked
from tests.checker.hunting import TOKEN, Telltale, hits
from tests.checker.proxying.passed import proxied, upstream_twin
from tests.checker.raw_server import answer, answering, saying
from tests.sampling import sampled
from tests.wire import connection_to, get, request, send
from usagetwin.deviations.known import FAULTS
from usagetwin_checker.asking.plan import Plan, probe
from usagetwin_checker.commands.account import knowledge_of
from usagetwin_checker.commands.passing_by import counted
from usagetwin_checker.knowing.learning import today
from usagetwin_checker.reporting.json_report import as_json
from usagetwin_checker.running.recorded import report_of
from usagetwin_checker.running.report import Options
from usagetwin_checker.talking.recordings.loading import load
from usagetwin_checker.talking.recordings.scrubbing import Scrubber

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from usagetwin_checker.running.report import Report

NOW = "2026-03-17"
ONE_DAY = f"from={MAR_1}&to={MAR_2}&aggregationType=incremental"
NOW_S = 1773705600
MOST = 20
WHOLE = ("plain", "capitals", "base64")  # as the name of a header, which has no signs
SOME = ("rolling-of-31-days",)


def comes_to(report: "Report") -> list[Any]:
    """Give all of a report that counts."""
    found = [(each.rule_id, each.message, each.points, each.also) for each in report.findings]
    return [report.verdict, found, dict(report.judgement.tested), report.reasons, report.notes]


def asked_through(url: str, *, most: int = MOST) -> None:
    """Ask what a check would ask first, as somebody's client does."""
    plan = Plan(today(NOW_S), ["web", "mobile"])
    asks = [
        step.ask for step in (*probe(), *plan.steps()) if step.ask.method == "GET" and not step.ask.suffix
    ]
    with closing(connection_to(url)) as connection:
        for ask in asks[:most]:
            get(connection, ask.query_string, {"LD-API-Version": "beta"})


@pytest.mark.parametrize("fault", sampled([None, *sorted(fault.name for fault in FAULTS)], [None, *SOME]))
def test_the_verdict_is_that_of_the_recording(fault: str | None, tmp_path: "Path") -> None:
    """Findings, tested rules, reasons and notes as well."""
    file = tmp_path / "passed.har"
    with upstream_twin("business-week", now=NOW, deviation=fault) as url, proxied(url, file=file) as passed:
        asked_through(passed.url)
    through = passed.gone_by.report()

    again = report_of(load(str(file), Scrubber()), Options())

    assert comes_to(again) == comes_to(through)
    assert again.base_url == through.base_url == url
    if fault is None:
        assert {said.verdict for _, said in passed.said} == {"pass"}
    if fault in SOME:
        assert through.verdict == "fail"


def test_accounts_are_kept_apart(acme_file: str, tmp_path: "Path") -> None:
    """What another credential asked is counted and not judged, here and in the recording."""
    file = tmp_path / "passed.har"
    first, second = (upstream_twin(world, now=NOW) for world in ("business-week", acme_file))
    with first as one, second as other, proxied(one, file=file) as passed:
        with closing(connection_to(passed.url)) as connection:
            get(connection)
            get(connection, "projectKey=web")
            get(connection, "", {"Authorization": REVOKED})
        assert other != one
    through, again = passed.gone_by.report(), report_of(load(str(file), Scrubber()), Options())

    assert any("1 by another credential than most" in note for note in through.notes)
    assert comes_to(again) == comes_to(through)
    assert FULL not in file.read_text() + "".join(through.notes)


def test_each_token_has_its_own_account() -> None:
    """What one is told says nothing of what another is told, also of the same days."""
    first, second = (linked(body((MAR_1 * 1000, count)), f"?{ONE_DAY}") for count in (10, 12))

    def respond(link: "socket.socket", head: bytes) -> None:
        link.sendall(answer(first if FULL.encode() in head else second))

    later = Options(knowledge_of((), complete=False, now="2026-03-10", settles_after=None))
    with answering(respond) as server, proxied(server.url, options=later) as passed:
        for token in (FULL, REVOKED, FULL):
            with closing(connection_to(passed.url)) as connection:
                get(connection, ONE_DAY, {"Authorization": token})
        alone = [said.verdict for _, said in passed.said]
    with answering(saying(answer(first))) as one, proxied(one.url, options=later) as passed:
        with closing(connection_to(passed.url)) as connection:
            get(connection, ONE_DAY)
        one.respond = saying(answer(second))
        with closing(connection_to(passed.url)) as connection:
            get(connection, ONE_DAY)
        together = [said.verdict for _, said in passed.said]

    assert alone == ["pass", "pass", "pass"]
    assert together == ["pass", "fail"]


def test_a_request_without_a_credential_is_known_as_one(acme_file: str, tmp_path: "Path") -> None:
    """The proxy saw all of it, where another tool may have left the header out."""
    file = tmp_path / "passed.har"
    with upstream_twin(acme_file, now="2026-03-03T12:00:00Z") as url, proxied(url, file=file) as passed:
        with closing(connection_to(passed.url)) as connection:
            get(connection)
        assert send(passed.url, request(b"/api/v2/usage/observability/sessions", b"")).status == 401
    through, again = passed.gone_by.report(), report_of(load(str(file), Scrubber()), Options())

    assert through.judgement.tested["no-answer-without-credential"] == 1
    assert comes_to(again) == comes_to(through)


def test_a_recording_has_what_was_sent_and_no_secret(tmp_path: "Path") -> None:
    """Headers of the client are in it, in the place of credentials their names; an echo is scrubbed."""

    def echo(link: "socket.socket", head: bytes) -> None:
        body = json.dumps({"code": "x", "message": head.decode("latin-1")}).encode()
        link.sendall(answer(body, "400 Bad Request", headers=b"X-Echo: " + TOKEN.encode() + b"\r\n"))

    file = tmp_path / "passed.har"
    headers = f"Authorization: {TOKEN}\r\nCookie: a={TOKEN}\r\nX-Mine: here\r\n".encode()
    with answering(echo) as server, proxied(server.url, file=file) as passed:
        through = send(passed.url, request(b"/api/v2/usage/observability/sessions?to=1", headers))
    passed.gone_by.report()

    sent = {each["name"]: each["value"] for each in _entry(file)["request"]["headers"]}
    assert (sent["x-mine"], sent["authorization"], sent["cookie"]) == ("here", "[token]", "[token]")
    assert hits([file.read_text(), str(passed.said), str(passed.gone_by.report())]) == []
    assert TOKEN in through.body.decode()


@pytest.mark.parametrize("times", [25, pytest.param(500, marks=pytest.mark.proof)])
def test_a_token_that_upstream_repeats_is_nowhere(tmp_path: "Path", times: int) -> None:
    """In whatever place and writing: not in the recording, the report, or what is told."""
    chance = random.Random(times)  # noqa: S311 -- servers, and no secrets
    file, target = tmp_path / "passed.har", b"/api/v2/usage/observability/sessions?to=1"
    headers = f"Authorization: {TOKEN}\r\n".encode()

    def respond(link: "socket.socket", head: bytes) -> None:
        which = Telltale.drawn(chance)
        while which.way == "headers" and which.encoding not in WHOLE:
            which = Telltale.drawn(chance)
        which(link, head)

    with answering(respond) as server, proxied(server.url, file=file) as passed:
        for _ in range(times):
            send(passed.url, request(target, headers))
        defect = passed.gone_by.defect
    report = passed.gone_by.report()

    assert defect is None
    assert len(passed.said) == times
    assert hits([file.read_text(), repr(passed.said), repr(report), as_json(report)]) == []


def test_what_is_beyond_a_recordings_bounds_is_recorded_and_not_judged(
    acme_file: str, tmp_path: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is when the recording is read again."""
    monkeypatch.setattr("usagetwin_checker.talking.recordings.exchanges_of.MOST_EXCHANGES", 2)
    file = tmp_path / "passed.har"
    with upstream_twin(acme_file, now=NOW) as url, proxied(url, file=file) as passed:
        asked_through(passed.url, most=5)
    through, again = passed.gone_by.report(), report_of(load(str(file), Scrubber()), Options())

    assert any("3 beyond what is kept of a recording" in note for note in through.notes)
    assert comes_to(again) == comes_to(through)


def test_what_could_not_be_written_is_not_said_to_be_in_the_recording(
    acme_file: str, tmp_path: "Path"
) -> None:
    """Where the disk is full: here, no file may be longer than a little."""
    file, limits = tmp_path / "passed.har", resource.getrlimit(resource.RLIMIT_FSIZE)
    with upstream_twin(acme_file, now=NOW) as url, proxied(url, file=file) as passed:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, limits[1]))
        try:
            asked_through(passed.url, most=9)
            passed.gone_by.end()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        several = counted(passed.gone_by)

    loaded = load(str(file), Scrubber())
    assert 0 < len(loaded.exchanges) < 9
    assert several == f"the first {len(loaded.exchanges)} of 9 requests"


def _entry(file: "Path") -> Any:  # noqa: ANN401 -- JSON
    return json.loads(file.read_text())["log"]["entries"][0]
