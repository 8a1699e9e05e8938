"""`usagetwin policies`: each choice with its values, default, meaning and rules."""

import json

from click.testing import CliRunner

from usagetwin.contract import rules
from usagetwin.policies import POLICIES, PROFILES, Policies
from usagetwin_checker.commands.main import main


def printed(*arguments: str) -> str:
    """Give what the command prints where no terminal is."""
    ended = CliRunner().invoke(main, ["policies", *arguments])
    assert ended.exit_code == 0, ended.output
    return ended.output


def test_a_policy_is_one_line_with_all_there_is_to_know() -> None:
    """Uncut, however many rules it has."""
    lines = printed().splitlines()

    assert [line.split()[0] for line in lines] == list(POLICIES)
    (line,) = [line for line in lines if line.startswith("projects ")]
    assert "total | separate" in line
    assert "several project keys give one total, or a key field each; default total" in line
    assert line.endswith("separate-without-project-key-is-total)")


def test_as_json_they_are_values() -> None:
    """Every rule that a policy switches is there once; the defaults are what the twin takes."""
    listed = json.loads(printed("--json"))

    assert {each["name"]: each["default"] for each in listed} == {
        name: getattr(Policies(), name) for name in POLICIES
    }
    assert sorted(rule for each in listed for rule in each["rules"]) == sorted(
        rule.id for rule in rules().values() if rule.policy is not None
    )
    assert {each["name"]: each["profiles"].get("observed") for each in listed if each["profiles"]} == (
        PROFILES["observed"]
    )
    assert [each["name"] for each in listed if each["takes_a_number"]] == ["quota"]
