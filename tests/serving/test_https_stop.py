"""`usagetwin serve --tls` with clients that do not behave, several processes, and at its stop."""

import signal
import socket
import ssl
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from trustme import CA

from tests.acme import NOW, PATH
from tests.served import served
from tests.serving.processes import all_replaced, until, workers_of
from tests.serving.secure import Ported, asked, port_of, secured, trusting, urls
from tests.wire import request, send
from usagetwin.hosts import HOSTS

if TYPE_CHECKING:
    from tests.served import Twin

HERE = "127.0.0.1"
QUERY = "from=0&to=9999999999"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the authority."""
    return tmp_path_factory.mktemp("authority") / "kept"


def test_what_is_no_tls_on_that_port_is_dropped_in_silence(folder: Path) -> None:
    """It holds nobody up, is not logged, and the twin goes on."""
    with secured(folder, "--quiet") as twin:
        for said in (request(PATH.encode()), b"\x16\x03\x01\xff\xff nonsense", b""):
            with socket.create_connection((HERE, port_of(twin)), timeout=30) as link:
                link.sendall(said)
                link.shutdown(socket.SHUT_WR)
                while link.recv(1024):
                    pass
        answer = asked("localhost", port_of(twin), trusting(folder))
        status = twin.stop()

    assert (answer.status, status, twin.log) == (200, 0, [])


def test_a_client_that_says_nothing_is_left_after_the_idle_time(folder: Path) -> None:
    """As one is that sends no request."""
    with (
        secured(folder, "--quiet", "--idle-timeout", "0.5") as twin,
        socket.create_connection((HERE, port_of(twin)), timeout=30) as link,
    ):
        assert link.recv(1) == b""


def test_a_client_that_says_nothing_does_not_hold_up_the_stop(folder: Path) -> None:
    """It has a second to begin."""
    with secured(folder, "--quiet") as twin, socket.create_connection((HERE, port_of(twin)), timeout=30):
        assert asked("localhost", port_of(twin), trusting(folder)).status == 200
        begin_s = monotonic()
        status = twin.stop()
        took_s = monotonic() - begin_s

    assert (status, twin.log) == (0, [])
    assert took_s < 5


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stop_answers_a_request_that_has_begun(folder: Path, workers: int) -> None:
    """Over TLS as over TCP; then both ports are closed."""
    with secured(folder, "--quiet", "--workers", str(workers)) as twin:
        raw = request(PATH.encode())
        with closing(Ported("localhost", port_of(twin), trusting(folder))) as connection:
            connection.connect()
            connection.sock.sendall(raw[:20])
            assert asked("localhost", port_of(twin), trusting(folder)).status == 200
            twin.process.send_signal(signal.SIGTERM)
            connection.sock.sendall(raw[20:])
            received = connection.sock.recv(65536)
        status = twin.wait()

    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert (status, twin.log) == (0, [])
    for url in urls(twin):
        with socket.socket() as probe:
            assert probe.connect_ex((HERE, int(url.rpartition(":")[2]))) != 0


def _ask_until_refused(port: int, context: ssl.SSLContext, answered: list[bytes], warm: Event) -> None:
    """Make a connection for each request, until nobody listens; what it loses is no answer."""
    while True:
        try:
            link = socket.create_connection((HERE, port), timeout=30)
        except OSError:
            return
        try:
            with context.wrap_socket(link, server_hostname="localhost") as connection:
                connection.sendall(request(PATH.encode()))
                answered.append(connection.recv(15))
        except OSError as error:
            answered.append(repr(error).encode())
        warm.set()


@pytest.mark.parametrize("workers", [1, 2])
def test_no_request_is_lost_while_clients_keep_coming(folder: Path, workers: int) -> None:
    """A client that has connected comes past TLS, and is answered."""
    answered: list[bytes] = []
    with secured(folder, "--quiet", "--workers", str(workers)) as twin:
        warm = [Event() for _ in range(4)]
        clients = [
            Thread(target=_ask_until_refused, args=(port_of(twin), trusting(folder), answered, each))
            for each in warm
        ]
        for client in clients:
            client.start()
        assert all(each.wait(30) for each in warm)
        status = twin.stop()
        for client in clients:
            client.join(30)

    assert set(answered) == {b"HTTP/1.1 200 OK"}
    assert (status, twin.log) == (0, [])


def _replace_all(twin: "Twin") -> None:
    """Have other processes in the place of all that serve."""
    before = workers_of(twin)
    twin.process.send_signal(signal.SIGHUP)
    until(lambda: all_replaced(twin, before))


@pytest.mark.proof
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the processes are found in /proc")
def test_sighup_shows_a_certificate_of_the_user_s_own_as_it_is_by_then(tmp_path: Path) -> None:
    """And the one of before, where that can't be used."""
    files = (tmp_path / "server.pem", tmp_path / "key.pem")

    def renewed() -> ssl.SSLContext:
        authority = CA()
        certificate = authority.issue_cert("localhost")
        files[0].write_bytes(b"".join(pem.bytes() for pem in certificate.cert_chain_pems))
        files[1].write_bytes(certificate.private_key_pem.bytes())
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return context

    trusting_first = renewed()
    options = ("--tls", "--tls-port", "0", "--cert", str(files[0]), "--key", str(files[1]))
    with served("--now", NOW, "--quiet", "--workers", "2", *options) as twin:
        assert asked("localhost", port_of(twin), trusting_first).status == 200

        trusting_second = renewed()
        _replace_all(twin)
        files[1].write_bytes(b"nothing")
        _replace_all(twin)
        assert asked("localhost", port_of(twin), trusting_second).status == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            asked("localhost", port_of(twin), trusting_first)
        assert twin.stop() == 0

    (told,) = [line for line in twin.log if "certificates" in line]
    assert "key.pem holds no private key" in told
    assert "Traceback" not in "".join(twin.log)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the processes are found in /proc")
def test_workers_answer_both_ports_and_are_replaced(folder: Path) -> None:
    """Their certificates are of the same authority, which is in their parent's memory."""
    with secured(folder, "--quiet", "--workers", "2") as twin:
        (folder / "authority.pem").rename(folder / "away.pem")
        try:
            _replace_all(twin)
        finally:
            (folder / "away.pem").rename(folder / "authority.pem")
        answers = [asked(HOSTS[0], port_of(twin), trusting(folder), QUERY) for _ in range(8)]
        plain = send(urls(twin)[0], request(f"{PATH}?{QUERY}".encode()))
        status = twin.stop()

    assert {answer.body for answer in answers} == {plain.body}
    assert (status, twin.log) == (0, [])
