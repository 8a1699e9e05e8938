"""The token hunt: whatever a target answers and however a check ends, no part of the token is anywhere."""

import random
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.commanding import check
from tests.checker.hunting import ENCODINGS, TOKEN, WAYS, Telltale, hits, read_all
from tests.checker.raw_server import answering

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS: Final = (
    (),
    ("--verbose",),
    ("--strict", "--json", "-"),
    ("--junit", "junit.xml", "--sarif", "found.sarif", "--code-quality", "quality.json"),
    ("--show-plan",),
    ("--live", "--pace", "0", "--verbose"),
    ("--project", "web", "--project", "app"),
    ("--now", "2026-03-03T12:00:00Z", "--strict", "--verbose"),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> "Path":
    """Have all that a check may write in one folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMPDIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    return tmp_path


def hunt(folder: "Path", which: Telltale, options: tuple[str, ...], budget: int) -> None:
    """Check such a server, and look for the token in all that is left of that."""
    with answering(which) as server:
        result = check(server.url, "--budget", str(budget), "--json", "report.json", *options, token=TOKEN)

    assert not any(TOKEN.encode() not in head for head in server.heads[:1]), "the token was not sent"
    assert "Traceback" not in result.output
    assert hits([result.output, repr(result.exception), *read_all(folder)]) == [], (which, options)


def test_the_hunt_finds_what_there_is() -> None:
    """In each writing; and nothing where there is nothing."""
    for name, encode in ENCODINGS.items():
        assert hits([f"before {encode(TOKEN)} after"]) != [], name
    assert hits([TOKEN[5:17]]) != []
    assert hits(["api-00000000-0000-4000-8000-000000000000", "[token]"]) == []


@pytest.mark.parametrize("way", WAYS)
def test_what_a_target_repeats_is_not_told(folder: "Path", way: str) -> None:
    """In each place of an answer, in some writing."""
    chance = random.Random(way)  # noqa: S311 -- what is drawn is to repeat
    encoding, short = chance.choice(list(ENCODINGS)), chance.randrange(60)

    hunt(folder, Telltale(way, encoding, "400 Bad", short), chance.choice(OPTIONS), 3)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(20))
def test_whatever_a_target_repeats_is_not_told(folder: "Path", seed: int) -> None:
    """In any place, writing and status, with any options."""
    chance = random.Random(seed)  # noqa: S311 -- what is drawn is to repeat

    for _ in range(25):
        hunt(folder, Telltale.drawn(chance), chance.choice(OPTIONS), chance.choice((2, 3, 9, 20)))
