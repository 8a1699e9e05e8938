"""Three replicas behind nginx answer as one: the same bytes, one quota, one set of plays, and none missed."""

import json
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

    from tests.deploy.fleet import Fleet

pytestmark = pytest.mark.no_cover  # whole processes, whose code others reach

SIZE = 3
OPTIONS = ("--now", NOW, "--quiet")
QUERY = "from=0&to=9999999999&aggregationType=incremental"
OTHER = "single-project"
ALLOWED = 40
NOTHING_AMISS = {"wrong": 0, "lost": 0, "unaccounted": 0}


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Fleet]":
    """Have replicas whose clock stands."""
    with fleet(tmp_path_factory.mktemp("fleet"), SIZE, *OPTIONS) as found:
        yield found


def body(url: str, sender: str = "any") -> bytes:
    """Ask once, with a token, and give the body of a 200."""
    connection = connection_to(url)
    answer = get(connection, QUERY, headers={"Authorization": sender})
    connection.close()
    assert answer.status == 200, answer
    return answer.body


def made_play(url: str, wanted: dict[str, object]) -> str:
    """Make a play, and give its token."""
    connection = connection_to(url)
    connection.request("POST", "/__twin__/plays", json.dumps(wanted), {"Content-Type": "application/json"})
    reply = connection.getresponse()
    made = json.load(reply)
    connection.close()
    assert reply.status == 201, made
    return str(made["token"])


def test_each_replica_gives_the_same_bytes(replicas: "Fleet") -> None:
    """Past nginx and through it."""
    bodies = {body(replicas.replica(number)) for number in range(SIZE)}

    assert bodies == {body(replicas.url)}


def test_there_is_one_quota_for_all_replicas(replicas: "Fleet") -> None:
    """Whichever of them nginx asks: as many as are allowed, and not one more."""
    token = made_play(replicas.url, {"policies": {"quota": f"{ALLOWED}/10s"}})

    def status(_number: int) -> int:
        connection = connection_to(replicas.url)
        try:
            return get(connection, headers={"Authorization": token}).status
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(status, range(3 * ALLOWED)))

    assert statuses == {200: ALLOWED, 429: 2 * ALLOWED}


def test_a_play_is_one_play_on_all_replicas_while_one_stops_and_starts_again(replicas: "Fleet") -> None:
    """It is made through nginx; each replica answers its token with its account, and none forgets it."""
    token = made_play(replicas.url, {"world": OTHER})
    right = ask(create_app(Settings(world=OTHER, now=NOW)), QUERY).body

    bodies = {body(replicas.replica(number), token) for number in range(SIZE)}
    with asking(replicas.url, QUERY, {right}, token=token, clients=2) as askers:
        ended = replicas.stop(0)
        replicas.start(0, *OPTIONS)
        until(lambda: body(replicas.replica(0), token) == right)

    assert bodies == {right}
    assert ended == (0, [])
    assert summed(askers).words == NOTHING_AMISS, [each.problems[:3] for each in askers]


def test_nothing_is_lost_while_a_replica_is_stopped_and_another_version_takes_its_place(
    replicas: "Fleet",
) -> None:
    """Clients ask without pause; each answer is whole, and that of the one account or of the other."""
    new = ask(create_app(Settings(world=OTHER, now=NOW)), QUERY).body
    old = body(replicas.replica(0))

    with asking(replicas.url, QUERY, {old, new}) as askers:
        ended = replicas.stop(1)
        replicas.start(1, *OPTIONS, "--world", OTHER)
        until(lambda: any(new in asker.seen for asker in askers))
    replicas.stop(1)
    replicas.start(1, *OPTIONS)

    assert ended == (0, [])
    assert summed(askers).words == NOTHING_AMISS, [each.problems[:3] for each in askers]
    assert {each for asker in askers for each in asker.seen} == {old, new}
