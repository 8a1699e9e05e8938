"""Python `requests`, as the source document shows it, with the host changed only."""

from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.acme import FEB_27, MAR_1, MAR_2, MAR_3, PATH

if TYPE_CHECKING:
    from tests.served import Twin


def test_the_example_of_the_document_works(twin: "Twin") -> None:
    """The placeholder of its token included."""
    url = f"{twin.url}/api/v2/usage/observability/sessions"

    headers = {"Authorization": "<apiKey>"}

    response = requests.get(url, headers=headers)  # noqa: S113 -- the document's example, word for word

    assert response.json() == {
        "_links": {"self": {"href": PATH, "type": "application/json"}},
        "metadata": [{}],
        "series": [
            {"time": MAR_1 * 1000, "0": 31},
            {"time": MAR_2 * 1000, "0": 73},
            {"time": MAR_3 * 1000, "0": 100},
        ],
    }


@pytest.mark.parametrize(
    ("params", "values"),
    [
        ({"projectKey": ["web", "app"], "aggregationType": "incremental"}, [31, 42, 27]),
        ({"projectKey": "app", "from": FEB_27, "to": MAR_3}, [1, 3]),
        ({"granularity": "monthly", "from": FEB_27}, [30, 100]),
        ({"aggregationType": "rolling_30d", "projectKey": None}, [61, 103, 130]),
    ],
)
def test_parameters_given_as_requests_takes_them(
    twin: "Twin", params: dict[str, Any], values: list[int]
) -> None:
    """A list is repeated, an integer is written in digits, None is left out."""
    with requests.Session() as session:
        session.headers["Authorization"] = "<apiKey>"
        response = session.get(f"{twin.url}{PATH}", params=params, timeout=30)

    assert [point["0"] for point in response.json()["series"]] == values


def test_an_error_raises_as_it_should(twin: "Twin") -> None:
    """`raise_for_status` has the status, the body the reason."""
    response = requests.get(f"{twin.url}{PATH}", timeout=30)

    with pytest.raises(requests.HTTPError, match="401 Client Error"):
        response.raise_for_status()
    assert response.json()["code"] == "unauthorized"
