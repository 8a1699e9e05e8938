"""Faults of the connection, as an ordinary client meets them, over plain HTTP and over TLS."""

import asyncio
import http.client
import json
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any, Final

import freezegun
import pytest

from tests.acme import FULL, PATH
from tests.stage.staged import staged
from tests.wire import connection_to, get
from usagetwin.stage import wire
from usagetwin.stage.ending import Ending
from usagetwin.stage.faults import make_fault
from usagetwin.stage.replies import Call
from usagetwin.stage.transport import TRANSPORT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Message, Receive, Scope, Send

    from tests.stage.staged import Staged

SHORT_S: Final = 0.2
LONG_S: Final = 3600
SOON_S: Final = 10  # far more than it takes, far less than LONG_S
HEADERS: Final = {"Authorization": FULL}


@pytest.fixture(scope="module")
def served() -> "Iterator[Staged]":
    """Serve a stage for the tests of this file."""
    with staged() as served:
        yield served


def plain(served: "Staged", timeout_s: float = SOON_S) -> http.client.HTTPConnection:
    """Give a connection over plain HTTP, which opens with its first request."""
    return http.client.HTTPConnection(*served.server.plain_address, timeout=timeout_s)


def over_tls(served: "Staged", timeout_s: float = SOON_S) -> http.client.HTTPConnection:
    """Give a connection over TLS, to the same server."""
    context = ssl.create_default_context(cadata=served.authority.pem.decode())
    _, port = served.server.tls_address
    return http.client.HTTPSConnection("localhost", port, timeout=timeout_s, context=context)


CONNECTIONS: Final = pytest.mark.parametrize("connect", [plain, over_tls])


def ask(connection: http.client.HTTPConnection) -> bytes:
    """Ask once, and give the whole body."""
    try:
        connection.request("GET", PATH, headers=HEADERS)
        return connection.getresponse().read()
    finally:
        connection.close()


@CONNECTIONS
def test_delay_answers_later(served: "Staged", acme_file: str, connect: Any) -> None:  # noqa: ANN401 -- either
    """The answer is the twin's own, `seconds` later."""
    with served.play(acme_file) as play:
        honest = ask(connect(served))
        play.faults.add(make_fault("delay", seconds=SHORT_S, times=1))
        started = time.monotonic()
        late = ask(connect(served))

    assert time.monotonic() - started >= SHORT_S
    assert late == honest


@CONNECTIONS
def test_timeout_answers_nothing(served: "Staged", acme_file: str, connect: Any) -> None:  # noqa: ANN401 -- either
    """The client's own timeout is what ends it; the connection is up until then."""
    with served.play(acme_file, make_fault("timeout", times=1)), pytest.raises(TimeoutError):
        ask(connect(served, SHORT_S))


def test_reset_is_an_rst(served: "Staged", acme_file: str) -> None:
    """A socket reads the reset as such, not as an end."""
    with (
        served.play(acme_file, make_fault("reset", times=1)),
        socket.create_connection(served.server.plain_address, timeout=SOON_S) as link,
    ):
        link.sendall(f"GET {PATH} HTTP/1.1\r\nHost: twin\r\nAuthorization: {FULL}\r\n\r\n".encode())

        with pytest.raises(ConnectionResetError):
            link.recv(1)


@CONNECTIONS
def test_reset_is_a_reset_for_a_client(served: "Staged", acme_file: str, connect: Any) -> None:  # noqa: ANN401 -- either kind of connection
    """Within TLS, Python up to 3.12 reads it as an end without an answer, which has the same base."""
    with served.play(acme_file, make_fault("reset", times=1)), pytest.raises(ConnectionResetError):
        ask(connect(served))


@CONNECTIONS
def test_close_ends_without_an_answer(served: "Staged", acme_file: str, connect: Any) -> None:  # noqa: ANN401 -- either kind of connection
    """The client reads an end where the answer should begin."""
    with (
        served.play(acme_file, make_fault("close", times=1)),
        pytest.raises(http.client.RemoteDisconnected),
    ):
        ask(connect(served))


@CONNECTIONS
@pytest.mark.parametrize(
    ("told", "kept"), [({}, None), ({"bytes": 0}, 0), ({"bytes": 7}, 7), ({"bytes": 10**9}, -1)]
)
def test_truncated_body_ends_before_its_announced_length(
    served: "Staged",
    acme_file: str,
    connect: Any,  # noqa: ANN401 -- either kind of connection
    told: dict[str, int],
    kept: int | None,
) -> None:
    """What arrives is the beginning of the honest body: half of it, or as many bytes as told, never all."""
    with served.play(acme_file) as play:
        honest = ask(connect(served))
        play.faults.add(make_fault("truncated-body", times=1, **told))  # type: ignore[arg-type]  # -- details
        with pytest.raises(http.client.IncompleteRead) as caught:
            ask(connect(served))

    length = len(honest) // 2 if kept is None else kept if kept >= 0 else len(honest) - 1
    assert caught.value.partial == honest[:length]
    assert caught.value.expected == len(honest) - length


@CONNECTIONS
def test_slow_body_comes_whole_but_late(served: "Staged", acme_file: str, connect: Any) -> None:  # noqa: ANN401 -- either kind of connection
    """No read waits for the whole time: a timeout for each read, above the share of a chunk, is not met."""
    with served.play(acme_file) as play:
        honest = ask(connect(served))
        play.faults.add(make_fault("slow-body", seconds=SHORT_S, chunks=4, times=1))
        started = time.monotonic()
        late = ask(connect(served))

    assert late == honest
    assert time.monotonic() - started >= SHORT_S * 0.99


def test_slow_body_begins_at_once(served: "Staged", acme_file: str) -> None:
    """Status and headers are there long before the body is."""
    connection = plain(served)
    with served.play(acme_file, make_fault("slow-body", seconds=LONG_S, times=1)) as play:
        connection.request("GET", PATH, headers=HEADERS)
        response = connection.getresponse()

        assert response.status == 200
        assert play.journal.requests[0].status == 200
    connection.close()


def test_after_a_fault_the_same_client_is_answered(served: "Staged", acme_file: str) -> None:
    """Whatever happened to the connection, the next request finds the twin well."""
    names = ["reset", "close", "truncated-body", "delay"]
    connection = connection_to(served.server.url)
    with served.play(acme_file, *(make_fault(name, times=1) for name in names[:3])) as play:
        for _ in names[:3]:
            with pytest.raises((http.client.HTTPException, ConnectionError)):
                get(connection)
            connection.close()
        play.faults.add(make_fault("delay", seconds=0, times=1))
        answers = [get(connection), get(connection)]
    connection.close()

    assert [answer.status for answer in answers] == [200, 200]
    assert [each.fault for each in play.journal.requests] == [*names, None]


@pytest.mark.parametrize("name", ["reset", "close", "timeout"])
def test_a_request_without_an_answer_has_no_status(served: "Staged", acme_file: str, name: str) -> None:
    """The journal has what the client has: nothing."""
    with served.play(acme_file, make_fault(name, times=1)) as play:
        with pytest.raises(OSError, match=r".+"):
            ask(plain(served, SHORT_S))

        assert [(each.status, each.fault) for each in play.journal.requests] == [(None, name)]


@CONNECTIONS
@pytest.mark.parametrize(
    "fault", [("timeout", {}), ("delay", {"seconds": LONG_S}), ("slow-body", {"seconds": LONG_S})]
)
def test_the_end_of_the_test_ends_what_waits(
    served: "Staged",
    acme_file: str,
    connect: Any,  # noqa: ANN401 -- either kind of connection
    fault: tuple[str, dict[str, Any]],
) -> None:
    """A client that is still waiting is dropped at once."""
    name, details = fault
    connection = connect(served, LONG_S)
    with served.play(acme_file, make_fault(name, **details)) as play:
        connection.request("GET", PATH, headers=HEADERS)
        started = time.monotonic()
        closing = threading.Timer(SHORT_S, play.close)
        closing.start()

        with pytest.raises((http.client.HTTPException, ConnectionError)):
            connection.getresponse().read()

    assert SHORT_S * 0.99 <= time.monotonic() - started < SOON_S
    connection.close()
    closing.join()


@pytest.mark.parametrize("instant", ["2020-02-02", "2040-02-02"])
def test_frozen_time_does_not_stop_a_delay(served: "Staged", acme_file: str, instant: str) -> None:
    """Waiting goes by the machine's clock, whatever a test made of `time`."""
    before = time.monotonic
    with served.play(acme_file, make_fault("delay", seconds=SHORT_S)):
        connection = plain(served)
        with freezegun.freeze_time(instant):
            started = before()
            body = ask(connection)

    assert json.loads(body)["series"]
    assert SHORT_S <= before() - started < SOON_S


class Connection(asyncio.Transport):
    """A connection that notes its end, and then tells the server."""

    def __init__(self) -> None:
        """Begin open."""
        super().__init__()
        self.left = asyncio.Event()
        self.aborted = False

    def abort(self) -> None:
        """End at once."""
        self.aborted = True
        self.left.set()

    async def receive(self) -> "Message":
        """Tell when the client has left."""
        await self.left.wait()
        return {"type": "http.disconnect"}


async def refuse(_scope: "Scope", _receive: "Receive", _send: "Send") -> None:
    """Stand for a twin that may not be asked."""
    pytest.fail("the twin was asked for an answer that nobody waits for")


async def ignore(_message: "Message") -> None:
    """Send nowhere."""


@pytest.mark.parametrize("show", [wire.timeout, wire.delay])
def test_a_client_that_leaves_ends_the_wait(show: Any) -> None:  # noqa: ANN401 -- a function of the table
    """Nothing is left waiting, and the twin is not asked."""

    async def leave_early() -> Connection:
        connection = Connection()
        scope = {"extensions": {TRANSPORT: connection}}
        call = Call(refuse, scope, connection.receive, ignore, Ending())
        showing = asyncio.create_task(show(call, {"seconds": LONG_S}))
        await asyncio.sleep(0)
        connection.left.set()
        await asyncio.wait_for(showing, SOON_S)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return connection

    assert asyncio.run(leave_early()).aborted


def test_an_ending_wakes_all_that_wait_in_whichever_loop() -> None:
    """It is declared from a thread that runs no loop; who comes later does not wait at all."""
    ending = Ending()
    started = threading.Barrier(4)

    async def wait() -> None:
        asyncio.get_running_loop().call_soon(started.wait)
        await asyncio.wait_for(ending.wait(), SOON_S)

    threads = [threading.Thread(target=lambda: asyncio.run(wait())) for _ in range(3)]
    for thread in threads:
        thread.start()
    started.wait(SOON_S)
    ending.declare()
    for thread in threads:
        thread.join(SOON_S)

    assert not any(thread.is_alive() for thread in threads)
    asyncio.run(asyncio.wait_for(ending.wait(), SOON_S))


def test_an_ending_may_outlive_a_loop_that_waited_for_it() -> None:
    """A wait that was given up is forgotten, so a closed loop is not woken."""
    ending = Ending()

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ending.wait(), 0.01)

    asyncio.run(give_up())
    ending.declare()
