"""Held-out faults of the filter: which projects count, which keys are known, which break the server."""

import re
from typing import TYPE_CHECKING, Final

from usagetwin.days import day_of
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.held_out.changing import (
    CRASH,
    KEY,
    NOT_FOUND,
    answered_as,
    counts,
    instead,
    is_longer_than,
    is_open_day,
    is_read,
    refused_when,
    with_keys,
)
from usagetwin.deviations.shape import OK, Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Honest, Reply, Request

EVERYTHING: Final = {"*", "%", "all", "null", "undefined"}
PLAIN: Final = re.compile(r"[A-Za-z0-9_-]+")
HALF_A_YEAR: Final = 180


def _up_to_punctuation(key: str) -> str:
    plain = PLAIN.match(key)
    return plain[0] if plain else key


async def _punctuation_ends_keys(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    if answer.status != NOT_FOUND or not is_read(request, answer):
        return answer
    keys = tuple(key if "," in key else _up_to_punctuation(key) for key in request.values(KEY))
    return await answered_as(request, with_keys(request, keys), honest)


def _everything(request: "Request") -> "Request":
    return request if EVERYTHING.isdisjoint(request.values(KEY)) else request.without(KEY)


def _is_repeated(request: "Request") -> bool:
    return len(set(request.values(KEY))) < len(request.values(KEY))


async def _today_of_all(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    points = answer.series
    if not points or not request.values(KEY) or Asked.of(request).monthly:
        return answer
    asked = Asked.of(request)
    if is_open_day(points[-1], asked):
        filtered = await counts(request, honest, asked.today, asked.today)
        unfiltered = await counts(request.without(KEY), honest, asked.today, asked.today)
        points[-1]["0"] += unfiltered[asked.today] - filtered[asked.today]
    return answer.with_series(points)


async def _lost_in_long_windows(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    if answer.status != OK or not is_longer_than(HALF_A_YEAR, Asked.of(request)):
        return answer
    return await answered_as(request, request.without(KEY), honest)


async def _from_the_youngest(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    points = answer.series
    keys = tuple(dict.fromkeys(request.values(KEY)))
    if not points or len(keys) == 1:
        return answer
    alone = [(await honest.ask(with_keys(request, (key,)))).series or [] for key in keys]
    if not all(alone):
        return answer.with_series([])
    first_day = max((day_of(series[0]["time"] // 1000) for series in alone), default=0)
    return answer.with_series([point for point in points if day_of(point["time"] // 1000) >= first_day])


async def _unknown_dropped(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    if answer.status != NOT_FOUND or not is_read(request, answer):
        return answer
    statuses = {key: (await honest.ask(with_keys(request, (key,)))).status for key in request.values(KEY)}
    known = tuple(key for key in request.values(KEY) if statuses[key] == OK)
    return await answered_as(request, with_keys(request, known), honest) if known else answer


def _empty_skipped(request: "Request") -> "Request":
    keys = tuple(key for key in request.values(KEY) if key)
    return with_keys(request, keys) if keys and "" in request.values(KEY) else request


FAULTS: Final = (
    Deviation(
        "punctuation-ends-keys",
        "A project key counts up to its first punctuation mark: an unknown mobile.old is answered as mobile.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        _punctuation_ends_keys,
    ),
    Deviation(
        "words-for-everything",
        "projectKey=*, %, all, null or undefined is answered with all projects.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        instead(_everything),
    ),
    Deviation(
        "repeated-key-refused",
        "One project key given twice is answered with 400; different ones are answered.",
        ("repeated-project-key-is-irrelevant", "project-key-repeats"),
        refused_when(
            _is_repeated,
            400,
            "invalid_request",
            "projectKey has one value twice; send each once.",
            only_good=True,
        ),
    ),
    Deviation(
        "today-unfiltered",
        "With a projectKey, the sessions of the current day are those of all projects in every daily view.",
        ("filter-additive", "open-bucket-fits-the-ledger"),
        _today_of_all,
    ),
    Deviation(
        "filter-lost-in-long-windows",
        "Of a window of more than 180 days the project keys are ignored.",
        ("filter-additive", "bucket-independent-of-window"),
        _lost_in_long_windows,
    ),
    Deviation(
        "apostrophe-crashes",
        "A projectKey with an apostrophe, such as o'brien, is answered with 500.",
        ("status-is-documented", "unknown-project-not-found"),
        refused_when(lambda request: any("'" in key for key in request.values(KEY)), *CRASH),
    ),
    Deviation(
        "accents-crash",
        "A projectKey with a character beyond ASCII, such as café, is answered with 500.",
        ("status-is-documented", "unknown-project-not-found"),
        refused_when(lambda request: not "".join(request.values(KEY)).isascii(), *CRASH),
    ),
    Deviation(
        "series-begins-with-the-youngest",
        "Several project keys have no bucket before the youngest of them was created.",
        ("every-bucket-is-kept",),
        _from_the_youngest,
    ),
    Deviation(
        "unknown-beside-known-is-dropped",
        "An unknown project key beside a known one is left out silently; alone it is answered with 404.",
        ("unknown-project-not-found",),
        _unknown_dropped,
    ),
    Deviation(
        "empty-key-beside-others-skipped",
        "An empty projectKey beside another is left out silently; alone it is answered with 400.",
        ("project-key-not-empty",),
        instead(_empty_skipped),
    ),
)
