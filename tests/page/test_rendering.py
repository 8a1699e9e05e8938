"""How text and data of anybody's become a part of a document."""

import json

import pytest

from usagetwin.page.rendering import json_script, visible

HOSTILE = "</script><script>alert(1)</script><!-- & \u2028 \"'"


def test_no_data_end_the_element_that_they_stand_in() -> None:
    """And a script reads what was written."""
    element = str(json_script("data", {"key": HOSTILE}))

    start, _, rest = element.partition(">")
    body = rest.removesuffix("</script>")
    assert start == '<script type="application/json" id="data"'
    assert not set("<>&") & set(body)
    assert json.loads(body) == {"key": HOSTILE}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web", "<bdi>web</bdi>"),
        ("<b>", "<bdi>&lt;b&gt;</bdi>"),
        ("a\u202eb", "<bdi>a\\u202eb</bdi>"),
        ("שלום", "<bdi>שלום</bdi>"),
        (7, "<bdi>7</bdi>"),
    ],
)
def test_text_is_shown_apart_from_what_is_around_it(text: object, shown: str) -> None:
    """With nothing in it that nobody sees, and no element."""
    assert str(visible(text)) == shown
