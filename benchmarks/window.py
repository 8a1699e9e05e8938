"""A window of 8 000 points, answered and validated within this process: processor time, as nothing waits."""

from functools import partial
from statistics import median
from time import thread_time
from typing import TYPE_CHECKING, Final

from benchmarks.claims import Line, MeasureError
from benchmarks.places import ENDPOINT
from usagetwin.account import answers
from usagetwin.account.ledger import Ledger
from usagetwin.account.query import Query
from usagetwin.account.traffic import Traffic
from usagetwin.contract import effective_contract
from usagetwin.days import start_of
from usagetwin.encoding import encode
from usagetwin.policies import make_policies
from usagetwin.request.validator import Validator
from usagetwin.settings import DEFAULT_PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable

POINTS: Final = 8_000
CREATED: Final = 10_000  # a day in 1997: the window is wider than any world that comes with usagetwin
NOW_S: Final = start_of(CREATED + POINTS) - 1
WEEK: Final = (100, 104, 106, 103, 92, 14, 10)
MOST_ANSWER_MS: Final = 5
MOST_VALIDATE_MS: Final = 10


class WrongAnswerError(MeasureError):
    """An answer that is not the one to be measured."""


def wide_window(times: int) -> list[Line]:
    """Answer and validate the window that many times, in each view."""
    ledger = Ledger({key: (CREATED, _traffic(key)) for key in ("web", "mobile", "backend")})
    first_ms = _once(lambda: _answer(ledger, "month_to_date"))
    validator = Validator(effective_contract())
    lines = [Line(claim=f"{POINTS} points, the first answer, ledger summed", value=first_ms, unit="ms")]
    for view in ("month_to_date", "incremental", "rolling_30d"):
        body = _answer(ledger, view)
        points = body.count(b'"time"')
        if points != POINTS or not validator.accepts_answer(200, body):
            message = f"the window has {points} points, or breaks the contract"
            raise WrongAnswerError(message)
        answer, validate = partial(_answer, ledger, view), partial(validator.accepts_answer, 200, body)
        lines += [
            _line(f"{POINTS} points answered, {view}", times, answer, MOST_ANSWER_MS),
            _line(f"{POINTS} points validated, {view}", times, validate, MOST_VALIDATE_MS),
        ]
    return lines


def _traffic(key: str) -> Traffic:
    return Traffic(seed=1, project=key, created=CREATED, level=12_000, weekdays=WEEK, growth=10, noise=10)


def _answer(ledger: Ledger, view: str) -> bytes:
    query = Query(from_s=start_of(CREATED), to_s=NOW_S + 1, aggregation_type=view)
    policies = make_policies(DEFAULT_PROFILE, {}, {})
    return encode(answers.document(answers.series(query, ledger, policies, NOW_S), ENDPOINT))


def _line(claim: str, times: int, act: "Callable[[], object]", at_most: float) -> Line:
    taken = [_once(act) for _ in range(times)]
    note = f"{min(taken):.2f} to {max(taken):.2f} ms in {times} times"
    return Line(claim=claim, value=median(taken), unit="ms", at_most=at_most, note=note)


def _once(act: "Callable[[], object]") -> float:
    started = thread_time()
    act()
    return (thread_time() - started) * 1000
