"""What the account view is asked to show: which series, over which window, of which projects.

Rule: it becomes query strings, which are read as any client's are, so that whatever is refused is refused
in the API's own words.
"""

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from usagetwin.clock import parse_instant
from usagetwin.contract.operation import INCREMENTAL, LISTED, MONTHLY, REPEATABLE
from usagetwin.days import day_of, first_of_month, iso, start_of
from usagetwin.errors import Refusal, SettingError, nearest, quoted
from usagetwin.request import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin.account.world import Project, World

DAYS: Final = 90  # that are shown where no window is asked for
MONTHS: Final = 12
SIZES: Final = (24, 200)  # projects on a page
FEW_ROWS: Final = 31
ROWS: Final = 92


@cache
def kinds() -> tuple[str, ...]:
    """Give the series that the contract has, as `VIEW,GRANULARITY`: the pairs that a request may ask for."""
    pairs = product(LISTED["aggregationType"], LISTED["granularity"])
    return tuple(f"{view},{granularity}" for view, granularity in pairs if _goes(view, granularity))


def _goes(view: str, granularity: str) -> bool:
    try:
        read(urlencode({"aggregationType": view, "granularity": granularity}).encode(), 0)
    except Refusal:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be shown. `start` and `end` are as they were typed; `start_s` and `end_s` what they mean."""

    kind: str
    start: str
    end: str
    start_s: int
    end_s: int | None
    scale: str
    find: str
    size: int
    page: int
    rows: int

    @property
    def granularity(self) -> str:
        """Give the granularity."""
        return self.kind.partition(",")[2]

    @property
    def view(self) -> str:
        """Give the view: which days a bucket's sum has."""
        return self.kind.partition(",")[0]

    def query_string(self, keys: "Sequence[str]" = ()) -> bytes:
        """Write the request that asks for the series of some projects, or of all."""
        asked = [("from", str(self.start_s)), *([] if self.end_s is None else [("to", str(self.end_s))])]
        asked += [(REPEATABLE, key) for key in keys]
        asked += [("granularity", self.granularity), ("aggregationType", self.view)]
        return urlencode(asked, errors="replace").encode()

    def asked(self, **changes: object) -> dict[str, object]:
        """Give what a link to the same has in its query, with changes; nothing that is as it begins."""
        now = {name: getattr(self, field) for name, (field, _) in _FIELDS.items()} | changes
        return {name: value for name, value in now.items() if str(value) != _FIELDS[name][1]}


_FIELDS: Final = {  # by its name in the query: the field, and what it is where it is not given
    "series": ("kind", f"{INCREMENTAL},daily"),
    "from": ("start", ""),
    "to": ("end", ""),
    "scale": ("scale", "linear"),
    "find": ("find", ""),
    "size": ("size", str(SIZES[0])),
    "page": ("page", "1"),
    "rows": ("rows", "1"),
}


def choice_of(query: "Mapping[str, str]", now_s: int) -> Choice:
    """Read what is asked for. Raises SettingError for what there is not."""
    given = {name: query.get(name, "").strip() or first for name, (_, first) in _FIELDS.items()}
    kind = _one_of("series", given["series"], kinds())
    start, end = given["from"], given["to"]
    return Choice(
        kind=kind,
        start=start,
        end=end,
        start_s=parse_instant(start) if start else _first_s(kind, now_s),
        end_s=parse_instant(end) if end else None,
        scale=_one_of("scale", given["scale"], ("linear", "log")),
        find=query.get("find", ""),
        size=int(_one_of("size", given["size"], tuple(map(str, SIZES)))),
        page=_number("page", given["page"]),
        rows=_number("rows", given["rows"]),
    )


def found(choice: Choice, world: "World") -> "list[tuple[int, Project]]":
    """Give the projects whose key has the text that is looked for, with their places in the account."""
    text = choice.find.casefold()
    return [(place, each) for place, each in enumerate(world.projects) if text in each.key.casefold()]


def _first_s(kind: str, now_s: int) -> int:
    """Give where a window starts that nobody has chosen."""
    today = day_of(now_s)
    if not kind.endswith(MONTHLY):
        return max(0, start_of(today - DAYS + 1))
    first = first_of_month(today)
    for _ in range(MONTHS - 1):
        first = first_of_month(max(0, first - 1))
    return start_of(max(0, first))


def _one_of(name: str, value: str, valid: "Sequence[str]") -> str:
    if value not in valid:
        problem = f"{name} can't be {quoted(value)}"
        raise SettingError(problem, nearest(value, valid))
    return value


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) > 0):
        problem = f"{name} can't be {quoted(text)}"
        raise SettingError(problem, "a number from 1 on")
    return int(text)


def written(instant_s: int) -> str:
    """Write an instant as short as it is exact: midnight as its date."""
    return iso(instant_s).removesuffix("T00:00:00Z")
