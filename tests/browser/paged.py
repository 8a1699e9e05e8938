"""A served twin of the small account, as a browser and clients meet it."""

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import httpx

from tests.acme import FULL, PATH

if TYPE_CHECKING:
    from tests.browser.chromium import Browser
    from tests.served import Twin

PAGE: Final = "/__twin__/page"
VIEWS: Final = {
    "account": "/",
    "query": f"{PAGE}/query?granularity=daily&aggregationType=incremental",
    "requests": f"{PAGE}/requests",
    "control": f"{PAGE}/control",
    "contract": f"{PAGE}/contract",
    "reference": f"{PAGE}/contract/reference",
}
IN_SWAGGER_UI: Final = ("landmark-main-is-top-level", "landmark-no-duplicate-main", "landmark-unique")


@dataclass(frozen=True, slots=True)
class Paged:
    """The twin, and the browser that looks at it."""

    twin: "Twin"
    browser: "Browser"

    def open(self, target: str) -> None:
        """Open a target of the twin."""
        self.browser.open(f"{self.twin.url}{target}")

    def drawn(self, view: str, target: str = "") -> None:
        """Open a view by its name, or some target of it, and wait until what its scripts draw is drawn."""
        self.open(target or VIEWS[view])
        if view in {"account", "query"}:
            self.browser.one(".chart.js-plotly-plot .main-svg")
        if view == "requests":
            self.browser.one(".live[data-open]")
        if view == "reference":
            self.browser.one("#reference[data-drawn] .opblock .parameters")

    def ask(self, query: str = "", token: str = FULL) -> httpx.Response:
        """Ask the twin, as a client does."""
        headers = {"authorization": token}
        return httpx.get(f"{self.twin.url}{PATH}?{query}", headers=headers)

    def tell(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        """Tell the default play something, as a program does."""
        answer = httpx.request(method, f"{self.twin.url}/__twin__/plays/default{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def newest(self) -> int:
        """Give the number of the last request."""
        number: int = self.tell("GET", "/journal")["requests"][-1]["number"]
        return number

    def expected(self, query: str) -> list[int]:
        """Give the values that the ledger holds for a query."""
        values: list[int] = self.tell("GET", f"/expected?{query}")["values"]
        return values

    def curl(self, command: str) -> str:
        """Run a command as somebody who pastes it into a shell, with a token."""
        ran = subprocess.run(
            ["/bin/sh", "-c", command],
            env={"USAGETWIN_TOKEN": FULL, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=True,
            text=True,
            timeout=20,
        )
        return ran.stdout


def asked_with(text: str) -> str:
    """Write a query whose project key is any text."""
    return f"projectKey={quote(text)}"
