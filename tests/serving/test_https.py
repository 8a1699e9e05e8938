"""`usagetwin serve --tls`, asked by real clients of TLS."""

import shutil
import socket
import ssl
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from trustme import CA

from tests.acme import FULL, NOW, PATH
from tests.served import run, served
from tests.serving.processes import until
from tests.serving.secure import Ported, asked, port_of, secured, trusting, urls
from tests.wire import get, request, send
from usagetwin.hosts import HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Twin

HERE = "127.0.0.1"
QUERY = "from=0&to=9999999999"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the authority."""
    return tmp_path_factory.mktemp("authority") / "kept"


@pytest.fixture(scope="module")
def twin(folder: Path) -> "Iterator[Twin]":
    """Serve a twin for all that changes nothing about it."""
    with secured(folder, "--name", "twin.example", "--name", "192.0.2.7") as twin:
        yield twin


@pytest.mark.parametrize("name", [*HOSTS, "localhost", HERE, "::1", "twin.example", "192.0.2.7"])
def test_it_is_trusted_under_each_of_its_names(twin: "Twin", folder: Path, name: str) -> None:
    """And answers what it answers over HTTP."""
    plain = send(urls(twin)[0], request(f"{PATH}?{QUERY}".encode()))

    answer = asked(name, port_of(twin), trusting(folder), QUERY)

    assert answer.status == 200
    assert answer.body == plain.body


def test_it_is_not_trusted_under_another_name(twin: "Twin", folder: Path) -> None:
    """Nor by who does not know the authority."""
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        asked("other.example", port_of(twin), trusting(folder))
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate verify failed"):
        asked("localhost", port_of(twin), ssl.create_default_context())


@pytest.mark.parametrize(("version", "number"), [("TLSv1.2", ssl.TLSVersion.TLSv1_2), ("TLSv1.3", None)])
def test_it_speaks_tls_1_2_and_later(
    twin: "Twin", folder: Path, version: str, number: ssl.TLSVersion | None
) -> None:
    """And HTTP/1.1 alone, which it says."""
    context = trusting(folder)
    context.set_alpn_protocols(["h2", "http/1.1"])
    if number is not None:
        context.maximum_version = number

    with closing(Ported("localhost", port_of(twin), context)) as connection:
        connection.connect()
        assert isinstance(connection.sock, ssl.SSLSocket)
        assert (connection.sock.version(), connection.sock.selected_alpn_protocol()) == (version, "http/1.1")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_it_refuses_tls_1_1(twin: "Twin", folder: Path) -> None:
    """As the real hosts do (FACTS 16); the client offers all suites that it has."""
    context = trusting(folder)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")

    with pytest.raises(ssl.SSLError):
        asked("localhost", port_of(twin), context)


@pytest.mark.parametrize("suites", ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"])
def test_it_has_a_certificate_of_each_kind(twin: "Twin", folder: Path, suites: str) -> None:
    """A client may know the suites of one alone."""
    context = trusting(folder)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suites)

    assert asked("localhost", port_of(twin), context).status == 200


def test_httpx_is_answered_through_the_variable_that_the_command_prints(
    twin: "Twin", folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As is any program on Python's `ssl`."""
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))

    with httpx.Client(verify=ssl.create_default_context(), trust_env=False) as client:
        answer = client.get(f"{urls(twin)[1]}{PATH}", headers={"Authorization": FULL})

    assert answer.status_code == 200


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_curl_asks_by_the_real_hostname(twin: "Twin", folder: Path) -> None:
    """And the health check by the one of this machine."""
    leads = f"{HOSTS[0]}:443:{HERE}:{port_of(twin)}"
    command = ["curl", "-sS", "--cacert", str(folder / "ca.pem"), "--connect-to", leads, "--noproxy", "*"]

    ended = subprocess.run(
        [*command, "-H", f"Authorization: {FULL}", f"https://{HOSTS[0]}{PATH}"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert ended.stdout.startswith('{"_links":')


def test_the_health_check_asks_over_tls(twin: "Twin", folder: Path) -> None:
    """With the variable that the command prints."""
    url = urls(twin)[1]

    assert run("health", url, environment={"SSL_CERT_FILE": str(folder / "ca.pem")}).returncode == 0
    assert "certificate verify failed" in run("health", url).stderr


def test_ready_line_and_introduction_name_both_urls(twin: "Twin", folder: Path) -> None:
    """With a command to paste for each, and no word of a key."""
    plain, secure = urls(twin)
    said = "".join(twin.log)

    assert (plain[:17], secure[:18]) == (f"http://{HERE}:", f"https://{HERE}:")
    assert f"  https     {secure}, trusted with {folder / 'ca.pem'}: `usagetwin ca` says how\n" in said
    assert f"  try       curl --cacert {folder / 'ca.pem'} -H" in said
    assert f"{plain}{PATH}\n" in said
    assert f"{secure}{PATH}\n" in said
    assert "PRIVATE" not in said + "".join(twin.output)


def test_the_log_has_the_url_that_was_asked(twin: "Twin", folder: Path) -> None:
    """It can be pasted."""
    asked(HERE, port_of(twin), trusting(folder), "x=logged-over-tls")

    until(lambda: any("x=logged-over-tls" in line or "undocumented" in line for line in twin.log))
    assert any(f"GET https://{HERE}:{port_of(twin)}{PATH}" in line for line in twin.log)


def test_a_connection_is_kept_alive(twin: "Twin", folder: Path) -> None:
    """Many requests, one handshake."""
    with closing(Ported("localhost", port_of(twin), trusting(folder))) as connection:
        answers = [get(connection, QUERY) for _ in range(20)]

    assert {answer.status for answer in answers} == {200}


def test_a_certificate_of_ones_own_is_shown(tmp_path: Path) -> None:
    """No authority is made or read for it."""
    authority = CA()
    own = authority.issue_cert("mine.example")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    own.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    own.private_key_pem.write_to_path(tmp_path / "key.pem")
    files = ["--cert", str(tmp_path / "cert.pem"), "--key", str(tmp_path / "key.pem")]

    with served(
        "--now", NOW, "--tls", "--tls-port", "0", *files, environment={"USAGETWIN_CA_DIR": "/proc/none"}
    ) as twin:
        answer = asked("mine.example", port_of(twin), trusting(tmp_path))
        secure = urls(twin)[1]

    assert answer.status == 200
    assert f"  https     {secure}, with your certificate\n" in twin.log


def test_a_published_certificate_is_what_the_introduction_names(tmp_path: Path) -> None:
    """Others can't read the one beside the key."""
    with secured(tmp_path / "kept", "--publish-ca", str(tmp_path / "for-all")) as twin:
        answer = asked(HOSTS[1], port_of(twin), trusting(tmp_path / "for-all"))
        said = "".join(twin.log)

    assert answer.status == 200
    assert f"trusted with {tmp_path / 'for-all' / 'ca.pem'}: " in said
    assert str(tmp_path / "kept") not in said


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (["--tls-port", "1"], ["--tls-port is about HTTPS", "--tls beside --tls-port"]),
        (["--name", "twin"], ["--name is about HTTPS", "--tls beside --name"]),
        (["--cert", "c.pem", "--key", "k.pem"], ["--cert is about HTTPS", "--tls beside --cert"]),
        (["--tls", "--cert", "c.pem"], ["--cert without --key", "--cert FILE --key FILE"]),
        (["--tls", "--key", "k.pem"], ["--key without --cert", "--cert FILE --key FILE"]),
        (["--tls", "--cert", "c.pem", "--key", "k.pem"], ["--cert c.pem can't be read", "a file in PEM"]),
        (["--tls", "--cert", "c", "--key", "k", "--name", "a"], ["--name changes nothing", "--name alone"]),
        (["--publish-ca", "there"], ["--publish-ca is about HTTPS", "--tls beside --publish-ca"]),
        (
            ["--tls", "--cert", "c", "--key", "k", "--publish-ca", "there"],
            ["--publish-ca is about the local authority", "--publish-ca alone"],
        ),
        (["--tls", "--publish-ca", "/dev/null"], ["can't be written to /dev/null", "others can read"]),
        (["--tls", "--name", "https://twin"], ["--name 'https://twin'", "without a port"]),
        (["--tls", "--tls-port", "65536"], ["65536"]),
        (["--tls", "--ca-dir", "/dev/null"], ["/dev/null is no folder", "--ca-dir DIR"]),
        (["--tls", "--host", "a" * 80], ["can't listen on aaa", "another --host"]),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, options: list[str], parts: list[str]) -> None:
    """Status 2, no traceback."""
    where = {"USAGETWIN_CA_DIR": str(tmp_path / "kept")} if "--ca-dir" not in options else {}

    ended = run("serve", "--port", "0", *options, environment=where)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert [part for part in parts if part not in ended.stderr] == []
    assert "Traceback" not in ended.stderr


def test_a_tls_port_that_is_taken_is_said_with_its_option(folder: Path) -> None:
    """Which is not --port."""
    with socket.create_server((HERE, 0)) as other:
        port = str(other.getsockname()[1])
        ended = run("serve", "--port", "0", "--tls", "--tls-port", port, "--ca-dir", str(folder))

    assert ended.returncode == 2
    assert f"can't listen on {HERE}, port {port}: " in ended.stderr
    assert "another --tls-port (0 takes a free one)" in ended.stderr
