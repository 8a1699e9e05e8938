"""The command `usagetwin worlds`: the accounts that come with usagetwin, and what is in one."""

import sys
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin.account.world import World

MONTHS: Final = 24
WIDEST_BAR: Final = 40
SHOWN_OF_A_TOKEN: Final = 4  # characters at either end
SHORTEST_SHOWN: Final = 24  # characters of a token that has them shown


@click.command()
@click.argument("names", metavar="[NAME|FILE]...", nargs=-1)
@click.option("--now", metavar="INSTANT", help="Add up until this instant, not until the machine's time.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def worlds(*, names: tuple[str, ...], now: str | None, as_json: bool) -> None:
    """List the worlds that come with usagetwin; with NAME or FILE, show what is in each that is given."""
    from usagetwin.account.world import load_world, world_names
    from usagetwin.commands.listing import echo_json, echo_records

    if names:
        found = [_world(name, load_world(name), now, is_builtin=name in world_names()) for name in names]
        if as_json:
            echo_json(found[0] if len(found) == 1 else found)
        for each in () if as_json else found:
            _show(each)
        return
    listed = [{"name": each, "about": " ".join(load_world(each).about.split())} for each in world_names()]
    if as_json:
        echo_json(listed)
    else:
        echo_records((each["name"], each["about"]) for each in listed)


def _world(name: str, world: "World", now: str | None, *, is_builtin: bool) -> dict[str, Any]:
    from usagetwin.account.summary import summary
    from usagetwin.days import iso, to_date
    from usagetwin.settings import Settings

    now_s = Settings(world=name, now=now).at(world.now).clock()
    counted = summary(world, now_s, months=MONTHS)
    return {
        "name": world.name,
        "about": " ".join(world.about.split()),
        "now": iso(now_s),
        "sessions": counted.sessions,
        "policies": dict(world.policies),
        "tokens": [
            {"token": token if is_builtin else _masked(token), "role": role.value}
            for token, role in world.tokens.items()
        ],
        "projects": [
            {
                "key": project.key,
                "created": str(to_date(project.created)),
                "sessions": counted.projects[project.key][0],
                "last_30_days": counted.projects[project.key][1],
            }
            for project in world.projects
        ],
        "months": [
            {"month": f"{to_date(start):%Y-%m}", "sessions": sessions}
            for start, sessions in counted.months.items()
        ],
    }


def _masked(token: str) -> str:
    """Give a token of a user's own world so that its owner knows it, and nobody else."""
    if len(token) < SHORTEST_SHOWN:
        return "..."
    return f"{token[:SHOWN_OF_A_TOKEN]}...{token[-SHOWN_OF_A_TOKEN:]}"


def _show(world: "dict[str, Any]") -> None:
    from usagetwin.commands.listing import echo, echo_records

    facts = [("world", world["name"]), ("about", world["about"]), ("now", world["now"])]
    facts.append(("sessions", str(world["sessions"])))
    facts += [("policy", f"{name}={value}") for name, value in world["policies"].items()]
    facts += [("token", f"{each['token']}  {each['role']}") for each in world["tokens"]]
    echo_records(facts)
    for rows in (list(_project_rows(world)), list(_month_rows(world))):
        if sys.stdout.isatty():
            echo("")
        if rows:
            echo_records(rows)


def _project_rows(world: "dict[str, Any]") -> "Iterator[tuple[str, ...]]":
    widest = max(len(str(each["sessions"])) for each in world["projects"])
    for each in world["projects"]:
        sessions = f"{each['sessions']:>{widest}} sessions"
        created = f"created {each['created']}"
        yield "project", each["key"], created, sessions, f"{each['last_30_days']} in 30 days"


def _month_rows(world: "dict[str, Any]") -> "Iterator[tuple[str, ...]]":
    """Give a row for each month; on a terminal it ends with a bar."""
    most = max((each["sessions"] for each in world["months"]), default=0)
    for each in world["months"]:
        row = ("month", each["month"], f"{each['sessions']:>{len(str(most))}}")
        yield (*row, _bar(each["sessions"], most)) if sys.stdout.isatty() else row


def _bar(value: int, most: int) -> str:
    """Draw a bar; in ASCII where the terminal has no block."""
    length = WIDEST_BAR * value // most if most else 0
    try:
        "█".encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return "#" * length
    return "█" * length
