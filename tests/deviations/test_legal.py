"""The legal variations: each differs from the twin, and breaks nothing that the document says."""

import gzip
import json
from functools import cache
from itertools import pairwise
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.acme import FULL, MAR_1, MAR_2, MAR_3, PATH
from tests.deviations.legal_examples import DAY_S, EXAMPLES, REFUSALS
from tests.inprocess import ask, ask_all
from usagetwin import Settings, create_app
from usagetwin.contract import effective_contract, rules
from usagetwin.deviations.legal import VARIATIONS
from usagetwin.request.validator import Validator

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.answer import Answer
    from tests.conftest import MakeApp

NOW: Final = "2026-11-10T12:00:00Z"
NOV_1: Final = 1793491200
NOV_9: Final = NOV_1 + 8 * DAY_S
YEAR_2023: Final = 1672531200
NAMES: Final = [variation.name for variation in VARIATIONS]
DOCUMENTED: Final = frozenset({200, 400, 401, 403, 404, 429})
CREDENTIAL: Final = ("authorization", FULL)

QUERIES: Final = (
    "",
    f"from={YEAR_2023}&to=9999999999&aggregationType=incremental",
    f"from={YEAR_2023}&to=9999999999",
    f"from={YEAR_2023 + 400 * DAY_S}&to={YEAR_2023 + 500 * DAY_S}",
    f"from={NOV_1 - 45 * DAY_S}&to={NOV_9 + 1}&granularity=monthly",
    f"from={NOV_1 + 1}&to={NOV_9}&aggregationType=rolling_30d",
    f"from={NOV_1}&to={NOV_9}&aggregationType=incremental&projectKey=internal-tools",
    f"from={NOV_1}&to={NOV_9}&aggregationType=incremental&projectKey=mobile&projectKey=default",
    f"from={NOV_9}&to={NOV_9}",
    f"from={NOV_9}&to={NOV_1}",
    "projectKey=nope",
    "projectKey=nope&projectKey=mobile",
    "projectKey=Mobile",
    "projectKey=mobile,default",
    "projectKey=",
    f"from=%2B{NOV_1}",
    "from=",
    "granularity=Daily",
    "granularity=daily&granularity=daily",
    "granularity=weekly",
    "limit=1",
)
REQUESTS: Final[tuple[dict[str, Any], ...]] = (
    *({"query": query} for query in QUERIES),
    {"headers": [CREDENTIAL, ("accept-encoding", "gzip")]},
    {"headers": [CREDENTIAL, ("ld-api-version", "beta")]},
    {"headers": [("authorization", f"Bearer {FULL}")]},
    {"path": PATH + "/"},
    {"method": "HEAD"},
    {"method": "OPTIONS"},
    {"method": "POST"},
)


@cache
def varied(name: str | None) -> "ASGIApp":
    """Make the twin of a busy account with one variation."""
    return create_app(Settings(now=NOW, deviation=name, reply_cache=False))


def asked(app: "ASGIApp", request: dict[str, Any]) -> "Answer":
    """Ask once, as `REQUESTS` has it."""
    return ask(app, **request)


def body_of(answer: "Answer") -> bytes:
    """Give the body as a client sees it."""
    return gzip.decompress(answer.body) if answer.header("content-encoding") == "gzip" else answer.body


def points_of(answer: "Answer") -> list[tuple[int, int]]:
    """Give (time, value) of each point of an answer with one key field."""
    return [(point["time"], point["0"]) for point in answer.json()["series"]]


@pytest.fixture(scope="module")
def honest() -> "ASGIApp":
    """Give the twin without a variation."""
    return varied(None)


@pytest.fixture(scope="module")
def validator() -> Validator:
    """Give the contract's validator."""
    return Validator(effective_contract())


@pytest.mark.parametrize("variation", VARIATIONS, ids=NAMES)
def test_a_variation_names_only_rules_of_tiers_observed_and_chosen(variation: Any) -> None:  # noqa: ANN401 -- a Deviation
    """The rules that it breaks exist, each is named once, and none comes from the document."""
    tiers = {rules()[rule].tier.value for rule in variation.rules}

    assert tiers <= {"observed", "chosen"}
    assert len(set(variation.rules)) == len(variation.rules)


def test_names_are_slugs_that_differ() -> None:
    """Each variation can be asked for by a name of its own."""
    assert len(set(NAMES)) == len(NAMES)
    assert all(name.replace("-", "").isalnum() and name == name.lower() for name in NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "slow"])
def test_a_variation_differs_from_the_twin(name: str, honest: "ASGIApp") -> None:
    """At least one request of a fixed set gets another status, header or body."""
    app = varied(name)
    requests = REQUESTS * 2  # twice, for what shows with the number of requests

    assert any(asked(app, request) != asked(honest, request) for request in requests)


@pytest.mark.parametrize("name", NAMES)
def test_a_variation_keeps_the_schema(name: str, validator: Validator) -> None:
    """Each GET with a credential has a documented status, and a JSON body that the contract accepts."""
    app = varied(name)
    gets = [request for request in REQUESTS if "method" not in request and "path" not in request]

    for request in gets:
        answer = asked(app, request)
        media_type = (answer.header("content-type") or "").partition(";")[0].strip().lower()

        assert answer.status in DOCUMENTED
        assert media_type == "application/json"
        assert validator.accepts_answer(answer.status, body_of(answer)), answer


@pytest.mark.parametrize("name", NAMES)
def test_a_variation_refuses_what_the_document_refuses(name: str) -> None:
    """No credential is 401; a value beyond the documented ones, or the wrong pair of them, is 400."""
    app = varied(name)
    wrong = ["granularity=weekly", "aggregationType=sum", "granularity=monthly&aggregationType=incremental"]

    refusals = ask_all(app, [*wrong, "from=soon", "to=12x"], [CREDENTIAL, ("ld-api-version", "beta")])

    assert ask(app, headers=[]).status == 401
    assert [refusal.status for refusal in refusals] == [400] * 5


@pytest.mark.parametrize("name", NAMES)
def test_a_variation_keeps_what_is_known_of_closed_days(name: str, honest: "ASGIApp") -> None:
    """A documented query is answered, and each day that counts has the count that the twin gives it."""
    query = f"from={NOV_1}&to={NOV_9}&aggregationType=incremental&projectKey=default"
    to_the_next_day = query.replace(str(NOV_9), str(NOV_9 + DAY_S))
    scale = 2**41 if name == "counts-beyond-2-53" else 1
    expected = {value * scale for value in ask(honest, to_the_next_day).values}

    answers = ask_all(varied(name), [query] * 3, [CREDENTIAL, ("ld-api-version", "beta")])
    first, second = [answer for answer in answers if answer.status != 429][:2]
    shown = [[each for field, each in point.items() if field != "time"] for point in first.json()["series"]]

    assert first.status == 200
    assert first == second
    assert {value for (value,) in shown if value} <= expected


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_key_never_brings_back_sessions(name: str) -> None:
    """It is refused, or counts nothing."""
    answer = ask(varied(name), "projectKey=nope", headers=[CREDENTIAL, ("ld-api-version", "beta")])

    if answer.status == 200:
        assert not any(value for _, value in points_of(answer))
    else:
        assert answer.status in {400, 403, 404}


@pytest.mark.parametrize(("name", "query", "expected"), EXAMPLES)
def test_a_variation_shows_what_it_says(
    name: str, query: str, expected: list[tuple[int, int]], make_app: "MakeApp"
) -> None:
    """Its points are those worked out by hand."""
    assert points_of(ask(make_app(deviation=name), query)) == expected


@pytest.mark.parametrize(("name", "query", "status"), REFUSALS)
def test_a_variation_refuses_what_it_says(name: str, query: str, status: int, make_app: "MakeApp") -> None:
    """The edge of what it refuses is exact."""
    assert ask(make_app(deviation=name), query).status == status


def test_sparse_leaves_out_zeros_alone(make_app: "MakeApp") -> None:
    """The account counts nothing after 3 March."""
    app = make_app(deviation="sparse", now="2026-03-05T12:00:00Z")

    answer = ask(app, "aggregationType=incremental")

    assert points_of(answer) == [(MAR_1 * 1000, 31), (MAR_2 * 1000, 42), (MAR_3 * 1000, 54)]


@pytest.mark.parametrize(
    ("name", "view", "kept"),
    [
        ("retention", "incremental", 401),
        ("retention", "month_to_date", 401),
        ("month-to-date-retention", "month_to_date", 401),
        ("month-to-date-retention", "incremental", 1031),  # every day since 2024-01-15
    ],
)
def test_retention_ends_400_days_ago(name: str, view: str, kept: int) -> None:
    """Today and the 400 days before it are shown, with the values that they always had."""
    query = f"from={YEAR_2023}&aggregationType={view}"

    assert len(points_of(ask(varied(name), query))) == kept
    assert points_of(ask(varied(name), query)) == points_of(ask(varied(None), query))[-kept:]


@pytest.mark.parametrize(
    ("name", "metadata", "first_point"),
    [
        ("separate-by-name", [{"name": "web"}, {"name": "app"}], {"0": 20, "1": 0}),
        (
            "separate-with-project-name",
            [{"projectKey": "web", "projectName": "Web"}, {"projectKey": "app", "projectName": "App"}],
            {"0": 20, "1": 0},
        ),
        (
            "separate-in-key-order",
            [{"project": {"key": "app"}}, {"project": {"key": "web"}}],
            {"0": 0, "1": 20},
        ),
    ],
)
def test_separate_key_fields_are_explained_in_metadata(
    name: str, metadata: list[Any], first_point: dict[str, int], make_app: "MakeApp"
) -> None:
    """Each distinct key has one field, in the order of the metadata, and 0 before its creation."""
    query = f"aggregationType=incremental&from={MAR_1 - DAY_S}&projectKey=web&projectKey=app&projectKey=web"

    answer = ask(make_app(deviation=name), query).json()

    assert answer["metadata"] == metadata
    assert answer["series"][0] == {"time": (MAR_1 - DAY_S) * 1000, **first_point}
    assert [sum(point[field] for field in "01") for point in answer["series"]] == [20, 31, 42, 27]


@pytest.mark.parametrize(
    ("name", "direction"), [("open-bucket-grows-with-each-request", 1), ("open-bucket-falls", -1)]
)
def test_the_open_bucket_moves_with_each_request(name: str, direction: int) -> None:
    """Today goes one way and yesterday stands still."""
    answers = ask_all(varied(name), [f"from={NOV_9}&aggregationType=incremental"] * 30)
    closed, opened = zip(*(answer.values for answer in answers), strict=True)

    assert len(set(closed)) == 1
    assert all(before * direction < after * direction for before, after in pairwise(opened))


def test_slow_takes_its_time(make_app: "MakeApp") -> None:
    """An answer is what it was, 20 ms later."""
    app = make_app(deviation="slow")
    began = perf_counter()

    answer = ask(app)

    assert perf_counter() - began >= 0.02
    assert answer == ask(make_app(reply_cache=False))


def test_integers_are_written_with_a_fraction(make_app: "MakeApp") -> None:
    """Times and values have one, the same number all the same."""
    series = ask(make_app(deviation="integers-with-point-zero")).body.partition(b'"series":')[2]

    assert series.startswith(b'[{"time":%d.0,"0":31.0},' % (MAR_1 * 1000))


def test_chunks_carry_the_whole_body(make_app: "MakeApp") -> None:
    """The body comes in parts that make up the body, and no length is told."""
    answer = ask(make_app(deviation="chunked"))

    assert answer.header("content-length") is None
    assert answer.body == ask(make_app()).body


def test_compression_is_for_those_who_accept_it(make_app: "MakeApp") -> None:
    """Others get the plain body."""
    app = make_app(deviation="gzip")

    packed = ask(app, headers=[CREDENTIAL, ("accept-encoding", "br, gzip")])

    assert packed.header("content-encoding") == "gzip"
    assert json.loads(gzip.decompress(packed.body)) == ask(app).json()
    assert ask(app).header("content-encoding") is None


def test_a_limit_now_and_then_is_gone_at_once(make_app: "MakeApp") -> None:
    """One in twenty is a 429 with Retry-After, and no two follow one another."""
    statuses = [answer.status for answer in ask_all(make_app(deviation="limited-now-and-then"), [""] * 40)]

    assert statuses.count(429) == 2
    assert (429, 429) not in pairwise(statuses)


def test_a_head_is_answered_without_a_body(make_app: "MakeApp") -> None:
    """A variation of the body shows in the length of a HEAD."""
    app = make_app(deviation="spaced-json")

    head, get = ask(app, method="HEAD"), ask(app)

    assert head.body == b""
    assert head.header("content-length") == str(len(get.body))


def test_options_is_answered_to_those_with_a_credential(make_app: "MakeApp") -> None:
    """A request without a credential is never 200, whatever its method."""
    app = make_app(deviation="options-answered")

    assert ask(app, method="OPTIONS").status == 200
    assert ask(app, method="OPTIONS", headers=[]).status == 405
    assert ask(app, method="OPTIONS", headers=[("authorization", " ")]).status == 405
