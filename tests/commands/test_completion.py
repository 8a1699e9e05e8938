"""Completion of names, by click's protocol for each shell, and in bash itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.project.checkout import text
from tests.project.test_light_import import HEAVY
from tests.sampling import sampled
from tests.served import USAGETWIN
from usagetwin.account.world import world_names
from usagetwin.commands.completion import TABLE, _rules, command_of
from usagetwin.contract import rules
from usagetwin_checker.commands.main import main

BASH = """\
eval "$(_USAGETWIN_COMPLETE=bash_source usagetwin)"
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 ))
_usagetwin_completion usagetwin
printf '%s\\n' "${COMPREPLY[@]}"
"""
PROGRAM = """\
import sys
from usagetwin_checker.commands.main import main
try:
    main(prog_name="usagetwin")
except SystemExit:
    print(*sorted({heavy!r} & set(sys.modules)), file=sys.stderr)
"""


def asked(shell: str, *words: str) -> dict[str, str]:
    """Give what a shell tells of the words, of which the last is being typed."""
    if shell == "fish":
        return {"COMP_WORDS": " ".join(words), "COMP_CWORD": words[-1]}
    return {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}


def completed(shell: str, *words: str) -> list[str]:
    """Give what a shell is told."""
    environment = {**os.environ, "_USAGETWIN_COMPLETE": f"{shell}_complete", **asked(shell, *words)}
    ended = subprocess.run(USAGETWIN, env=environment, capture_output=True, text=True, check=True)
    return [
        word
        for line in ended.stdout.splitlines()
        for word in line.split(",")
        if word not in ("plain", "_", "")
    ]


NAMES: Final = [
    (("serve", "--world", "laun"), ["launch-spike"]),
    (("serve", "--profile", "obs"), ["observed"]),
    (("serve", "--policy", "open"), ["open_day=so-far", "open_day=whole"]),
    (("serve", "--fault", "counts-are-str"), ["counts-are-strings"]),
    (("serve", "--variation", "spars"), ["sparse"]),
    (("worlds", "idl"), ["idle"]),
    (("check", "twi"), ["twin"]),
    (("explain", "window-not"), ["window-not-inverted"]),
    (("explain", "two-h"), ["two-hundred"]),
    (("explain", "open_d"), ["open_day"]),
    (("serve", "--world", "./"), ["file"]),
    (("control", "world", "idl"), ["idle"]),
    (("control", "world", "./"), ["file"]),
    (("control", "policy", "open"), ["open_day=so-far", "open_day=whole"]),
    (("control", "policy", "--profile", "obs"), ["observed"]),
    (("control", "fault", "res"), ["reset"]),
    (("control", "fault", "counts-are-str"), ["counts-are-strings"]),
    (("control", "fault", "reset", "--when", "proj"), ["projectKey="]),
    (("control", "journal", "--fault", "trunc"), ["truncated-body"]),
    (("control", "play", "--world", "outa"), ["outage"]),
]


@pytest.mark.parametrize(
    ("shell", "words", "names"),
    sampled(
        [(shell, *row) for shell in ("bash", "zsh", "fish") for row in NAMES],
        [*(("bash", *row) for row in NAMES), ("zsh", *NAMES[0]), ("zsh", *NAMES[10]), ("fish", *NAMES[0])],
    ),
)
def test_names_are_completed(shell: str, words: tuple[str, ...], names: list[str]) -> None:
    """Worlds, profiles, policies with values, faults, variations, rules; files where a path can stand."""
    assert completed(shell, "usagetwin", *words)[: len(names)] == names


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["serve", "--world", "laun"], ["launch-spike"]),
        (["serve", "--world", "=", "laun"], ["launch-spike"]),
        (["serve", "--policy", "beta", "=", "req"], ["required"]),
        (["serve", "--policy", "beta", "="], ["ignored", "required"]),
        (["serve", "--policy", "=", "beta", "=", "req"], ["required"]),
        (["serve", "--policy", "beta", "=", "required", "--policy", "error_id", "=", "o"], ["off", "on"]),
        (["serve", "--world", ""], list(world_names())),
        (["control", "policy", "beta", "=", "req"], ["required"]),
    ],
)
def test_bash_completes_behind_an_equals_sign(words: list[str], names: list[str]) -> None:
    """It ends a word there, and puts what it is told in the place of the last word alone."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))

    ended = subprocess.run(
        ["bash", "--norc", "-c", BASH, "bash", "usagetwin", *words],  # noqa: S607 -- whichever bash there is
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.split() == names


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--fault", "a"),
        ("explain", "a"),
        ("serve", "--world", "a"),
        ("control", "fault", "a"),
        ("control", "policy", "a"),
    ],
)
def test_completing_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    """It is asked for at each press of a key."""
    heavy = {*HEAVY, "rich", "yaml", "jsonschema", "orjson"}
    environment = {**os.environ, "_USAGETWIN_COMPLETE": "zsh_complete", **asked("zsh", "usagetwin", *words)}

    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(heavy=heavy)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stderr.strip() == ""


def test_every_entry_of_the_table_names_a_parameter() -> None:
    """Else it completes nothing."""
    for command, name in TABLE:
        parameters = command_of(main, command).params
        assert any(
            name in (each.name, "") and (name or each.param_type_name == "argument") for each in parameters
        )


def test_the_rules_that_are_completed_are_the_catalogues() -> None:
    """They are read without the catalogue's reader."""
    assert list(_rules()) == list(rules())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_guide_has_the_line_of_each_shell(shell: str) -> None:
    """As click's mechanism wants it."""
    assert f"_USAGETWIN_COMPLETE={shell}_source usagetwin" in text("docs/install.md")
