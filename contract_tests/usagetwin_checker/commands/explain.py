"""The command `usagetwin explain`: what a name means, and what either side does about it."""

import json

import click


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write JSON: a list of what was found.")
def explain(*, name: str | None, as_json: bool) -> None:
    """Explain NAME, a rule, fault, variation, policy or world, or a part of its name. Without NAME, list all.

    It says what a rule is, where it comes from, and what a server's owner and a client do where it is broken.
    """
    from rich.console import Console

    from usagetwin_checker.reporting.explaining import Entry, entries, found
    from usagetwin_checker.reporting.screen import say

    entries_shown: list[Entry] = list(entries()) if name is None else found(name)
    console = Console(emoji=False)
    if as_json:
        click.echo(json.dumps([entry.record for entry in entries_shown], indent=2, ensure_ascii=False))
    elif len(entries_shown) > 1 and any(entry.name != name for entry in entries_shown):
        for entry in entries_shown:
            say(console, f"  {entry.kind}: {entry.about}", lead=entry.name, style="bold", hang=4)
    else:
        for entry in entries_shown:
            first, *lines = entry.lines
            say(console, "", lead=first, style="bold")
            for line in lines:
                say(console, line, hang=8 if line[2:3].strip() else 2)
