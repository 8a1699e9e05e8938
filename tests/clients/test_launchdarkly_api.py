"""The official client `launchdarkly-api` 25.0.1: what it reads, and what it raises (FACTS 17 and 18)."""

import json
from typing import TYPE_CHECKING, Any

import launchdarkly_api
import pytest
from launchdarkly_api import exceptions
from launchdarkly_api.api.account_usage_beta_api import AccountUsageBetaApi

from tests.acme import FEB_27, FORBIDDEN, FULL, MAR_1, MAR_3, MONTH_TO_DATE, NOW_S, PATH, REVOKED, THROTTLED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.served import Twin

    Ask = Callable[..., Any]


def _client(url: str, token: str, *, beta: bool) -> "Iterator[Ask]":
    configuration = launchdarkly_api.Configuration(host=url)
    configuration.api_key["ApiKey"] = token
    with launchdarkly_api.ApiClient(configuration) as api_client:
        if beta:
            api_client.set_default_header("LD-API-Version", "beta")
        yield AccountUsageBetaApi(api_client).get_observability_sessions_usage


@pytest.fixture
def ask(twin: "Twin") -> "Iterator[Ask]":
    """Give the client's call, with a full token, as it comes: without the beta header."""
    yield from _client(twin.url, FULL, beta=False)


@pytest.fixture
def ask_with_token(twin: "Twin", request: pytest.FixtureRequest) -> "Iterator[Ask]":
    """Give the client's call with the token of the test's parameter."""
    yield from _client(twin.url, request.param, beta=False)


def test_without_arguments_it_reads_this_month(ask: "Ask") -> None:
    """Points as maps of strict integers, links and metadata beside."""
    answer = ask()

    assert [point["0"] for point in answer.series] == MONTH_TO_DATE
    assert [point["time"] for point in answer.series][0::2] == [MAR_1 * 1000, MAR_3 * 1000]
    assert answer.metadata == [{}]
    assert answer.links["self"]["href"] == PATH


def test_all_five_parameters_arrive(ask: "Ask") -> None:
    """Under the names that the client gives them."""
    answer = ask(
        var_from=str(FEB_27),
        to=str(NOW_S),
        project_key="web",
        granularity="monthly",
        aggregation_type="month_to_date",
    )

    assert [point["0"] for point in answer.series] == [30, 95]
    assert answer.links["self"]["href"] == (
        f"{PATH}?from={FEB_27}&to={NOW_S}&projectKey=web&granularity=monthly&aggregationType=month_to_date"
    )


def test_an_empty_series_is_read(ask: "Ask") -> None:
    """Nothing before the first project."""
    assert ask(var_from="0", to="1").series == []


@pytest.mark.parametrize(
    ("arguments", "raised", "code"),
    [
        ({"var_from": "yesterday"}, exceptions.BadRequestException, "invalid_request"),
        (
            {"granularity": "monthly", "aggregation_type": "incremental"},
            exceptions.BadRequestException,
            "invalid_request",
        ),
        ({"project_key": "nope"}, exceptions.NotFoundException, "not_found"),
    ],
)
def test_a_refused_query_raises_by_its_status(
    ask: "Ask", arguments: dict[str, str], raised: type[exceptions.ApiException], code: str
) -> None:
    """400 and 404, with the reason in the body."""
    with pytest.raises(raised) as caught:
        ask(**arguments)

    assert json.loads(caught.value.body or "")["code"] == code


@pytest.mark.parametrize(
    ("ask_with_token", "raised", "code"),
    [
        (REVOKED, exceptions.UnauthorizedException, "unauthorized"),
        (f"Bearer {FULL}", exceptions.UnauthorizedException, "invalid_token"),
        (FORBIDDEN, exceptions.ForbiddenException, "forbidden"),
        (THROTTLED, exceptions.ApiException, "rate_limited"),
    ],
    indirect=["ask_with_token"],
)
def test_a_refused_token_raises_by_its_status(
    ask_with_token: "Ask", raised: type[exceptions.ApiException], code: str
) -> None:
    """401 and 403 have exceptions of their own; 429 raises the plain one."""
    with pytest.raises(exceptions.ApiException) as caught:
        ask_with_token()

    assert type(caught.value) is raised
    assert json.loads(caught.value.body or "")["code"] == code


@pytest.fixture
def ask_observed(observed_twin: "Twin", request: pytest.FixtureRequest) -> "Iterator[Ask]":
    """Give the client's call to a twin of the profile `observed`; the test's parameter is the beta header."""
    yield from _client(observed_twin.url, FULL, beta=request.param)


@pytest.mark.parametrize("ask_observed", [False], indirect=True)
def test_observed_refuses_it_as_it_comes(ask_observed: "Ask") -> None:
    """It sends a dated version, and meets the beta gate, whose body has no code."""
    with pytest.raises(exceptions.ForbiddenException) as caught:
        ask_observed()

    assert list(json.loads(caught.value.body or "")) == ["message"]


@pytest.mark.parametrize("ask_observed", [True], indirect=True)
def test_observed_answers_it_with_the_beta_header(ask_observed: "Ask") -> None:
    """Set as a default header, the one way that the client leaves."""
    assert [point["0"] for point in ask_observed().series] == MONTH_TO_DATE
