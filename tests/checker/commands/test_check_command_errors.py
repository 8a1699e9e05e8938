"""Tests of what `usagetwin check` says to a wrong use: exit status 2, and what would be right."""

from pathlib import Path
from typing import Final

import pytest

from tests.checker.commanding import check
from tests.checker.raw_server import answer, answering, saying

WRONG: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "no target": ((), "Missing argument 'TARGET'"),
    "no scheme": (("127.0.0.1:8080",), "try   http://127.0.0.1:8080"),
    "a host alone": (("app.launchdarkly.com",), "try   https://app.launchdarkly.com"),
    "twin misspelt": (("twinn",), "try   twin"),
    "another scheme": (("ftp://127.0.0.1",), "'ftp://127.0.0.1' is neither 'twin' nor a base URL"),
    "no host": (("http://",), "neither 'twin' nor a base URL"),
    "no port": (("http://127.0.0.1:99999",), "neither 'twin' nor a base URL"),
    "a broken host": (("http://[::1",), "neither 'twin' nor a base URL"),
    "a space": (("http://a b",), "neither 'twin' nor a base URL"),
    "a quote": (("http://a/'",), "neither 'twin' nor a base URL"),
    "a line break": (("http://a\n/b",), "neither 'twin' nor a base URL"),
    "a query": (("http://127.0.0.1/?from=1",), "neither 'twin' nor a base URL"),
    "a fragment": (("http://127.0.0.1/#x",), "neither 'twin' nor a base URL"),
    "a password": (("http://user:secret@127.0.0.1",), "user name or password in its URL"),
    "a password, and no port": (("http://user:secret@127.0.0.1:x",), "user name or password in its URL"),
    "a password, and no host": (("http://user:secret@",), "user name or password in its URL"),
    "an option": (("twin", "--completed"), "Did you mean "),
    "complete alone": (("twin", "--complete"), "--complete says that the projects given are all"),
    "an empty project": (("twin", "--project", ""), "--project is empty"),
    "a world with a URL": (("http://127.0.0.1:1", "--world", "idle"), "another target has its own"),
    "a profile with a URL": (("http://127.0.0.1:1", "--profile", "observed"), "another target has its own"),
    "a world": (("twin", "--world", "idel"), "idle"),
    "a profile": (("twin", "--profile", "observd"), "observed"),
    "an instant": (("twin", "--now", "yesterday"), "the instant 'yesterday' can't be read"),
    "a far instant": (("twin", "--now", "9999-01-01"), "is out of range"),
    "no budget": (("twin", "--budget", "0"), "is not in the range x>=1"),
    "a budget in words": (("twin", "--budget", "many"), "is not a valid integer"),
    "a seed in words": (("twin", "--seed", "x"), "is not a valid integer"),
    "examples below zero": (("twin", "--max-examples", "-1"), "is not in the range x>=0"),
    "a report in no folder": (("twin", "--json", "/nonexistent/x.json"), "can't be written to '/nonexistent"),
    "a report in a folder": (("twin", "--json", "/"), "is a directory"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_use_is_explained_with_exit_status_2(name: str) -> None:
    """What is wrong is named, with what would be right; nothing is sent, and no secret is shown."""
    arguments, message = WRONG[name]

    result = check(*arguments)

    assert result.exit_code == 2, result.output
    assert message in result.output
    assert "secret" not in result.output
    assert "Traceback" not in result.output


def test_a_report_that_cannot_be_written_is_told_before_anything_is_sent() -> None:
    """Nobody waits for a run whose report is lost."""
    with answering(saying(answer(b"{}"))) as server:
        assert check(server.url, "--json", "/nonexistent/x.json").exit_code == 2

    assert server.heads == []


def test_a_wrong_use_leaves_an_old_report_as_it_is(tmp_path: Path) -> None:
    """Only a run writes a report."""
    file = tmp_path / "report.json"
    file.write_text("old", encoding="utf-8")

    check("twinn", "--json", str(file))

    assert file.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("token", ["api-with\nbreak", "api-é", "api-\x7f"], ids=ascii)
def test_a_token_that_no_header_can_hold_is_refused_unseen(token: str) -> None:
    """It is named by its variable, never by its characters."""
    result = check("http://127.0.0.1:1", token=token)

    assert result.exit_code == 2
    assert "USAGETWIN_TOKEN has characters that no header can hold" in result.output
    assert "api-" not in result.output
