"""What `usagetwin record` leads, records and says."""

import json
import os
import shutil
import ssl
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from click.testing import CliRunner

from tests.acme import NOW
from tests.checker.commanding import check
from tests.checker.hunting import TOKEN, hits, read_all
from tests.checker.proxying.passed import elsewhere, upstream_twin
from tests.leading.led import URL, python
from tests.served import USAGETWIN, WITHIN_S
from usagetwin import Settings, create_app
from usagetwin.serving.listeners import listen
from usagetwin_checker.commands.main import main
from usagetwin_checker.leading.led_server import LedServer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

ASK: Final = (
    "import os, sys, urllib.request as u\n"
    "for query in sys.argv[2:]:\n"
    f"    request = u.Request('{URL}?' + query, headers={{'Authorization': os.environ['LD_TOKEN']}})\n"
    "    try: print(u.urlopen(request).headers['Usagetwin-Verdict'])\n"
    "    except OSError as error: print(error)\n"
    "sys.exit(int(sys.argv[1]))\n"
)
WINDOW: Final = "from=1767225600&to=1773532800&aggregationType="


def recording(
    *words: str, folder: "Path", environment: "Mapping[str, str] | None" = None
) -> "subprocess.CompletedProcess[str]":
    """Run `usagetwin record` in a folder to its end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("USAGETWIN_")}
    return subprocess.run(
        [*USAGETWIN, "record", *words],
        capture_output=True,
        check=False,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=WITHIN_S,
        env={**kept, "LD_TOKEN": TOKEN, **(environment or {})},
    )


def test_what_a_command_asks_is_passed_on_recorded_and_judged(tmp_path: "Path") -> None:
    """With the command's own output and status; the recording comes to the same, and no token is left."""
    with upstream_twin("business-week", now="2026-03-17", deviation="rolling-of-31-days") as url:
        command = (*python(ASK), "7", f"{WINDOW}incremental", f"{WINDOW}rolling_30d")
        ended = recording("-o", "its.har", "--upstream", url, "--", *command, folder=tmp_path)

    assert (ended.returncode, ended.stdout) == (7, "pass\nfail\n")
    assert "failure rolling-30d-sums" in ended.stderr
    assert f"2 requests to {url} and the answers are in 'its.har'\n" in ended.stderr
    assert ended.stderr.endswith("  try   usagetwin check its.har\n")
    again = check(str(tmp_path / "its.har"))
    assert again.exit_code == 1
    assert "failure rolling-30d-sums" in again.output
    assert hits([ended.stdout, ended.stderr, *read_all(tmp_path)]) == []


@pytest.mark.proof
def test_the_real_host_is_upstream_where_none_is_named(acme_file: str, tmp_path: "Path") -> None:
    """Over TLS, by the proxy of the environment; the command is led past that one."""
    app = create_app(Settings(world=acme_file, now=NOW))
    with elsewhere(app, "app.launchdarkly.com", tmp_path) as there:
        environment = {"HTTPS_PROXY": there.proxy, "SSL_CERT_FILE": there.ca_file}
        ended = recording("--", *python(ASK), "0", "", folder=tmp_path, environment=environment)

    assert (ended.returncode, ended.stdout) == (0, "pass\n")
    assert "1 request to https://app.launchdarkly.com and the answers are in" in ended.stderr
    url = json.loads((tmp_path / "recording.har").read_text())["log"]["entries"][0]["request"]["url"]
    assert url.startswith(URL)


@pytest.mark.proof
def test_a_command_that_asks_nothing_is_told_what_leads_it(tmp_path: "Path") -> None:
    """By default one host is led; the others are reached as before, and named."""
    ended = recording("--", *python("pass"), folder=tmp_path)

    assert ended.returncode == 0
    assert "no request for usage to app.launchdarkly.com went by" in ended.stderr
    assert "--upstream https://HOST for a client that asks app.launchdarkly.us" in ended.stderr
    assert json.loads((tmp_path / "recording.har").read_text())["log"]["entries"] == []


@pytest.mark.proof
@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed here")
def test_node_is_led_too(acme_file: str, tmp_path: "Path") -> None:
    """Whatever its version heeds."""
    asked = f"fetch('{URL}', {{headers: {{Authorization: 'any'}}}})"
    script = f"{asked}.then((answer) => console.log(answer.status))"
    with upstream_twin(acme_file, now=NOW) as url:
        ended = recording("--upstream", url, "--", "node", "-e", script, folder=tmp_path)

    assert (ended.returncode, ended.stdout) == (0, "200\n")
    assert ended.stderr.endswith("  try   usagetwin check recording.har\n")


def test_a_command_that_is_not_there_leaves_an_old_recording_as_it_is(tmp_path: "Path") -> None:
    """A slip of the keyboard costs nothing."""
    file = tmp_path / "old.har"
    file.write_text("old")

    ended = CliRunner().invoke(main, ["record", "-o", str(file), "--", "no-such-command"])

    assert ended.exit_code == 127
    assert "there is no command 'no-such-command'" in ended.output
    assert file.read_text() == "old"


def test_a_port_that_is_taken_leaves_an_old_recording_as_it_is(tmp_path: "Path") -> None:
    """As every command that is refused does."""
    file = tmp_path / "old.har"
    file.write_text("old")

    with closing(listen("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        words = ["record", "-o", str(file), "--upstream", "http://127.0.0.1:9", "--tls-port", port]
        ended = CliRunner().invoke(main, [*words, "--", "true"])

    assert ended.exit_code == 2
    assert f"can't listen on 127.0.0.1, port {port}" in ended.output
    assert file.read_text() == "old"


def test_one_host_may_be_led_alone() -> None:
    """Another one of LaunchDarkly's is another host, which is refused here as all others are."""
    led_host, other = "app.eu.launchdarkly.com", "app.launchdarkly.com"

    async def app(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with LedServer(app, hosts=(led_host,), block_other_hosts=True) as led:
        context = ssl.create_default_context(cafile=led.environment["SSL_CERT_FILE"])
        proxy = led.environment["HTTPS_PROXY"]
        with httpx.Client(proxy=proxy, verify=context, trust_env=False) as client:
            assert client.get(f"https://{led_host}/").status_code == 204
            with pytest.raises(httpx.ProxyError, match="403"):
                client.get(f"https://{other}/")


def test_a_recording_does_not_take_the_place_of_the_cas(tmp_path: "Path") -> None:
    """Before the command runs."""
    file = tmp_path / "ca.pem"
    file.write_text("the CA", encoding="utf-8")

    result = CliRunner().invoke(main, ["record", "--cacert", str(file), "-o", str(file), "true"])

    assert result.exit_code == 2
    assert "the recording would take the place of the CAs '" in result.output
    assert file.read_text(encoding="utf-8") == "the CA"


def test_a_record_of_no_command_is_refused() -> None:
    """With how it is meant."""
    ended = CliRunner().invoke(main, ["record"])

    assert ended.exit_code == 2
    assert "usagetwin record -- COMMAND" in ended.output
