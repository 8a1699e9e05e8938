"""A broad fixed set of requests: views, windows, filters, invalid values, credentials, methods, paths."""

from itertools import chain, product
from typing import Final

from tests.acme import PATH
from tests.deviations.showing import seconds, window
from tests.inprocess import WITH_TOKEN

Asked = tuple[str, str, str, tuple[tuple[str, str], ...]]  # method, path, query, headers

NOW: Final = "2026-03-17T15:20:00Z"
MONTHLY: Final = "granularity=monthly"
ROLLING: Final = "aggregationType=rolling_30d"
INCREMENTAL: Final = "aggregationType=incremental"
VIEWS: Final = ("", MONTHLY, INCREMENTAL, ROLLING)
SPELLED: Final = (
    "granularity=daily",
    f"{MONTHLY}&aggregationType=month_to_date",
    "aggregationType=month_to_date",
    f"granularity=daily&{INCREMENTAL}",
)
PAST: Final = window("2026-03-01", "2026-03-10")
WINDOWS: Final = (
    "",
    PAST,
    window("2026-03-05", "2026-03-05"),
    window("2025-12-20", "2026-03-17"),
    window("2024-02-20", "2024-03-05"),
    window("2024-02-29", "2024-03-02"),
    window("2025-09-01T06", "2025-11-03T21"),
    window("2025-02-03", "2025-03-20"),
    window("2026-02-15T05", "2026-03-03T20"),
    window("2020-03-05", "2020-03-09"),
    f"from={seconds('2026-03-10')}",
    f"from={seconds('2025-06-10')}",
    f"to={seconds('2026-03-09')}",
    f"from={seconds('2026-03-10')}&to={seconds('2026-03-17T15') + 1200}",
    f"from=0&to={seconds('2024-01-20')}",
    f"from={seconds('2026-03-10')}&to=9999999999",
)
HISTORY: Final = window("2024-01-01", "2026-03-01")
FILTERS: Final = (
    "projectKey=mobile",
    "projectKey=checkout",
    "projectKey=internal-tools",
    "projectKey=checkout&projectKey=mobile",
    "projectKey=mobile&projectKey=default",
    "projectKey=checkout&projectKey=default&projectKey=mobile",
    "projectKey=default&projectKey=mobile&projectKey=default",
    "projectKey=mobile&projectKey=mobile",
)
INSTANTS: Final = (
    f"{seconds('2026-03-01')}000",
    f"{seconds('2026-03-02')}.5",
    f"{seconds('2026-03-02')}abc",
    "2026-03-01T00%3A00%3A00Z",
    "2026-03-01",
    "yesterday",
    "",
    "-1",
    "1e9",
    "%C2%B2",
    "9" * 400,
)
TWICE: Final = (
    "granularity=daily&granularity=daily",
    f"{INCREMENTAL}&{ROLLING}",
    f"from={seconds('2026-03-01')}&from={seconds('2026-03-02')}",
)
ENUMS: Final = (
    *("granularity=weekly", "granularity=hourly", "granularity=month", "granularity=DAILY", "granularity="),
    *("aggregationType=sum", "aggregationType=average", "aggregationType=Incremental", "aggregationType="),
    *(f"{MONTHLY}&{ROLLING}", f"{MONTHLY}&{INCREMENTAL}", "granularity=%C3%A9t%C3%A9"),
)
INVERTED: Final = (
    window("2026-03-10", "2026-03-01"),
    window("2026-03-10T14", "2026-03-10T10"),
    f"from={seconds('2026-03-20')}",
    f"to={seconds('2026-02-20')}",
)
KEYS: Final = (
    *("", "nowhere", "nowhere&projectKey=mobile", "&projectKey=mobile"),
    *("default-2", "checkout-old", "new-mobile", "checkou", "tool", "Mobile", "MOBILE", "%20mobile"),
    *("default,mobile", "internal_tools", "m%C3%BCll", "%F0%9F%98%80", "%27", "%22", "%00", "%0A", "k" * 300),
)
INVALID: Final = (
    *(f"{name}={value}" for name, value in product(("from", "to"), INSTANTS)),
    *(f"projectKey={key}" for key in KEYS),
    *INVERTED,
    *("x=1", "limit=", "ProjectKey=mobile"),
)
CREDENTIALS: Final = (
    (),
    (("authorization", " "),),
    (("authorization", "Bearer api-anyone"),),
    (("authorization", "api-anyone"),),
)
OTHERS: Final = ("", MONTHLY, ROLLING, "projectKey=mobile", "projectKey=nowhere", "granularity=weekly", PAST)


def requests() -> list[Asked]:
    """Give the set."""
    turns = product(enumerate(VIEWS), enumerate(WINDOWS))
    crossed = (
        _query(when, view, FILTERS[(at + 3 * turn) % len(FILTERS)]) for (turn, view), (at, when) in turns
    )
    queries = chain(
        (_query(view, when) for view, when in product(VIEWS, WINDOWS)),
        (_query(view, when) for view, when in product(SPELLED, WINDOWS[:5])),
        crossed,
        (_query(key, view, WINDOWS[3]) for view, key in product((MONTHLY, INCREMENTAL, ROLLING), FILTERS)),
        (_query(HISTORY, view) for view in VIEWS),
        TWICE,
        ENUMS,
        INVALID,
        (_query(view, wrong) for view, wrong in product((MONTHLY, ROLLING), INVALID[::5])),
        (_query(ROLLING, "projectKey=nowhere"),),
    )
    return [
        *(("GET", PATH, query, WITH_TOKEN) for query in dict.fromkeys(queries)),
        *(("GET", PATH, query, headers) for headers, query in product(CREDENTIALS, OTHERS)),
        *((method, PATH, query, WITH_TOKEN) for method, query in product(("POST", "PUT", "DELETE"), OTHERS)),
        *(("HEAD", PATH, query, headers) for headers, query in product((WITH_TOKEN, ()), OTHERS)),
        *(("GET", path, query, WITH_TOKEN) for path, query in product((f"{PATH}/", "/"), ("", MONTHLY))),
        ("GET", PATH, PAST, (*WITH_TOKEN, ("content-length", "4"))),
    ]


def conversation() -> list[Asked]:
    """Give requests whose answers must not depend on those before."""
    one, several = f"{PAST}&projectKey=mobile", f"{PAST}&projectKey=mobile&projectKey=default"
    asked = [PAST, one, PAST, several, f"{PAST}&projectKey=mobile&projectKey=checkout", PAST]
    known = [("GET", PATH, query, WITH_TOKEN) for query in [*asked, *[PAST] * 30]]
    return [*known, ("GET", PATH, PAST, ()), ("GET", PATH, one, ())]


def _query(*parts: str) -> str:
    return "&".join(part for part in parts if part)
