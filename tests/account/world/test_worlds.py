"""Tests of the built-in worlds: each keeps the promise of its `about`.

Plain loops over days, so that nothing here relies on the ledger.
"""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from usagetwin.account.world import Role, load_world, world_names
from usagetwin.data import fixtures_folder
from usagetwin.days import from_date

INT32_MAX, UINT32_MAX, EXACT_MAX = 2**31 - 1, 2**32 - 1, 2**53 - 1
PROMISED = {
    "beyond-int32",
    "born-mid-month",
    "business-week",
    "consumer-weekend",
    "declining",
    "given-counts",
    "idle",
    "launch-spike",
    "near-2-53",
    "outage",
    "single-project",
    "tokens",
    "two-hundred",
}


def _counts(world: str, project: str, first: str, last: str) -> dict[date, int]:
    """Give a project's counts of some days, first to last inclusive, by date."""
    found = {each.key: each for each in load_world(world).projects}[project]
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    values = found.counts.counts(from_date(start), from_date(end))
    return {start + timedelta(days=index): value for index, value in enumerate(values)}


def _sum(world: str, project: str, first: str, last: str) -> int:
    return sum(_counts(world, project, first, last).values())


def test_all_worlds_are_there() -> None:
    """The list of worlds is a promise: none goes, and a further one gets its test here."""
    assert set(world_names()) == PROMISED


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_a_world_says_what_it_is_for(name: str) -> None:
    """`about` is a sentence or two."""
    about = load_world(name).about

    assert len(about) > 60
    assert about.endswith(".")


@pytest.mark.parametrize("name", sorted(PROMISED - {"idle", "given-counts"}))
@pytest.mark.parametrize("month", ["2024-06", "2026-11", "2028-02", "2038-01"])
def test_a_world_has_data_whenever_it_is_asked(name: str, month: str) -> None:
    """Generated worlds answer with sessions in any month from mid 2024 on, leap days included."""
    world = load_world(name)
    first = from_date(date.fromisoformat(f"{month}-01"))

    total = sum(sum(project.counts.counts(first, first + 27)) for project in world.projects)

    assert total > 0


def test_business_week_is_busy_on_workdays_and_quiet_on_weekends() -> None:
    """In every whole week of 2026 each workday of the first project has three times the weekend's days."""
    days = _counts("business-week", "default", "2026-01-05", "2026-12-20")

    for monday in (day for day in days if day.isoweekday() == 1):
        week = [days[monday + timedelta(days=index)] for index in range(7)]
        assert min(week[:5]) > 3 * max(week[5:]) > 0


def test_business_week_has_projects_of_different_ages() -> None:
    """Four projects, created in 2024 and 2025, so that a filter changes where a series starts."""
    created = {project.key: project.created for project in load_world("business-week").projects}

    assert created == {
        "default": from_date(date(2024, 1, 15)),
        "mobile": from_date(date(2024, 3, 4)),
        "checkout": from_date(date(2025, 2, 10)),
        "internal-tools": from_date(date(2025, 9, 22)),
    }


def test_business_week_grows_and_rests_at_the_year_end() -> None:
    """October 2026 is above October 2024, and the days after Christmas are below those of a month before."""
    assert _sum("business-week", "default", "2026-10-01", "2026-10-31") > _sum(
        "business-week", "default", "2024-10-01", "2024-10-31"
    )
    assert 2 * _sum("business-week", "default", "2026-12-24", "2026-12-30") < _sum(
        "business-week", "default", "2026-11-26", "2026-12-02"
    )


def test_consumer_weekend_peaks_on_saturday_and_sunday() -> None:
    """In every week of 2026, for each project, both days of the weekend are above every workday."""
    for project in ("web-shop", "game"):
        days = _counts("consumer-weekend", project, "2026-01-05", "2026-12-27")
        for monday in (day for day in days if day.isoweekday() == 1):
            week = [days[monday + timedelta(days=index)] for index in range(7)]
            assert min(week[5:]) > max(week[:5])


@pytest.mark.parametrize("launch", ["2024-10-08", "2026-10-06", "2028-02-29"])
def test_launch_spike_rises_tenfold_on_launch_days(launch: str) -> None:
    """A launch day has more than ten times the day before, and the four days after stay above it as well."""
    day = date.fromisoformat(launch)
    days = _counts("launch-spike", "product", str(day - timedelta(days=1)), str(day + timedelta(days=5)))
    before, peak, *after, ordinary = days.values()

    assert peak > 10 * before
    assert all(3 * before < value < peak for value in after)
    assert ordinary < 2 * before


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2025-12-31", "2026-01-01"),
        ("2026-10-14", "2026-10-15"),
        ("2026-10-30", "2026-11-02"),
        ("2028-02-28", "2028-02-28"),
    ],
)
def test_outage_has_zero_days_between_ordinary_ones(first: str, last: str) -> None:
    """An outage is zero throughout, has sessions on both sides, and spares the other project."""
    before = date.fromisoformat(first) - timedelta(days=1)
    after = date.fromisoformat(last) + timedelta(days=1)

    start, *during, end = _counts("outage", "recorded", str(before), str(after)).values()

    assert set(during) == {0}
    assert start > 0
    assert end > 0
    assert min(_counts("outage", "unaffected", first, last).values()) > 0


def test_idle_has_no_session_ever() -> None:
    """Both projects exist and count zero, every day of ten years."""
    assert _sum("idle", "unused", "2024-01-01", "2033-12-31") == 0
    assert _sum("idle", "abandoned", "2024-01-01", "2033-12-31") == 0
    assert len(load_world("idle").projects) == 2


@pytest.mark.parametrize(
    ("project", "born"),
    [("newborn", "2026-10-17"), ("leapling", "2028-02-29"), ("not-yet-born", "2199-12-31")],
)
def test_born_mid_month_starts_on_the_day_of_birth(project: str, born: str) -> None:
    """Nothing on the day before, sessions from the creation day on."""
    found = {each.key: each for each in load_world("born-mid-month").projects}[project]
    before = date.fromisoformat(born) - timedelta(days=1)

    values = list(_counts("born-mid-month", project, str(before), born).values())

    assert found.created == from_date(date.fromisoformat(born))
    assert values[0] == 0
    assert values[1] > 0


def test_declining_falls_each_quarter_until_nothing_is_left() -> None:
    """The legacy project only loses, is silent by 2027-02, and its successor passes it on the way."""
    quarters = [
        _sum("declining", "legacy", f"{year}-{month:02}-01", f"{year}-{month:02}-28")
        for year in (2024, 2025, 2026)
        for month in (1, 4, 7, 10)
    ]

    assert all(later < earlier for earlier, later in pairwise(quarters))
    assert quarters[-1] > 0
    assert _sum("declining", "legacy", "2027-02-01", "2037-12-31") == 0
    assert _sum("declining", "legacy", "2024-08-01", "2024-08-31") > _sum(
        "declining", "successor", "2024-08-01", "2024-08-31"
    )
    assert _sum("declining", "legacy", "2026-08-01", "2026-08-31") < _sum(
        "declining", "successor", "2026-08-01", "2026-08-31"
    )


def test_beyond_int32_needs_64_bits_every_day() -> None:
    """One project above 2^31 each day, one above 2^32, and one whose sums cross 2^31 within a month."""
    signed = _counts("beyond-int32", "above-2-31", "2024-01-01", "2028-12-31")
    unsigned = _counts("beyond-int32", "above-2-32", "2024-01-01", "2028-12-31")
    small = _counts("beyond-int32", "sums-cross-2-31", "2026-03-01", "2026-03-31")

    assert min(signed.values()) > INT32_MAX
    assert min(unsigned.values()) > UINT32_MAX
    assert max(small.values()) < INT32_MAX < sum(small.values())


def test_near_2_53_reaches_the_limit_and_no_day_passes_it() -> None:
    """Days stay exact in a double; a month of the first project does not, one of the second just does."""
    limit = _counts("near-2-53", "at-the-limit", "2026-03-01", "2026-03-31")
    fits = _counts("near-2-53", "month-fits", "2026-03-01", "2026-03-31")
    noisy = _counts("near-2-53", "noisy", "2024-01-01", "2027-12-31")

    assert set(limit.values()) == {EXACT_MAX}
    assert sum(limit.values()) > EXACT_MAX
    assert EXACT_MAX - 31 < sum(fits.values()) <= EXACT_MAX
    assert min(noisy.values()) >= 8_811_000_000_000_000
    assert max(noisy.values()) <= 8_989_000_000_000_000


def test_single_project_has_one() -> None:
    """One project, with sessions on every day."""
    assert [project.key for project in load_world("single-project").projects] == ["default"]
    assert min(_counts("single-project", "default", "2024-01-01", "2028-12-31").values()) > 0


def test_two_hundred_has_200_projects_of_three_sizes() -> None:
    """20 products, 120 teams and 60 sandboxes, each with counts of its own."""
    projects = load_world("two-hundred").projects
    first = from_date(date(2026, 3, 2))

    keys = [project.key for project in projects]
    years = {tuple(project.counts.counts(first, first + 364)) for project in projects}

    assert keys[:2] + keys[20:21] + keys[-1:] == ["product-01", "product-02", "team-001", "sandbox-60"]
    assert len(set(keys)) == 200
    assert len(years) == 200
    assert sum(years.pop()) > 0


def test_tokens_has_one_of_each_role_and_all_are_invented() -> None:
    """Every role once, and no token that could be taken for a real one."""
    tokens = load_world("tokens").tokens

    assert sorted(role.value for role in tokens.values()) == sorted(role.value for role in Role)
    assert tokens["api-00000000-0000-4000-8000-00000000dead"] is Role.REVOKED
    assert all(token.startswith("api-00000000-0000-4000-8000-00000000") for token in tokens)


def test_given_counts_says_march_2026_in_both_formats() -> None:
    """3287 sessions and 98, counted by hand, then zeros; the CSV beside it gives the same projects."""
    world = load_world("given-counts")
    last = from_date(date(2026, 3, 31))

    assert _sum("given-counts", "web", "2026-03-01", "2026-03-31") == 3287
    assert _sum("given-counts", "app", "2026-03-16", "2026-03-31") == 98
    assert _sum("given-counts", "web", "2026-04-01", "2030-12-31") == 0
    assert [project.last_given for project in world.projects] == [last, last]


def test_the_csv_example_is_the_same_world() -> None:
    """The same counts read from CSV give equal projects."""
    table = load_world(str(fixtures_folder() / "worlds" / "given-counts.csv"))

    assert table.projects == load_world("given-counts").projects
