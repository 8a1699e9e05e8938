"""What the value of each setting may be."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.acme import WORLD
from usagetwin.account.world import World, load_world
from usagetwin.errors import SettingError, UsageTwinError
from usagetwin_checker.plugin.options import BY_TEST, SETTINGS
from usagetwin_checker.plugin.values import READERS

HERE = Path()
NOON = 1773748800  # 2026-03-17T12:00:00Z


def test_every_setting_has_a_reader() -> None:
    """A setting without one would be a key that nothing understands."""
    assert set(READERS) == {setting.name for setting in SETTINGS}
    assert set(READERS) - set(BY_TEST) == {"guard", "url"}


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("now", NOON, NOON),
        ("now", str(NOON), NOON),
        ("now", "2026-03-17T12:00:00Z", NOON),
        ("now", datetime(2026, 3, 17, 12, tzinfo=UTC), NOON),
        ("now", date(2026, 3, 17), NOON - 43200),
        ("profile", "observed", "observed"),
        ("policies", {"projects": "separate", "quota": 5}, {"projects": "separate", "quota": "5"}),
        ("policies", "projects=separate error_id=on", {"projects": "separate", "error_id": "on"}),
        ("policies", ["projects=separate"], {"projects": "separate"}),
        ("requests", "warn", "warn"),
        ("allow", "window-not-inverted", frozenset({"window-not-inverted"})),
        ("allow", ("window-not-inverted",), frozenset({"window-not-inverted"})),
        ("allow", (), frozenset()),
        ("block_other_hosts", True, True),
        ("url", "http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
    ],
)
def test_a_value_is_read_in_each_of_its_forms(name: str, value: object, read: object) -> None:
    """What a marker gives as Python, and the ini file as text, means the same."""
    assert READERS[name](value, HERE) == read


@pytest.mark.parametrize(
    ("name", "value", "problem", "remedy"),
    [
        ("world", "busines-week", "there is no world named 'busines-week'", "business-week (valid: "),
        ("world", 5, "'5'", "business-week"),
        ("now", "yesterday", "the instant 'yesterday' can't be read", "Unix seconds"),
        ("now", 1773748800000, "looks like milliseconds", "1773748800"),
        ("now", None, "None", "Unix seconds"),
        ("profile", "observd", "there is no profile 'observd'", "observed (valid: documented, observed)"),
        ("policies", {"project": "separate"}, "there is no policy 'project'", "projects (valid: "),
        ("policies", {"projects": "apart"}, "the policy projects can't be 'apart'", "total | separate"),
        ("policies", "projects", "the policy 'projects' has no value", "NAME=VALUE"),
        ("policies", 5, "policies can't be 5", "a mapping"),
        ("policies", [5], "policies can't be [5]", "a mapping"),
        ("faults", "rest", "there is no fault 'rest'", "reset (valid: "),
        ("faults", {"reset": {"tims": 2}}, "the fault 'reset' takes no 'tims'", "times (valid: "),
        ("faults", {"reset": {"times": 0}}, "can't have times=0", "a whole number of at least 1"),
        ("faults", {"reset": 2}, "the fault 'reset' can't have 2", "{'reset': {'times': 2}}"),
        ("faults", 5, "faults can't be 5", "a name, several, or"),
        ("requests", "strickt", "there is no mode 'strickt'", "strict (valid: strict, warn, off)"),
        ("requests", False, "there is no mode False", "strict, warn, off"),
        (
            "allow",
            "windows-not-inverted",
            "there is no rule 'windows-not-inverted'",
            "window-not-inverted (valid",
        ),
        ("allow", "month-to-date-sums", "requests are not held to the rule 'month-to-date-sums'", "one of"),
        ("allow", 5, "rules can't be 5", "usagetwin explain"),
        ("block_other_hosts", "yes", "'yes' is neither True nor False", "True or False"),
        ("url", "127.0.0.1:8080", "'127.0.0.1:8080' is no base URL", "http://127.0.0.1:8080"),
        ("url", "https://app.launchdarkly.com", "leads to the twin itself", "http://127.0.0.1:8080"),
    ],
)
def test_a_wrong_value_is_refused_with_what_would_be_right(
    name: str, value: object, problem: str, remedy: str
) -> None:
    """The refusal quotes the value, and names the nearest valid one or the form of a valid one."""
    with pytest.raises(SettingError) as caught:
        READERS[name](value, HERE)

    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("reset", [("reset", None, {})]),
        (["reset", "unavailable"], [("reset", None, {}), ("unavailable", None, {"retry_after": None})]),
        (
            {"slow-body": {"times": 2, "seconds": 0.5}},
            [("slow-body", 2, {"seconds": 0.5, "chunks": 10})],
        ),
        ("from-ignored", [("from-ignored", None, {})]),
    ],
)
def test_faults_are_made_of_names_and_of_what_they_take(
    value: object, made: list[tuple[str, int | None, dict[str, object]]]
) -> None:
    """Each reading makes faults of their own: they count how often they were shown."""
    faults = READERS["faults"](value, HERE)

    assert [(fault.name, fault.times, dict(fault.details)) for fault in faults] == made  # type: ignore[attr-defined]  # -- a reader of many types
    assert faults != READERS["faults"](value, HERE)


def test_a_world_is_a_name_a_file_counts_or_itself(tmp_path: Path) -> None:
    """A relative file is looked up from the folder that goes with its source."""
    (tmp_path / "acme.yaml").write_text(WORLD, encoding="utf-8")
    counts = {"web": {"2026-03-01": 5}}

    idle, acme, again, counted = (
        READERS["world"](value, tmp_path) for value in ("idle", "acme.yaml", tmp_path / "acme.yaml", counts)
    )

    assert isinstance(idle, World)
    assert idle.name == "idle"
    assert isinstance(acme, World)
    assert acme.name == "acme"
    assert acme is again
    assert isinstance(counted, World)
    assert [project.key for project in counted.projects] == ["web"]
    assert READERS["world"](load_world("idle"), tmp_path) == idle


def test_a_world_s_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    """A test that writes its account anew gets the account that it wrote."""
    file = tmp_path / "acme.yaml"
    file.write_text(WORLD, encoding="utf-8")
    first = READERS["world"](file, HERE)

    file.write_text(WORLD.replace("name: acme", "name: another-one"), encoding="utf-8")

    assert isinstance(first, World)
    assert first.name == "acme"
    second = READERS["world"](file, HERE)
    assert isinstance(second, World)
    assert second.name == "another-one"


def test_a_file_that_is_no_world_is_refused_by_its_path(tmp_path: Path) -> None:
    """A missing file and a wrong one say where they were looked for."""
    (tmp_path / "wrong.yaml").write_text("name: 5", encoding="utf-8")

    for name in ("missing.yaml", "wrong.yaml"):
        with pytest.raises(UsageTwinError) as caught:
            READERS["world"](name, tmp_path)
        assert str(tmp_path / name) in str(caught.value)
