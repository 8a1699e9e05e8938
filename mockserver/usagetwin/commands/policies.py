"""The command `usagetwin policies`: the choices that the contract leaves open, and what each decides."""

from typing import Any

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def policies(*, as_json: bool) -> None:
    """List the policies of `serve --policy NAME=VALUE`: values, meaning, default, and rules."""
    from usagetwin.commands.listing import echo_json, echo_records

    listed = _policies()
    if as_json:
        echo_json(listed)
        return
    echo_records(
        (
            each["name"],
            " | ".join([*each["values"], *(["a number"] if each["takes_a_number"] else [])]),
            f"{each['about']}; default {each['default']} (rules: {', '.join(each['rules'])})",
        )
        for each in listed
    )


def _policies() -> list[dict[str, Any]]:
    from usagetwin.contract import rules
    from usagetwin.policies import POLICIES, PROFILES

    return [
        {
            "name": name,
            "values": list(policy.values),
            "takes_a_number": policy.counted,
            "default": policy.values[0],
            "about": policy.about,
            "rules": [rule.id for rule in rules().values() if rule.policy == name],
            "profiles": {profile: chosen[name] for profile, chosen in PROFILES.items() if name in chosen},
        }
        for name, policy in POLICIES.items()
    ]
