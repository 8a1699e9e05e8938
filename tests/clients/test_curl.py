"""curl, with the options that people use."""

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.acme import INCREMENTAL, MAR_1, PATH

if TYPE_CHECKING:
    from tests.served import Twin

CURL = shutil.which("curl")

pytestmark = pytest.mark.skipif(CURL is None, reason="curl is not installed")


def _curl(*arguments: str) -> str:
    assert CURL is not None
    return subprocess.run(
        [CURL, "--silent", "--show-error", "--max-time", "30", *arguments],
        capture_output=True,
        check=True,
        text=True,
    ).stdout


def test_get_with_encoded_parameters(twin: "Twin") -> None:
    """`--get` and `--data-urlencode`, a key twice."""
    body = _curl(
        f"{twin.url}{PATH}", "--get", "--header", "Authorization: <apiKey>",
        "--data-urlencode", "projectKey=web", "--data-urlencode", "projectKey=app",
        "--data-urlencode", f"from={MAR_1}", "--data-urlencode", "aggregationType=incremental",
    )  # fmt: skip

    assert [point["0"] for point in json.loads(body)["series"]] == INCREMENTAL


def test_head_shows_the_headers_of_get(twin: "Twin") -> None:
    """`--head` does not wait for a body."""
    head = _curl("--head", "--header", "Authorization: x", f"{twin.url}{PATH}").splitlines()

    assert head[0].startswith("HTTP/1.1 200")
    assert "content-type: application/json" in head


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((), "401"),
        (("--header", "Authorization;"), "401"),
        (("--oauth2-bearer", "x"), "401"),
        (("--user", "x:"), "200"),
        (("--header", "Authorization: x", "--data", "null"), "405"),
        (("--header", "Authorization: x", "--request", "GET", "--json", "null"), "200"),
        (("--header", "Authorization: x", "--compressed", "--http1.0"), "200"),
        (("--header", "Authorization: x", "--http2"), "200"),
    ],
)
def test_the_status_of_each_way_to_ask(twin: "Twin", arguments: tuple[str, ...], status: str) -> None:
    """No header, a blank one, a bearer, basic authentication, a body, another version of HTTP."""
    written = _curl(
        "--output", "-", "--write-out", "\n%{http_code} %{content_type}", *arguments, f"{twin.url}{PATH}"
    )

    assert written.splitlines()[-1] == f"{status} application/json"


def test_the_output_of_errors_is_json(twin: "Twin") -> None:
    """With `--fail-with-body` a script has both the failure and the reason."""
    assert CURL is not None
    command = [
        CURL,
        "--silent",
        "--fail-with-body",
        "--header",
        "Authorization: x",
        f"{twin.url}{PATH}?from=soon",
    ]

    ended = subprocess.run(command, capture_output=True, check=False, text=True, timeout=60)

    assert ended.returncode == 22
    assert json.loads(ended.stdout)["code"] == "invalid_request"
