"""How Chromium is started for tests, how a page is looked at in it, and what it has noticed meanwhile.

Rule: nothing is downloaded, and no name but this machine's leads anywhere.
"""

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver.remote.webelement import WebElement

CHROMIUM: Final = shutil.which("chromium")
DRIVER: Final = shutil.which("chromedriver")
ABSENT: Final = (
    "make browser installs Chromium, its driver and axe-core" if None in {CHROMIUM, DRIVER} else ""
)
AXE: Final = Path(__file__).resolve().parents[2] / ".browser" / "node_modules" / "axe-core" / "axe.min.js"
WITHIN_S: Final = 20
HERE: Final = frozenset({"127.0.0.1", "localhost"})
FETCHED: Final = frozenset({"http", "https", "ws", "wss", "ftp"})  # what comes over a network
LEVELS: Final = frozenset({"SEVERE", "WARNING"})
SIZES: Final = {"wide": (1280, 900), "phone": (390, 844)}
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS: Final = (
    "--headless=new",
    "--no-sandbox",  # which root needs
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@dataclass(slots=True)
class Browser:
    """A Chromium with one page, and what is told of it."""

    driver: Chrome
    forgiven: list[str] = field(default_factory=list)  # parts of messages that a test means to bring about

    def open(self, url: str) -> None:
        """Open a page, and wait until it is loaded."""
        self.driver.get(url)

    def fresh(self) -> None:
        """Be as a browser that has seen nothing: no page, no cookie, scripts on, wide and light."""
        self.forgiven.clear()
        self.driver.get("about:blank")
        self._tell("Network.clearBrowserCookies")
        self.scripts(on=True)
        self.look()
        self.noticed()

    def scripts(self, *, on: bool) -> None:
        """Run the scripts of pages from the next one on, or don't."""
        self._tell("Emulation.setScriptExecutionDisabled", value=not on)

    def look(self, size: str = "wide", *, dark: bool = False) -> None:
        """Be a wide screen or a phone, light or dark."""
        width, height = SIZES[size]
        phone = size == "phone"
        self._tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        scheme = "dark" if dark else "light"
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self._tell("Emulation.setEmulatedMedia", features=features)

    def one(self, selector: str) -> "WebElement":
        """Give the first element that a CSS selector means; wait for it."""
        found: WebElement = self.until(lambda: next(iter(self.all(selector)), None), selector)
        return found

    def all(self, selector: str) -> "list[WebElement]":
        """Give all elements that a CSS selector means."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, told: "Callable[[], Any]", what: str) -> Any:  # noqa: ANN401 -- what is waited for
        """Wait until something is true, and give it."""
        return WebDriverWait(self.driver, WITHIN_S, poll_frequency=0.05).until(lambda _: told(), what)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 -- what the script gives
        """Run a script in the page, and give what it returns."""
        return self.driver.execute_script(script, *arguments)

    def press(self, selector: str) -> None:
        """Press what leads to another page, and wait until that has come."""
        before = self.one("html")
        self.one(selector).click()
        self.until(lambda: _is_gone(before), f"the page after {selector}")

    def picture(self, file: Path) -> None:
        """Take a picture of what is to be seen of the page."""
        self.driver.save_screenshot(str(file))

    def violations(self) -> list[str]:
        """Give what axe-core finds wrong with the page, a line each."""
        self.run(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: arguments[0]}).then(found => done(found.violations));",
            list(RULES),
        )
        return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]

    def noticed(self) -> list[str]:
        """Give what is wrong of what was noticed since the last time: the console, and other hosts."""
        console = [
            f"{entry['level']} {entry['message']}"
            for entry in self.driver.get_log("browser")  # type: ignore[no-untyped-call]  # -- selenium's
            if entry["level"] in LEVELS
        ]
        asked = [url for url in self._asked() if _is_elsewhere(url)]
        found = [*console, *(f"another host was asked: {url}" for url in asked)]
        return [each for each in found if not any(part in each for part in self.forgiven)]

    def _asked(self) -> "Iterator[str]":
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]  # -- selenium's
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                yield message["params"]["request"]["url"]

    def _tell(self, command: str, **parameters: object) -> None:
        self.driver.execute_cdp_cmd(command, parameters)


@contextmanager
def browsing(*more: str) -> "Iterator[Browser]":
    """Start a Chromium, with more options if there are any, and end it when the block is left."""
    options = ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for option in (*OPTIONS, *more):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=Service(executable_path=DRIVER))
    try:
        driver.set_page_load_timeout(WITHIN_S)
        driver.set_script_timeout(WITHIN_S)
        yield Browser(driver)
    finally:
        driver.quit()


def _is_elsewhere(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in FETCHED and parts.hostname not in HERE


def _is_gone(element: "WebElement") -> bool:
    from selenium.common.exceptions import StaleElementReferenceException

    try:
        element.is_enabled()
    except StaleElementReferenceException:
        return True
    return False
