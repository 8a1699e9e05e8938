"""Tests of how levels become requests, and of what is unusual in one."""

from tests.checker.conversations import get
from usagetwin_checker.asking.levels import (
    KEYS_FIRST,
    REVERSED,
    WINDOW,
    Level,
    Unusual,
    Way,
    asked,
    ordered,
    valued,
)
from usagetwin_checker.exchanges import Ask, Credential

ORDINARY = Ask(
    (("from", "1"), ("to", "9"), ("projectKey", "a"), ("projectKey", "b"), ("granularity", "daily"))
)


def test_a_request_has_the_parameters_of_its_levels_in_their_order() -> None:
    """The levels come in the order of a query's parts, and the last one says how they are ordered."""
    levels = {
        "window": Level("w", "w", (("from", "1"), ("to", "9"))),
        "projectKey": Level("p", "p", (("projectKey", "a"),)),
        "order": Level(REVERSED, REVERSED),
    }

    assert asked(levels).query_string == "projectKey=a&to=9&from=1"


def test_keys_first_leaves_the_rest_in_order() -> None:
    """The project keys move to the front, in the order that they have."""
    assert (
        ordered(ORDINARY, KEYS_FIRST).query_string
        == "projectKey=a&projectKey=b&from=1&to=9&granularity=daily"
    )


def test_an_unusual_value_stands_where_the_ordinary_one_stood() -> None:
    """Whether or not there was one: several values for one, one for several, and one that was left out."""
    for values, query in (
        ((("to", ("x",)),), "from=1&to=x&projectKey=a&projectKey=b&granularity=daily"),
        ((("to", ("9", "9")),), "from=1&to=9&to=9&projectKey=a&projectKey=b&granularity=daily"),
        ((("projectKey", ("c",)),), "from=1&to=9&projectKey=c&granularity=daily"),
        ((("from", ()),), "to=9&projectKey=a&projectKey=b&granularity=daily"),
        ((("limit", ("3",)),), "from=1&to=9&projectKey=a&projectKey=b&granularity=daily&limit=3"),
    ):
        assert Way(values).of(ORDINARY).query_string == query


def test_what_is_unusual_may_lie_outside_the_query() -> None:
    """A credential, a method, a path or a body leave the query as it is."""
    unusual = Way(fields=(("credential", Credential.NONE), ("method", "POST"))).of(ORDINARY)

    assert (unusual.credential, unusual.method) == (Credential.NONE, "POST")
    assert unusual.query_string == ORDINARY.query_string


def test_the_ways_to_write_something_unusual_take_turns() -> None:
    """After the last one comes the first one again."""
    unusual = Unusual("to", "no digits", valued("to", "abc", "now"))

    values = [unusual.in_turn(turn).of(get("to=2026-03-01")).values("to") for turn in range(3)]

    assert values == [("abc",), ("now",), ("abc",)]


def test_what_gives_both_ends_leaves_nothing_of_a_window() -> None:
    """One end alone leaves the other one to the window."""
    both = Unusual(WINDOW, "inverted", (Way((("from", ("9",)), ("to", ("1",)))),))

    assert both.replaces >= {WINDOW}
    assert Unusual("to", "no digits", valued("to", "abc")).replaces == {"to"}
