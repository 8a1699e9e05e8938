"""The page of replicas with several workers, which share a Redis: each shows all, and takes all forms."""

import re
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle, islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import pytest

from tests.acme import NOW
from tests.redis_server import redis_server
from tests.served import served
from tests.serving.processes import until
from tests.serving.test_control import ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.redis_server import Redis
    from tests.served import Twin

HOST: Final = "localhost:9999"  # as a proxy before all of them is called
CONTROL: Final = "/__twin__/page/control"
REQUESTS: Final = "/__twin__/page/requests"
KEPT: Final = ("--appendonly", "yes")
AT_LEAST: Final = 6  # connections, which two workers share as the kernel likes


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser was answered."""

    status: int
    text: str
    cookie: str
    location: str


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Redis]":
    """Serve a Redis that has all again when it is started again."""
    with redis_server(str(tmp_path_factory.mktemp("redis")), *KEPT) as server:
        yield server


@pytest.fixture(scope="module")
def twins(redis: "Redis", acme_file: str) -> "Iterator[Sequence[Twin]]":
    """Serve two replicas, one of them with two workers."""
    options = ("--world", acme_file, "--now", NOW, "--store", redis.url, "--quiet")
    with ExitStack() as stack:
        yield [stack.enter_context(served(*options, "--workers", workers)) for workers in ("2", "1")]


def browsed(twin: "Twin", target: str, form: str = "", cookie: str = "") -> Page:
    """Open a target as a browser does, on a connection of its own, or send a form there."""
    parts = urlsplit(twin.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {"Host": HOST, "Accept": "text/html", **({"Cookie": cookie} if cookie else {})}
    if form:
        headers |= {"Origin": f"http://{HOST}", "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST" if form else "GET", target, body=form or None, headers=headers)
        answer = connection.getresponse()
        set_cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        location = answer.getheader("location") or ""
        return Page(answer.status, answer.read().decode(), set_cookie, location)
    finally:
        connection.close()


def proof_in(page: Page) -> str:
    """Give what the forms of a document show that they are of."""
    found = re.search(r'name="proof" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return found[1]


def test_a_form_of_one_process_is_taken_by_every_other(twins: "Sequence[Twin]") -> None:
    """What it switches on is shown by all processes, and is in the journal wherever that is looked at."""
    one, two = twins
    given = browsed(two, CONTROL)
    fault = urlencode({"proof": proof_in(given), "name": "unavailable", "times": "2"})

    taken = browsed(one, f"{CONTROL}/fault", fault, given.cookie)
    statuses = [ask(twin, "any")[0] for twin in (two, one, two)]

    assert (taken.status, taken.location) == (303, f"{CONTROL}?done=fault")
    assert statuses == [503, 503, 200]
    for twin in islice(cycle(twins), 2 * AT_LEAST):
        assert browsed(twin, REQUESTS).text.count("fault <bdi>unavailable</bdi>") == 2
        assert "unavailable</th>" in browsed(twin, CONTROL).text
    clear = urlencode({"proof": proof_in(given)})
    for _ in range(AT_LEAST):  # by each of the workers, as likely as not
        assert browsed(one, f"{CONTROL}/clear", clear, given.cookie).status == 303
    assert browsed(one, f"{CONTROL}/clear", clear, "usagetwin-form-9999=another").status == 403


def test_without_its_redis_the_page_says_so(twins: "Sequence[Twin]", redis: "Redis") -> None:
    """At every process, and in no more than words; files of the page need none."""
    redis.stop()
    try:
        for twin in twins:
            for target in ("/", REQUESTS, CONTROL):
                page = browsed(twin, target)
                assert page.status == 503
                assert "the store of plays and counts does not answer" in page.text
                assert "Redis of --store" in page.text
    finally:
        redis.start()

    for twin in twins:
        until(lambda twin=twin: {browsed(twin, REQUESTS).status for _ in range(AT_LEAST)} == {200})  # type: ignore[misc]  # -- a value of its own
        assert "Traceback" not in "".join(twin.log)
