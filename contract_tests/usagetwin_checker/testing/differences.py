"""How a series differs from what a test's code made of it: bucket by bucket, in words.

Rule: whatever form that has, it is read into points first: a time, and a value for each key field.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any, Final, TypeGuard

from usagetwin.stage.instants import EPOCH

Columns = Mapping[str, Sequence[int]]  # what a key field counts -> its values
Points = dict[object, dict[str, object]]  # time -> what a key field counts -> value

MOST_SHOWN: Final = 12
MISSING: Final = object()
MILLISECOND: Final = timedelta(milliseconds=1)
SERIES: Final = "series"
TOTAL: Final = "0"


def is_comparable(actual: object) -> TypeGuard[Collection[Any]]:
    """Tell whether a value can be a series: a document, a mapping by time, points, or values alone."""
    return isinstance(actual, Collection) and not isinstance(actual, str | bytes | AbstractSet)


def differences(
    times: Sequence[datetime], values: Sequence[int], columns: Columns, actual: Collection[Any]
) -> tuple[str, ...]:
    """Say how `actual` differs: a heading, and a line for each bucket. Nothing when it doesn't.

    `columns` are the values of each project where an answer keeps them apart. Documents and points are
    held to them, everything else to `values`.
    """
    if isinstance(actual, Mapping) and SERIES not in actual:
        points = {_moment(key): {TOTAL: value} for key, value in actual.items()}
        return _headed(_of_points(_by_time(times, {TOTAL: values}), points), len(times))
    if not isinstance(actual, Mapping):
        items = list(actual)
        if not items or not all(isinstance(item, Mapping) for item in items):
            return _headed(_of_values(times, values, items), len(times))
        actual = {SERIES: items}
    expected = _by_time(times, columns or {TOTAL: values})
    points = _points(actual, tuple(columns))
    lines = _of_points(expected, points)
    if not lines and list(points) != list(expected):
        lines = ["  the same buckets, in another order"]
    return _headed(lines, len(times))


def shown(moment: object) -> str:
    """Write a bucket's time: as a date where it is a midnight in UTC."""
    return moment.isoformat().removesuffix("T00:00:00+00:00") if isinstance(moment, datetime) else str(moment)


def _of_values(times: Sequence[datetime], values: Sequence[int], actual: Sequence[object]) -> list[str]:
    lines = [
        _line(f"value {index + 1}" if moment is MISSING else shown(moment), wanted, got)
        for index, (moment, wanted, got) in enumerate(zip_longest(times, values, actual, fillvalue=MISSING))
        if wanted != got
    ]
    if len(values) != len(actual):
        lines.insert(0, f"  {len(values)} values expected, got {len(actual)}")
    return lines


def _of_points(expected: Points, actual: Points) -> list[str]:
    lines = []
    for moment in sorted({**expected, **actual}, key=_ascending):
        wanted, got = expected.get(moment, {}), actual.get(moment, {})
        for label in {**wanted, **got}:
            pair = wanted.get(label, MISSING), got.get(label, MISSING)
            if pair[0] != pair[1]:
                where = shown(moment) if label == TOTAL else f"{shown(moment)} {label}"
                lines.append(_line(where, *pair))
    return lines


def _line(where: str, wanted: object, got: object) -> str:
    if wanted is MISSING:
        return f"  {where}: not expected, got {got!r}"
    return f"  {where}: expected {wanted!r}, got {'nothing' if got is MISSING else repr(got)}"


def _headed(lines: list[str], buckets: int) -> tuple[str, ...]:
    if not lines:
        return ()
    more = [f"  ... and {len(lines) - MOST_SHOWN} more"] if len(lines) > MOST_SHOWN else []
    return (f"differs from the expected series of {buckets} buckets:", *lines[:MOST_SHOWN], *more)


def _ascending(moment: object) -> tuple[bool, datetime, str]:
    return (False, moment, "") if isinstance(moment, datetime) else (True, EPOCH, str(moment))


def _by_time(times: Sequence[datetime], columns: Columns) -> Points:
    return {
        moment: {label: column[index] for label, column in columns.items()}
        for index, moment in enumerate(times)
    }


def _points(document: Mapping[str, Any], labels: tuple[str, ...]) -> Points:
    names = _names(document.get("metadata"), labels)
    points: Points = {}
    for item in document[SERIES] if isinstance(document[SERIES], Sequence) else ():
        fields = dict(item) if isinstance(item, Mapping) else {}
        moment = _moment(fields.pop("time", repr(item)))
        while moment in points:
            moment = f"{shown(moment)} again"
        points[moment] = {names.get(str(field), str(field)): value for field, value in fields.items()}
    return points


def _names(metadata: object, labels: tuple[str, ...]) -> dict[str, str]:
    """Give what each key field counts: as the metadata says, or without metadata in the expected order."""
    if not isinstance(metadata, Sequence):
        return {str(index): label for index, label in enumerate(labels)}
    return {
        str(index): str(item["projectKey"])
        for index, item in enumerate(metadata)
        if isinstance(item, Mapping) and "projectKey" in item
    }


def _moment(value: object) -> object:
    """Give the datetime that a time stands for: milliseconds, a datetime, a date or ISO 8601.

    What can't be read stays as it is, as text.
    """
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        elif isinstance(value, int):
            value = EPOCH + value * MILLISECOND
        elif isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time(), UTC)
    except (ValueError, OverflowError):
        return str(value)
    if not isinstance(value, datetime):
        return repr(value)
    return value.replace(tzinfo=UTC) if value.utcoffset() is None else value.astimezone(UTC)
