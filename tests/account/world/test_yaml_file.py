"""Tests of worlds as YAML: what is read, and what is refused on which line."""

from datetime import date
from pathlib import Path

import pytest

from tests.account.world.heavy import many_events
from tests.account.world.reading import error_of, written
from usagetwin.account.traffic import Event, GivenCounts, Traffic
from usagetwin.account.world import Project, Role, World, load_world
from usagetwin.days import from_date

MARCH = from_date(date(2026, 3, 1))
HEAD = "name: mine\nabout: A world of mine.\nprojects:\n"  # three lines
COUNTS = HEAD + "  - key: web\n    counts:\n"  # five lines
TRAFFIC = HEAD + "  - key: web\n    created: 2024-01-15\n    traffic:\n"  # six lines
WHOLE = TRAFFIC + "      level: 5\n"  # seven lines


def _error(folder: Path, text: str) -> tuple[int | None, str]:
    error = error_of(written(folder, "world.yaml", text))
    return error.line, str(error)


def _load(folder: Path, text: str) -> World:
    return load_world(str(written(folder, "world.yaml", text)))


def test_every_key_is_read(tmp_path: Path) -> None:
    """A world with all that the format has comes out as it is written."""
    world = _load(
        tmp_path,
        """
name: everything
about: >
  Two
  lines.
seed: 18446744073709551615
projects:
  - key: web
    created: 2024-01-15
    traffic:
      level: 1000
      weekdays: [100, 101, 102, 103, 104, 50, 0]
      growth: -12
      noise: 7
      events:
        - {from: 2026-03-01, to: 2026-03-02, percent: 0, why: outage}
  - {key: plain, created: 1970-01-01, traffic: {level: 0}}
  - {key: app, created: 2026-02-27, counts: {2026-03-01: 5, 2026-03-02: 0}}
tokens:
  - {token: api-example, role: full}
  - {token: api-example-2, role: throttled}
policies: {projects: separate, error_id: on, quota: 10}
""",
    )

    web = Traffic(
        seed=18446744073709551615,
        project="web",
        created=from_date(date(2024, 1, 15)),
        level=1000,
        weekdays=(100, 101, 102, 103, 104, 50, 0),
        growth=-12,
        noise=7,
        events=(Event(MARCH, MARCH + 1, 0, "outage"),),
    )
    plain = Traffic(
        seed=18446744073709551615,
        project="plain",
        created=0,
        level=0,
        weekdays=(100, 100, 100, 100, 100, 100, 100),
        growth=0,
        noise=0,
    )
    assert world == World(
        name="everything",
        about="Two lines.",
        seed=18446744073709551615,
        projects=(
            Project("web", web.created, web),
            Project("plain", 0, plain),
            Project("app", MARCH - 2, GivenCounts(MARCH, (5, 0)), last_given=MARCH + 1),
        ),
        tokens={"api-example": Role.FULL, "api-example-2": Role.THROTTLED},
        policies={"projects": "separate", "error_id": "on", "quota": "10"},
    )


def test_days_may_come_in_any_order(tmp_path: Path) -> None:
    """Counts are sorted by day, and creation is the first day where it isn't given."""
    world = _load(tmp_path, COUNTS + "      2026-03-02: 7\n      2026-03-01: 5\n")

    assert world.projects == (Project("web", MARCH, GivenCounts(MARCH, (5, 7)), last_given=MARCH + 1),)


def test_an_entry_repeats_with_a_padded_number(tmp_path: Path) -> None:
    """`repeat: 10` makes ten projects, each with draws of its own key."""
    text = HEAD + "  - {key: 'team-{n}', repeat: 10, created: 2024-01-15, traffic: {level: 900, noise: 50}}\n"

    world = _load(tmp_path, text)

    assert [project.key for project in world.projects] == [f"team-{number:02}" for number in range(1, 11)]
    weeks = {tuple(project.counts.counts(MARCH, MARCH + 6)) for project in world.projects}
    assert len(weeks) == 10


def test_a_key_without_repeat_keeps_its_braces(tmp_path: Path) -> None:
    """`{n}` is a number only where an entry repeats."""
    world = _load(tmp_path, HEAD + "  - {key: 'team-{n}', created: 2024-01-15, traffic: {level: 9}}\n")

    assert world.projects[0].key == "team-{n}"


@pytest.mark.parametrize("key", ["null", "yes", "1.5", "2026-03-01", "a,b", "a b", "ключ", "~"])
def test_a_key_is_the_text_that_is_written(tmp_path: Path, key: str) -> None:
    """What YAML 1.1 takes for a null, a boolean, a number or a date is a key like any other."""
    world = _load(tmp_path, HEAD + f"  - key: {key}\n    counts: {{2026-03-01: 5}}\n")

    assert world.projects[0].key == key


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    """Some editors write one."""
    assert _load(tmp_path, "\ufeff" + COUNTS + "      2026-03-01: 5\n").name == "mine"


@pytest.mark.parametrize(
    ("count", "trouble"),
    [
        ("-5", "negative"),
        ("-0", "negative"),
        ("1.5", "a fraction"),
        ("5.0", "a fraction"),
        (".5", "a fraction"),
        ("1e3", "written with an exponent"),
        ("010", "leading zeros"),
        ("0x1F", "another base"),
        ("0b11", "another base"),
        ("1_000", "written with separators"),
        ("'1,000'", "written with separators"),
        ("' 5'", "surrounded by space"),
        ("+5", "not a whole number"),
        ("1:30", "not a whole number"),
        ("yes", "not a whole number"),
        ("null", "not a whole number"),
        ("''", "not a whole number"),
        (".inf", "not a whole number"),
        ("٣", "not a whole number"),
        ("9007199254740992", "larger than 9007199254740991"),
        ("9" * 5000, "larger than 9007199254740991"),
        ("[5]", "a list, not a single value"),
        ("{a: 5}", "a mapping, not a single value"),
    ],
)
def test_a_count_is_a_whole_number_in_plain_digits(tmp_path: Path, count: str, trouble: str) -> None:
    """Nothing is octal, sexagesimal, boolean or a float, and the message says why a value is refused."""
    line, message = _error(tmp_path, COUNTS + f"      2026-03-01: 5\n      2026-03-02: {count}\n")

    assert line == 7
    assert trouble in message
    assert len(message) < 500


def test_the_largest_count_is_read(tmp_path: Path) -> None:
    """2^53 - 1 is allowed."""
    world = _load(tmp_path, COUNTS + "      2026-03-01: 9007199254740991\n")

    assert world.projects[0].counts.counts(MARCH, MARCH) == [2**53 - 1]


@pytest.mark.parametrize(
    ("day", "trouble"),
    [
        ("2026-02-30", "not in the calendar"),
        ("2026-02-29", "not in the calendar"),
        ("2026-13-01", "not in the calendar"),
        ("0000-01-01", "not in the calendar"),
        ("2026-2-3", "not a date written YYYY-MM-DD"),
        ("20260301", "not a date written YYYY-MM-DD"),
        ("01.03.2026", "not a date written YYYY-MM-DD"),
        ("2026-03-01T00:00:00Z", "not a date written YYYY-MM-DD"),
        ("'2026-03-01 '", "not a date written YYYY-MM-DD"),
        ("'2026-03-01 00:00:00'", "not a date written YYYY-MM-DD"),
        ("1772323200", "not a date written YYYY-MM-DD"),
        ("٢٠٢٦-03-01", "not a date written YYYY-MM-DD"),
        ("''", "not a date written YYYY-MM-DD"),
        ("1969-12-31", "outside the time that queries can reach"),
        ("2286-11-21", "outside the time that queries can reach"),
        ("9999-12-31", "outside the time that queries can reach"),
    ],
)
def test_a_day_is_a_date_that_queries_can_reach(tmp_path: Path, day: str, trouble: str) -> None:
    """Ten digits of Unix seconds reach from 1970-01-01 to 2286-11-20."""
    line, message = _error(tmp_path, COUNTS + f"      {day}: 5\n")

    assert line == 6
    assert trouble in message
    assert "2026-03-01" in message


@pytest.mark.parametrize("day", ["1970-01-01", "2286-11-20", "2024-02-29"])
def test_the_first_and_last_days_are_read(tmp_path: Path, day: str) -> None:
    """The edges of time are days like others, and so is a leap day."""
    world = _load(tmp_path, COUNTS + f"      {day}: 5\n")

    assert world.projects[0].created == from_date(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "line", "trouble"),
    [
        ("", None, "the file is empty"),
        ("# only a comment\n", None, "the file is empty"),
        ("just text\n", 1, "the world is a single value, not a mapping"),
        ("- a\n", 1, "the world is a list, not a mapping"),
        ("name: mine\n", 1, "the world lacks 'about'"),
        ("name: ''\nabout: y\nprojects: []\n", 1, "name is empty"),
        ('name: "\\e[31mred"\nabout: y\nprojects: []\n', 1, "name has a control character"),
        ("name: [a]\nabout: y\nprojects: []\n", 1, "name is a list, not a single value"),
        ("name: x\nabout: y\nprojects:\n", 3, "projects is empty, not a list"),
        ("name: x\nabout: y\nprojects: []\n", 3, "projects is empty"),
        ("name: x\nabout: y\nprojects: {web: 5}\n", 3, "projects is a mapping, not a list"),
        ("name: x\nname: z\n", 2, "'name' is given twice, first on line 1"),
        (WHOLE + "seed: -1\n", 8, "seed '-1' is negative"),
        (WHOLE + "seed: 18446744073709551616\n", 8, "larger than 18446744073709551615"),
        (WHOLE + "tokns: []\n", 8, "try   tokens (valid: "),
        (WHOLE + "      nois: 5\n", 8, "try   noise (valid: "),
        (WHOLE + "      noise: 101\n", 8, "larger than 100"),
        (WHOLE + "      growth: -100001\n", 8, "smaller than -100000"),
        (WHOLE + "      growth: 1.5\n", 8, "a fraction"),
        (WHOLE + "      weekdays: [1, 2, 3]\n", 8, "weekdays has 3 values"),
        (WHOLE + "      weekdays: [1, 2, 3, 4, 5, 6, -7]\n", 8, "negative"),
        (WHOLE + "      events: [{from: 2026-03-02}]\n", 8, "an event lacks 'to'"),
        (
            WHOLE + "      events: [{from: 2026-03-02, to: 2026-03-01, percent: 5, why: x}]\n",
            8,
            "the event ends on 2026-03-01, before it starts on 2026-03-02",
        ),
        (
            WHOLE + "      events: [{from: 2026-03-02, to: 2026-03-02, percent: -1, why: x}]\n",
            8,
            "percent '-1' is negative",
        ),
        (TRAFFIC + "      noise: 5\n", 7, "traffic lacks 'level'"),
        (HEAD + "  - {key: web}\n", 4, "neither traffic nor counts"),
        (HEAD + "  - {key: web, traffic: {level: 5}}\n", 4, "lacks 'created'"),
        (HEAD + "  - {key: web, traffic: {level: 5}, counts: {}}\n", 4, "both traffic and counts"),
        (HEAD + "  - {key: web, counts: {}}\n", 4, "counts is empty"),
        (HEAD + "  - {key: web, counts: [5]}\n", 4, "counts is a list, not a mapping"),
        (HEAD + "  - {created: 2024-01-01}\n", 4, "a project lacks 'key'"),
        (HEAD + "  - {key: , counts: {2026-03-01: 5}}\n", 4, "the project key is empty"),
        (HEAD + "  - {key: ' a', counts: {2026-03-01: 5}}\n", 4, "has space around it"),
        (HEAD + '  - {key: "a\\tb", counts: {2026-03-01: 5}}\n', 4, "has a control character"),
        (HEAD + f"  - {{key: {'k' * 257}, counts: {{2026-03-01: 5}}}}\n", 4, "is too long"),
        (HEAD + "  - {key: [web], counts: {2026-03-01: 5}}\n", 4, "key is a list, not a single value"),
        (
            HEAD + "  - {key: a, counts: {2026-03-01: 5}}\n" * 2,
            5,
            "the project key 'a' is there twice, first on line 4",
        ),
        (HEAD + "  - {key: a, repeat: 2, counts: {2026-03-01: 5}}\n", 4, "has no {n}"),
        (HEAD + "  - {key: 'a{n}', repeat: 0, counts: {2026-03-01: 5}}\n", 4, "smaller than 1"),
        (HEAD + "  - {key: 'a{n}', repeat: 10001, counts: {2026-03-01: 5}}\n", 4, "larger than 10000"),
        (
            HEAD
            + "  - {key: 'a{n}', repeat: 10000, counts: {2026-03-01: 5}}\n"
            + "  - {key: b, counts: {2026-03-01: 5}}\n",
            5,
            "more than 10000 projects",
        ),
        (
            COUNTS + "      2026-03-01: 5\n      2026-03-01: 6\n",
            7,
            "'2026-03-01' is given twice, first on line 6",
        ),
        (
            COUNTS + "      2026-03-01: 5\n      2026-03-03: 6\n",
            7,
            "has 2026-03-03 but no count for 2026-03-02",
        ),
        (
            COUNTS + "      2026-03-09: 5\n      2026-03-01: 6\n",
            6,
            "has 2026-03-09 but no count for 2026-03-02 to 2026-03-08",
        ),
        (
            HEAD + "  - key: web\n    created: 2026-03-02\n    counts: {2026-03-01: 5}\n",
            5,
            "created on 2026-03-02, after its first count on 2026-03-01",
        ),
        (WHOLE + "tokens: {a: full}\n", 8, "tokens is a mapping, not a list"),
        (WHOLE + "tokens: [{token: a, role: revokd}]\n", 8, "try   revoked (valid: full, revoked, forbidden"),
        (WHOLE + "policies: [a]\n", 8, "policies is a list, not a mapping"),
        (WHOLE + "policies: {beta: [b]}\n", 8, "the policy beta is a list, not a single value"),
        (WHOLE + "policies: {beta: }\n", 8, "the policy beta can't be ''"),
        (WHOLE + "policies:\n  beta: required\n  cors: ja\n", 10, "the policy cors can't be 'ja'"),
        (WHOLE + "policies:\n  beta: required\n  betta: required\n", 10, "there is no policy 'betta'"),
        (WHOLE + "policies: {quota: -5}\n", 8, "try   one of off | a number"),
    ],
)
def test_a_bad_world_is_refused_on_its_line(
    tmp_path: Path, text: str, line: int | None, trouble: str
) -> None:
    """Each error names the file, the line, what is wrong, and what would be right."""
    found, message = _error(tmp_path, text)

    assert found == line
    assert trouble in message
    where = str(tmp_path / "world.yaml") + ("" if line is None else f":{line}")
    assert message.startswith(where + ": ")
    assert "\n  try   " in message


@pytest.mark.parametrize(
    "tokens",
    [
        "[api-secret-0]",
        "[{token: api-secret-0, role: full}, {token: api-secret-0, role: full}]",
        "[{token: 'api-secret-0 ', role: full}]",
        "[{token: api-secret-ö, role: full}]",
        "[{token: [api-secret-0], role: full}]",
    ],
)
def test_no_message_repeats_a_token(tmp_path: Path, tokens: str) -> None:
    """A real token that strays into a world does not stray on into a log."""
    line, message = _error(tmp_path, WHOLE + f"tokens: {tokens}\n")

    assert line == 8
    assert "secret" not in message


def test_a_project_may_have_so_many_events_and_no_more(tmp_path: Path) -> None:
    """The line is that of the first event too many."""
    whole = load_world(str(many_events(tmp_path, 5_000)))
    error = error_of(many_events(tmp_path, 5_001))

    assert len(whole.projects) == 1
    assert error.line == 3 + 6 + 5_001
    assert "5001 events" in error.problem
    assert "at most 5000 events" in error.remedy


def test_projects_and_their_events_are_bounded_together(tmp_path: Path) -> None:
    """A project that repeats counts each time, with its events; so a year stays within one request's work."""
    whole = load_world(str(many_events(tmp_path, 1_999, repeat=10)))
    error = error_of(many_events(tmp_path, 1_999, repeat=11))

    assert len(whole.projects) == 10
    assert error.line == 4
    assert "more than 20000" in error.problem
