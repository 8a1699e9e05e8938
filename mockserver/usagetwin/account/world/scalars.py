"""How a written value becomes a number, a day, a key or a sentence: strictly, and by one meaning alone.

Rule: a value is read as it is written. Nothing is octal, sexagesimal, boolean or a float here, whatever
YAML 1.1 or a spreadsheet takes it for.
"""

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from usagetwin.days import LAST_INSTANT_S, day_of, from_date, to_date
from usagetwin.errors import quoted

if TYPE_CHECKING:
    from usagetwin.account.world.place import Place

LAST_DAY: Final = day_of(LAST_INSTANT_S)
KEY_LENGTH: Final = 256
_DATE_REMEDY: Final = (
    f"a UTC date written YYYY-MM-DD, from {to_date(0)} to {to_date(LAST_DAY)}, such as 2026-03-01"
)
_DATE: Final = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_INTEGER: Final = re.compile("0|-?[1-9][0-9]*")
_DIGITS: Final = 40  # more than any limit has; `int` never sees a longer text
INVISIBLE: Final = (  # a regular expression's range: what reorders or hides text, and byte order marks
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
)
_CONTROL: Final = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{INVISIBLE}]")
_VISIBLE_ASCII: Final = re.compile("[!-~]+")
_TROUBLES: Final = (
    (re.compile("-[0-9]+"), "negative"),
    (re.compile(r"[-+]?[0-9]*\.[0-9]*"), "a fraction"),
    (re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+"), "written with an exponent"),
    (re.compile("0[0-9]+"), "written with leading zeros, which some readers take for octal"),
    (re.compile("0[xXoObB][0-9a-fA-F]+"), "written in another base than ten"),
    (re.compile(r"\s*[0-9]+\s*"), "surrounded by space"),
    (re.compile("[0-9][0-9_,' ]*"), "written with separators"),
)


def integer(text: str, place: "Place", what: str, *, low: int, high: int) -> int:
    """Read a whole number in plain decimal digits, between two limits that both are allowed."""
    value = int(text[:_DIGITS]) if _INTEGER.fullmatch(text) else None
    if value is None or not low <= value <= high:
        remedy = f"a whole number from {low} to {high} in plain decimal digits"
        place.refuse(f"{what} {quoted(text)} is {_trouble(text, value, low, high)}", remedy)
    return value


def _trouble(text: str, value: int | None, low: int, high: int) -> str:
    if value is None or low == 0 > value:
        return next((name for shape, name in _TROUBLES if shape.fullmatch(text)), "not a whole number")
    return f"larger than {high}" if value > high else f"smaller than {low}"


def day(text: str, place: "Place", what: str) -> int:
    """Read a calendar date, written YYYY-MM-DD, as a day."""
    value = _calendar_day(text)
    if value is None:
        trouble = "is not in the calendar" if _DATE.fullmatch(text) else "is not a date written YYYY-MM-DD"
        place.refuse(f"{what} {quoted(text)} {trouble}", _DATE_REMEDY)
    if not 0 <= value <= LAST_DAY:
        place.refuse(f"{what} {quoted(text)} lies outside the time that queries can reach", _DATE_REMEDY)
    return value


@lru_cache(maxsize=1 << 17)
def _calendar_day(text: str) -> int | None:
    written = _DATE.fullmatch(text)
    try:
        return from_date(date(*map(int, written.groups()))) if written else None
    except ValueError:
        return None


def project_key(text: str, place: "Place") -> str:
    """Read a project key: anything that a query can name and a terminal can show."""
    remedy = f"a key of 1 to {KEY_LENGTH} characters without surrounding space, such as web"
    if not text:
        place.refuse("the project key is empty", remedy)
    if len(text) > KEY_LENGTH:
        place.refuse(f"the project key {quoted(text)} is too long", remedy)
    if text != text.strip():
        place.refuse(f"the project key {quoted(text)} has space around it", remedy)
    if _CONTROL.search(text):
        place.refuse(
            f"the project key {quoted(text)} has a control character, or one that nobody sees", remedy
        )
    return text


def token(text: str, place: "Place") -> str:
    """Read an access token; the messages never repeat it."""
    if not _VISIBLE_ASCII.fullmatch(text) or len(text) > KEY_LENGTH:
        problem = "the token is empty, too long, or has characters that no header can carry"
        place.refuse(problem, f"1 to {KEY_LENGTH} visible ASCII characters, such as api-example")
    return text


def sentence(text: str, place: "Place", what: str) -> str:
    """Read a text for people, its lines joined into one."""
    joined = " ".join(text.split())
    if not joined or _CONTROL.search(joined):
        trouble = "has a control character, or one that nobody sees" if joined else "is empty"
        place.refuse(f"{what} {trouble}", f"{what} in a few plain words")
    return joined
