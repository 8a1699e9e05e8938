"""A project's tests that use all of the fixture, and pass with its own twin and with a running one."""

from typing import Final

CONFTEST: Final = """
import pytest

@pytest.fixture
def usage_twin_now():
    return "2026-03-03T12:00:00Z"
"""

TESTS: Final = """
import threading
from datetime import timedelta

import requests

COUNTS = {"web": {"2026-03-01": 30, "2026-03-02": 40, "2026-03-03": 50}, "app": {"2026-03-02": 8}}
TABLE = "date,project,count\\n2026-03-01,mine,7\\n2026-03-02,mine,0\\n"
INCREMENTAL = "aggregationType=incremental"
PATH = "/api/v2/usage/observability/sessions"


def values(query="", **how):
    return [point["0"] for point in client.ask(query, **how).json()["series"]]


def status(query="", **how):
    return client.ask(query, **how).status_code


def test_the_clock(usage_twin):
    usage_twin.world(COUNTS)
    assert usage_twin.now.isoformat() == "2026-03-03T12:00:00+00:00"
    assert values() == usage_twin.expected() == [30, 78, 103]
    with usage_twin.freeze("2026-03-02"):
        assert values() == [30]
    with usage_twin.advance(timedelta(hours=11), hours=1):
        assert values(INCREMENTAL) == [30, 48, 50]
        usage_twin.advance(days=1, seconds=0.5)
        assert values(INCREMENTAL) == [30, 48, 50, 0]
    half = usage_twin.advance(seconds=0.5)
    assert usage_twin.now.isoformat() == "2026-03-05T00:00:01+00:00"
    half.undo()
    assert usage_twin.now.isoformat() == "2026-03-05T00:00:00+00:00"


def test_worlds(usage_twin, tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(TABLE)
    with usage_twin.world("outage"):
        assert client.ask().json() == usage_twin.expected()
    with usage_twin.world(file):
        assert values("projectKey=mine") == [7, 7, 7]
    with usage_twin.world(COUNTS):
        assert values("projectKey=app&" + INCREMENTAL) == [8, 0]
        week = usage_twin.expected(aggregation_type="incremental", from_="2026-03-01", to="2026-03-03")
        assert (week.values, week.total, week.last) == ((30, 48), 78, 48)
        with pytest.raises(ValueError, match="looks like milliseconds"):
            usage_twin.expected(from_=1773532800000)
    assert status("projectKey=app") == 404


@pytest.mark.usage_twin(
    world="idle", policies={"error_id": "on"}, profile="observed", faults={"unavailable": {"times": 1}},
    allow=["beta-header-required", "unknown-path-not-found"],
)
def test_settings(usage_twin):
    answers = [status(), status()]
    assert answers == [503, 403]
    assert "id" in client.ask(url=f"{client.URL}/none").json()
    assert [each.fault for each in usage_twin.requests] == ["unavailable", None, None]


def test_policies(usage_twin):
    usage_twin.world(COUNTS)
    with usage_twin.policy(projects="separate"), usage_twin.profile("observed"):
        headers = {"Authorization": "api-1", "LD-API-Version": "beta"}
        answer = requests.get(client.URL, params={"projectKey": ["app", "web"]}, headers=headers)
        assert answer.json() == usage_twin.expected(project_key=["app", "web"])
        assert answer.json()["metadata"] == [{"projectKey": "app"}, {"projectKey": "web"}]
    with usage_twin.policy(quota=2):
        assert [status(), status(), status()] == [200, 200, 429]
    assert client.ask().json()["metadata"] == [{}]


def test_tokens(usage_twin):
    usage_twin.token("api-old", "revoked")
    usage_twin.token("api-reader", "forbidden")
    with usage_twin.token("api-1", "throttled"):
        tokens = ("api-old", "api-reader", "api-1", "api-2")
        assert [status(token=token) for token in tokens] == [401, 403, 429, 200]
    assert status(token="api-1") == 200
    with usage_twin.policy(unknown_tokens="reject"):
        assert status(token="api-1") == 401
    with usage_twin.allow("credential-required", "bearer-is-invalid-token"):
        assert requests.get(client.URL).status_code == 401
        assert client.ask(token="Bearer api-1").json()["code"] == "invalid_token"
    assert usage_twin.findings == ()


def test_faults_of_http(usage_twin):
    usage_twin.fault(429, times=1, retry_after=7)
    with usage_twin.fault("counts-are-strings", when={"projectKey": "checkout", "to": None}):
        limited = client.ask("projectKey=checkout")
        assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
        assert all(isinstance(value, str) for value in values("projectKey=checkout"))
        assert all(isinstance(value, int) for value in values("projectKey=mobile"))
    with usage_twin.fault("empty-body", when=lambda request: request.header("authorization") == "api-odd"):
        assert [client.ask(token=token).text == "" for token in ("api-odd", "api-even")] == [True, False]
    with usage_twin.fault("malformed-json"), pytest.raises(requests.exceptions.JSONDecodeError):
        values()
    lucky = usage_twin.fault("server-error", chance=0.5, seed=3)
    row = [status() for _ in range(8)]
    assert row == [500, 200, 500, 200, 200, 500, 500, 200]
    lucky.undo()
    faults = [each.fault for each in usage_twin.requests]
    assert faults[:5] == ["rate-limited", "counts-are-strings", None, "empty-body", None]
    assert usage_twin.requests[0].message.startswith("You've exceeded")


def test_faults_of_the_wire(usage_twin, usage_twin_url):
    with usage_twin.fault("reset"), pytest.raises(requests.ConnectionError, match="reset by peer"):
        client.ask(url=usage_twin_url + PATH)
    with usage_twin.fault("close"), pytest.raises(requests.ConnectionError, match="without response"):
        client.ask(url=usage_twin_url + PATH)
    with usage_twin.fault("truncated-body", bytes=9), pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.ask()
    with usage_twin.fault("timeout"), pytest.raises(requests.ReadTimeout):
        requests.get(client.URL, headers={"Authorization": "api-1"}, timeout=3)
    usage_twin.fault("slow-body", times=1, seconds=0.2, chunks=3)
    with usage_twin.fault("delay", seconds=0.2):
        assert [status(), status()] == [200, 200]
    assert [(each.fault, each.status) for each in usage_twin.requests] == [
        ("reset", None), ("close", None), ("truncated-body", 200), ("timeout", None),
        ("slow-body", 200), ("delay", 200),
    ]


def test_requests(usage_twin, usage_twin_url):
    usage_twin.assert_not_called()
    client.ask(INCREMENTAL + "&projectKey=mobile&from=1772323200", token="api-secret")
    client.ask(url=usage_twin_url + PATH)

    usage_twin.assert_called(times=1, aggregationType="incremental", project_key="mobile", from_="2026-03-01")
    with pytest.raises(AssertionError, match="expected 3 requests, got 2 of 2"):
        usage_twin.assert_called(times=3)
    first, second = usage_twin.requests
    assert (usage_twin.calls, first.number, second.number) == (2, 1, 2)
    assert (first.method, first.host, first.path) == ("GET", "app.launchdarkly.com", PATH)
    assert (first.header("authorization"), first.value("projectKey")) == ("api-secret", "mobile")
    assert (first.body, first.status, first.fault) == (b"", 200, None)
    assert first.at == usage_twin.now
    assert second.host == usage_twin_url.removeprefix("http://")
    assert "requests: 2" in repr(usage_twin)


def test_threads(usage_twin):
    threads = [threading.Thread(target=client.ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.number for each in usage_twin.requests] == list(range(1, 9))


def test_other_programs(usage_twin):
    import os, subprocess, sys
    program = [sys.executable, "-c", "import client; print(client.ask().status_code)"]
    environment = {**os.environ, **usage_twin.environment()}
    done = subprocess.run(program, env=environment, capture_output=True, text=True)
    assert done.stdout == "200\\n", done.stderr
    assert usage_twin.calls == 1


def test_each_test_begins_anew(usage_twin):
    assert usage_twin.requests == ()
    assert client.ask().json() == usage_twin.expected()
    assert usage_twin.calls == 1
"""
