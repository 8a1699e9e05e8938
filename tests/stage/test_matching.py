"""Which requests are meant by parameters, in each of the forms that these are written in."""

from datetime import UTC, datetime

import pytest

from tests.acme import MAR_1
from tests.stage.records import recorded
from usagetwin.errors import SettingError
from usagetwin.stage.matching import different, wanted


def matches(query: str, **parameters: object) -> bool:
    """Tell whether a request is meant."""
    return not different(recorded(query), wanted(parameters))  # type: ignore[arg-type]  # -- values of many types


def test_parameters_that_are_not_named_may_be_anything() -> None:
    """Only the named ones must be as wanted."""
    assert matches("aggregationType=incremental&from=5", aggregationType="incremental")
    assert not matches("aggregationType=rolling_30d", aggregationType="incremental")
    assert not matches("", aggregationType="incremental")
    assert not matches("from=1&from=2", from_="1")


def test_none_means_that_a_parameter_is_absent() -> None:
    """Which its empty value is not."""
    assert matches("from=1", to=None, projectKey=None)
    assert not matches("to=", to=None)


@pytest.mark.parametrize("instant", [MAR_1, str(MAR_1), "2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)])
def test_the_ends_of_a_window_are_instants(instant: object) -> None:
    """In each of their forms; `from` is also called `from_`, as Python has a word of that name."""
    assert matches(f"from={MAR_1}&to={MAR_1}", from_=instant, to=instant)
    assert matches(f"from={MAR_1}", **{"from": instant})
    assert not matches(f"from={MAR_1 + 1}", from_=instant)


def test_project_keys_are_a_filter() -> None:
    """All of them, in any order, however often; one key alone may be given as text."""
    assert matches("projectKey=web", projectKey="web")
    assert matches("projectKey=web&projectKey=app&projectKey=web", projectKey=["app", "web"])
    assert not matches("projectKey=web&projectKey=app", projectKey="web")
    assert not matches("projectKey=web", projectKey=("app", "web"))
    assert matches("", projectKey=[])


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    """A misspelled name would match nothing, for a reason that no difference shows."""
    with pytest.raises(
        SettingError, match="no parameter 'aggregationtype' to expect\n  try   aggregationType"
    ):
        wanted({"aggregationtype": "incremental"})


def test_a_parameter_has_a_name_on_the_wire_and_one_in_python() -> None:
    """But one value."""
    assert wanted({"project_key": "web"}) == wanted({"projectKey": "web"}) == {"projectKey": ("web",)}
    with pytest.raises(SettingError, match="'projectKey' is given twice, also as 'project_key'"):
        wanted({"projectKey": "web", "project_key": "app"})
