"""A served twin that is told things over HTTP, by a process of its own."""

import json
from http.client import HTTPConnection, IncompleteRead
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.acme import NOW, PATH
from tests.served import run, served

if TYPE_CHECKING:
    from tests.served import Twin
    from tests.serving.test_shared_plays import Place


def tell(
    twin: "Twin | Place", method: str, path: str, body: object = None, **headers: str
) -> tuple[int, Any]:
    """Tell a twin something; give the status and what it says."""
    parts = urlsplit(twin.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    sent = {} if body is None else {"Content-Type": "application/json"}
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, f"/__twin__{path}", body=content, headers={**sent, **headers})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def ask(twin: "Twin | Place", token: str) -> tuple[int, list[int]]:
    """Ask a twin; give the status and the values."""
    parts = urlsplit(twin.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request("GET", PATH, headers={"Authorization": token})
        response = connection.getresponse()
        return response.status, [point["0"] for point in json.loads(response.read()).get("series", ())]
    finally:
        connection.close()


def test_plays_are_made_told_and_judged(acme_file: str) -> None:
    """Beside clients who have no play; what is told is no line of the log, and no token is either."""
    with served("--world", acme_file, "--now", NOW) as twin:
        status, made = tell(twin, "POST", "/plays", {"now": "2026-03-02T12:00:00Z"})
        assert (status, made["play"]) == (201, "1")
        assert ask(twin, made["token"]) == (200, [31, 52])
        assert ask(twin, "any") == (200, [31, 73, 100])
        assert tell(twin, "GET", "/plays/1/verdict")[1]["verdict"] == "pass"
        tell(twin, "DELETE", "/plays/1")
        assert ask(twin, made["token"]) == (401, [])
        assert twin.stop() == 0

    log = "".join(twin.log)
    assert "__twin__" not in log
    assert made["token"] not in log
    assert log.count(f" GET {twin.url}{PATH}") == 3


@pytest.mark.parametrize("fault", ["reset", "close", "truncated-body"])
def test_a_fault_of_the_wire_reaches_the_connection(acme_file: str, fault: str) -> None:
    """Of a served twin, too; the next request is answered."""
    with served("--world", acme_file, "--now", NOW) as twin:
        tell(twin, "POST", "/plays/default/faults", {"name": fault, "times": 1})

        with pytest.raises((ConnectionError, IncompleteRead)):
            ask(twin, "any")
        assert ask(twin, "any") == (200, [31, 73, 100])
        assert tell(twin, "GET", "/plays/default/journal")[1]["requests"][0]["fault"] == fault


def test_a_client_that_waits_under_a_fault_does_not_keep_the_twin_from_its_end(acme_file: str) -> None:
    """It ends within its bound, and the client is told nothing."""
    with served("--world", acme_file) as twin:
        tell(twin, "POST", "/plays/default/faults", {"name": "timeout"})
        parts = urlsplit(twin.url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request("GET", PATH, headers={"Authorization": "any"})

        assert twin.stop() == 0
        connection.close()


def test_without_control_nothing_is_told(acme_file: str) -> None:
    """The path is one that the twin does not have."""
    with served("--world", acme_file, "--no-control") as twin:
        assert tell(twin, "GET", "/plays")[1]["code"] == "not_found"


def test_with_several_workers_it_says_so_each_time(acme_file: str) -> None:
    """Not half of the time."""
    with served("--world", acme_file, "--workers", "2") as twin:
        assert {tell(twin, "GET", "/plays")[1]["code"] for _ in range(10)} == {"needs_one_worker"}
        assert ask(twin, "any")[0] == 200


def test_the_control_token_comes_from_the_environment(acme_file: str) -> None:
    """And is in no list of processes, nor in the log."""
    environment = {"USAGETWIN_CONTROL_TOKEN": "let-me-in"}
    with served("--world", acme_file, environment=environment) as twin:
        assert tell(twin, "GET", "/plays")[0] == 401
        assert tell(twin, "GET", "/plays", Authorization="Bearer let-me-in")[0] == 200
        assert ask(twin, "any")[0] == 200
        twin.stop()

    assert "let-me-in" not in "".join(twin.log)


def test_the_help_says_what_the_option_leaves_out() -> None:
    """The control API, and with it all plays."""
    assert "--no-control" in run("serve", "--help").stdout
