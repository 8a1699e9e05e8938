"""The two profiles, and every policy by itself."""

from typing import TYPE_CHECKING

import pytest

from tests.acme import FULL, INCREMENTAL, MAR_1, MAR_2, MAR_3, assert_default_answer
from tests.answer import assert_error
from tests.inprocess import ask
from usagetwin.errors import SettingError
from usagetwin.policies import POLICIES

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.conftest import MakeApp

BETA = (("authorization", FULL), ("ld-api-version", "beta"))
GATE = (  # as recorded on the real API, FACTS 11
    b'{"message":"This API is in beta. '
    b'To use it, your request must include the header `LD-API-Version: beta`."}'
)


def test_documented_adds_no_header_of_its_own(app: "ASGIApp") -> None:
    """Type and length, and nothing else."""
    assert [name for name, _ in ask(app).headers] == ["content-type", "content-length"]


@pytest.mark.parametrize("version", [None, "", "20240415", "Beta", "beta2", "20240415, beta"])
def test_observed_wants_the_beta_header(observed_app: "ASGIApp", version: str | None) -> None:
    """Its 403 has a message alone, as the real one."""
    headers = (("authorization", FULL), *((("ld-api-version", version),) if version is not None else ()))

    answer = ask(observed_app, headers=headers)

    assert (answer.status, answer.body) == (403, GATE)
    assert answer.header("content-type") == "application/json"


def test_observed_answers_with_the_beta_header(observed_app: "ASGIApp") -> None:
    """The numbers are those of the other profile; of two header lines the first counts."""
    assert_default_answer(ask(observed_app, headers=BETA))
    assert ask(observed_app, headers=(*BETA, ("ld-api-version", "x"))).status == 200
    assert ask(observed_app, headers=(("ld-api-version", "x"), *BETA)).status == 403


def test_observed_sends_rate_limit_headers(make_app: "MakeApp") -> None:
    """One less remains after each request; the window ends within ten seconds."""
    app = make_app(profile="observed")

    first, second = ask(app, headers=BETA), ask(app, headers=BETA)

    assert [first.header("x-ratelimit-route-limit"), second.header("x-ratelimit-route-limit")] == [
        "1000",
        "1000",
    ]
    assert first.header("x-ratelimit-route-remaining") == "999"
    assert second.header("x-ratelimit-route-remaining") in {"998", "999"}  # another window, with bad luck
    assert (first.header("x-ratelimit-reset") or "").isdigit()


def test_observed_sends_cors_headers_on_every_answer(observed_app: "ASGIApp") -> None:
    """An error is one too."""
    for headers in (BETA, ()):
        answer = ask(observed_app, headers=(*headers, ("origin", "https://example.test")))

        assert answer.header("access-control-allow-origin") == "https://example.test"
        assert answer.header("access-control-max-age") == "300"
        assert answer.header("access-control-allow-methods") == "OPTIONS, GET, DELETE, PATCH"


def test_projects_separate_gives_each_project_its_field(make_app: "MakeApp") -> None:
    """In order of first appearance, each explained in `metadata`, zero before a project's creation."""
    app = make_app(policies={"projects": "separate"})

    answer = ask(
        app, "projectKey=app&projectKey=web&projectKey=app&from=1772236800&aggregationType=incremental"
    )

    assert answer.json()["metadata"] == [{"projectKey": "app"}, {"projectKey": "web"}]
    assert answer.json()["series"] == [
        {"time": 1772236800000, "0": 0, "1": 20},
        {"time": MAR_1 * 1000, "0": 1, "1": 30},
        {"time": MAR_2 * 1000, "0": 2, "1": 40},
        {"time": MAR_3 * 1000, "0": 2, "1": 25},
    ]


def test_projects_separate_without_a_filter_is_the_total(make_app: "MakeApp") -> None:
    """One key field, and no project's name."""
    assert_default_answer(ask(make_app(policies={"projects": "separate"})))


def test_unknown_project_empty_counts_nothing_for_it(make_app: "MakeApp") -> None:
    """Alone it gives no bucket; beside a known one it adds nothing."""
    app = make_app(policies={"unknown_project": "empty"})

    alone = ask(app, "projectKey=nope")
    beside = ask(app, "projectKey=nope&projectKey=web&projectKey=app&aggregationType=incremental")

    assert (alone.status, alone.values) == (200, [])
    assert beside.values == INCREMENTAL


def test_unknown_project_empty_with_separate_projects_is_zero(make_app: "MakeApp") -> None:
    """Its field is there, and zero throughout."""
    app = make_app(policies={"unknown_project": "empty", "projects": "separate"})

    answer = ask(app, "projectKey=nope&projectKey=app")

    assert answer.json()["metadata"] == [{"projectKey": "nope"}, {"projectKey": "app"}]
    assert [(point["0"], point["1"]) for point in answer.json()["series"]] == [(0, 1), (0, 3), (0, 5)]


@pytest.mark.parametrize("query", ["from=x", "projectKey=nope"])
def test_error_id_adds_an_id_to_error_bodies(make_app: "MakeApp", query: str) -> None:
    """The same request at the same instant has the same one, another request another."""
    app = make_app(policies={"error_id": "on"})

    first, again, other = (ask(app, text).json() for text in (query, query, f"{query}y"))

    assert set(first) == {"code", "message", "id"}
    assert first == again
    assert other["id"] != first["id"]


def test_quota_is_counted_for_each_token_by_itself(make_app: "MakeApp") -> None:
    """The third request of a token is one too many for `quota=2`; another token has its own two."""
    app = make_app(policies={"quota": "2"})

    def statuses(token: str) -> list[int]:
        return [ask(app, headers=(("authorization", token),)).status for _ in range(3)]

    assert statuses("a") == statuses("b") == [200, 200, 429]


def test_a_spent_quota_is_a_429_with_its_headers(make_app: "MakeApp") -> None:
    """Nothing remains, and the message names the quota."""
    app = make_app(policies={"quota": "2"})

    _, _, spent = [ask(app) for _ in range(3)]

    assert "2 requests in 10 seconds" in assert_error(spent, 429, "rate_limited")
    assert spent.header("x-ratelimit-route-remaining") == "0"


def test_a_policy_changes_a_profile(make_app: "MakeApp") -> None:
    """What is named wins over the profile's value."""
    app = make_app(profile="observed", policies={"beta": "ignored", "cors": "off", "quota": "off"})

    assert ask(app) == ask(make_app())


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"profile": "observd"}, ["documented", "observed"]),
        ({"policies": {"betta": "required"}}, list(POLICIES)),
        ({"policies": {"beta": "yes"}}, ["ignored", "required"]),
        ({"policies": {"quota": "0"}}, ["off", "a number"]),
        ({"policies": {"quota": "-1"}}, ["off", "a number"]),
        ({"policies": {"quota": "٣"}}, ["off", "a number"]),
    ],
)
def test_a_wrong_profile_policy_or_value_lists_the_valid_ones(
    make_app: "MakeApp", settings: dict[str, object], names: list[str]
) -> None:
    """Each by name."""
    with pytest.raises(SettingError) as raised:
        make_app(**settings)

    assert [name for name in names if name not in str(raised.value)] == []
