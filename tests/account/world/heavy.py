"""World files at the limits and beyond them: what a probe of load, or of a start, writes and serves."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

BEGIN: Final = "name: heavy\nabout: A world at a limit.\nprojects:\n"


def many_projects(folder: "Path", number: int = 10_000) -> "Path":
    """Write a world of that many projects, alike but for their noise."""
    traffic = "{level: 700, noise: 30}"
    text = f"  - {{key: 'team-{{n}}', repeat: {number}, created: 2024-01-01, traffic: {traffic}}}\n"
    return _written(folder / f"projects-{number}.yaml", BEGIN + text)


def many_events(folder: "Path", number: int, repeat: int = 1) -> "Path":
    """Write a world whose projects have that many events each, all on the same days."""
    event = "{from: 2024-01-01, to: 2030-01-01, percent: 101, why: e}"
    begin = "    created: 2024-01-01\n    traffic:\n      level: 700\n      events:\n"
    lines = [f"  - key: 'web-{{n}}'\n    repeat: {repeat}\n{begin}"]
    lines += [f"        - {event}\n"] * number
    return _written(folder / f"events-{number}-{repeat}.yaml", BEGIN + "".join(lines))


def _written(path: "Path", text: str) -> "Path":
    path.write_text(text, encoding="utf-8")
    return path


HEAVY_TABLES: Final = {  # what a table of 63 MB can be made of, and a piece of what is said of it
    "commas": (",", "more than 4096 characters"),
    "quotes": ('"', "more than 4096 characters"),
    "empty lines": ("\n", "blank"),
    "old Macs' empty lines": ("\r", "blank"),
    "an open quote, then lines": (chr(34) + "\n", "1 fields"),
    "letters": ("x", "more than 4096 characters"),
    "spaces": (" ", "more than 4096 characters"),
}


def heavy_table(folder: "Path", of: str, size: int = 63_000_000) -> "Path":
    """Write a table of counts that has its header, and then nothing but one of `HEAVY_TABLES`."""
    text = HEAVY_TABLES[of][0]
    return _written(folder / "heavy.csv", "date,project,count\n" + text * (size // len(text)))
