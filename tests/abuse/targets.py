"""Targets that attack the checker: whatever they send, a check comes to a verdict, in bounded memory."""

import json
import random
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from benchmarks import answer_sizes
from benchmarks.claims import Line
from tests.abuse.rows import Row, problems_of
from tests.checker.hostile import FAIL, HEAD, INCONCLUSIVE, MEBIBYTE, OTHERS, chaotic_body, endless
from tests.checker.raw_server import answer, answering, saying
from tests.checker.spoiling import verdict_on
from usagetwin_checker.reporting.json_report import as_json
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options
from usagetwin_checker.talking.targets import UrlTarget

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable

    from tests.abuse.rows import Effort
    from tests.checker.raw_server import Respond

VERDICTS: Final = frozenset({"pass", "fail", "inconclusive"})
IMPATIENT_S: Final = 0.3
MOST_S: Final = 75.0  # --max-time is 60 seconds, and the answer under way may take its time
MOST_MIB: Final = 600.0
BUDGET: Final = 40
COOKIES: Final = b"".join(b"Set-Cookie: c%d=%s; Path=/\r\n" % (number, b"x" * 4000) for number in range(15))


def hostile_targets(effort: "Effort") -> list[Row]:
    """Check each known kind once, and others by chance."""
    known = {name: respond for kinds in (INCONCLUSIVE, OTHERS, FAIL) for name, (respond, _) in kinds.items()}
    own = {
        "never ends its body": endless(HEAD + b"\r\n", b" " * MEBIBYTE),
        "sends a byte a second": _slowly,
        "sets cookies of 60 kB": saying(answer(chaotic_body(random.Random(effort.seed)), headers=COOKIES)),  # noqa: S311 -- no secret
    }
    return [
        _checked(
            "targets that break off, drip, never end, or answer with anything",
            [*known.values(), *own.values()][-effort.kinds :],
        ),
        _checked(
            "targets that answer by chance: labels, numbers, links, statuses",
            [_chaotic(effort.seed + number) for number in range(effort.targets)],
        ),
    ]


def spoiled_answers(effort: "Effort") -> list[Row]:
    """Check an honest twin whose answers are spoiled, once for each seed."""
    seeds = range(effort.seed * 100_000, effort.seed * 100_000 + effort.spoiled)
    return [
        _row(
            "checks of a twin whose answers are spoiled",
            [partial(verdict_on, seed) for seed in seeds],
        )
    ]


def memory_of_checks(effort: "Effort") -> list[Row]:
    """Check targets whose every answer is that large, each in a process of its own."""
    names = tuple(f"{size} MB" for size in effort.megabytes)
    return [
        Row(
            tried=f"a check with a budget of {BUDGET}, of a target whose every answer has {row.sent}",
            attempts=1,
            problems=() if row.status in {0, 1, 3} else (f"status {row.status}",),
            figures=(
                Line(claim="requests", value=row.requests),
                Line(claim="memory at its peak", value=row.peak_mib, unit="MiB", at_most=MOST_MIB),
                Line(claim="time", value=row.seconds, unit="s", at_most=MOST_S),
            ),
        )
        for row in answer_sizes.rows(names, (BUDGET,))
    ]


def _checked(tried: str, responds: "Iterable[Respond]") -> Row:
    return _row(tried, [partial(_verdict, respond) for respond in responds])


def _row(tried: str, checks: "list[Callable[[], str]]") -> Row:
    problems, times_s, verdicts = [], [], []
    for check in checks:
        begun = time.monotonic()
        try:
            verdict = check()
        except Exception as error:  # noqa: BLE001 -- a defect of any kind is what is looked for
            verdict = f"a defect of usagetwin: {error!r}"
        times_s.append(time.monotonic() - begun)
        verdicts.append(verdict)
        problems.append(None if verdict in VERDICTS else verdict)
    counts = [Line(claim=f"{name}:", value=verdicts.count(name)) for name in sorted(VERDICTS)]
    slowest = Line(claim="slowest check", value=max(times_s), unit="s", at_most=MOST_S)
    return Row(tried=tried, attempts=len(checks), problems=problems_of(problems), figures=(*counts, slowest))


def _verdict(respond: "Respond") -> str:
    """Check a server that answers so, and give the verdict that the written report has."""
    with answering(respond) as server:
        target = UrlTarget(server.url, timeout_s=2.5 if respond is _slowly else IMPATIENT_S)
        try:
            report = Campaign(target, Options(budget=BUDGET), lambda _sent, _of: None).run()
        finally:
            target.close()
        if any(b"\r\ncookie:" in head.lower() for head in server.heads):
            return "a cookie was sent back"
    return str(json.loads(as_json(report).encode())["verdict"])


def _slowly(link: "socket.socket", _head: bytes) -> None:
    link.sendall(HEAD + b"Content-Length: 60\r\n\r\n")
    link.settimeout(1)
    for _ in range(60):
        link.sendall(b" ")
        with suppress(TimeoutError):
            if not link.recv(1):
                return


def _chaotic(seed: int) -> "Respond":
    chance = random.Random(seed)  # noqa: S311 -- no secret
    quick = [*FAIL.values(), INCONCLUSIVE["resets"], INCONCLUSIVE["closes half-way"]]

    def respond(link: "socket.socket", head: bytes) -> None:
        if chance.random() < 0.2:
            chance.choice(quick)[0](link, head)
        else:
            link.sendall(answer(chaotic_body(chance), chance.choice(("200 OK", "200 OK", "400 A", "429 B"))))

    return respond
