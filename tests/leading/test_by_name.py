"""Clients that take no proxy are led by the name of the host, to a port that is given."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.leading.led import KEPT, URL, led
from tests.project.checkout import text
from tests.served import WITHIN_S

ASK: Final = """
import socket, ssl, sys
name = "app.launchdarkly.com"
way = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=30)
with ssl.create_default_context().wrap_socket(way, server_hostname=name) as way:
    way.sendall(f"GET {sys.argv[2]} HTTP/1.1\\r\\nHost: {name}\\r\\nAuthorization: any\\r\\n\\r\\n".encode())
    print(way.recv(100).split()[1].decode())
"""
PATH: Final = URL.partition(".com")[2]
CLIENT: Final = f"curl --noproxy '*' -s -H 'Authorization: any' {URL}"


@pytest.fixture
def port() -> str:
    """Give a port that was free just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])


def test_https_is_on_the_port_that_is_given(port: str) -> None:
    """By the certificate of the real hostname, which the variables let a client believe."""
    command = (sys.executable, "-S", "-E", "-c", ASK, port, PATH)  # not led in any other way

    ended = led(*command, options=("--tls-port", port))

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "200\n", KEPT)


def test_a_port_that_is_taken_is_said_before_the_command_runs() -> None:
    """With the way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = led("echo", "run", options=("--tls-port", str(port)))

    assert (ended.returncode, ended.stdout) == (2, "")
    assert f"usagetwin: can't listen on 127.0.0.1, port {port}: " in ended.stderr
    assert "try   another --tls-port (0 takes a free one), or a network namespace" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_recipe_of_the_guide_leads_a_client_that_takes_no_proxy(tmp_path: Path) -> None:
    """Line by line, as it stands, but for the client."""
    enter, *lines = _recipe()
    _skip_where_not_possible(enter)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    ended = subprocess.run(
        enter.split(),
        input="\n".join(lines).replace("./your-client", CLIENT),
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        check=False,
        text=True,
        timeout=WITHIN_S,
    )

    assert (ended.returncode, ended.stderr) == (0, KEPT)
    assert ended.stdout.startswith('{"_links":')


def _recipe() -> list[str]:
    guide = text("docs/run.md").partition("## By name")[2]
    return guide.partition("```console\n")[2].partition("```")[0].splitlines()


def _skip_where_not_possible(enter: str) -> None:
    for program in ("unshare", "ip", "curl"):
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program} here")
    tried = subprocess.run([*enter.split()[:-1], "true"], capture_output=True, check=False, text=True)
    if tried.returncode != 0:
        pytest.skip(f"there are no namespaces for a test: {tried.stderr.strip()}")
