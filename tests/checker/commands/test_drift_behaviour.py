"""Tests of `usagetwin drift behaviour`: five behaviours that drift, and what else a user may give it."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner, Result

from tests.acme import NOW, WORLD
from tests.checker.commanding import check
from tests.sampling import sampled
from usagetwin.contract.operation import PATH
from usagetwin_checker.commands.main import main
from usagetwin_checker.findings import Verdict
from usagetwin_checker.reporting.json_report import as_json
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options, Report
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from collections.abc import Mapping

FIVE: Final = {  # behaviours that drift: policy, value, and whether a strict check by the old one fails
    "unknown projects count nothing": ("unknown_project", "empty", True),
    "projects are counted apart": ("projects", "separate", True),
    "errors have an id": ("error_id", "on", True),
    "the beta header is required": ("beta", "required", False),
    "pages may ask": ("cors", "on", False),
}
SHORT: Final = ("unknown projects count nothing", "errors have an id")
WHOLE: Final = 500  # requests; what takes another header comes last


def drift(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["drift", "behaviour", *arguments])


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the file of the twin's account, in the current folder."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "account.yaml"
    file.write_text(WORLD, encoding="utf-8")
    return file


@cache
def honest() -> str:
    """Give the report of a check of the twin as it is, as JSON."""
    return as_json(checked(Path("account.yaml")))


def honest_report(world: Path) -> str:
    """Write that report beside a world, and give its file."""
    world.with_name("a.json").write_text(honest(), encoding="utf-8")
    return "a.json"


def checked(
    world: Path,
    *,
    strict: bool = False,
    told: bool = False,
    budget: int = 60,
    chosen: "Mapping[str, str] | None" = None,
) -> Report:
    """Check a target with such policies as somebody else's; `told` holds it to those of the world."""
    target, _ = twin(world=str(world), now=NOW, policies=chosen)
    own, known = twin(world=str(world), now=NOW)
    own.close()
    known = replace(known, policies=known.policies if told else (), roles=frozenset(), unlisted=False)
    options = Options(known, strict=strict, budget=budget, max_examples=0)
    try:
        return Campaign(target, options, lambda _sent, _of: None).run()
    finally:
        target.close()


def reported(report: Report, name: str) -> str:
    """Write a report as JSON, and give its file."""
    Path(name).write_text(as_json(report), encoding="utf-8")
    return name


@pytest.mark.parametrize("name", sampled(FIVE, SHORT))
def test_the_applied_patch_makes_the_twin_agree(name: str, world: Path) -> None:
    """Last night's report and tonight's: one policy is proposed, and with it nothing has drifted any more.

    Where the twin was held to another choice, a strict check of the target failed, and passes.
    """
    policy, value, strict = FIVE[name]
    budget = WHOLE if policy in ("beta", "cors") else 60
    before = reported(checked(world, budget=budget), "last-night.json")
    target = {policy: value}
    after = reported(checked(world, budget=budget, chosen=target), "tonight.json")
    failed = checked(world, strict=True, told=True, chosen=target)

    told = drift(before, after, "--world", "account.yaml")
    applied = drift(before, after, "--world", "account.yaml", "--apply")
    again = drift(before, after, "--world", "account.yaml")
    twins = reported(checked(world, budget=budget), "twin.json")
    agreed = drift(after, twins)

    assert told.exit_code == 1, told.output
    assert f"--policy {policy}={value}" in told.output
    assert f"+policies:\n+  {policy}: {value}\n" in told.output
    assert (applied.exit_code, again.exit_code, agreed.exit_code) == (0, 0, 0), again.output + agreed.output
    assert world.read_text(encoding="utf-8") == f"{WORLD.rstrip()}\npolicies:\n  {policy}: {value}\n"
    assert failed.verdict is (Verdict.FAIL if strict else Verdict.PASS)
    assert checked(world, strict=True, told=True, chosen=target).verdict is Verdict.PASS


def test_what_the_twins_profile_does_is_no_drift(world: Path) -> None:
    """A profile in a file, as `check --write-profile` writes it, counts as one that has a name."""
    before = honest_report(world)
    after = reported(checked(world, chosen={"error_id": "on"}), "tonight.json")
    Path("theirs.yaml").write_text('policies: {error_id: "on"}', encoding="utf-8")

    without = drift(before, after, "--world", "account.yaml")
    told = drift(before, after, "--world", "account.yaml", "--profile", "theirs.yaml")

    assert "--policy error_id=on" in without.output
    assert (without.exit_code, told.exit_code) == (1, 0), told.output


def test_what_the_profiles_variations_do_is_no_drift(world: Path) -> None:
    """They are the twin's as its policies are; what they don't do is drift all the same."""
    before = honest_report(world)
    target, known = twin(world=str(world), now=NOW, deviation="descending")
    options = Options(replace(known, policies=()), budget=60, max_examples=0)
    after = reported(Campaign(target, options, lambda _sent, _of: None).run(), "b.json")
    target.close()
    Path("turned.yaml").write_text("variations: [descending]", encoding="utf-8")
    Path("other.yaml").write_text("variations: [empty-links]", encoding="utf-8")

    told = drift(before, after, "--world", "account.yaml", "--profile", "turned.yaml")
    other = drift(before, after, "--world", "account.yaml", "--profile", "other.yaml")

    assert told.exit_code == 0, told.output
    assert "the twin does so too, by its variation descending" in told.output
    assert "--variation" not in told.output
    assert other.exit_code == 1
    assert "usagetwin serve --variation descending shows" in other.output


def test_a_recording_is_judged_and_its_quota_read(world: Path) -> None:
    """It has the headers that a report has not."""
    small = ("--now", NOW, "--budget", "30", "--max-examples", "0")
    limited = world.with_name("limited.yaml")
    limited.write_text(f"{WORLD.rstrip()}\npolicies: {{quota: 777}}\n", encoding="utf-8")
    check("twin", "--world", "account.yaml", *small, "--record", "before.har")
    check("twin", "--world", "limited.yaml", *small, "--record", "after.har")

    applied = drift("before.har", "after.har", "--world", "account.yaml", "--apply")
    again = drift("before.har", "after.har", "--world", "account.yaml")

    assert applied.exit_code == again.exit_code == 0, applied.output + again.output
    assert world.read_text(encoding="utf-8").endswith("\npolicies:\n  quota: 777\n")


def test_a_recorded_quota_of_another_time_is_not_taken_for_one_of_ten_seconds(world: Path) -> None:
    """How many there are in ten seconds nobody knows, as of a report; that there is a quota is shown."""
    small = ("--now", NOW, "--budget", "30", "--max-examples", "0")
    limited = world.with_name("limited.yaml")
    limited.write_text(f"{WORLD.rstrip()}\npolicies: {{quota: 777/1h}}\n", encoding="utf-8")
    check("twin", "--world", "account.yaml", *small, "--record", "before.har")
    check("twin", "--world", "limited.yaml", *small, "--record", "after.har")

    result = drift("before.har", "after.har")

    assert "--policy quota=1000" in result.output, result.output
    assert "777" not in result.output


def test_what_no_policy_does_stays_drift_and_names_a_variation(world: Path) -> None:
    """With no patch that could be applied, and the report as JSON."""
    before = reported(checked(world), "a.json")
    target, known = twin(world=str(world), now=NOW, deviation="descending")
    options = Options(replace(known, policies=()), budget=60, max_examples=0)
    after = reported(Campaign(target, options, lambda _sent, _of: None).run(), "b.json")
    target.close()

    result = drift(before, after, "--world", "account.yaml", "--apply", "--json", "drift.json")

    assert result.exit_code == 1, result.output
    assert "refuted The buckets ascend by time." in result.output
    assert "usagetwin serve --variation descending shows" in result.output
    document = json.loads(Path("drift.json").read_text(encoding="utf-8"))
    assert [(each["rule"], each["move"], each["drift"]) for each in document["moved"] if each["drift"]] == [
        ("series-ascends", "refuted", True)
    ]
    assert (document["policies"], document["variations"]) == ([], ["descending"])
    assert result.output.splitlines()[-1].startswith("drift in the behaviour: a.json -> b.json: 1 refuted")


def test_what_the_patch_does_not_follow_stays_drift(world: Path) -> None:
    """The policies are set, and the status is 1 all the same: something else moved as well."""
    before = honest_report(world)
    target, known = twin(world=str(world), now=NOW, policies={"error_id": "on"}, deviation="descending")
    options = Options(replace(known, policies=()), budget=60, max_examples=0)
    after = reported(Campaign(target, options, lambda _sent, _of: None).run(), "b.json")
    target.close()

    result = drift(before, after, "--world", "account.yaml", "--apply")

    assert result.exit_code == 1, result.output
    assert world.read_text(encoding="utf-8").endswith("\npolicies:\n  error_id: on\n")
    assert result.output.splitlines()[-1].endswith("; the patch is applied")


def test_the_same_report_has_not_moved(world: Path) -> None:
    """With exit status 0."""
    before = honest_report(world)

    result = drift(before, before)

    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "no drift: a.json -> a.json"


def test_a_report_that_judged_nothing_is_inconclusive(world: Path) -> None:
    """A job must not take it for no drift."""
    before = honest_report(world)
    document = json.loads(Path(before).read_text(encoding="utf-8"))
    for each in document["rules"]:
        each["status"] = "not-judged"
    Path("b.json").write_text(json.dumps(document, indent=2), encoding="utf-8")

    result = drift(before, "b.json")

    assert result.exit_code == 3
    assert "inconclusive: b.json has put no rule to the test" in result.output


def test_reports_of_two_operations_are_not_compared(world: Path) -> None:
    """One says nothing of the other; a report without an operation is of the vendored one."""
    before = honest_report(world)
    document = json.loads(Path(before).read_text(encoding="utf-8"))
    Path("errors.json").write_text(json.dumps({**document, "operation": {"id": "e", "path": "/errors"}}))
    del document["operation"]
    Path("older.json").write_text(json.dumps(document))

    other, older = drift(before, "errors.json"), drift("older.json", before)

    assert other.exit_code == 2
    assert f"a.json is of GET {PATH}, and errors.json is of GET /errors" in other.output
    assert "  try   two of one operation" in other.output
    assert older.exit_code == 0, older.output


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("no-such.json", "a.json"), "can't be read"),
        ((".", "a.json"), "can't be read"),
        (("", "a.json"), "the name of a file is empty"),
        (("a.json", "account.yaml"), "it has no entries of a format that is read"),
        (("a.json", "a.json", "--profile", "observed"), "no --world says which twin"),
        (("a.json", "a.json", "--world", "no-such"), "there is no world named 'no-such'"),
        (("a.json", "a.json", "--json", "no/such/folder/x"), "--json 'no/such/folder/x' can't be written"),
    ],
)
def test_wrong_use_is_refused(arguments: tuple[str, ...], problem: str, world: Path) -> None:
    """With exit status 2, and what to give instead."""
    honest_report(world)

    result = drift(*arguments)

    assert result.exit_code == 2, result.output
    assert problem in result.output
    assert "  try   " in result.output


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--json", "a.json"), "A 'a.json'"),
        (("--html", "./b.json"), "B 'b.json'"),
        (("--world", "account.yaml", "--patch", "account.yaml", "--apply"), "the world 'account.yaml'"),
        (("--world", "account.yaml", "--profile", "p.yaml", "--json", "p.yaml"), "the profile 'p.yaml'"),
    ],
)
def test_what_is_compared_is_not_written_over(options: tuple[str, ...], what: str, world: Path) -> None:
    """It is refused before anything is read, and all files are as they were."""
    for name in ("a.json", "b.json", "p.yaml"):
        Path(name).write_text("{}", encoding="utf-8")

    result = drift("a.json", "b.json", *options)

    assert result.exit_code == 2
    assert f"would take the place of {what}" in result.output
    assert world.read_text(encoding="utf-8") == WORLD
    assert {Path(name).read_text(encoding="utf-8") for name in ("a.json", "b.json", "p.yaml")} == {"{}"}


def test_there_is_nothing_to_apply_without_a_file(world: Path) -> None:
    """The policies are told as options, and the status is that of wrong use."""
    before = honest_report(world)
    after = reported(checked(world, chosen={"error_id": "on"}), "b.json")

    told, applied = drift(before, after), drift(before, after, "--apply")

    assert told.exit_code == 1
    assert (
        "no patch: --world FILE names the account to patch; without one: usagetwin serve --policy error_id=on"
        in told.output
    )
    assert applied.exit_code == 2
    assert "--apply has nothing to apply" in applied.output
