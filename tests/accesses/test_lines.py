"""The lines of the log: what is asked again has its words made once, and they are the same."""

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.acme import FULL, PATH
from usagetwin.accesses import lines as module
from usagetwin.accesses.lines import Lines
from usagetwin.contract.operation import PARAMETERS

if TYPE_CHECKING:
    from usagetwin.accesses.access import Access

SERVER: Final = ("127.0.0.1", 8080)
START_S: Final = 1_740_787_200.0  # 2025-03-01T00:00:00Z


def access(
    query: bytes = b"", *, ended_s: float = START_S, took_s: float = 0.0, rule: str | None = None
) -> "Access":
    """Give what is kept of one request that was answered with 200."""
    return ended_s, took_s, 200, ("GET", "http", SERVER, PATH, query, rule), None


def test_the_instant_and_the_duration_are_each_requests_own() -> None:
    """Of the same question too; an instant is cut to its second, a duration rounded."""
    lines = Lines()

    written = [
        lines(access(b"from=5", ended_s=START_S + after_s, took_s=took_s))
        for after_s, took_s in ((0.0, 0.00004), (0.999, 0.00006), (1.0, 1.5), (0.5, 0.0))
    ]

    end = f"GET http://127.0.0.1:8080{PATH}?from=5"
    assert written == [
        f"2025-03-01T00:00:00Z 200 0.0ms {end}",
        f"2025-03-01T00:00:00Z 200 0.1ms {end}",
        f"2025-03-01T00:00:01Z 200 1500.0ms {end}",
        f"2025-03-01T00:00:00Z 200 0.0ms {end}",
    ]


def test_the_same_question_with_another_answer_has_another_rule() -> None:
    """As when the account's policies change under it."""
    lines = Lines()

    written = [lines(access(b"from=5", rule=rule)) for rule in (None, "one", "two", None)]

    assert [line.partition("?from=5")[2] for line in written] == ["", "  rule one", "  rule two", ""]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PARAMETERS),
            st.one_of(
                st.text("ab-._~09", max_size=210), st.sampled_from((FULL, "sdk-0123456789", "x" * 201))
            ),
        ),
        max_size=24,
    )
)
def test_a_plain_query_is_written_as_any_other(pairs: list[tuple[str, str]]) -> None:
    """One that needs no quoting has a way of its own, which comes to the same words."""
    query = "&".join(f"{name}={value}" for name, value in pairs)

    plain = Lines()(access(query.encode()))
    general = Lines()(access(f"{query}&".encode() if query else b"&"))  # the same pairs, and no plain query

    assert plain == general


def test_questions_beyond_a_number_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """And long ones at once: what clients ask must not fill the memory."""
    monkeypatch.setattr(module, "MOST_KNOWN", 3)
    lines = Lines()

    for number in range(10):
        lines(access(b"from=%d" % number))
        lines(access(b"from=%d&to=%s" % (number, b"9" * 1024)))

    assert len(lines._known) <= 3  # noqa: SLF001 -- nothing outside shows what is kept
