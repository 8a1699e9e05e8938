"""How the errors that users meet read: where, what is wrong, and what would be right."""

import pytest

from usagetwin.errors import ContractError, FileError, RemediedError, SettingError, nearby
from usagetwin_checker.redirect.active import RedirectError
from usagetwin_checker.redirect.loop_thread import LocalServerError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (FileError("a.yaml", 3, "no name", "a name"), "a.yaml:3: no name\n  try   a name"),
        (FileError("a.yaml", None, "no name", "a name"), "a.yaml: no name\n  try   a name"),
        (
            ContractError("overlay.yaml: info", "no title", "a title"),
            "overlay.yaml: info: no title\n  try   a title",
        ),
        (SettingError("no policy 'x'", "cors"), "no policy 'x'\n  try   cors"),
        (RedirectError("twice", "once"), "twice\n  try   once"),
        (LocalServerError("no thread", "another"), "no thread\n  try   another"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, RemediedError) else "",
)
def test_an_error_says_where_what_and_what_to_do(error: RemediedError, text: str) -> None:
    """The place comes first, where there is one; the remedy has a line of its own."""
    assert str(error) == text


@pytest.mark.parametrize(
    ("name", "valid", "said"),
    [
        ("key-107", [f"key-{number}" for number in range(50)], "key-17 or key-10 or key-7"),
        ("busy", [*map(str, range(12)), "a-busy-week"], "a-busy-week"),
        ("zzz", [*map(str, range(13))], "one of the 13 that exist, such as 0"),
    ],
)
def test_a_wrong_name_gets_those_that_are_near(name: str, valid: list[str], said: str) -> None:
    """Or that have the wrong one as a part; the others of a long catalogue are not listed."""
    assert nearby(name, valid) == said
