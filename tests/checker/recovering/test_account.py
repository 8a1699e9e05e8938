"""Tests of what answers imply about an account, with numbers worked out by hand."""

import pytest

from tests.acme import FEB_27, MAR_1, MAR_2, MAR_3, NOW_S, WORLD
from tests.checker.recovering.asked import answered, recover
from usagetwin.account.world.yaml_file import read_yaml
from usagetwin.days import day_of
from usagetwin.errors import SettingError
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.recovering import spreading
from usagetwin_checker.recovering.account import NOTHING, Day, recovered
from usagetwin_checker.recovering.file import text_of, world_of
from usagetwin_checker.recovering.known import BEYOND, UNKNOWN, answers_of, known_of
from usagetwin_checker.recovering.sums import ImpossibleError

ACME = read_yaml(WORLD, "acme.yaml")
DAILY = "aggregationType=incremental"
YEAR = f"from={FEB_27 - 86400}"


def test_days_that_views_give_are_known() -> None:
    """Each of the three, from the day of creation to the current one, which has what it had so far."""
    for view in ("incremental", "month_to_date", "rolling_30d"):
        found = recover(answered(ACME, NOW_S, [f"{YEAR}&projectKey=web&aggregationType={view}"]), NOW_S)

        assert found.counts("web") == [10, 20, 30, 40, 25], view
        assert found.whys("web") == [""] * 5
        assert (found.project("web").created, found.project("web").created_known) == (day_of(FEB_27), True)
        assert found.world().policies == {"open_day": "whole"}


def test_a_month_without_its_days_is_spread_over_them() -> None:
    """Evenly, from the first month that is shown; which days have one more is drawn: 30 on 28 days."""
    january = answered(ACME, NOW_S, [f"from={FEB_27 - 40 * 86400}&granularity=monthly&projectKey=web"])
    found, again = recover(january, NOW_S), recover(january, NOW_S, seed=1)

    february = found.counts("web")[:28]
    assert sum(february) == 30
    assert sorted(february) == [1] * 26 + [2] * 2
    assert found.whys("web")[0] == "of 30 from 2026-02-01 to 2026-02-28"
    assert sum(found.counts("web")[28:]) == 30 + 40 + 25
    assert not found.project("web").created_known
    assert again.counts("web") != found.counts("web")


def test_one_project_is_what_the_others_leave() -> None:
    """App is known from both and from web, though nobody asked for it alone."""
    queries = [f"{YEAR}&{DAILY}&projectKey=web&projectKey=app", f"{YEAR}&{DAILY}&projectKey=web"]
    found = recover(answered(ACME, NOW_S, queries), NOW_S)

    assert [day.count for day in found.project("app").days.values()][-3:] == [1, 2, 2]
    assert set(found.whys("app")) == {""}


def test_projects_that_are_known_together_share_evenly() -> None:
    """Of 31, 42 and 27 each gets a half, and the drawn one what does not divide."""
    found = recover(answered(ACME, NOW_S, [f"from={MAR_1}&{DAILY}&projectKey=web&projectKey=app"]), NOW_S)

    web, app = found.counts("web")[-3:], found.counts("app")[-3:]
    assert [one + other for one, other in zip(web, app, strict=True)] == [31, 42, 27]
    assert all(abs(one - other) <= 1 for one, other in zip(web, app, strict=True))
    assert found.whys("web")[-3] == "of 31 for app + web on 2026-03-01"
    assert not found.compared.other_values


def test_all_projects_have_a_rest_that_nobody_named() -> None:
    """Unless the caller says that all are named."""
    exchanges = answered(ACME, NOW_S, [f"{YEAR}&{DAILY}", f"{YEAR}&{DAILY}&projectKey=web"])

    found, complete = recover(exchanges, NOW_S), recover(exchanges, NOW_S, keys=["web", "app"], complete=True)

    assert found.account.rest == "other-projects"
    assert found.counts("other-projects")[-3:] == [1, 2, 2]
    assert complete.account.rest is None
    assert complete.counts("app")[-3:] == [1, 2, 2]


def test_an_account_of_which_nothing_is_named_is_one_project() -> None:
    """A dashboard asks for the total alone."""
    found = recover(answered(ACME, NOW_S, [f"{YEAR}&{DAILY}"]), NOW_S)

    assert [each.key for each in found.account.projects] == ["all-projects"]
    assert found.counts("all-projects") == [10, 20, 31, 42, 27]


def test_days_between_windows_have_nothing() -> None:
    """And say so."""
    queries = [f"from={MAR_1}&to={MAR_2}&{DAILY}&projectKey=web", f"from={MAR_3}&{DAILY}&projectKey=web"]
    found = recover(answered(ACME, NOW_S, queries), NOW_S)

    assert found.counts("web") == [30, 0, 25]
    assert found.whys("web") == ["", NOTHING, ""]
    assert found.project("web").tally == {"known": 2, "nothing recorded": 1}


def test_a_project_that_is_not_born_has_its_creation_ahead() -> None:
    """Its key is known, and its answers have no bucket."""
    later = read_yaml(WORLD.replace("2026-03-01: 1, 2026-03-02: 2, 2026-03-03: 4", "2026-03-04: 1"), "x")
    found = recover(answered(later, NOW_S, [f"{YEAR}&{DAILY}&projectKey=app", f"{YEAR}&{DAILY}"]), NOW_S)

    assert found.project("app").created == day_of(MAR_3) + 1
    assert not found.compared.added


def test_of_a_day_that_is_counted_the_last_reading_holds() -> None:
    """The earlier one is told: 12 of 50 at six o'clock."""
    query = f"{YEAR}&{DAILY}&projectKey=web"
    exchanges = [*answered(ACME, NOW_S - 6 * 3600, [query]), *answered(ACME, NOW_S, [query])]
    for number, exchange in enumerate(exchanges):
        exchange.__dict__["number"] = number
    found = recover(exchanges, NOW_S)

    assert found.counts("web")[-1] == 25
    assert list(found.account.known.left_out) == ["an earlier reading of a day that was still counted"]


def test_what_answers_show_of_policies_is_set() -> None:
    """A key field for each project, ids of errors, headers of CORS."""
    separate = read_yaml(f"{WORLD}policies: {{projects: separate, error_id: on, cors: on}}\n", "x")
    found = recover(
        answered(separate, NOW_S, [f"{YEAR}&{DAILY}&projectKey=web&projectKey=app", "from=x"]), NOW_S
    )

    assert found.world().policies == {
        "open_day": "whole",
        "projects": "separate",
        "error_id": "on",
        "cors": "on",
    }
    assert found.counts("app") == [0, 0, 1, 2, 2]


def test_sums_that_only_negative_counts_give_are_impossible() -> None:
    """Of one project: two days have less than one of them."""
    one_day = f"from={MAR_1}&to={MAR_2}&{DAILY}&projectKey=web"
    many = f"from={MAR_2}&to={MAR_3}&aggregationType=rolling_30d&projectKey=web"
    exchanges = answered(ACME, NOW_S, [one_day, many])
    lessened = exchanges[1].body.replace(b'"0":100', b'"0":29')
    assert lessened != exchanges[1].body
    exchanges[1].__dict__["body"] = lessened

    with pytest.raises(ImpossibleError, match="web"):
        recover(exchanges, NOW_S)


def test_too_much_that_is_open_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guesses take ever longer the more of them depend on one another."""
    monkeypatch.setattr(spreading, "MOST_OPEN", 3)
    exchanges = answered(ACME, NOW_S, [f"from={MAR_1}&{DAILY}&projectKey=web&projectKey=app"])

    with pytest.raises(SettingError, match="leaves 6 counts of projects and days open"):
        recover(exchanges, NOW_S)


def test_each_key_field_is_compared() -> None:
    """With the zeros that it has before its project's creation."""
    separate = read_yaml(f"{WORLD}policies: {{projects: separate}}\n", "x")
    found = recover(answered(separate, NOW_S, [f"{YEAR}&{DAILY}&projectKey=web&projectKey=app"]), NOW_S)

    assert found.compared.alike == 3 * 5
    assert not found.compared.added


def test_an_account_without_a_bucket_has_nothing() -> None:
    """It shows its key, and that it has not begun."""
    later = read_yaml(WORLD.replace("2026-03-01: 1, 2026-03-02: 2, 2026-03-03: 4", "2026-03-09: 1"), "x")
    found = recover(answered(later, NOW_S, ["from=0&to=0&projectKey=app"]), NOW_S)

    assert found.counts("app") == [0]
    assert found.whys("app") == [NOTHING]


def test_an_account_that_nobody_asked_for_is_none() -> None:
    """All that is answered is of keys that are not known."""
    exchanges = answered(ACME, NOW_S, [f"{YEAR}&{DAILY}&projectKey=web"])
    answers = answers_of(exchanges, Knowledge(now=Now(NOW_S, NOW_S)))

    with pytest.raises(SettingError, match="the recording names no project"):
        recovered(answers, Knowledge(now=Now(NOW_S, NOW_S)), NOW_S, 0)


def test_a_window_of_long_ago_makes_no_decades_of_days() -> None:
    """A project begins with the first day of which something is recorded."""
    queries = [f"from=0&to=86400&{DAILY}&projectKey=web", f"from={MAR_1}&{DAILY}&projectKey=web"]
    found = recover(answered(ACME, NOW_S, queries), NOW_S)

    assert found.counts("web") == [30, 40, 25]
    assert not found.project("web").created_known


def test_the_only_project_is_all_that_there_is() -> None:
    """What all projects have is its own, where the caller says that it is alone."""
    alone = read_yaml(WORLD.replace("key: app", "key: other-projects"), "x")
    exchanges = answered(alone, NOW_S, [f"{YEAR}&{DAILY}", f"{YEAR}&{DAILY}&projectKey=other-projects"])

    found = recover(exchanges, NOW_S)
    single = recover(exchanges[1:], NOW_S, keys=["other-projects"], complete=True)

    assert found.account.rest == "other-projects-"
    assert single.account.rest is None
    both = [f"{YEAR}&{DAILY}&projectKey=web", f"{YEAR}&{DAILY}"]
    app = "  - key: app\n    counts: {2026-03-01: 1, 2026-03-02: 2, 2026-03-03: 4}\n"
    one = read_yaml(WORLD.replace(app, ""), "x")
    whole = recover(answered(one, NOW_S, both), NOW_S, keys=["web"], complete=True)
    assert whole.counts("web") == [10, 20, 30, 40, 25]


def test_what_a_world_can_not_have_is_named() -> None:
    """Counts of keys that nobody knows, and of days to come."""
    exchanges = answered(ACME, NOW_S, [f"{YEAR}&{DAILY}&projectKey=app", f"{YEAR}&{DAILY}&projectKey=web"])
    now = Now(NOW_S - 86_400, NOW_S - 86_400)
    answers = answers_of(exchanges, Knowledge(frozenset({"web"}), now=now))

    known = known_of(answers, Knowledge(frozenset({"web"}), now=now), day_of(MAR_2))

    assert known.left_out[UNKNOWN][0] == "incremental of 2026-03-01 for app is 1"
    assert known.left_out[BEYOND] == ["incremental of 2026-03-03 for web is 25"]


def test_a_world_that_no_file_may_be_is_refused() -> None:
    """By its size, or by a key that a world can't have; a count beyond its bounds stays within them."""
    with pytest.raises(SettingError, match="it would have more than 4 MiB"):
        world_of(" " * (5 << 20))
    found = recover(answered(ACME, NOW_S, [f"{YEAR}&{DAILY}&projectKey=web"]), NOW_S)
    project = found.project("web")
    project.key = " web"
    with pytest.raises(SettingError, match="makes no world file: the project key ' web' has space"):
        world_of(text_of(found.account, "x", (), {}))
    project.days[max(project.days)] = Day(2**60)
    assert f": {2**53 - 1}  # the recording has more" in text_of(found.account, "x", (), {})


def test_a_rest_that_counts_nothing_is_left_out() -> None:
    """The named ones are all, as far as anything shows."""
    queries = [f"{YEAR}&{DAILY}", f"{YEAR}&{DAILY}&projectKey=web", f"{YEAR}&{DAILY}&projectKey=app"]
    found = recover(answered(ACME, NOW_S, queries), NOW_S)

    assert [each.key for each in found.account.projects] == ["app", "web"]
    assert found.account.rest is None
    assert not found.compared.lacking
