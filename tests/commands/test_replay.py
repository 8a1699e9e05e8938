"""Tests of `usagetwin serve --replay FILE`."""

import json
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from tests.acme import MAR_1, PATH
from tests.checker.recorded import daily, entry, har
from tests.served import served
from usagetwin_checker.commands.main import main

ASKED = {"Authorization": "api-any"}
OF_A_TWIN = (
    ("--world", "idle"),
    ("--now", "2026-03-03"),
    ("--profile", "observed"),
    ("--policy", "cors=on"),
    ("--rate-limit", "3/10s"),
    ("--store", "memory"),
    ("--fault", "incremental-is-cumulative"),
    ("--variation", "time-in-seconds"),
    ("--workers", "2"),
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Give a recording of one series, and one answer of another host."""
    file = tmp_path / "calls.har"
    file.write_bytes(har(daily("incremental", (MAR_1, 31)), entry(url="https://cdn.example/x.js")))
    return str(file)


def test_a_recording_is_served(file: str) -> None:
    """It says what it serves, answers what was asked, is well, counts, and names what was not recorded."""
    recorded = json.loads(Path(file).read_text(encoding="utf-8"))["log"]["entries"][0]

    with served("--replay", file) as twin, httpx.Client(base_url=twin.url, headers=ASKED) as client:
        answer = client.get(recorded["request"]["url"].partition(".com")[2])
        other = client.get(PATH)
        health = client.get("/__twin__/health")
        metrics = client.get("/__twin__/metrics")
        page = client.get("/")

    assert (answer.status_code, answer.text) == (200, recorded["response"]["content"]["text"])
    assert (other.status_code, other.json()["code"]) == (501, "not_recorded")
    assert (health.status_code, health.json()["ready"]) == (200, True)
    assert (metrics.status_code, page.status_code) == (200, 501)
    log = "".join(twin.log)
    assert "usagetwin replays calls.har: 1 answer to 1 question\n" in log
    assert "  recorded  at https://app.launchdarkly.com\n" in log
    assert "  passed    over, of 2 entries: 1 of other hosts or paths\n" in log
    assert f"  try       curl -H 'Authorization: api-00000000-0000-4000-8000-000000000000' '{twin.url}" in log
    assert "This was not recorded in calls.har. The nearest that was is" in log
    assert " 501 " in log


def serve(*options: str, **variables: str) -> Result:
    """Run the command, which ends before it serves."""
    return CliRunner().invoke(main, ["serve", *options], env=variables)


@pytest.mark.parametrize("option", OF_A_TWIN, ids=lambda option: option[0])
def test_an_option_of_the_twin_is_refused_beside_a_recording(option: tuple[str, str], file: str) -> None:
    """Though it may be what it would be by default."""
    ended = serve("--replay", file, *option)

    assert ended.exit_code == 2
    assert f"{option[0]} is about the twin, and --replay answers from a recording alone" in ended.output
    assert f"try   --replay without {option[0]}" in ended.output


def test_a_variable_is_refused_by_its_name(file: str) -> None:
    """It is no option that anybody would find."""
    ended = serve("--replay", file, USAGETWIN_WORLD="idle")

    assert ended.exit_code == 2
    assert "USAGETWIN_WORLD is about the twin" in ended.output


def test_a_base_url_is_chosen_of_recordings_alone() -> None:
    """A world has none."""
    ended = serve("--recorded-at", "https://app.launchdarkly.com")

    assert ended.exit_code == 2
    assert "--recorded-at chooses a base URL of a recording, and none is replayed" in ended.output
