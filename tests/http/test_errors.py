"""What is wrong with a parameter, and what the answer says about it: the parameter, the value, the remedy."""

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.acme import MAR_1, NOW_S
from tests.answer import assert_error
from tests.inprocess import ask

if TYPE_CHECKING:
    from starlette.types import ASGIApp

NO_TIMESTAMPS = {
    "empty": "",
    "space": " ",
    "word": "yesterday",
    "digits then letters": "12h",
    "plus sign": "+1735689600",
    "minus sign": "-1",
    "decimal": "1735689600.0",
    "comma": "1735689600,5",
    "exponent": "1e9",
    "hex": "0x6774a2c0",
    "bare hex": "6774a2c0",
    "underscore": "1_735_689_600",
    "leading space": " 1735689600",
    "trailing space": "1735689600 ",
    "trailing newline": "1735689600\n",
    "tab": "1735689600\t",
    "inner space": "1735 689600",
    "NUL": "1735689600\0",
    "date": "2025-01-01",
    "instant": "2025-01-01T00:00:00Z",
    "Arabic-Indic digits": "١٧٣٥٦٨٩٦٠٠",
    "full-width digits": "１７３５",  # noqa: RUF001 -- other scripts' digits are the point
    "superscript": "10²",
    "infinity": "Infinity",
    "NaN": "NaN",
    "null": "null",
    "true": "true",
    "list": "[1735689600]",
    "quoted": '"1735689600"',
    "emoji": "🕰",
    "eleven digits": "17356896000",
    "milliseconds": "1735689600000",
    "microseconds": "1735689600000000",
    "eleven digits, zeros first": "01735689600",
    "4000 digits": "1" * 4000,
    "4000 zeros": "0" * 4000,
}

NO_GRANULARITIES = [
    "",
    " ",
    "hourly",
    "weekly",
    "Daily",
    "DAILY",
    " daily",
    "daily ",
    "daily\n",
    "day",
    "monthly,daily",
    "daily\0",
    "d\u0430ily",
    "0",
    "null",
    "d" * 4000,
]
NO_AGGREGATIONS = [
    "",
    "average",
    "Month_To_Date",
    "month-to-date",
    "monthToDate",
    "rolling_30D",
    "rolling30d",
    "incremental ",
    "+incremental",
    "month_to_date,incremental",
    "rolling_30d\r\n",
    "🧮",
    "x" * 4000,
]


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("value", NO_TIMESTAMPS.values(), ids=NO_TIMESTAMPS)
def test_what_is_no_timestamp_is_refused_by_name(app: "ASGIApp", name: str, value: str) -> None:
    """The message names the parameter, quotes the value, and says what is right."""
    message = assert_error(ask(app, f"{name}={quote(value)}"), 400, "invalid_request")

    assert message.startswith(f"{name}={value[:64]!r}")
    assert "Unix seconds" in message
    assert "10 digits" in message
    assert len(message) < 500


@pytest.mark.parametrize("value", ["0", "00", "1", "0000000001", "0000000000", f"{MAR_1}", "1735689600"])
def test_one_to_ten_digits_are_a_timestamp_leading_zeros_included(app: "ASGIApp", value: str) -> None:
    """They are valid, and leading zeros count as digits."""
    assert ask(app, f"from={value}").status == 200


@pytest.mark.parametrize(
    ("value", "seconds"), [("1735689600000", "1735689600"), ("100000000000", "100000000")]
)
def test_milliseconds_are_recognised(app: "ASGIApp", value: str, seconds: str) -> None:
    """The likeliest mistake gets the right value in its answer."""
    message = assert_error(ask(app, f"to={value}"), 400, "invalid_request")

    assert "looks like milliseconds" in message
    assert f"to={seconds}." in message


@pytest.mark.parametrize("value", NO_GRANULARITIES)
def test_an_undocumented_granularity_is_refused(app: "ASGIApp", value: str) -> None:
    """Other values, other spellings, space around them, and nothing at all."""
    message = assert_error(ask(app, f"granularity={quote(value)}"), 400, "invalid_request")

    assert message.startswith(f"granularity={value[:64]!r}")
    assert "daily, monthly" in message


@pytest.mark.parametrize("value", NO_AGGREGATIONS)
def test_an_undocumented_aggregation_type_is_refused(app: "ASGIApp", value: str) -> None:
    """Other values, other spellings, space around them, and nothing at all."""
    message = assert_error(ask(app, f"aggregationType={quote(value)}"), 400, "invalid_request")

    assert message.startswith(f"aggregationType={value[:64]!r}")
    assert "month_to_date, incremental, rolling_30d" in message


@pytest.mark.parametrize("view", ["incremental", "rolling_30d"])
def test_monthly_goes_with_month_to_date_only(app: "ASGIApp", view: str) -> None:
    """The other two support daily only."""
    message = assert_error(ask(app, f"granularity=monthly&aggregationType={view}"), 400, "invalid_request")

    assert "granularity='monthly'" in message
    assert f"aggregationType={view!r}" in message
    assert "granularity=daily" in message


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        (f"from={MAR_1 + 1}&to={MAR_1}", [f"from='{MAR_1 + 1}'", f"to='{MAR_1}'"]),
        ("from=9999999999&to=0", ["from='9999999999'", "to='0'"]),
        (f"from={NOW_S + 1}", [f"from='{NOW_S + 1}'", f"to='{NOW_S}'", "the default: the current time"]),
        (
            f"to={MAR_1 - 1}",
            [f"to='{MAR_1 - 1}'", f"from='{MAR_1}'", "the default: the beginning of the current month"],
        ),
    ],
)
def test_a_window_that_ends_before_it_starts_is_refused(app: "ASGIApp", query: str, parts: list[str]) -> None:
    """Defaults included: a lone `from` in the future or `to` before this month meets one, and it is named."""
    message = assert_error(ask(app, query), 400, "invalid_request")

    assert [part for part in parts if part not in message] == []


@pytest.mark.parametrize(
    "query", [f"from={NOW_S}", f"to={MAR_1}", "from=7&to=7", "from=9999999999&to=9999999999"]
)
def test_an_empty_window_is_answered(app: "ASGIApp", query: str) -> None:
    """`from` = `to` is 200 with no buckets, after defaults are filled in too."""
    answer = ask(app, query)

    assert (answer.status, answer.values) == (200, [])


@pytest.mark.parametrize("name", ["from", "to", "granularity", "aggregationType"])
@pytest.mark.parametrize("again", ["{0}&{0}", "{0}&projectKey=web&{0}", "{0}&{1}="])
def test_a_parameter_of_one_value_given_twice_is_refused(app: "ASGIApp", name: str, again: str) -> None:
    """The same value twice included."""
    valid = {"from": "5", "to": f"{NOW_S}", "granularity": "daily", "aggregationType": "incremental"}
    query = again.format(f"{name}={valid[name]}", name)

    message = assert_error(ask(app, query), 400, "invalid_request")

    assert message.startswith(f"{name} is given more than once, as {valid[name]!r}")


@pytest.mark.parametrize(
    "query", ["projectKey=", "projectKey", "projectKey=web&projectKey=", "projectKey=&projectKey=web"]
)
def test_an_empty_project_key_is_refused(app: "ASGIApp", query: str) -> None:
    """Alone, or beside known ones."""
    message = assert_error(ask(app, query), 400, "invalid_request")

    assert message.startswith("projectKey=''")


@pytest.mark.parametrize(
    "key",
    [
        "nope",
        "Web",
        "WEB",
        " web",
        "web ",
        "web,app",
        "web app",
        "w\u0435b",
        "web\0",
        "\udcff",
        "*",
        "%",
        "🦊",
        "k" * 9000,
    ],
)
def test_an_unknown_project_is_not_found(app: "ASGIApp", key: str) -> None:
    """Other case, space around it, keys joined with a comma, and bytes that are no UTF-8 included."""
    encoded = quote(key.encode("utf-8", "surrogateescape"))

    alone = assert_error(ask(app, f"projectKey={encoded}"), 404, "not_found")
    beside = assert_error(ask(app, f"projectKey=web&projectKey={encoded}"), 404, "not_found")

    assert "projectKey=" in alone
    assert "web, app" in alone or "projectKey=web&projectKey=app." in alone
    assert alone == beside
