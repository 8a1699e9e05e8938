"""Three replicas behind nginx answer as one: the same bytes, one quota, and nobody notices that one goes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.acme import NOW
from tests.deploy.fleet import asking, fleet, summed
from tests.inprocess import ask
from tests.serving.processes import until
from tests.wire import connection_to, get
from usagetwin import Settings, create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.deploy.fleet import Fleet

pytestmark = pytest.mark.no_cover  # whole processes, whose code others reach

SIZE = 3
QUERY = "from=0&to=9999999999&aggregationType=incremental"
OTHER = "single-project"
ALLOWED = 40


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory, acme_file: str) -> "Iterator[Fleet]":
    """Have replicas that allow a number of requests in a window, whose clock stands."""
    rate = ("--rate-limit", f"{ALLOWED}/10s")
    with fleet(tmp_path_factory.mktemp("limited"), SIZE, "--world", acme_file, "--now", NOW, *rate) as found:
        yield found


def body(url: str, sender: str = "any") -> bytes:
    """Ask once, with a token of this name, and give the body of a 200."""
    connection = connection_to(url)
    answer = get(connection, QUERY, headers={"Authorization": sender})
    connection.close()
    assert answer.status == 200, answer
    return answer.body


def test_each_replica_gives_the_same_bytes(limited: "Fleet") -> None:
    """Past nginx and through it."""
    bodies = {body(limited.replica(number), "bytes") for number in range(SIZE)}

    assert bodies == {body(limited.url, "bytes")}


def test_there_is_one_quota_for_all_replicas(limited: "Fleet") -> None:
    """Whichever of them nginx asks: as many as are allowed, and not one more."""

    def status(_number: int) -> int:
        connection = connection_to(limited.url)
        try:
            return get(connection, headers={"Authorization": "quota"}).status
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(status, range(3 * ALLOWED)))

    assert statuses == {200: ALLOWED, 429: 2 * ALLOWED}


def test_nothing_is_lost_while_a_replica_is_stopped_and_another_version_takes_its_place(
    tmp_path: "Path",
) -> None:
    """Clients ask without pause; each answer is whole, and that of the one account or of the other."""
    new = ask(create_app(Settings(world=OTHER, now=NOW)), QUERY).body
    with fleet(tmp_path, SIZE, "--now", NOW, "--quiet") as replicas:
        old = body(replicas.url)
        with asking(replicas.url, QUERY, {old, new}) as askers:
            ended = replicas.stop(1)
            replicas.start(1, "--world", OTHER, "--now", NOW, "--quiet")
            until(lambda: any(new in asker.seen for asker in askers))

    tally = summed(askers)
    assert ended == (0, [])
    assert tally.words == {"wrong": 0, "lost": 0, "unaccounted": 0}, [each.problems[:3] for each in askers]
    assert {each for asker in askers for each in asker.seen} == {old, new}
