"""What the browser of these tests notices, on pages that are wrong on purpose."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import AXE, Browser

if TYPE_CHECKING:
    from collections.abc import Iterator

SOUND = """\
<!DOCTYPE html><html lang=en><meta name=viewport content=width=device-width><title>t</title>
<main><h1>A page</h1>{}</main></html>
"""


@contextmanager
def page(body: str) -> "Iterator[str]":
    """Serve one page under a strict policy, and give its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = SOUND.format(body).encode()
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", "default-src 'self'; img-src *")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("<p>Nothing wrong.", ""),
        ("<script>1</script>", "Content Security Policy"),
        ("<p style='color: red'>Red.", "Content Security Policy"),
        ("<img src='http://example.test/x.png' alt=''>", "another host was asked: http://example.test/x.png"),
    ],
)
def test_it_notices_what_no_page_may_do(browser: Browser, body: str, part: str) -> None:
    """A script in the page, and a request to another host, which leads nowhere."""
    with page(body) as url:
        browser.open(url)

        noticed = browser.noticed()

    assert any(part in each for each in noticed) if part else noticed == []


def test_scripts_are_off_when_they_are_to_be(browser: Browser) -> None:
    """What stands in `noscript` is shown then."""
    with page("<noscript><p id=off>off</p></noscript>") as url:
        browser.open(url)
        assert browser.all("#off") == []
        browser.scripts(on=False)
        browser.open(url)

        assert browser.one("#off").text == "off"


def test_a_phone_is_narrow_and_dark_is_dark(browser: Browser) -> None:
    """As style sheets and scripts see it."""
    with page("<p>A page.") as url:
        browser.look("phone", dark=True)
        browser.open(url)

        told = browser.run("return [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]")

    assert told == [390, True]


@pytest.mark.skipif(not AXE.exists(), reason="make browser installs axe-core")
def test_axe_finds_an_image_without_words(browser: Browser) -> None:
    """And nothing in a page that is sound."""
    with page("<p>A page.") as url:
        browser.open(url)
        assert browser.violations() == []
    with page("<img src=x.png>") as url:
        browser.open(url)
        found = browser.violations()
        browser.noticed()

    assert [each.partition(":")[0] for each in found] == ["image-alt"]
