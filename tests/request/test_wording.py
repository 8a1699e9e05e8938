"""What a refused value is told: the parameter, the value, the rule, and what to send instead."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest

import usagetwin
from usagetwin.contract import rules
from usagetwin.errors import Refusal
from usagetwin.request import read

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW_S: Final = 1_771_588_800  # 2026-02-20T12:00:00Z
TIMESTAMPS: Final = {
    "from-is-unix-seconds": (
        "x",
        "now",
        "yesterday",
        "NaN",
        "null",
        "-",
        "12xyz",
        "1735689600s",
        "12h",
        "0x",
    ),
    "timestamp-is-plain-digits": (
        *(
            "",
            " ",
            "12abc",
            "1e",
            "0x1F",
            "1e5",
            "1E+5",
            "+1",
            "-1",
            "1.5",
            "1.0",
            ".5",
            " 1",
            "1 ",
            "1\n",
            "1\0",
        ),
        *(
            "1_000",
            "1,000",
            "\u0661\u0662",
            "\uff11\uff12",
            "\u00b2",
            "2026-01-01",
            "2026-01-01T00:00:00Z",
            "12 xyz",
            "1\ufffd",
        ),
    ),
    "timestamp-fits-ten-digits": (
        "12345678901",
        "1735689600000",
        "1735689600000000",
        "00000000001",
        "1" * 4000,
    ),
}
ENUMS: Final = (
    ("granularity", "hourly", "granularity-is-documented"),
    ("granularity", "weekly", "granularity-is-documented"),
    ("granularity", "month_to_date", "granularity-is-documented"),
    ("granularity", "daily,monthly", "granularity-is-documented"),
    ("granularity", "Daily", "enum-exact-spelling"),
    ("granularity", "MONTHLY", "enum-exact-spelling"),
    ("granularity", " daily", "enum-exact-spelling"),
    ("granularity", "daily\n", "enum-exact-spelling"),
    ("granularity", "", "enum-exact-spelling"),
    ("aggregationType", "average", "aggregation-type-is-documented"),
    ("aggregationType", "month-to-date", "aggregation-type-is-documented"),
    ("aggregationType", "rolling_7d", "aggregation-type-is-documented"),
    ("aggregationType", "Rolling_30D", "enum-exact-spelling"),
    ("aggregationType", "incremental ", "enum-exact-spelling"),
    ("aggregationType", "", "enum-exact-spelling"),
)


def refused(query_string: str) -> Refusal:
    """Give the refusal of a query string, by a value or by a rule between parameters."""
    with pytest.raises(Refusal) as caught:
        read(query_string.encode(), NOW_S)
    return caught.value


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    ("rule", "value"), [(rule, value) for rule, values in TIMESTAMPS.items() for value in values]
)
def test_a_refused_timestamp_names_parameter_value_and_rule(name: str, rule: str, value: str) -> None:
    """No number at all breaks the document's own sentence; other notations and lengths break chosen rules."""
    refusal = refused(f"{name}={quote(value)}")

    expected = rule.replace("from-is", f"{name}-is")
    assert (refusal.status, refusal.code, refusal.rule) == (400, "invalid_request", expected)
    assert refusal.message.startswith(f"{name}={value[:64]!r}")
    assert "takes Unix seconds" in refusal.message
    assert f"(rule {expected})" in refusal.message


@pytest.mark.parametrize(("name", "value", "rule"), ENUMS)
def test_a_refused_word_is_told_the_valid_ones(name: str, value: str, rule: str) -> None:
    """Case, space and emptiness are spelling, which we chose to refuse; other words the document excludes."""
    refusal = refused(f"{name}={quote(value)}")

    valid = {"granularity": "daily, monthly", "aggregationType": "month_to_date, incremental, rolling_30d"}[
        name
    ]
    assert (refusal.status, refusal.code, refusal.rule) == (400, "invalid_request", rule)
    assert refusal.message.startswith(f"{name}={value!r} is not valid; {name} takes {valid}")


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("Monthly", "monthly"),
        (" monthly ", "monthly"),
        ("mnthly", "monthly"),
        ("hourly", "daily"),
        ("", "daily"),
    ],
)
def test_the_nearest_valid_word_is_offered(value: str, meant: str) -> None:
    """A misspelt word is told the one it is near to, any other the default's."""
    message = refused(f"granularity={quote(value)}").message

    assert f"Send granularity={meant}, or leave it out" in message


@pytest.mark.parametrize(
    ("value", "seconds"), [("1735689600000", 1_735_689_600), ("999999999999", 999_999_999)]
)
def test_milliseconds_are_called_so_and_converted(value: str, seconds: int) -> None:
    """Twelve and thirteen digits are the present in milliseconds; the message gives the seconds to send."""
    message = refused(f"from={value}").message

    assert "looks like milliseconds" in message
    assert f"Send from={seconds}." in message


@pytest.mark.parametrize("value", ["12345678901", "12345678901234", "1" * 4000])
def test_other_long_numbers_are_only_counted(value: str) -> None:
    """Eleven digits, or fourteen and more, are no present in milliseconds."""
    message = refused(f"to={value}").message

    assert "milliseconds" not in message
    assert f"has {len(value)} digits" in message


def test_a_long_value_is_cut_in_the_message() -> None:
    """A value is quoted to 64 characters, with its length."""
    message = refused("from=" + "z" * 5000).message

    assert f"from={'z' * 64!r}... (5000 characters)" in message
    assert len(message) < 400


def test_what_can_not_be_printed_is_escaped_in_the_message() -> None:
    """A NUL or a line break in a value reaches neither the log nor the terminal as such."""
    message = refused("from=1%00%0A%1b").message

    assert "from='1\\x00\\n\\x1b'" in message


@pytest.mark.parametrize(
    "raw", ["projectKey=", "projectKey", "projectKey=web&projectKey=", "projectKey=&projectKey=web"]
)
def test_an_empty_project_key_is_named(raw: str) -> None:
    """An empty key is refused wherever it stands, and told how to ask for all projects."""
    refusal = refused(raw)

    assert (refusal.status, refusal.rule) == (400, "project-key-not-empty")
    assert refusal.message.startswith("projectKey='' is empty")
    assert "leave projectKey out for all projects" in refusal.message


def test_of_several_refused_parameters_the_first_of_the_contract_is_named() -> None:
    """The order is the contract's, whatever the order on the wire: the same mistakes give one message."""
    assert refused("granularity=x&to=y&from=z").message.startswith("from='z'")
    assert refused("granularity=x&to=y").message.startswith("to='y'")


def test_the_message_of_a_timestamp_stands_as_it_reads() -> None:
    """One message in full, as its reader meets it."""
    assert str(refused("from=1735689600000")) == (
        "from='1735689600000' looks like milliseconds; from takes Unix seconds, at most 10 digits. "
        "Send from=1735689600. (rule timestamp-fits-ten-digits)"
    )


def rule_ids_in_the_code() -> Iterator[tuple[str, str]]:
    """Find the rule that each `Refusal` and `bad_request` of the twin names, and the file that names it."""
    for file in sorted(Path(usagetwin.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"Refusal": 3, "bad_request": 1}.get(node.func.id)
                for argument in node.args[place : place + 1] if place else ():
                    yield from ((text, file.name) for text in _texts(argument))


def _texts(node: ast.AST) -> list[str]:
    if isinstance(node, ast.JoinedStr):
        return []  # put together when it runs: the table of timestamps has each
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_rule_that_the_twin_names_is_in_the_catalogue() -> None:
    """No message sends its reader to a rule that `usagetwin explain` does not know."""
    named = list(rule_ids_in_the_code())

    assert len(named) >= 10
    assert [(rule, file) for rule, file in named if rule not in rules()] == []


@pytest.mark.parametrize(
    "rule",
    [*TIMESTAMPS, "to-is-unix-seconds", *sorted({rule for _, _, rule in ENUMS}), "window-not-inverted"],
)
def test_every_rule_of_these_tables_is_in_the_catalogue(rule: str) -> None:
    """The rules that are named by a parameter's name exist as well."""
    assert rule in rules()
