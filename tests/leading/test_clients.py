"""Unchanged clients ask https://app.launchdarkly.com under `usagetwin run`, and the twin answers."""

import json
import shutil
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.leading.led import KEPT, URL, led, long, python

if TYPE_CHECKING:
    from pathlib import Path

NOW: Final = ("--now", "2026-03-03")
SENT: Final = "headers={'Authorization': 'any'}"
CLIENTS: Final = {
    "curl": ("curl", "-s", "-H", "Authorization: any", URL),
    "requests": python(f"import requests; print(requests.get('{URL}', {SENT}).text)"),
    "httpx": python(f"import httpx; print(httpx.get('{URL}', {SENT}).text)"),
    "urllib": python(
        f"from urllib.request import *;print(urlopen(Request('{URL}', {SENT})).read().decode())"
    ),
    "node": (
        "node",
        "-e",
        f"fetch('{URL}', {{headers: {{Authorization: 'any'}}}}).then(r => r.text()).then(console.log)",
    ),
    "node's https": (
        "node",
        "-e",
        f"require('https').get('{URL}', {{headers: {{Authorization: 'any'}}}}, r => r.pipe(process.stdout))",
    ),
    "node's tls": (
        "node",
        "--input-type=module",
        "-e",
        "import { connect } from 'node:tls'\n"
        "const { hostname, pathname, search } = new URL('" + URL + "')\n"
        "const to = connect(443, hostname, { servername: hostname }, () => to.write(\n"
        "  `GET ${pathname}${search} HTTP/1.0\\r\\nHost: ${hostname}\\r\\nAuthorization: any\\r\\n\\r\\n`))\n"
        "let text = ''\n"
        "to.on('data', part => { text += part })\n"
        "to.on('end', () => console.log(text.split('\\r\\n\\r\\n')[1]))\n",
    ),
}


def command_of(client: str, query: str = "") -> tuple[str, ...]:
    """Give a client's command; skip the test where it can't be tried here."""
    if shutil.which(CLIENTS[client][0]) is None:
        pytest.skip(f"{client} is not installed here")
    return tuple(part.replace(URL, f"{URL}{query}") for part in CLIENTS[client])


@pytest.mark.parametrize(
    "client", ["curl", "node", *map(long, ("requests", "httpx", "urllib", "node's https", "node's tls"))]
)
def test_a_client_is_answered(client: str) -> None:
    """Over TLS that it believes, at the instant that the options say; and the verdict is told."""
    ended = led(*command_of(client), options=NOW)

    assert (ended.returncode, ended.stderr) == (0, KEPT)
    assert [point["time"] for point in json.loads(ended.stdout)["series"]] == [1772323200000, 1772409600000]


@pytest.mark.parametrize("client", ["httpx", *map(long, ("curl", "node", "requests", "urllib"))])
def test_a_planted_mistake_is_told_and_fails(client: str) -> None:
    """Also where the client takes the refusal for an answer; urllib, which does not, fails by itself."""
    ended = led(*command_of(client, "?from=1772323200000"), options=NOW)

    assert ended.returncode == 1
    assert ended.stderr.endswith(
        "usagetwin: 1 request to app.launchdarkly.com, which breaks the contract\n"
        "  timestamp-fits-ten-digits: from='1772323200000' looks like milliseconds; "
        "from takes Unix seconds, at most 10 digits\n"
        "    try   from=1772323200\n"
        f"    sent  request 1: GET {URL.removeprefix('https://')}?from=1772323200000\n"
    )


def test_a_python_without_usagetwin_is_led_by_the_proxy() -> None:
    """As with -S, which loads no site: urllib heeds the variables, and OpenSSL the certificates."""
    _, _, program = CLIENTS["urllib"]

    ended = led(sys.executable, "-S", "-E", "-c", program)

    assert (ended.returncode, ended.stderr) == (0, KEPT)


def test_the_base_url_leads_to_the_twin_and_to_its_control_api() -> None:
    """For clients that take one; a play that they make counts, also when it has ended."""
    ended = led(
        *python(
            "import httpx, os\n"
            "twin = httpx.Client(base_url=os.environ['USAGETWIN_URL'])\n"
            "made = twin.post('/__twin__/plays', json={'now': '2026-03-02T12:00:00Z'}).json()\n"
            f"path = '{URL.partition('.com')[2]}'\n"
            "for query in ('', '?from=1772323200000'):\n"
            "    twin.get(path + query, headers={'Authorization': made['token']})\n"
            "twin.get(path, headers={'Authorization': 'any'})\n"
            "print(twin.delete('/__twin__/plays/' + made['play']).status_code)\n"
        )
    )

    assert (ended.returncode, ended.stdout) == (1, "200\n")
    assert ended.stderr.startswith("usagetwin: 3 requests to the twin's own URL, 1 breaks the contract\n")


@pytest.mark.proof
def test_a_client_of_a_led_python_may_go_by_the_proxy() -> None:
    """It asks for a way by itself, and is no request that goes past the twin."""
    ended = led(
        *python(
            "import os, socket\n"
            "from urllib.parse import urlsplit\n"
            "proxy = urlsplit(os.environ['https_proxy'])\n"
            "way = socket.create_connection((proxy.hostname, proxy.port))\n"
            "way.sendall(b'CONNECT app.launchdarkly.com:443 HTTP/1.1\\r\\n\\r\\n')\n"
            "print(way.recv(100).decode().split()[1])\n"
        )
    )

    assert (ended.returncode, ended.stdout) == (0, "200\n"), ended.stderr


REWRITING: Final = "error::pytest.PytestAssertRewriteWarning"
LED_TESTS: Final = """
import subprocess, sys
from pathlib import Path
from ask import ask

def test_with(usage_twin):
    usage_twin.world({'web': {'2026-03-02': 12}})
    usage_twin.freeze('2026-03-03')
    program = [sys.executable, Path(__file__).with_name('ask.py')]
    assert ask() == int(subprocess.run(program, capture_output=True, check=True).stdout) == 12

def test_without():
    assert ask() > 12
"""
ASK: Final = f"""
import json
from urllib.request import Request, urlopen

def ask():
    answer = urlopen(Request('{URL}', {SENT}))
    return json.loads(answer.read())['series'][-1]['0']

if __name__ == '__main__':
    print(ask())
"""


def test_a_led_pytest_may_have_the_fixture(tmp_path: "Path") -> None:
    """Its own twin answers a test that has it, and the programs of that; all other requests are led."""
    (tmp_path / "ask.py").write_text(ASK, encoding="utf-8")
    (tmp_path / "test_it.py").write_text(LED_TESTS, encoding="utf-8")
    plugins = ("-p", "no:cacheprovider", "-p", "no:randomly")

    ended = led(sys.executable, "-m", "pytest", "-W", REWRITING, *plugins, str(tmp_path), options=NOW)

    assert ended.returncode == 0, ended.stdout
    assert "2 passed" in ended.stdout
    assert ended.stderr.endswith(KEPT)


@pytest.mark.proof
def test_plain_http_is_led_too() -> None:
    """As Ruby asks for the way of https by http_proxy, and a redirect may lead to plain HTTP."""
    ended = led(*(part.replace("https:", "http:") for part in command_of("curl")))

    assert (ended.returncode, ended.stderr) == (0, KEPT)


def test_what_the_options_say_is_what_the_twin_is(tmp_path: "Path") -> None:
    """World, policies and a fault, as for serve."""
    file = tmp_path / "small.csv"
    file.write_text(
        "date,project,count\n2026-02-28,web,3\n2026-03-01,web,5\n2026-03-02,web,7\n", encoding="utf-8"
    )
    options = ("--world", str(file), "--now", "2026-03-03", "--fault", "month-to-date-resets-a-day-late")

    ended = led(*command_of("curl"), options=options)

    assert json.loads(ended.stdout)["series"][0]["0"] == 3 + 5
    assert ended.returncode == 0
