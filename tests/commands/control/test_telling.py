"""What the commands change is what a client of the play sees from its next request on."""

from pathlib import Path

import pytest

from tests.commands.control.told import NOW, Told, told

CSV = "date,project,count\n2026-03-16,shop,7\n2026-03-17,shop,5\n"


def test_the_clock_is_frozen_advanced_and_released(play: Told) -> None:
    """Each says what the clock shows."""
    assert play.tell("freeze", "2026-03-03T06:00:00Z") == "clock  frozen at 2026-03-03T06:00:00Z\n"
    assert len(play.ask("aggregationType=incremental")[1]["series"]) == 3
    assert play.tell("advance", "--days", "1", "--hours", "2.5") == "clock  frozen at 2026-03-04T08:30:00Z\n"
    assert play.tell("release").startswith("clock  the machine's, ")


def test_another_account_answers(play: Told) -> None:
    """By its name; without one the account is shown."""
    assert play.tell("world", "idle").splitlines()[0] == "world    idle"
    assert play.tell("world").splitlines()[0] == "world    idle"


def test_a_file_answers(play: Told, tmp_path: Path) -> None:
    """A table of counts, as the twin takes it at its start."""
    file = tmp_path / "counts.csv"
    file.write_text(CSV, encoding="utf-8")

    assert play.tell("world", str(file)).splitlines()[1:] == ["project  shop"]
    status, document = play.ask("aggregationType=incremental&from=1773619200")

    assert status == 200
    assert document["series"][0]["0"] == 7


def test_a_line_of_a_file_that_is_wrong_is_named(play: Told, tmp_path: Path) -> None:
    """With the file, which the twin does not know."""
    file = tmp_path / "counts.csv"
    file.write_text("date,project,count\n2026-03-16,shop,many\n", encoding="utf-8")

    said = play.refused("world", str(file))

    assert said.startswith(f"usagetwin: {file}: line 2: ")
    assert "\n  try   " in said


@pytest.mark.parametrize("name", ["gone.yaml", "folder.csv"])
def test_a_file_that_can_t_be_read_is_named(play: Told, tmp_path: Path, name: str) -> None:
    """In the words that `usagetwin serve --world` has."""
    (tmp_path / "folder.csv").mkdir()

    assert play.refused("world", str(tmp_path / name)).startswith(f"usagetwin: {tmp_path / name}: ")


def test_a_file_that_is_too_large_is_refused(play: Told, tmp_path: Path) -> None:
    """Before it is sent, also where JSON makes it so."""
    file = tmp_path / "counts.csv"
    file.write_text("\n" * 2_000_000, encoding="utf-8")

    assert "usagetwin serve --world FILE" in play.refused("world", str(file))


def test_policies_and_the_profile_change(play: Told) -> None:
    """And those that were decided by name are marked."""
    changed = play.tell("policy", "quota=1", "beta=ignored", "--profile", "observed").splitlines()

    assert changed[0] == "profile  observed"
    assert [line.split() for line in changed if "quota" in line] == [["policy", "quota=1", "decided"]]
    assert changed == play.tell("policy").splitlines()
    assert [play.ask()[0] for _ in range(2)] == [200, 429]


def test_a_fault_is_shown_to_the_requests_that_are_meant(play: Told) -> None:
    """A status, to the first request that asks for one project."""
    shown = play.tell("fault", "503", "retry_after=7", "--times", "1", "--when", "projectKey=mobile")

    assert shown.startswith("fault 1  unavailable  retry_after=7 times=1  shown 0  503")
    assert [play.ask(query)[0] for query in ("", *["projectKey=mobile"] * 2)] == [200, 503, 200]
    assert "shown 1" in play.tell("faults")
    play.tell("fault", "reset", "--times", "1")
    assert play.tell("no-faults", "2").startswith("fault 2  reset")
    assert "7" in play.refused("no-faults", "7")
    assert play.tell("no-faults") == ""
    assert play.tell("faults") == ""


def test_a_token_may_do_less(play: Told) -> None:
    """From the next request on, and again more."""
    assert play.tell("role", "revoked") == "role  revoked\n"
    assert play.ask()[0] == 401
    assert play.tell("role", "full") == "role  full\n"
    assert play.ask()[0] == 200
    assert "revoked" in play.refused("role", "revokd")


def test_only_the_default_play_has_tokens_of_others(play: Told) -> None:
    """A play answers to its own alone."""
    token = "api-00000000-0000-4000-8000-0000000c0de0"
    told_of_the_default = told("role", "forbidden", token, environment={"USAGETWIN_URL": play.url})

    assert told_of_the_default.output == "role  forbidden\n"
    assert "only a play's own token comes to it" in play.refused("role", "forbidden", token)


def test_a_fault_is_for_requests_without_a_parameter(play: Told) -> None:
    """`NAME=` has no value; and a chance of 0 meets none."""
    play.tell("fault", "502", "--when", "projectKey=")
    play.tell("fault", "500", "--chance", "0", "--seed", "1", "--times", "9")

    assert [play.ask(query)[0] for query in ("", "projectKey=mobile")] == [502, 200]


def test_a_fault_is_for_requests_with_all_values(play: Told) -> None:
    """A parameter that is named twice."""
    play.tell("fault", "502", "--when", "projectKey=mobile", "--when", "projectKey=checkout")

    both = "projectKey=mobile&projectKey=checkout"
    assert [play.ask(query)[0] for query in (both, "projectKey=mobile")] == [502, 200]


def test_a_play_begins_again(play: Told) -> None:
    """With its first clock, and no fault."""
    play.tell("freeze", "2026-01-01")
    play.tell("fault", "reset")

    (line,) = play.tell("reset").splitlines()

    assert line.startswith(f"play {play.number}  ")
    assert line.endswith(f"business-week  frozen at {NOW}  0 faults  0 requests  0 rules broken")
