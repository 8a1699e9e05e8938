"""The long version: the developer tools of Chromium and Firefox export what a page asked a twin, as HAR.

In Chromium the module is called that its *Export HAR* button calls; Firefox exports by itself after each
page, as its own setting says. No browser asks anything but this machine.
"""

import json
import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.chromium import ABSENT, browsing
from tests.checker.talking.recordings.held import TOKEN, assert_answers, assert_passes
from usagetwin.contract.operation import PATH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.chromium import Browser
    from tests.served import Twin

FIREFOX: Final = shutil.which("firefox") or shutil.which("firefox-esr")
WITHIN_S: Final = 120
OPEN_AFTER_MS: Final = 8_000  # developer tools have opened by then, and record
QUERIES: Final = (
    "",
    "?aggregationType=incremental",
    "?projectKey=web",
    "?granularity=monthly",
    "?projectKey=x",
)
WAITING: Final = f"<script>setTimeout(() => location = '/asking', {OPEN_AFTER_MS})</script>"
ASKING: Final = """\
<script>
(async () => {
  const headers = {"Authorization": "%(token)s", "LD-API-Version": "beta"};
  for (const query of %(queries)s)
    await (await fetch("%(url)s" + query, {headers})).text();
  await fetch("/asked");
})()
</script>
"""
EXPORTED: Final = """\
const [sanitize, done] = arguments;
(async () => {
  const {NetworkLog} = await import("./models/logs/logs.js");
  const {Writer} = await import("./models/har/har.js");
  const get = (_, name) => name === "canceled" ? false : () => false;
  const nobody = new Proxy({}, {get, set: () => true});  // who would see how far it has come
  let written = "";
  const stream = {write: async text => { written += text; }, close: async () => {}};
  const requests = NetworkLog.NetworkLog.instance().requests();
  await Writer.Writer.write(stream, requests, {sanitize}, nobody);
  return written;
})().then(done, error => done(String(error)));
"""
PREFERENCES: Final = {
    "devtools.toolbox.selectedTool": "netmonitor",
    "devtools.netmonitor.har.enableAutoExportToFile": True,
    "devtools.netmonitor.har.forceExport": True,
    "devtools.netmonitor.har.includeResponseBodies": True,
    "devtools.netmonitor.har.defaultFileName": "firefox",
    "devtools.netmonitor.har.pageLoadedTimeout": 3_000,  # the page has asked by then
    "network.proxy.type": 1,  # all but this machine is behind a proxy that is not there
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
}

pytestmark = [pytest.mark.proof, pytest.mark.no_cover]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that asks a twin once it is opened the second time, and whether it has."""

    url: str
    asked: threading.Event


@pytest.fixture
def page(observed_twin: "Twin") -> "Iterator[Page]":
    """Serve a page of another origin than the twin's, as a dashboard has."""
    asking = ASKING % {"token": TOKEN, "url": observed_twin.url + PATH, "queries": json.dumps(QUERIES)}
    pages = {"/": WAITING, "/asking": asking}
    asked = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(pages.get(self.path, "").encode())
            if self.path == "/asked":
                asked.set()

        def log_message(self, *_arguments: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield Page(f"http://127.0.0.1:{server.server_port}/", asked)
        finally:
            server.shutdown()
            serving.join()


@pytest.mark.skipif(bool(ABSENT), reason=ABSENT)
def test_what_chromium_exports_is_judged(page: Page, tmp_path: "Path") -> None:
    """With sensitive data and without; the preflights are replayed as well, but not judged."""
    with browsing("--auto-open-devtools-for-tabs") as browser:
        browser.open(page.url)
        assert page.asked.wait(WITHIN_S)
        written = exported(browser, sanitize=False), exported(browser, sanitize=True)

    assert [each.count(f'"value": "{TOKEN}"') for each in written] == [len(QUERIES), 0]
    for number, each in enumerate(written):
        file = tmp_path / f"chromium-{number}.har"
        file.write_text(each, encoding="utf-8")
        assert json.loads(each)["log"]["creator"]["name"] == "WebInspector"
        assert_passes(file, len(QUERIES))
        assert_answers(file, 2 * len(QUERIES))


@pytest.mark.skipif(FIREFOX is None, reason="make browser installs Firefox")
def test_what_firefox_exports_is_judged(page: Page, tmp_path: "Path") -> None:
    """Every answer; the preflights are replayed as well, but not judged."""
    file = tmp_path / "firefox.har"
    with firefox(page.url, tmp_path):
        assert page.asked.wait(WITHIN_S)
        written = until_whole(file)

    assert written["log"]["creator"]["name"] == "Firefox"
    assert_passes(file, len(QUERIES))
    assert_answers(file, 2 * len(QUERIES))


def exported(browser: "Browser", *, sanitize: bool) -> str:
    """Give what the developer tools export: they are a page of their own."""
    driver = browser.driver
    for window in driver.window_handles:
        driver.switch_to.window(window)
        if driver.current_url.startswith("devtools:"):
            return str(driver.execute_async_script(EXPORTED, sanitize))
    pytest.fail("Chromium opened no developer tools")


@contextmanager
def firefox(url: str, folder: "Path") -> "Iterator[None]":
    """Start Firefox with developer tools that write into a folder, and end it when the block is left."""
    profile = folder / "profile"
    profile.mkdir()
    settings = {**PREFERENCES, "devtools.netmonitor.har.defaultLogDir": str(folder)}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(profile), "--devtools", url]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def until_whole(file: "Path") -> "dict[str, dict[str, dict[str, str]]]":
    """Wait until a file is there and whole, and give what it holds."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        try:
            return json.loads(file.read_text(encoding="utf-8"))  # type: ignore[no-any-return]  # -- JSON
        except (FileNotFoundError, ValueError):
            time.sleep(0.1)
    pytest.fail(f"{file.name} was not written")
