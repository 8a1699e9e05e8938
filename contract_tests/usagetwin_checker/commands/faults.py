"""The command `usagetwin faults`: every way in which the twin can be told to differ."""

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write JSON: a list of all, each with its rules.")
def faults(*, as_json: bool) -> None:
    """List the faults and legal variations that a twin can show, and how it is told to."""
    from rich.console import Console

    from usagetwin_checker.reporting.explaining import OF_THE_WIRE, entries
    from usagetwin_checker.reporting.screen import say

    if as_json:
        records = [entry.record for entry in entries("fault", "legal variation", OF_THE_WIRE)]
        click.echo(json.dumps(records, indent=2, ensure_ascii=False))
        return
    console = Console(emoji=False)
    titles = {
        "faults (serve --fault NAME)": list(entries("fault")),
        "variations (serve --variation NAME)": list(entries("legal variation")),
        "faults of wire and HTTP (control fault NAME)": list(entries(OF_THE_WIRE)),
    }
    for title, listed in titles.items():
        say(console, "", lead=f"{title}:", style="bold")
        for entry in listed:
            say(console, f"  {entry.name:<36} {entry.about}", hang=4)
