"""Every exception to a linter, a type checker or the coverage says why it is one."""

import io
import re
import tokenize
from pathlib import Path

import pytest

from tests.project.checkout import ROOT, text

PYTHON = [
    path
    for folder in ("mockserver", "contract_tests", "tests", "tools", "benchmarks", "examples")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
MARKS = re.compile(r"# (noqa|type: ignore|pragma: no)\b")
REASONED = re.compile(
    r"# (noqa: [A-Z0-9, ]+|type: ignore\[[a-z-, ]+\]|pragma: no (cover|branch))\s+(--|#) \S"
)


def unreasoned(source: str) -> list[str]:
    """List the comments of a source that switch a check off without saying why."""
    comments = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    return [comment for comment in comments if MARKS.search(comment) and not REASONED.search(comment)]


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_switched_off_check_has_a_reason(path: Path) -> None:
    """`# noqa: RULE -- why`, and the same for types and coverage."""
    assert unreasoned(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "comment", ["# noqa: E501", "# noqa", "# type: ignore[attr-defined]", "# pragma: no cover"]
)
def test_a_bare_exception_is_found(comment: str) -> None:
    """The probe sees an exception without its reason."""
    assert unreasoned(f"x = 1  {comment}\n") == [comment]


def test_every_rule_that_ruff_ignores_has_a_reason() -> None:
    """In the lint tables of `pyproject.toml` each rule stands on its own line, with a comment."""
    lint = re.search(r"\[tool\.ruff\.lint\]\n.*?\n\[tool\.importlinter\]", text("pyproject.toml"), re.DOTALL)
    assert lint is not None

    rules = [line for line in lint[0].splitlines() if re.match(r'    "[A-Z]+[0-9]+"', line)]

    assert rules
    assert [line for line in rules if not re.search(r",  # \S", line)] == []


def test_every_ignored_warning_has_a_reason() -> None:
    """Warnings are errors; one that is ignored stands below a comment that says whose it is."""
    block = text("pyproject.toml").partition("filterwarnings = [")[2].partition("\n]")[0]
    ignored = re.findall(r'(    #.*\n(?:    "ignore:.*\n?)+)|^(    "ignore:.*)$', block, re.MULTILINE)

    assert ignored
    assert [bare for _, bare in ignored if bare] == []
