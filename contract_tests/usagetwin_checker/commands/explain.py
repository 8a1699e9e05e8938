"""The command `usagetwin explain`: what a rule says, where it comes from, and how to fix what breaks it."""

import click


@click.command()
@click.argument("rule_id", metavar="[RULE]", required=False)
def explain(*, rule_id: str | None) -> None:
    """Explain RULE: what it says, the words behind it, how to fix it. Without RULE, list all."""
    from usagetwin.contract import rules

    if rule_id is None:
        for known in rules().values():
            click.echo(f"{known.id:<44} {known.tier:<9} {known.statement}")
        return
    for line in explanation(rule_id):
        click.echo(line)


def explanation(rule_id: str) -> list[str]:
    """Give the lines that explain one rule. Raises SettingError with the nearest rule."""
    from usagetwin.contract import rule
    from usagetwin.deviations import faults

    found = rule(rule_id)
    lines = [found.id, f"  {found.statement}", f"  tier    {found.tier}", f"  source  {found.citation}"]
    lines += [f"          {words.place}: {words.text!r}" for words in found.quotations]
    first, *others = found.whereabouts
    lines += [f"  see     {first}", *(f"          {place}" for place in others)]
    lines.append(f"  fix     {found.remedy}")
    examples = [fault for fault in faults().values() if rule_id in fault.rules]
    examples.sort(key=lambda fault: fault.rules.index(rule_id))
    if examples:
        lines.append(f"  broken  {examples[0].about}")
        lines.append(f"          usagetwin serve --fault {examples[0].name}")
    return lines
