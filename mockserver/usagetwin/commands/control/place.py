"""Where a twin is and by which right it is spoken to, as options say it. Rule: no secret is in an error."""

from typing import Final

from usagetwin.commands.control.options import DEFAULT_URL, given
from usagetwin.control.speaking import Place, is_plain, place_of
from usagetwin.errors import SettingError

START_ONE: Final = "usagetwin serve; or --url or USAGETWIN_URL with where the twin is"


def place() -> Place:
    """Give where the twin is that is meant. Raises SettingError."""
    said = given("url")
    url, said_by = (DEFAULT_URL, "") if said is None else (said.value.rstrip("/"), said.said_by)
    return place_of(url, _token(), remedy=START_ONE, example=DEFAULT_URL, where=said_by)


def _token() -> str | None:
    """Give the control token; what can't be in a header would be told by a library, with the token."""
    said = given("token")
    if said is None:
        return None
    if not said.value or not is_plain(said.value):
        problem = "a control token is printable ASCII without spaces"
        raise SettingError(problem, "the token that the twin was started with", where=said.said_by)
    return said.value
