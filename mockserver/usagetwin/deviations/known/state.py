"""The known faults of state: answers that depend on what was asked before.

Each keeps one small counter for each app that shows it.
"""

from itertools import count
from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.asked import TOTAL, Bucket, day_at, labels
from usagetwin.deviations.known.changes import error, has_content, on_buckets
from usagetwin.deviations.shape import Deviation, Remembering, Reply, Request

if TYPE_CHECKING:
    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Honest

FIXED: Final = ("past-counts-are-fixed",)
STALE_EVERY: Final = 3
FAILS_EVERY: Final = 20
THROTTLED: Final = 429
REPLICAS: Final = 5
BURST: Final = 20
ODD_DAY: Final = 33


def _creeping() -> "Answering":
    """Make past counts rise by one session with each answer."""
    answers = count()

    async def reply(request: Request, honest: "Honest") -> Reply:
        extra = next(answers)
        change = on_buckets(lambda bucket: bucket.value + extra if bucket.closed else bucket.value)
        return await change(request, honest)

    return reply


def _noisy() -> "Answering":
    """Make past counts differ a little from answer to answer, and from day to day."""
    answers = count()

    async def reply(request: Request, honest: "Honest") -> Reply:
        turn = next(answers)

        def noisy(bucket: Bucket) -> int:
            return bucket.value + (bucket.day * 31 + turn * 17) % 7 if bucket.closed else bucket.value

        return await on_buckets(noisy)(request, honest)

    return reply


def _stale() -> "Answering":
    """Make every third answer one of a day ago, where that is a 200 too."""
    answers = count(1)

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if next(answers) % STALE_EVERY or not has_content(own):
            return own
        other = await honest.ask(request, now_s=max(0, request.now_s - SECONDS_PER_DAY))
        return other if has_content(other) else own

    return reply


def _falling() -> "Answering":
    """Make the current day fall by a session with each answer."""
    answers = count(1)

    async def reply(request: Request, honest: "Honest") -> Reply:
        missing = next(answers)

        def fallen(bucket: Bucket) -> int:
            return bucket.value if bucket.closed else max(0, bucket.value - missing)

        return await on_buckets(fallen)(request, honest)

    return reply


def _failing() -> "Answering":
    """Make every twentieth answer a 500."""
    answers = count(1)

    async def reply(request: Request, honest: "Honest") -> Reply:
        if next(answers) % FAILS_EVERY:
            return await honest.ask(request)
        return error(500, "internal_error", "Something went wrong")

    return reply


def _reordering() -> "Answering":
    """Make every second answer have the fields of its points in the other order."""
    answers = count()

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if next(answers) % 2 == 0 or not has_content(own):
            return own
        points = own.document["series"]
        turned = [{**{key: point[key] for key in labels(point)}, "time": point["time"]} for point in points]
        return own.with_series(turned)

    return reply


def _one_day_moves() -> "Answering":
    """Make one past bucket in a hundred have a session more in every second answer."""
    answers = count()

    async def reply(request: Request, honest: "Honest") -> Reply:
        extra = next(answers) % 2

        def moved(bucket: Bucket) -> int:
            return bucket.value + extra if bucket.closed and bucket.day % 100 == ODD_DAY else bucket.value

        return await on_buckets(moved)(request, honest)

    return reply


def _lagging_replica() -> "Answering":
    """Count the 200s: each fifth comes from a replica that lost sessions of the newest day that is over."""
    turns = count(1)

    async def reply(request: Request, honest: "Honest") -> Reply:
        answer = await honest.ask(request)
        points = answer.series
        if points is None or next(turns) % REPLICAS:
            return answer
        over = [point for point in points if day_at(point) < Asked.of(request).today]
        if over and not Asked.of(request).monthly:
            over[-1][TOTAL] -= over[-1][TOTAL] // 50
        return answer.with_series(points)

    return reply


def _text_for_throttled() -> "Answering":
    """Count the requests: each twentieth is throttled by a gateway that answers in plain text."""
    turns = count(1)

    async def reply(request: Request, honest: "Honest") -> Reply:
        answer = await honest.ask(request)
        if answer.series is None or next(turns) % BURST:
            return answer
        return Reply(
            THROTTLED, b"Too many requests\n", (("content-type", "text/plain"), ("retry-after", "0"))
        )

    return reply


FAULTS: Final = (
    Deviation(
        "past-counts-creep",
        "With each answer all past buckets have a session more.",
        FIXED,
        Remembering(_creeping),
    ),
    Deviation(
        "past-counts-are-noisy",
        "Past buckets differ by up to six sessions from answer to answer.",
        FIXED,
        Remembering(_noisy),
    ),
    Deviation(
        "one-past-day-in-a-hundred-moves",
        "One past bucket in a hundred has a session more in every second answer.",
        FIXED,
        Remembering(_one_day_moves),
    ),
    Deviation(
        "every-third-answer-is-stale",
        "Every third answer is one of a day ago: yesterday's bucket is lower than in the others.",
        FIXED,
        Remembering(_stale),
    ),
    Deviation(
        "today-falls",
        "With each answer the bucket that contains the current time is one session lower.",
        ("open-bucket-grows", "open-bucket-fits-the-ledger"),
        Remembering(_falling),
    ),
    Deviation(
        "every-twentieth-answer-fails",
        "Every twentieth request is answered with 500.",
        ("status-is-documented",),
        Remembering(_failing),
    ),
    Deviation(
        "fields-change-places",
        "In every second answer `time` is the last field of a data point instead of the first.",
        ("answers-repeat",),
        Remembering(_reordering),
    ),
    Deviation(
        "lagging-replica",
        "Each fifth daily answer shows 2 percent less for the newest day that is over.",
        ("past-counts-are-fixed", "incremental-counts"),
        Remembering(_lagging_replica),
    ),
    Deviation(
        "throttled-in-plain-text",
        "Each twentieth request is answered with 429 as text/plain.",
        ("documented-answer-is-json",),
        Remembering(_text_for_throttled),
    ),
)
