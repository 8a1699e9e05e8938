"""Tests of the saved responses of a collection of Postman's."""

from typing import Any

from usagetwin.recordings import har
from usagetwin.recordings.entries import Entry
from usagetwin.recordings.postman import item

RESPONSE: dict[str, Any] = {
    "name": "good",
    "originalRequest": {
        "method": "GET",
        "header": [{"key": "LD-API-Version", "value": "beta"}],
        "url": {"raw": "https://app.launchdarkly.com/x?a=1", "host": ["app", "launchdarkly", "com"]},
    },
    "status": "OK",
    "code": 200,
    "_postman_previewlanguage": "json",
    "header": [{"key": "Content-Type", "value": "application/json"}],
    "body": "{}",
}
READ = Entry(
    "GET",
    "https://app.launchdarkly.com/x?a=1",
    {"ld-api-version": "beta"},
    200,
    {"content-type": "application/json"},
    b"{}",
)


def test_the_responses_of_a_request_are_read() -> None:
    """Each with the request that it answers."""
    assert list(item({"name": "sessions", "request": {}, "response": [RESPONSE, RESPONSE]})) == [READ, READ]


def test_folders_are_read_in_order_however_deep_they_are() -> None:
    """Without any end to it being taken for one."""
    deep: dict[str, Any] = {"response": [RESPONSE]}
    for _ in range(300):
        deep = {"item": [deep, {"response": [RESPONSE | {"code": 404}]}]}

    found = list(item(deep))

    assert found[0] == READ
    assert [each.status for each in found if isinstance(each, Entry)] == [200, *[404] * 300]


def test_what_a_response_does_not_say_its_request_does() -> None:
    """Its URL may be a text."""
    (found,) = item({"request": {"url": "http://x/"}, "response": [{"code": 204, "responseTime": 250}]})

    assert found == Entry("GET", "http://x/", {}, 204, {}, None, seconds=0.25)


def test_what_is_no_response_is_told_apart() -> None:
    """Whatever it is."""
    assert list(item(7)) == list(item({"response": {}})) == []
    assert list(item({"response": [7, {"code": 200}]})) == [har.MALFORMED] * 2
    assert list(item({"request": {"url": "http://x/"}, "response": [{}]})) == [har.UNANSWERED]
