"""How a test shows that a fault breaks a rule: what is asked, and the contradiction that the answers hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.acme import FULL, PATH
from tests.answer import Answer

Broken = Callable[[list[Answer]], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: by default a GET on the one path of the contract, with a token."""

    query: str = ""
    method: str = "GET"
    path: str = PATH
    token: str | None = FULL
    others: tuple[tuple[str, str], ...] = ()

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Give the request's headers."""
        return self.others if self.token is None else (("authorization", self.token), *self.others)


@dataclass(frozen=True, slots=True)
class Shown:
    """What to ask, in order, and whether the answers break the rule."""

    asked: tuple[Asked, ...]
    broken: Broken


def window(first: str, end: str) -> str:
    """Write a window of two instants, such as 2026-03-01 or 2026-03-01T12, as `from` and `to`."""
    return f"from={seconds(first)}&to={seconds(end)}"


def seconds(instant: str) -> int:
    """Give an ISO date or hour, UTC, as Unix seconds."""
    return int(datetime.fromisoformat(instant + ":00" * ("T" in instant)).replace(tzinfo=UTC).timestamp())


def points(answer: Answer) -> dict[int, Any]:
    """Give the values of an answer by time; a point without a value has None."""
    assert answer.status == 200, answer
    return {point["time"]: point.get("0") for point in answer.json()["series"]}


def shown(broken: Broken, *queries: str) -> Shown:
    """Show a fault with GETs."""
    return Shown(tuple(Asked(query) for query in queries), broken)


def sum_differs(view: str, days: str, keys: str = "") -> Shown:
    """Show that the last value of one query is not the sum of the incremental days of another window."""

    def broken(answers: list[Answer]) -> bool:
        one, parts = (points(answer) for answer in answers)
        return bool(one[max(one)] != sum(parts.values()))

    return shown(broken, keys + view, f"{keys}{days}&aggregationType=incremental")


def same_bucket_differs(one: str, other: str) -> Shown:
    """Show that a bucket has one value in one answer, and another value in another."""

    def broken(answers: list[Answer]) -> bool:
        left, right = (points(answer) for answer in answers)
        common = left.keys() & right.keys()
        assert common
        return any(left[time] != right[time] for time in common)

    return shown(broken, one, other)


def answers_differ(one: str, other: str) -> Shown:
    """Show that two queries that mean the same have different series."""
    return shown(lambda answers: points(answers[0]) != points(answers[1]), one, other)


def bucket_is_missing(with_it: str, without_it: str) -> Shown:
    """Show that a bucket above zero of the first answer, inside the second's window, is not in the second."""

    def broken(answers: list[Answer]) -> bool:
        left, right = (points(answer) for answer in answers)
        assert left
        assert all(left.values())
        return bool(left.keys() - right.keys())

    return shown(broken, with_it, without_it)


def not_added(whole: str, *parts: str) -> Shown:
    """Show that a filter counts otherwise than its projects together, in some bucket."""

    def broken(answers: list[Answer]) -> bool:
        total, *alone = (points(answer) for answer in answers)
        return any(total[time] != sum(one.get(time, 0) for one in alone) for time in total)

    return shown(broken, whole, *parts)


def status(wrong: int, query: str = "", **request: str | None) -> Shown:
    """Show that a request gets a status that it must not get."""
    asked = Asked(query, **request)  # type: ignore[arg-type]  # -- parts of a request by name
    return Shown((asked,), lambda answers: answers[-1].status == wrong)


def time_outside(query: str, before: str | None = None, after: str | None = None) -> Shown:
    """Show that a bucket begins before or after an instant at which the window begins or ends."""

    def broken(answers: list[Answer]) -> bool:
        times = [time // 1000 for time in points(answers[0])]
        early = before is not None and min(times) < seconds(before)
        return early or (after is not None and max(times) > seconds(after))

    return shown(broken, query)


def body(query: str, broken: Callable[[Any], bool]) -> Shown:
    """Show a fault that the parsed body of one answer has."""
    return shown(lambda answers: broken(answers[0].json()), query)


def content_type(query: str = "", **request: str | None) -> Shown:
    """Show that an answer is no JSON by its media type."""
    asked = Asked(query, **request)  # type: ignore[arg-type]  # -- parts of a request by name
    return Shown((asked,), lambda answers: answers[0].header("content-type") != "application/json")
