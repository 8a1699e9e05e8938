"""How rate limits are written."""

import pytest

from usagetwin.rates import Rate, rates_of


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("7", (Rate(7),)),
        ("100/10s", (Rate(100, 10),)),
        ("token:5/2m", (Rate(5, 120),)),
        ("route:1000/24h", (Rate(1000, 86_400, of_route=True),)),
        ("route:9,2/1s", (Rate(2, 1), Rate(9, 10, of_route=True))),
    ],
)
def test_a_rate_is_of_each_token_or_of_the_route(text: str, rates: tuple[Rate, ...]) -> None:
    """In ten seconds, or as it says; a token's comes first."""
    assert rates_of(text) == rates


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "-1", "+5", "1.5", "01", "\u0665", "5 ", "5\n", "9999999999"),
        *("5/", "5/s", "5/0s", "5/10", "5/10d", "5/25h", "5/100000s"),
        *("1,2", "5,", "route:5,route:6", "host:5", "1,route:2,token:3"),
    ],
)
def test_any_other_text_is_none(text: str) -> None:
    """Numbers are plain digits from 1 on; a window is a day at most; of each kind there is one."""
    assert rates_of(text) is None
