"""How what a stage knows is shown as JSON. Rule: no token, but to who made the play, and no header at all."""

from typing import TYPE_CHECKING, Any

from usagetwin.days import iso
from usagetwin.errors import readable
from usagetwin.stage.consumer import sent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin.account.answers import Series
    from usagetwin.stage.consumer import RequestFinding
    from usagetwin.stage.faults import Fault
    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.play import Play
    from usagetwin.stage.setup import Setup

    Document = dict[str, Any]


def play(number: str, name: str, shown: "Play") -> "Document":
    """Show a play in short."""
    setup = shown.setup
    return {
        "play": number,
        "name": name,
        "world": setup.world.name,
        "clock": clock(setup),
        "profile": setup.settings.profile,
        "faults": len(shown.faults.current),
        "requests": len(shown.journal),
        "broken": dict(shown.broken),
        "errors": [readable(str(error)) for error in shown.errors],
    }


def clock(setup: "Setup") -> "Document":
    """Show the instant."""
    return {"now": iso(setup.now_s), "frozen": setup.frozen_s is not None}


def world(setup: "Setup") -> "Document":
    """Show the account: without its counts, which the twin answers with."""
    return {"world": setup.world.name, "projects": [project.key for project in setup.world.projects]}


def policies(setup: "Setup") -> "Document":
    """Show each policy's value, and which were decided by name."""
    values = setup.policies
    return {
        "profile": setup.settings.profile,
        "policies": {name: getattr(values, name) for name in values.__dataclass_fields__},
        "decided": dict(setup.settings.policies),
    }


def fault(shown: "Fault") -> "Document":
    """Show a fault, with how often it was shown."""
    given: Mapping[str, object] = {"times": shown.times, "chance": shown.chance}
    return {
        "fault": shown.number,
        "name": shown.name,
        "about": shown.kind.about,
        "details": {name: value for name, value in shown.details.items() if value is not None},
        "shown": shown.shown,
        **{name: value for name, value in given.items() if value is not None},
    }


def request(recorded: "Recorded") -> "Document":
    """Show a request, with what became of it."""
    ends: Mapping[str, object] = {
        "status": recorded.status,
        "message": recorded.message,
        "fault": recorded.fault,
        "mark": recorded.said.mark,
        "deviates": recorded.deviates or None,
        "preference": recorded.preference,
    }
    return {
        "number": recorded.number,
        "at": recorded.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "method": recorded.method,
        "host": recorded.host,
        "target": recorded.target,
        **{name: value for name, value in ends.items() if value is not None},
    }


def finding(shown: "RequestFinding") -> "Document":
    """Show what a request broke."""
    return {
        "rule": shown.rule,
        "tier": str(shown.tier),
        "message": shown.message,
        "remedy": shown.remedy,
        "request": shown.request.number,
        "sent": sent(shown.request),
    }


def expected(series: "Series") -> "Document":
    """Show a series: each bucket's first instant and value, and the values of each project, if apart."""
    columns = series.columns
    keys = [item["projectKey"] for item in series.metadata if item]
    return {
        "times": [iso(time_ms // 1000) for time_ms in series.times_ms],
        "values": [sum(values) for values in zip(*columns, strict=True)],
        **({"columns": dict(zip(keys, columns, strict=True))} if keys else {}),
    }
