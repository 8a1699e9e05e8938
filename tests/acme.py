"""A small account whose answers can be added up by hand, and the instant at which tests look at it.

At noon of 2026-03-03, half of that day's sessions have happened:

    day     web  app  both
    02-27    10         10
    02-28    20         20
    03-01    30    1    31
    03-02    40    2    42
    03-03    25    2    27   (open; the whole day has 50 and 4)
"""

from typing import Final

from tests.answer import Answer

PATH: Final = "/api/v2/usage/observability/sessions"

FEB_27: Final = 1772150400
FEB_28: Final = 1772236800
MAR_1: Final = 1772323200
MAR_2: Final = 1772409600
MAR_3: Final = 1772496000
NOW: Final = "2026-03-03T12:00:00Z"
NOW_S: Final = MAR_3 + 43200

FULL: Final = "api-11111111-1111-4111-8111-11111111beef"
REVOKED: Final = "api-11111111-1111-4111-8111-11111111dead"
FORBIDDEN: Final = "api-11111111-1111-4111-8111-11111111f0b1"
THROTTLED: Final = "api-11111111-1111-4111-8111-11111111510e"

MONTH_TO_DATE: Final = [31, 73, 100]
INCREMENTAL: Final = [31, 42, 27]
ROLLING_30D: Final = [61, 103, 130]
MONTHLY: Final = [30, 100]  # from February on

WORLD: Final = f"""\
name: acme
about: A small account whose answers can be added up by hand.
projects:
  - key: web
    counts: {{2026-02-27: 10, 2026-02-28: 20, 2026-03-01: 30, 2026-03-02: 40, 2026-03-03: 50}}
  - key: app
    counts: {{2026-03-01: 1, 2026-03-02: 2, 2026-03-03: 4}}
tokens:
  - {{token: {FULL}, role: full}}
  - {{token: {REVOKED}, role: revoked}}
  - {{token: {FORBIDDEN}, role: forbidden}}
  - {{token: {THROTTLED}, role: throttled}}
"""


def assert_default_answer(answer: Answer) -> None:
    """Hold an answer to what the account gives when nothing is asked for: this month to date, day by day."""
    assert answer.status == 200, answer
    assert answer.header("content-type") == "application/json"
    assert answer.json()["series"] == [
        {"time": MAR_1 * 1000, "0": 31},
        {"time": MAR_2 * 1000, "0": 73},
        {"time": MAR_3 * 1000, "0": 100},
    ]
    assert answer.json()["metadata"] == [{}]
