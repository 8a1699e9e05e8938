"""A command of `usagetwin control` in this process, and what it printed; and a client of the twin."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from click.testing import CliRunner

from tests.clicking import APART
from usagetwin.contract.operation import PATH
from usagetwin_checker.commands.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW: Final = "2026-03-17T15:20:00Z"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    status: int
    output: str
    errors: str


def told(*arguments: str, environment: "Mapping[str, str] | None" = None) -> Ended:
    """Run a command; variables of ours count where the test gives them."""
    ours = {"USAGETWIN_URL": None, "USAGETWIN_PLAY": None, "USAGETWIN_CONTROL_TOKEN": None}
    ended = CliRunner(**APART).invoke(main, ["control", *arguments], env={**ours, **(environment or {})})
    assert "Traceback" not in ended.output
    return Ended(ended.exit_code, ended.stdout, ended.stderr)


@dataclass(frozen=True, slots=True)
class Told:
    """A play of a served twin, which a test has to itself."""

    url: str
    token: str
    number: str

    def tell(self, *arguments: str, status: int = 0) -> str:
        """Run a command about this play, and give what it printed; it must end with this status."""
        ended = told(*arguments, "--play", self.number, environment={"USAGETWIN_URL": self.url})
        assert ended.status == status, ended
        return ended.output

    def refused(self, *arguments: str) -> str:
        """Run a command that can't be done, and give what it says of that."""
        ended = told(*arguments, "--play", self.number, environment={"USAGETWIN_URL": self.url})
        assert (ended.status, ended.output) == (2, ""), ended
        return ended.errors

    def ask(self, query: str = "") -> tuple[int, Any]:
        """Ask the twin as a client with the play's token does."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        connection.request("GET", f"{PATH}?{query}", headers={"Authorization": self.token})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, json.loads(content)


def play_of(url: str, *options: str) -> Told:
    """Make a play of the twin."""
    made = json.loads(told("--url", url, "play", "--json", *options).output)
    return Told(url, made["token"], made["play"])
