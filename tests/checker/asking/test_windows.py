"""Tests of the windows that are asked for, on every day of four years."""

from datetime import date
from typing import Final

from tests.checker.conversations import DAY_S, get
from usagetwin.days import from_date, start_of
from usagetwin_checker.asking.windows import DAYS, LONG, windows
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.judging.expectation import broken_rules
from usagetwin_checker.knowing.knowledge import Now

TODAY: Final = from_date(date(2026, 3, 17))
EVERY_DAY: Final = range(from_date(date(2024, 1, 1)), from_date(date(2028, 3, 31)))


def ends(today: int) -> dict[str, tuple[int, ...]]:
    """Give the ends of each window that has both, by name."""
    found = {level.name: dict(level.parameters) for level in windows(Now.within(today, today))}
    return {name: (int(given["from"]), int(given["to"])) for name, given in found.items() if len(given) == 2}


def test_every_window_is_valid_on_every_day_of_four_years() -> None:
    """None breaks a rule about parameters, and each has a name of its own."""
    for today in EVERY_DAY:
        levels = list(windows(Now.within(today, today)))
        assert not [level for level in levels if broken_rules(Ask(level.parameters))], today
        assert len({level.name for level in levels}) == len(levels)


def test_whole_days_are_promised_an_answer_on_every_day_of_four_years() -> None:
    """They end by the start of the current day, and are shorter than a year (SEMANTICS 3)."""
    for today in EVERY_DAY:
        both = ends(today)
        for level in windows(Now.within(today, today)):
            if level.kind == DAYS:
                from_s, to_s = both[level.name]
                assert 0 <= from_s <= to_s <= start_of(today), (level.name, today)
                assert (to_s - from_s) < 365 * DAY_S, (level.name, today)


def test_windows_are_what_they_are_called() -> None:
    """Of 2026-03-17: the whole month is February, the year turned in January, the leap day was in 2024."""
    found = ends(TODAY)

    def window(query: str) -> tuple[int, ...]:
        return tuple(int(value) for _, value in get(query).parameters)

    assert found["a year"] == window("from=2025-03-18&to=2026-03-17")
    assert found["one day"] == window("from=2026-03-16&to=2026-03-17")
    assert found["a whole month"] == window("from=2026-02-01&to=2026-03-01")
    assert found["a month and a second"] == window("from=2026-02-01&to=2026-03-01+1")
    assert found["the turn of a year"] == window("from=2025-12-01&to=2026-02-01")
    assert found["the last day of a year"] == window("from=2025-12-31&to=2026-01-01")
    assert found["a leap day"] == window("from=2024-02-29&to=2024-03-01")
    assert found["up to the first second of the newest day"] == window("from=2026-03-16&to=2026-03-17+1")
    assert found["no time at all"][0] == found["no time at all"][1]
    from_s, to_s = found["the months of a leap day"]
    assert from_s < window("from=2024-02-29")[0] < to_s


def test_the_long_window_has_a_leap_day_on_every_day_of_four_years() -> None:
    """It is wider than any bound of a few hundred buckets, and holds a 29 February."""
    for today in EVERY_DAY:
        from_s, to_s = ends(today)[LONG]
        leaps = [from_date(date(year, 2, 29)) for year in range(2016, 2032, 4)]
        assert (to_s - from_s) // DAY_S > 4 * 365
        assert any(from_s <= start_of(leap) < to_s for leap in leaps), today


def test_the_defaults_can_be_given_where_the_time_is_known_to_the_second() -> None:
    """Else nobody can tell which `to` would be the default."""
    noon = start_of(TODAY) + DAY_S // 2
    given = {level.name: level.parameters for level in windows(Now(noon, noon))}

    assert given["the defaults, given"] == get(f"from=2026-03-01&to=2026-03-17+{DAY_S // 2}").parameters
    assert "the defaults, given" not in ends(TODAY)
