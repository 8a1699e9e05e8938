"""How it is written what a run would send: as curl commands for a shell, and as JSON."""

import json
from typing import TYPE_CHECKING, Any, Final

from usagetwin.days import iso
from usagetwin.errors import readable
from usagetwin_checker.reporting.curl import curl
from usagetwin_checker.reporting.reports import base_of
from usagetwin_checker.reporting.screen import copied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from usagetwin_checker.running.dry_run import Sending
    from usagetwin_checker.talking.targets import Target

FORMAT: Final = "urn:usagetwin:dry-run:1"


def as_commands(sending: "Sending", target: "Target", console: "Console") -> None:
    """Print it as a script: what each request is for, then the command that sends it."""
    for each in _requests(sending, target):
        copied(console, f"# {each['number']}  {each['about']}")
        copied(console, each["curl"])
    for note in sending.notes:
        copied(console, f"# {note}")
    number = len(sending.steps)
    requests = f"{number} request{'' if number == 1 else 's'}"
    copied(console, f"# {requests}, planned around {iso(sending.now.earliest_s)}; none was sent")


def as_json(sending: "Sending", target: "Target") -> str:
    """Write it for a program."""
    document = {
        "format": FORMAT,
        "target": target.name,
        "now": iso(sending.now.earliest_s),
        "budget": sending.budget,
        "requests": list(_requests(sending, target)),
        "notes": list(sending.notes),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _requests(sending: "Sending", target: "Target") -> "Iterator[dict[str, Any]]":
    base_url = base_of(target.name)
    for number, step in enumerate(sending.steps, start=1):
        yield {
            "number": number,
            "about": readable(step.about),
            "method": step.ask.method,
            "url": base_url + step.ask.target,
            "curl": curl(step.ask, base_url, target.token),
        }
