"""The certificates of the local server."""

import socket
import ssl
import threading
from typing import Any

import certifi
import pytest

from usagetwin.hosts import HOSTS
from usagetwin_checker.redirect.authority import Authority


def _shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> str | None:
    """Make a connection, and give the version of TLS that both sides agree on. Raises the client's error."""
    near, far = socket.socketpair()
    thread = threading.Thread(target=_serve, args=(server, far))
    thread.start()
    try:
        with near, client.wrap_socket(near, server_hostname=name) as connection:
            return connection.version()
    finally:
        thread.join()


def _serve(context: ssl.SSLContext, connection: socket.socket) -> None:
    with connection:
        try:
            context.wrap_socket(connection, server_side=True).close()
        except (ssl.SSLError, OSError):
            return


@pytest.mark.parametrize("name", [*HOSTS, "localhost", "127.0.0.1", "::1"])
def test_the_server_is_believed_under_each_of_its_names(authority: Authority, name: str) -> None:
    """By a client that trusts the authority."""
    client = ssl.create_default_context()
    authority.trust(client)

    assert _shake_hands(authority.server_context(HOSTS), client, name) == "TLSv1.3"


def test_the_server_is_not_believed_under_another_name(authority: Authority) -> None:
    """The authority vouches for what it was asked for."""
    client = ssl.create_default_context()
    authority.trust(client)

    with pytest.raises(ssl.SSLCertVerificationError):
        _shake_hands(authority.server_context(HOSTS), client, "other.example")


def test_another_authority_is_not_believed(authority: Authority) -> None:
    """Each run has its own."""
    client = ssl.create_default_context()
    Authority().trust(client)

    with pytest.raises(ssl.SSLCertVerificationError):
        _shake_hands(authority.server_context(HOSTS), client, HOSTS[0])


def test_the_strictest_client_believes_the_server(authority: Authority) -> None:
    """Python 3.13 and later check certificates by the letter of RFC 5280 by default."""
    client = ssl.create_default_context()
    client.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    authority.trust(client)

    assert _shake_hands(authority.server_context(HOSTS), client, HOSTS[0]) == "TLSv1.3"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_a_client_that_knows_only_old_tls_fails_as_at_the_real_hosts(authority: Authority) -> None:
    """TLS 1.2 at least (FACTS 16)."""
    client = ssl.create_default_context()
    client.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    client.maximum_version = ssl.TLSVersion.TLSv1_1
    authority.trust(client)

    with pytest.raises(ssl.SSLError):
        _shake_hands(authority.server_context(HOSTS), client, HOSTS[0])


def test_a_client_keeps_what_it_trusts(authority: Authority) -> None:
    """And learns of the authority once."""
    loaded = []

    class Client(ssl.SSLContext):
        def load_verify_locations(self, *files: Any, **data: Any) -> None:  # noqa: ANN401 -- the library's
            loaded.append(self)
            super().load_verify_locations(*files, **data)

    client = Client(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(certifi.where())
    before = client.cert_store_stats()["x509_ca"]

    authority.trust(client)
    authority.trust(client)

    assert client.cert_store_stats()["x509_ca"] == before + 1
    assert len(loaded) == 2  # reading a certificate takes half a millisecond, at each connection


def test_a_client_that_would_like_http_2_is_told_of_http_1(authority: Authority) -> None:
    """The server speaks nothing else."""
    client = ssl.create_default_context()
    client.set_alpn_protocols(["h2", "http/1.1"])
    authority.trust(client)
    near, far = socket.socketpair()
    thread = threading.Thread(target=_serve, args=(authority.server_context(HOSTS), far))
    thread.start()

    with near, client.wrap_socket(near, server_hostname=HOSTS[0]) as connection:
        chosen = connection.selected_alpn_protocol()
    thread.join()

    assert chosen == "http/1.1"


@pytest.mark.parametrize(
    "suites", ["ECDHE-RSA-AES128-GCM-SHA256", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"]
)
def test_a_client_that_knows_the_suites_of_one_kind_is_answered(authority: Authority, suites: str) -> None:
    """By TLS 1.2, where the suite says which certificate there has to be."""
    client = ssl.create_default_context()
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    client.set_ciphers(suites)
    authority.trust(client)

    assert _shake_hands(authority.server_context(HOSTS), client, HOSTS[0]) == "TLSv1.2"
