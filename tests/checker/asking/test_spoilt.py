"""Tests of the values that no parameter takes, and of the keys that no project has."""

from typing import Final

import pytest

from tests.checker.conversations import get
from tests.checker.honest import honest
from usagetwin_checker.asking.levels import Unusual
from usagetwin_checker.asking.spoilt import TEXTS, spoilt_keys, spoilt_times, spoilt_words, words_apart
from usagetwin_checker.judging.expectation import broken_rules

HISTORY: Final = get("from=2025-03-18&to=2026-03-17").parameters
KEYS: Final = ("app", "shop", "web")
LONGEST_URL: Final = 8_000  # what servers and proxies commonly take


def keys_of(unusual: Unusual) -> set[str]:
    """Give every project key in something unusual."""
    return {key for way in unusual.ways for key in way.of(get("")).values("projectKey")}


@pytest.mark.parametrize(
    "unusual", [*spoilt_times(HISTORY), *spoilt_words(), *words_apart()], ids=lambda unusual: unusual.title
)
def test_a_spoilt_value_is_invalid_and_refused_on_the_wire(unusual: Unusual) -> None:
    """Each breaks a rule before it is sent, and the twin, which parses the wire, refuses it with 400."""
    with honest(now="2026-03-17T12:00:00Z") as (target, _):
        for way in unusual.ways:
            ask = way.of(get("from=2025-03-18&to=2026-03-17"))
            assert broken_rules(ask), ask
            assert target.send(ask).status == 400, ask


def test_each_kind_of_text_that_crashes_is_sent_as_a_key() -> None:
    """Text beyond ASCII, quotes, control characters, percent signs, and what is very long."""
    keys = {key for unusual in spoilt_keys(KEYS, KEYS) for key in keys_of(unusual)}

    assert keys >= {text for texts in TEXTS.values() for text in texts}
    assert any(not key.isascii() for key in keys)
    assert any("\x00" in key for key in keys)
    assert any(key.isdigit() and len(key) > 4_300 for key in keys)


def test_no_spoilt_value_makes_a_url_that_is_refused_for_its_length() -> None:
    """A server may refuse that with 414, and would be right."""
    for unusual in (*spoilt_times(HISTORY), *spoilt_words(), *spoilt_keys(KEYS, KEYS)):
        for way in unusual.ways:
            assert len(way.of(get("from=2025-03-18&to=2026-03-17")).target) < LONGEST_URL, unusual.title


def test_keys_near_a_known_one_are_unknown() -> None:
    """The start of `web-2` is asked for where the account has `web-2` alone, not where it has `web-` too."""
    near = {unusual.name: keys_of(unusual) for unusual in spoilt_keys(("web-2",), ("web-2",))}
    with_another = {unusual.name: keys_of(unusual) for unusual in spoilt_keys(("web-2",), ("web-2", "web-"))}

    assert near["the start of a known key"] == {"web-"}
    assert near["the end or the middle of a known key"] == {"eb-2", "eb-"}
    assert near["a known key in another case"] == {"WEB-2"}
    assert "the start of a known key" not in with_another


def test_of_an_account_without_known_keys_no_near_one_is_asked_for() -> None:
    """There is nothing to be near to."""
    assert not [
        unusual.name for unusual in spoilt_keys((), ()) if "known key" in unusual.name.replace("unknown", "")
    ]
