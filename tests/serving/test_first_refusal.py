"""The first refusal of each kind: it costs what a later one costs, since nothing is imported for it."""

import subprocess
import sys
from typing import Final

import pytest

PROGRAM: Final = """\
import sys
from tests.acme import NOW, WORLD
from tests.inprocess import ask
from usagetwin import Settings, create_app

app = create_app(Settings(profile=sys.argv[1], policies={"error_id": "on"}, now=NOW))
beta = ("ld-api-version", "beta")
token = (("authorization", "api-example"), beta)
ask(app, headers=token)  # the first request of all, which the start of a server does not make
before = set(sys.modules)
queries = (
    "from=soon", "to=", "from=1735689600000", "granularity=weekly", "aggregationType=x", "projectKey=",
    "projectKey=nowhere", "projectKey=default,mobile", "from=1&from=2", "from=9&to=1", "from=%00%ff",
    "granularity=monthly&aggregationType=incremental", "from=" + "9" * 400,
)
asked = [ask(app, query, headers=token) for query in queries]
for headers in ((beta,), (("authorization", "Bearer x"), beta), token[:1]):
    asked.append(ask(app, headers=headers))
asked += [ask(app, path="/nowhere", headers=token), ask(app, method="POST", headers=token)]
print(*sorted({int(answer.status) for answer in asked}))
print(*sorted(set(sys.modules) - before))
"""


@pytest.mark.parametrize(
    ("profile", "statuses"), [("documented", "200 400 401 404 405"), ("observed", "400 401 403 404 405")]
)
def test_no_refusal_imports_a_module(profile: str, statuses: str) -> None:
    """The one that worded a 400 took half a second, and a client with a short time-out gave up."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, profile], capture_output=True, text=True, check=True, timeout=60
    )

    assert ended.stdout.splitlines() == [statuses, ""], ended.stdout
