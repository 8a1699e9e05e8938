"""Reading Schemathesis's report: its failures, by check and by the rule that the twin's answer names."""

from base64 import b64encode
from typing import Any

from benchmarks.fuzzing import sorted_failures


def scenario(status: str, body: str) -> dict[str, Any]:
    """Make the event that ends a scenario of one case."""
    content = {"$base64": b64encode(body.encode()).decode()}
    recorder = {
        "checks": {"c1": [{"name": "positive_data_acceptance", "status": status}]},
        "interactions": {"c1": {"response": {"status_code": 400, "content": content}}},
    }
    return {"ScenarioFinished": {"recorder": recorder}}


def test_a_failure_is_counted_by_the_rule_that_the_answer_names() -> None:
    """The rule tells an expected failure from a defect."""
    event = scenario("failure", '{"message":"Send from <= to. (rule window-not-inverted)"}')

    assert sorted_failures([event, event]) == (2, {"positive_data_acceptance on window-not-inverted": 2})


def test_a_failure_without_a_rule_is_counted_as_such() -> None:
    """It must not pass for an expected one."""
    assert sorted_failures([scenario("failure", "oops")])[1] == {"positive_data_acceptance on no rule": 1}


def test_successes_and_other_events_are_no_failures() -> None:
    """Cases are counted all the same."""
    events: list[dict[str, Any]] = [
        {"EngineStarted": {}},
        {"ScenarioFinished": {"recorder": {"label": "x"}}},
        scenario("success", ""),
    ]

    assert sorted_failures(events) == (1, {})
