"""What Node.js is told to load."""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.served import WITHIN_S
from usagetwin_checker.leading.node import node_options


def test_options_that_were_there_stay(tmp_path: Path) -> None:
    """Ours come after them, and a folder's name may have a blank in it."""
    folder = tmp_path / "a folder"
    folder.mkdir()

    given = node_options(folder, ("127.0.0.1", 1), "--max-old-space-size=99")

    assert given == f'--max-old-space-size=99 --require "{folder}/usagetwin.cjs"'
    assert node_options(folder, ("127.0.0.1", 1), None) == f'--require "{folder}/usagetwin.cjs"'


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed here")
def test_other_hosts_and_ports_are_reached_as_before(tmp_path: Path) -> None:
    """In each way to say where to connect to; and one of ours on its port is led."""
    options = node_options(tmp_path, ("127.0.0.1", 1), None)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        ways = [
            f"{{host: '127.0.0.1', port: {port}}}",
            f"{port}, '127.0.0.1'",
            f"'{port}', '127.0.0.1', {{servername: 'app.launchdarkly.com'}}",
            f"{{host: 'app.launchdarkly.com', port: {port}, lookup: here}}",
            "443, 'app.launchdarkly.com'",
            "{host: 'APP.LaunchDarkly.com.', port: '443'}",
        ]
        program = (
            "const here = (name, options, done) => done(null, [{address: '127.0.0.1', family: 4}])\n"
            "const { connect } = require('tls')\n"
            "const tried = way => new Promise(done => connect(...way).on('error', e => done(e.port)))\n"
            f"Promise.all([{', '.join(f'[{way}]' for way in ways)}].map(tried))"
            ".then(ports => console.log(JSON.stringify(ports)))\n"
        )

        ended = subprocess.run(
            ["node", "-e", program],  # noqa: S607 -- any
            check=True,
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            env={**os.environ, "NODE_OPTIONS": options},
        )

    assert json.loads(ended.stdout) == [port, port, port, port, 1, 1]
