"""Drawn accounts, asked drawn queries: what is recovered from the answers gives them again.

Which filters are asked for makes the difference: the own sums of each project can always be given; what
several have together, in sums that overlap, not always, and then that is said.
"""

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checker.recovering.asked import answered, recover
from usagetwin.account.traffic import GivenCounts
from usagetwin.account.world import Project, World
from usagetwin.days import day_of, start_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import SearchStrategy

    from tests.checker.recovering.asked import Found

TODAY: Final = 20_515  # 2026-03-03
KEYS: Final = ("a", "b", "c")
DAYS: Final = ("incremental", "month_to_date")
COUNTS: Final = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 5_000))
WINDOWS: Final = st.one_of(
    st.just(""),
    st.builds(
        lambda first, days, second: f"from={start_of(first) + second}&to={start_of(first + days)}",
        st.integers(TODAY - 80, TODAY),
        st.integers(1, 90),
        st.sampled_from((0, 1, 3600)),
    ),
)


@st.composite
def accounts(draw: st.DrawFn) -> World:
    """Draw an account whose projects begin around the last weeks, one of them in the future perhaps."""
    projects = []
    for key in KEYS[: draw(st.integers(1, 3))]:
        created = TODAY + 1 - draw(st.integers(0, 70))
        days = max(TODAY - created, 0) + 2
        counts = tuple(draw(st.lists(COUNTS, min_size=days, max_size=days)))
        projects.append(Project(key, created, GivenCounts(created, counts)))
    policies = {"open_day": draw(st.sampled_from(("whole", "so-far")))}
    return World("drawn", "Drawn.", 0, tuple(projects), {}, policies)


def queries(views: "Sequence[str]", filters: "SearchStrategy[Sequence[str]]") -> "SearchStrategy[list[str]]":
    """Draw some queries in these views."""
    one = st.builds(
        lambda window, view, keys: "&".join(
            filter(
                None,
                (
                    window,
                    "granularity=monthly" if view == "monthly" else f"aggregationType={view}",
                    *(f"projectKey={key}" for key in keys),
                ),
            )
        ),
        WINDOWS,
        st.sampled_from(views),
        filters,
    )
    return st.lists(one, min_size=1, max_size=6)


SINGLE: Final = st.sampled_from([("a",), ("b",), ("c",)])
TOTAL: Final = st.just(())
ANY: Final = st.lists(st.sampled_from(KEYS), max_size=3, unique=True)
EVERY_VIEW: Final = (*DAYS, "rolling_30d", "monthly")
NOWS: Final = st.sampled_from((0, 1, 43_200, 86_399))


def found(world: World, asked: "Sequence[str]", second: int, *, complete: bool) -> "Found | None":
    """Recover an account from what a twin answers at a second of the day; None where it answers nothing."""
    now_s = start_of(TODAY) + second
    exchanges = answered(world, now_s, asked)
    if all(each.status != 200 for each in exchanges):
        return None
    keys = [project.key for project in world.projects] if complete else []
    return recover(exchanges, now_s, keys=keys, complete=complete)


def assert_known_is_true(made: "Found", world: World) -> None:
    """Hold what is said to be known to the account itself; a day that is counted has less than its whole."""
    true = {project.key: project for project in world.projects}
    for project in made.account.projects:
        if project.key in true:
            counts, created = true[project.key].counts, true[project.key].created
            for day, shown in project.days.items():
                if not shown.why and day < day_of(made.account.now):
                    assert counts.counts(day, day) == [shown.count], (project.key, day)
            assert not project.created_known or project.created == created


def assert_given(made: "Found") -> None:
    """Hold the recovered world's twin to all that was recorded."""
    assert not made.account.known.left_out
    assert not made.compared.other_values
    assert not made.compared.lacking
    assert not made.compared.added


def check(
    views: "Sequence[str]", filters: "SearchStrategy[Sequence[str]]", examples: int, *, whole: bool
) -> None:
    """Draw so many accounts and conversations; where `whole`, all is given, and else what is not is said."""

    @settings(max_examples=examples, deadline=None)
    @given(accounts(), queries(views, filters), NOWS, st.booleans())
    def drawn(world: World, asked: list[str], second: int, complete: bool) -> None:  # noqa: FBT001 -- drawn
        made = found(world, asked, second, complete=complete)
        if made is None:
            return
        assert_known_is_true(made, world)
        if whole:
            assert_given(made)
        else:
            assert made.account.known.left_out or not made.compared.other_values

    drawn()


def test_what_single_projects_were_asked_is_given() -> None:
    """In any view, and any windows."""
    check(EVERY_VIEW, SINGLE, 20, whole=True)


def test_days_of_projects_and_of_all_are_given() -> None:
    """As a page of charts asks for them."""
    check(DAYS, SINGLE | TOTAL, 20, whole=True)


def test_what_several_have_together_is_given_or_named() -> None:
    """In views that overlap."""
    check(EVERY_VIEW, ANY, 20, whole=False)


@pytest.mark.proof
@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("views", "filters", "whole", "examples"),
    [(EVERY_VIEW, SINGLE, True, 1_000), (DAYS, SINGLE | TOTAL, True, 1_000), (EVERY_VIEW, ANY, False, 300)],
    ids=["single", "days", "any"],
)
def test_many_drawn_accounts(
    views: "Sequence[str]",
    filters: "SearchStrategy[Sequence[str]]",
    whole: bool,  # noqa: FBT001 -- a parameter
    examples: int,
) -> None:
    """The long version."""
    check(views, filters, examples, whole=whole)
