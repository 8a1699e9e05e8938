"""What is no path of the contract, and what a GET carries that it need not."""

from typing import TYPE_CHECKING

import pytest

from tests.answer import assert_error
from tests.inprocess import ask

if TYPE_CHECKING:
    from starlette.types import ASGIApp


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api",
        "/api/v2/usage",
        "/api/v2/usage/observability/sessions/",
        "/api/v2/usage/observability/Sessions",
        "//api/v2/usage/observability/sessions",
        "/openapi.json",
        "/ui/",
        "/metrics",
        "/api/v2/usage/observability/errors",
        "/api/v2/usage/observability/sessions/x",
        "/%00",
        "/%ff%fe",
        "/../etc/passwd",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_an_unknown_path_is_not_found_whatever_the_method(app: "ASGIApp", path: str, method: str) -> None:
    """A trailing slash is another path, and is not redirected; no page of the framework's is published."""
    answer = ask(app, method=method, path=path)

    assert answer.status == 404
    assert answer.header("location") is None
    if method != "HEAD":
        assert "GET /api/v2/usage/observability/sessions" in assert_error(answer, 404, "not_found")


def test_a_body_on_a_get_is_ignored(app: "ASGIApp") -> None:
    """LaunchDarkly's own CLI sends the body `null` as JSON."""
    headers = (("authorization", "t"), ("content-type", "application/json"), ("content-length", "4"))

    with_body = ask(app, "projectKey=web", headers=headers, body=b"null")
    broken = ask(app, "projectKey=web", headers=headers, body=b"{nu")

    assert with_body.status == 200
    assert with_body == broken == ask(app, "projectKey=web")
