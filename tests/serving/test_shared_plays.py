"""Plays of two replicas with two workers each, which share a Redis, and what becomes of them without it."""

import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import MONTH_TO_DATE, NOW, WORLD
from tests.redis_server import redis_server
from tests.served import served
from tests.serving.processes import until
from tests.serving.test_control import ask, tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.redis_server import Redis
    from tests.served import Twin

THE_2ND: Final = "2026-03-02T12:00:00Z"
ON_THE_2ND: Final = [31, 52]
KEPT: Final = ("--appendonly", "yes")
AT_LEAST: Final = 8  # connections, which two workers of a replica share as the kernel likes


REQUESTS: Final = 200  # of each play


@dataclass(frozen=True, slots=True)
class Place:
    """Where a twin is that another process serves."""

    url: str


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Redis]":
    """Serve a Redis that has all again when it is started again."""
    with redis_server(str(tmp_path_factory.mktemp("redis")), *KEPT) as server:
        yield server


@pytest.fixture(scope="module")
def twins(redis: "Redis", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Sequence[Twin]]":
    """Serve two replicas, of two workers each."""
    world = tmp_path_factory.mktemp("world") / "acme.yaml"
    world.write_text(WORLD, "utf-8")
    options = ("--world", str(world), "--now", NOW, "--store", redis.url, "--workers", "2", "--quiet")
    with ExitStack() as stack:
        yield [stack.enter_context(served(*options)) for _ in range(2)]


def asked(twins: "Sequence[Twin]", token: str, times: int = AT_LEAST) -> list[tuple[int, list[int]]]:
    """Ask the replicas in turn, some at once, each on a connection of its own."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda twin: ask(twin, token), islice(cycle(twins), times)))


def new_play(twin: "Twin") -> str:
    """Make a play, and give its token; a worker whose store failed a moment ago is asked again."""
    tokens: list[str] = []

    def is_made() -> bool:
        status, made = tell(twin, "POST", "/plays", {"now": THE_2ND})
        if status != 503:
            tokens.append(made["token"])
        return bool(tokens)

    until(is_made)
    return tokens[0]


def test_two_replicas_of_two_workers_have_the_same_plays(twins: "Sequence[Twin]") -> None:
    """Each play answers as it was told, by whichever process; faults, journal and verdict are one for all."""
    one, two = twins
    plays = []
    for number, twin in enumerate((one, two, one), 1):
        told = {"web": {"2026-03-01": number, "2026-03-02": 10}}
        made = tell(twin, "POST", "/plays", {"now": THE_2ND})[1]
        assert tell(two, "PUT", f"/plays/{made['play']}/world", {"counts": told})[0] == 200
        plays.append((made["play"], made["token"], number))

    for play, token, number in plays:
        assert asked(twins, token) == [(200, [number, number + 5])] * AT_LEAST
        tell(one, "POST", f"/plays/{play}/faults", {"name": "unavailable", "times": 5})
        statuses = [status for status, _ in asked(twins, token)]
        assert sorted(statuses) == [200] * (AT_LEAST - 5) + [503] * 5
        for twin in twins:
            journal = tell(twin, "GET", f"/plays/{play}/journal")[1]
            assert [each["number"] for each in journal["requests"]] == list(range(1, 2 * AT_LEAST + 1))
            assert [each["status"] for each in journal["requests"]].count(503) == 5
            assert tell(twin, "GET", f"/plays/{play}/verdict")[1]["verdict"] == "pass"
    tell(two, "PATCH", f"/plays/{play}/policies", {"policies": {"quota": "3/60s"}})
    assert sorted(status for status, _ in asked(twins, token)) == [200] * 3 + [429] * (AT_LEAST - 3)
    tell(two, "DELETE", f"/plays/{plays[0][0]}")
    assert {status for status, _ in asked(twins, plays[0][1])} == {401}


def test_the_default_play_is_one_for_all(twins: "Sequence[Twin]") -> None:
    """What is answered as told holds for each request that comes afterwards."""
    one, two = twins
    for twin, other in ((one, two), (two, one)):
        until(lambda: asked(twins, "any") == [(200, MONTH_TO_DATE)] * AT_LEAST)
        assert tell(twin, "PUT", "/plays/default/clock", {"now": THE_2ND})[0] == 200
        assert asked(twins, "any") == [(200, ON_THE_2ND)] * AT_LEAST
        tell(other, "POST", "/plays/default/faults", {"name": "rate-limited", "times": 3})
        assert sorted(status for status, _ in asked(twins, "any")) == [200] * (AT_LEAST - 3) + [429] * 3
        assert tell(twin, "GET", "/plays/default/journal")[1]["total"] == 2 * AT_LEAST
        assert tell(other, "POST", "/plays/default/reset")[0] == 200


def test_the_end_of_a_play_reaches_requests_that_wait_elsewhere(twins: "Sequence[Twin]") -> None:
    """They are dropped, as where it was ended."""
    one, two = twins
    made = tell(one, "POST", "/plays", {})[1]
    tell(one, "POST", f"/plays/{made['play']}/faults", {"name": "timeout"})

    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(ask, twin, made["token"]) for twin in twins]
        until(lambda: tell(two, "GET", f"/plays/{made['play']}/journal")[1]["total"] == len(waiting))
        assert tell(two, "DELETE", f"/plays/{made['play']}")[0] == 200
        for each in waiting:
            with pytest.raises(ConnectionError):
                each.result(timeout=20)  # of 60 that a request may wait


@pytest.mark.proof
def test_many_plays_of_many_clients_answer_each_as_told(twins: "Sequence[Twin]") -> None:
    """20 plays of 4 processes, each with a world and a clock of its own: none gets another's numbers."""
    began_s = time.monotonic()
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        urls = [twin.url for twin in twins]
        found = list(pool.map(_used, [urls] * 4, range(4)))

    assert found == [(REQUESTS * 5, 0)] * 4
    print(f"{4 * 5 * REQUESTS} requests in {time.monotonic() - began_s:.1f} s")  # noqa: T201 -- a measurement


def _used(urls: list[str], number: int) -> tuple[int, int]:
    """Make five plays, use each at both places, and give how many answers there were, and how many wrong."""
    twins = [Place(url) for url in urls]
    plays = []
    for each in range(5):
        made = tell(twins[each % 2], "POST", "/plays", {"now": THE_2ND})[1]
        count = 100 * number + each
        counts = {"counts": {"web": {"2026-03-01": count, "2026-03-02": 10}}}
        assert tell(twins[(each + 1) % 2], "PUT", f"/plays/{made['play']}/world", counts)[0] == 200
        plays.append((made, count))
    wrong = answered = 0
    for turn in range(REQUESTS):
        for made, count in plays:
            answer = ask(twins[turn % 2], made["token"])
            answered += 1
            wrong += answer != (200, [count, count + 5])
    for made, _ in plays:
        wrong += tell(twins[0], "GET", f"/plays/{made['play']}/journal")[1]["total"] != REQUESTS
        tell(twins[1], "DELETE", f"/plays/{made['play']}")
    return answered, wrong


def test_without_its_redis_a_twin_goes_on_with_the_plays_that_it_knows(
    twins: "Sequence[Twin]", redis: "Redis"
) -> None:
    """A token that it does not know is refused in words, and so is what is told; all is there again later."""
    one, two = twins
    token = new_play(one)
    until(lambda: asked(twins, token) == [(200, ON_THE_2ND)] * AT_LEAST)
    unknown = new_play(one)

    redis.stop()
    assert {status for status, _ in asked(twins, "any")} == {200}
    assert set(map(str, asked(twins, token))) <= {str((200, ON_THE_2ND)), str((503, []))}
    assert {status for status, _ in asked(twins, unknown)} == {503}
    status, refused = tell(two, "PUT", "/plays/default/clock", {"now": THE_2ND})
    assert (status, refused["code"]) == (503, "store_unavailable")
    assert "--store" in refused["remedy"]

    redis.start()
    until(lambda: {status for status, _ in asked(twins, unknown)} == {200})
    until(lambda: asked(twins, token) == [(200, ON_THE_2ND)] * AT_LEAST)
    for twin in twins:
        assert 1 <= sum("does not answer" in line for line in twin.log) <= 2  # once by each worker
        assert not any("Traceback" in line for line in twin.log)


def test_a_redis_that_says_nothing_holds_nobody(twins: "Sequence[Twin]", redis: "Redis") -> None:
    """Longer than two seconds, whatever is asked; the bound here is for a busy machine."""
    token = new_play(twins[0])

    with redis.silent():
        for path in (None, token, "any"):
            began_s = time.monotonic()
            if path is None:
                assert tell(twins[1], "GET", "/plays")[0] == 503
            else:
                assert {status for status, _ in asked(twins, path, 4)} <= {200, 503}
            assert time.monotonic() - began_s < 10

    until(lambda: {status for status, _ in asked(twins, token)} == {200})
