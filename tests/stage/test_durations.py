"""How far a test moves the clock."""

from datetime import timedelta

import pytest

from usagetwin.errors import SettingError
from usagetwin.stage.durations import duration_s


def test_a_duration_is_a_timedelta_and_units_together() -> None:
    """90 minutes, a day and two seconds are 91 802 seconds."""
    assert duration_s(timedelta(minutes=90), {"days": 1, "seconds": 2}) == 91_802


@pytest.mark.parametrize(
    ("units", "seconds"), [({"hours": 0.5}, 1_800), ({"seconds": 0.25}, 0.25), ({"days": 0}, 0)]
)
def test_a_unit_may_have_a_fraction(units: dict[str, float], seconds: float) -> None:
    """Waits between tries have some, and may be none at all."""
    assert duration_s(None, units) == seconds


def test_an_unknown_unit_is_refused_with_the_nearest() -> None:
    """As any unknown name is."""
    with pytest.raises(SettingError, match="no 'hour'\n  try   hours"):
        duration_s(None, {"hour": 1})


@pytest.mark.parametrize("units", [{}, {"days": -1}, {"seconds": -0.5}])
def test_the_clock_goes_forward(units: dict[str, float]) -> None:
    """Backwards and not at all are refused: `freeze` is for other instants."""
    with pytest.raises(SettingError, match="goes forward"):
        duration_s(None, units)


@pytest.mark.parametrize("delta", [5, "1h"])
def test_a_duration_needs_a_unit(delta: object) -> None:
    """A bare number could be anything."""
    with pytest.raises(SettingError, match="has no unit"):
        duration_s(delta, {})


@pytest.mark.parametrize("value", ["1", float("nan"), 1e30])
def test_what_is_no_number_of_units_is_refused(value: float) -> None:
    """With the reason that `timedelta` has."""
    with pytest.raises(SettingError, match="can't be read"):
        duration_s(None, {"days": value})
