"""What is said of a request that is passed on."""

import pytest

from tests.acme import NOW_S
from usagetwin.stage.passing_on import NOTHING, Said, header_of, said_of

TOKEN = "api-00000000-0000-8000-8000-000000000000"


@pytest.mark.parametrize(
    "said",
    [
        NOTHING,
        Said(mark="17"),
        Said(now_s=0),
        Said(mark="a b", now_s=NOW_S, faults=frozenset({"one", "two"})),
    ],
)
def test_what_is_written_is_what_is_read(said: Said) -> None:
    """All of it, or as much as is said."""
    assert said_of([(b"accept", b"*/*"), header_of(TOKEN, said)]) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", NOTHING),
        (";;=;mark;now=;faults=,", NOTHING),
        ("now=soon; faults= , ;mark = 5", Said(mark="5")),
        ("now=12345678901", NOTHING),
        (f"mark={'x' * 65}", Said(mark="x" * 64)),
        ("mark=a=b", Said(mark="a=b")),
    ],
)
def test_what_can_t_be_read_was_not_said(text: str, said: Said) -> None:
    """Its sender sees that in the journal."""
    assert said_of([(b"usagetwin-play", f"{TOKEN};{text}".encode())]) == said
