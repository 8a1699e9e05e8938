"""The command `usagetwin faults`: every way in which the twin can be told to differ."""

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write JSON: a list of all, each with its rules.")
def faults(*, as_json: bool) -> None:
    """List the faults and legal variations that `usagetwin serve` can show."""
    from rich.console import Console

    from usagetwin_checker.reporting.explaining import entries
    from usagetwin_checker.reporting.screen import say

    if as_json:
        records = [entry.record for entry in entries("fault", "legal variation")]
        click.echo(json.dumps(records, indent=2, ensure_ascii=False))
        return
    console = Console(emoji=False)
    for title, kind in (
        ("faults (serve --fault NAME)", "fault"),
        ("variations (serve --variation NAME)", "legal variation"),
    ):
        say(console, "", lead=f"{title}:", style="bold")
        for entry in entries(kind):
            say(console, f"  {entry.name:<36} {entry.about}", hang=4)
