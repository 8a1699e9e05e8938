"""Learn a target's current time from what it answers, and whether anything moved meanwhile.

Source: `SEMANTICS` 6.
"""

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from usagetwin.days import LAST_INSTANT_S, SECONDS_PER_DAY, day_of, first_of_month, start_of, to_date
from usagetwin_checker.knowing.knowledge import Now
from usagetwin_checker.knowing.reading import STANDARD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge

NEAR_S: Final = 2 * SECONDS_PER_DAY  # by as much a label may lie beside its bucket, and a bucket be late
PROBES: Final = 2  # before a run and after it: the default window, and the far future
FIRST_PLAUSIBLE_DAY: Final = 20 * 365  # before it, milliseconds can't be told from seconds
LAST_PLAUSIBLE_DAY: Final = day_of(LAST_INSTANT_S) - 1  # after it, `from` and `to` have too many digits


def learn(
    knowledge: "Knowledge", before: "Sequence[Exchange]", after: "Sequence[Exchange]", clock_s: float = 0
) -> "Knowledge":
    """Add what the probes before and after a run show: the current time, and whether it all stood still.

    A third probe before the run was sent because the default window showed no bucket. If it shows some, the
    current time may be as late as the checker's own clock, `clock_s`, give or take a day.
    """
    knowledge = replace(knowledge, still=_still(before, after))
    newest = [label for exchange in (*before, *after) if (label := newest_s(exchange)) is not None]
    if knowledge.now is not None or not newest:
        return knowledge
    recent = [label for exchange in before[PROBES:] if (label := newest_s(exchange)) is not None]
    if before and shows_no_bucket(before[0]):
        latest_s = int(clock_s) + SECONDS_PER_DAY
        if latest_s < max(recent, default=0) or not (recent or all(map(_begins_a_month, newest))):
            return knowledge
        knowledge = replace(knowledge, latest_s=latest_s if recent else 0)
    return replace(knowledge, newest_s=tuple(newest)).read_as(STANDARD)


def _still(before: "Sequence[Exchange]", after: "Sequence[Exchange]") -> bool:
    """Tell whether the probes show the same buckets before and after, and some bucket at all."""
    pairs = list(zip(before, after, strict=False))
    return any(newest_s(one) is not None for one, _ in pairs) and all(
        same_counts(one, other) for one, other in pairs
    )


def _begins_a_month(label_s: int) -> bool:
    """Tell whether a label is of a first day: an empty default window can't end with another one."""
    return first_of_month(day_of(label_s)) == day_of(label_s)


def shows_no_bucket(exchange: "Exchange") -> bool:
    """Tell whether an answer is a series without any bucket."""
    return exchange.well_formed and not exchange.document["series"]


def today(instant_s: float) -> Now:
    """Give the day of an instant as a current time: where to ask, when the target does not show its own."""
    day = day_of(int(instant_s))
    return Now.within(day, day)


def is_json_object(exchange: "Exchange") -> bool:
    """Tell whether an exchange is a 200 with a JSON object: not yet a series, but no other server's page."""
    try:
        return exchange.status == HTTPStatus.OK and isinstance(exchange.document, dict)
    except ValueError:
        return False


def contradiction(given: Now, default: "Exchange", far: "Exchange") -> str | None:
    """Say how the probes contradict a current time that was given; None where they don't.

    They do where both end near the same day, and the default window can't end there at that time.
    """
    shown_s, far_s = newest_s(default), newest_s(far)
    if shown_s is None or far_s is None or abs(shown_s - far_s) > NEAR_S:
        return None
    if start_of(first_of_month(day_of(given.earliest_s))) - NEAR_S <= shown_s <= given.latest_s + NEAR_S:
        return None
    return f"the newest bucket that it shows is {to_date(day_of(shown_s))}"


def newest_s(exchange: "Exchange") -> int | None:
    """Give the newest label in seconds, its unit taken from its magnitude; None where it can't be one."""
    if exchange.cut or not exchange.well_formed:
        return None
    labels = [int(point["time"]) for point in exchange.document["series"]]
    if not labels:
        return None
    newest = max(labels)
    in_milliseconds = newest // STANDARD.per_second
    label_s = in_milliseconds if day_of(in_milliseconds) >= FIRST_PLAUSIBLE_DAY else newest
    return label_s if FIRST_PLAUSIBLE_DAY <= day_of(label_s) <= LAST_PLAUSIBLE_DAY else None


def same_counts(one: "Exchange", other: "Exchange") -> bool:
    """Tell whether two answers show the same buckets with the same values, however they are written."""
    whole = one.well_formed and other.well_formed
    return whole and bool(one.document["series"] == other.document["series"])
