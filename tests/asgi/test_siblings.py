"""A twin of several operations: each has its own ledger, and all else is as for the vendored one."""

from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.acme import INCREMENTAL, MAR_1, PATH
from tests.answer import assert_error
from tests.inprocess import WITH_TOKEN, ask
from tests.siblings import ERRORS, KINDS, LOGS, operations

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.conftest import MakeApp

FIVE = operations()
TWO = operations(ERRORS, LOGS)
DAYS = f"aggregationType=incremental&from={MAR_1}"


@pytest.fixture(scope="module")
def five(make_app: "MakeApp") -> "ASGIApp":
    """Give a twin of all."""
    return make_app(operations=FIVE)


@pytest.fixture(scope="module")
def two(make_app: "MakeApp") -> "ASGIApp":
    """Give a twin of two siblings, without the vendored operation."""
    return make_app(operations=TWO)


def values(app: "ASGIApp", path: str, query: str = DAYS) -> list[int]:
    """Ask, and give the values of the answer."""
    return [point["0"] for point in ask(app, query, path=path).json()["series"]]


def test_each_operation_has_a_ledger_of_its_own(five: "ASGIApp", app: "ASGIApp") -> None:
    """And the vendored one answers byte for byte as it does alone."""
    assert ask(five, DAYS).body == ask(app, DAYS).body
    assert values(five, PATH) == INCREMENTAL
    assert len({tuple(values(five, path, "aggregationType=rolling_30d")) for path in KINDS}) == len(KINDS)


def test_what_one_counts_does_not_hang_on_the_others(five: "ASGIApp", two: "ASGIApp") -> None:
    """Nor on how often it is asked: the reply cache keeps them apart."""
    for path in (ERRORS, LOGS, ERRORS, LOGS, ERRORS):
        assert ask(five, DAYS, path=path).body == ask(two, DAYS, path=path).body


def test_the_views_of_a_sibling_agree(five: "ASGIApp") -> None:
    """Its month to date is the sum of its days."""
    days = values(five, ERRORS)

    assert values(five, ERRORS, "") == [sum(days[: n + 1]) for n in range(len(days))]


def test_an_answer_links_to_what_the_client_sent(five: "ASGIApp") -> None:
    """The sibling's own path, with the query."""
    assert ask(five, DAYS, path=ERRORS).json()["_links"]["self"]["href"] == f"{ERRORS}?{DAYS}"


@pytest.mark.parametrize("path", [PATH, f"{ERRORS}/", f"{ERRORS}/x", f"{ERRORS}x", "/", "/api/v2/flags"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_path_that_is_not_served_is_named_as_it_was_sent(two: "ASGIApp", path: str, method: str) -> None:
    """With what is served, the vendored operation's too where it was not chosen."""
    answer = ask(two, path=path, method=method)

    assert_error(answer, 404, "not_found")
    message = answer.json()["message"]
    assert f"there is no path {path!r}. This twin serves GET {ERRORS}, {LOGS}, without" in message


def test_errors_are_those_of_the_vendored_operation(five: "ASGIApp") -> None:
    """400, 401, 404 and 405, and HEAD."""
    assert_error(ask(five, "from=x", path=ERRORS), 400, "invalid_request")
    assert_error(ask(five, path=ERRORS, headers=()), 401, "unauthorized")
    assert_error(ask(five, "projectKey=nobody", path=ERRORS), 404, "not_found")
    assert_error(ask(five, path=ERRORS, method="PUT"), 405, "method_not_allowed")
    assert (ask(five, path=ERRORS, method="HEAD").status, ask(five, path=ERRORS, method="HEAD").body) == (
        200,
        b"",
    )


def test_the_observed_profile_is_theirs_too(make_app: "MakeApp") -> None:
    """Preflight requests, and a quota that a token has for all, and each route for itself."""
    app = make_app(operations=FIVE, policies={"cors": "on", "quota": "5,route:4"})
    asking = (("origin", "https://a.test"), ("access-control-request-method", "GET"))

    assert ask(app, path=LOGS, method="OPTIONS", headers=asking).status == 204
    answers = [ask(app, path=path, headers=WITH_TOKEN) for path in (ERRORS, LOGS, ERRORS, PATH, PATH, PATH)]
    assert [each.header("x-ratelimit-auth-token-remaining") for each in answers] == [
        "4",
        "3",
        "2",
        "1",
        "0",
        "0",
    ]
    assert [each.header("x-ratelimit-route-remaining") for each in answers[:5]] == ["3", "3", "2", "3", "2"]
    assert answers[-1].status == 429


def test_a_fault_is_shown_by_each(make_app: "MakeApp") -> None:
    """Those of paths too, which know the vendored one alone."""
    bare = make_app(operations=FIVE, deviation="body-is-a-bare-list")
    slashed = make_app(operations=FIVE, deviation="trailing-slash-answered")

    assert ask(bare, DAYS, path=ERRORS).json()[0]["time"] == MAR_1 * 1000
    assert ask(slashed, DAYS, path=f"{ERRORS}/").body == ask(slashed, DAYS, path=ERRORS).body


def test_what_a_fault_writes_names_the_operation_s_path(make_app: "MakeApp") -> None:
    """A link that it makes up itself, and where it redirects to."""
    lenient = make_app(operations=FIVE, deviation="any-granularity")
    redirecting = make_app(operations=FIVE, deviation="trailing-slash-redirects")

    link = ask(lenient, "granularity=hourly", path=ERRORS).json()["_links"]["self"]["href"]
    led_to = ask(redirecting, path=f"{ERRORS}/").header("location")

    assert (link, led_to) == (f"{ERRORS}?granularity=hourly", ERRORS)


def test_what_a_fault_remembers_of_one_operation_is_none_of_another_s(make_app: "MakeApp") -> None:
    """The twentieth request of each fails, however many the others got."""
    app = make_app(operations=FIVE, deviation="every-twentieth-answer-fails")

    statuses = {path: [ask(app, path=path).status for _ in range(20)] for path in (ERRORS, LOGS)}

    assert statuses == dict.fromkeys((ERRORS, LOGS), [200] * 19 + [500])


def test_under_a_prefix_they_answer_alike(make_app: "MakeApp") -> None:
    """And link to themselves with the prefix."""
    mounted = Starlette(routes=[Mount("/prefix", make_app(operations=TWO))])

    answer = ask(mounted, DAYS, path=f"/prefix{ERRORS}")

    assert answer.json()["_links"]["self"]["href"] == f"/prefix{ERRORS}?{DAYS}"
    assert_error(ask(mounted, path=f"/prefix{PATH}"), 404, "not_found")
    assert f"there is no path '{ERRORS}/'" in ask(mounted, path=f"/prefix{ERRORS}/").json()["message"]
