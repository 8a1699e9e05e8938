"""What the guides say of options, policies, variables and messages is what there is."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.inprocess import ask
from tests.project.checkout import ROOT, text
from tests.served import run
from usagetwin import Settings, create_app
from usagetwin.contract import Tier, rules
from usagetwin.policies import POLICIES, PROFILES
from usagetwin_checker.commands.main import main
from usagetwin_checker.commands.publishing import EXIT

PAGES = [
    path.relative_to(ROOT).as_posix() for path in sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))
]
COMMAND = re.compile(r"\busagetwin ([a-z][a-z-]+)((?: +[^\s|]+)*)")
VARIABLE = re.compile(r"""["'](USAGETWIN_[A-Z_]+)["']""")
NOW = "2026-03-17T15:20:00Z"


def table(name: str, head: str) -> list[list[str]]:
    """Give the cells of the table of a page that has this head."""
    rows = text(f"docs/{name}").partition(f"{head}\n")[2].splitlines()[1:]
    lines = rows[: next((number for number, row in enumerate(rows) if not row.startswith("|")), len(rows))]
    assert lines, head
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def code(cell: str) -> list[str]:
    """Give what a cell has in code."""
    return re.findall(r"`([^`]+)`", cell)


def long_options(command: str) -> set[str]:
    """Give a command's options, as they are typed."""
    return _long_options(main.commands[command])


def _long_options(command: click.Command) -> set[str]:
    return {name for each in command.params for name in each.opts if name.startswith("--")}


def taken(name: str, words: list[str]) -> set[str]:
    """Give the options of a command; of a group, also those of the command that the words begin with."""
    command = main.commands[name]
    if not isinstance(command, click.Group) or not words or not re.match("[a-z]", words[0]):
        return _long_options(command)
    assert words[0] in command.commands, (name, words[0])
    return _long_options(command) | _long_options(command.commands[words[0]])


def test_every_policy_is_explained_with_its_values_and_rules() -> None:
    """One row each: name, values, what it decides, and the rules that it switches."""
    rows = table("policies.md", "| policy | values | what it decides | rules |")

    assert [code(name) for name, *_ in rows] == [[name] for name in POLICIES]
    for (_, values, about, switched), (name, policy) in zip(rows, POLICIES.items(), strict=True):
        assert code(values) == list(policy.values)
        assert ("a number" in values) is policy.counted
        assert about == policy.about
        assert code(switched) == [rule.id for rule in rules().values() if rule.policy == name]


def test_every_profile_is_explained() -> None:
    """With the policies that it sets."""
    rows = table("policies.md", "| profile | policies |")

    assert {code(name)[0]: dict(each.split("=") for each in code(set_)) for name, set_ in rows} == PROFILES


def test_the_one_rule_of_a_policy_that_a_sentence_states_is_named() -> None:
    """All others that a policy switches are chosen or observed."""
    binding = [rule.id for rule in rules().values() if rule.policy and rule.tier in (Tier.SCHEMA, Tier.PROSE)]

    assert binding == re.findall(r"but for `([a-z-]+)`", text("docs/policies.md"))


def test_every_variable_that_the_code_reads_is_explained() -> None:
    """And none that it does not."""
    code_read = {
        name
        for root in ("mockserver", "contract_tests")
        for file in (ROOT / root).rglob("*.py")
        for name in VARIABLE.findall(file.read_text("utf-8"))
    }

    assert {
        name
        for row in table("environment.md", "| variable | what it sets | read by |")
        for name in code(row[0])
    } == (code_read)


def test_a_variable_of_an_option_is_explained_with_the_option() -> None:
    """The row names the option that goes before it."""
    explained = {
        code(row[0])[0]: row[1] for row in table("environment.md", "| variable | what it sets | read by |")
    }
    serve = [each for each in main.commands["serve"].params if isinstance(each, click.Option) and each.envvar]

    assert serve
    for option in serve:
        assert f"(`{option.opts[0]}`)" in explained[str(option.envvar)]


@pytest.mark.parametrize(
    ("page", "command"),
    [("serving.md", "serve"), ("run.md", "run"), ("blind-spots.md", "blind-spots"), ("checking.md", "check")],
)
def test_every_option_of_a_command_is_explained(page: str, command: str) -> None:
    """And none that it does not have."""
    rows = table(page, "| option | what it does |")

    assert {each.split()[0] for row in rows for each in code(row[0])} == long_options(command)


@pytest.mark.parametrize(
    "page", [*PAGES, "examples/billing-report/README.md", "examples/billing-report-node/README.md"]
)
def test_a_command_that_a_page_names_is_there(page: str) -> None:
    """With each option that stands beside it, and is not of a command behind `--`."""
    for name, rest in COMMAND.findall(_code_of(text(page))):
        words = rest.partition(" -- ")[0].split()
        assert name in main.commands, name
        used = {each for each in words if re.match(r"--[a-z]", each)}
        assert used <= taken(name, words) | {"--help"}, (name, used)


def _code_of(page: str) -> str:
    """Give what is typed: the lines of blocks, and what stands in code within a sentence."""
    fence = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
    typed = [block for language, block in fence.findall(page) if language in ("console", "yaml")]
    return "\n".join([*typed, *re.findall(r"`([^`\n]+)`", fence.sub("", page))])


def test_the_workflow_keeps_the_schema_of_github(tmp_path: Path) -> None:
    """Pasted into a file, it is a workflow; it has about ten lines."""
    workflow, *steps, _ = re.findall(r"```yaml\n(.*?)```", text("docs/ci.md"), re.DOTALL)

    assert problems_of(workflow + "".join(steps), "github-workflows", tmp_path) == ""
    assert len(workflow.splitlines()) <= 12
    assert len(steps) == 3


def test_the_job_keeps_the_schema_of_gitlab(tmp_path: Path) -> None:
    """The last of the page, pasted into a file."""
    *_, job = re.findall(r"```yaml\n(.*?)```", text("docs/ci.md"), re.DOTALL)

    assert problems_of(job, "gitlab-ci", tmp_path) == ""


def problems_of(pasted: str, schema: str, folder: Path) -> str:
    """Say what a schema that check-jsonschema carries has against a file."""
    file = folder / "pasted.yml"
    file.write_text(pasted, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    return "" if ended.returncode == 0 else ended.stdout + ended.stderr


def test_every_exit_status_is_explained() -> None:
    """Those of a verdict, and 2 for wrong usage."""
    rows = table("ci.md", "| status | of `usagetwin check` | what to do |")
    said = {int(status): meaning.partition(":")[0] for status, meaning, _ in rows}

    assert said == {**{status: verdict for verdict, status in EXIT.items()}, 2: "wrong usage"}


def test_a_port_that_is_taken_is_told_as_the_guide_says() -> None:
    """But for the port and the system's own words."""
    (shown,) = re.findall(r"```text\n(.*?)```", text("docs/troubleshooting.md"), re.DOTALL)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        ended = run("serve", "--port", str(port))

    assert ended.returncode == 2
    assert re.sub(r"\[.*", "", ended.stderr.replace(str(port), "8080")) == re.sub(r"\[.*", "", shown)


PREFLIGHT = {
    "method": "OPTIONS",
    "headers": (("origin", "http://localhost:3000"), ("access-control-request-method", "GET")),
}


@pytest.mark.parametrize(
    ("settings", "request_", "status", "part"),
    [
        ({}, PREFLIGHT, 405, '"code":"method_not_allowed"'),
        ({"policies": {"cors": "on"}}, PREFLIGHT, 204, ""),
        ({"profile": "observed"}, PREFLIGHT, 204, ""),
        ({}, {"headers": (("authorization", "Bearer api-1"),)}, 401, '"code":"invalid_token"'),
        ({}, {"headers": (("authorization", " "),)}, 401, '"code":"unauthorized"'),
        ({}, {"headers": ()}, 401, '"code":"unauthorized"'),
        ({"profile": "observed"}, {}, 403, "LD-API-Version: beta"),
        ({"policies": {"beta": "required"}}, {}, 403, "LD-API-Version: beta"),
        ({}, {"query": "from=1773532800000"}, 400, "looks like milliseconds"),
        ({}, {"query": "from=1773532800&to=1773532800"}, 200, '"series":[]'),
        ({}, {"query": "from=1672531200&to=1675209600"}, 200, '"series":[]'),
        ({}, {"query": "from=1775001600&to=1775088000"}, 200, '"series":[]'),
        ({"policies": {"unknown_project": "empty"}}, {"query": "projectKey=nobody"}, 200, '"series":[]'),
        ({}, {"query": "projectKey=nobody"}, 404, '"code":"not_found"'),
    ],
)
def test_what_troubles_people_is_answered_as_the_guide_says(
    settings: dict[str, object], request_: dict[str, object], status: int, part: str
) -> None:
    """CORS, tokens, the beta gate, milliseconds, and the four ways to an empty series."""
    app = create_app(Settings(now=NOW, **settings))  # type: ignore[arg-type]  # -- settings by name

    answer = ask(app, **request_)  # type: ignore[arg-type]  # -- arguments by name

    assert answer.status == status
    assert part in answer.body.decode()


def test_the_default_account_begins_when_the_guide_says() -> None:
    """The first bucket of a window from long ago is the day of the first project."""
    (said,) = re.findall(r"the default one begins on (\d{4}-\d\d-\d\d)", text("docs/troubleshooting.md"))

    created = re.findall(r"created: (\S+)", text("fixtures/worlds/business-week.yaml"))

    assert said == min(created)


def test_the_open_day_grows_and_the_days_before_do_not() -> None:
    """An hour later, today has more sessions, and yesterday as many."""
    early, late = (
        ask(create_app(Settings(now=now)), "aggregationType=incremental&from=1773619200").body.decode()
        for now in (NOW, "2026-03-17T16:20:00Z")
    )
    (yesterday, today), (yesterday_later, today_later) = (
        [int(count) for count in re.findall(r'"0":(\d+)', body)] for body in (early, late)
    )

    assert yesterday == yesterday_later
    assert today < today_later


def test_the_glossary_is_in_order_and_has_every_tier() -> None:
    """A word is found where it is looked for."""
    words = [word for word, _ in table("glossary.md", "| word | meaning |")]

    assert words == sorted(set(words))
    assert {str(tier) for tier in Tier} <= set(words)
    assert set(EXIT) - {"pass", "fail"} <= set(words)
