"""What a failed test shows of its twin, and what is told of a twin or a fault that a test had no use of."""

import pytest

from tests.plugin.project import Project, text_of

STRICT = ("-o", "usage_twin_unused=strict")
ASKED = "GET app.launchdarkly.com/api/v2/usage/observability/sessions"


def test_a_failed_test_shows_what_it_met(project: Project) -> None:
    """World, clock, faults, and each request with its end."""
    project.tests("""
        @pytest.mark.usage_twin(world="launch-spike", now="2026-10-15", allow="granularity-is-documented")
        def test_fails(usage_twin):
            client.ask()
            client.ask("granularity=hourly")
            usage_twin.fault(503, times=1)
            client.ask()
            assert not "what it should be"

        def test_passes(usage_twin):
            client.ask()
    """)

    result = project.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*usage_twin: what the test met*",
            "world launch-spike, clock 2026-10-15T00:00:00Z (frozen), profile documented",
            "faults: unavailable (shown once)",
            f"request 1: {ASKED}* -> 200",
            f"request 2: {ASKED}?granularity=hourly -> 400: *hourly*",
            f"request 3: {ASKED}* -> unavailable, 503",
        ]
    )
    assert text_of(result).count("what the test met") == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("pass", "the twin was never asked: no request of this test came to it"),
        ("usage_twin.fault('reset'); usage_twin.now", "the twin was never asked: *"),
        ("client.ask(); usage_twin.fault('reset')", "the fault 'reset' was never shown: *"),
        ("usage_twin.fault('close').undo(); client.ask()", "the fault 'close' was never shown: *"),
        (
            "usage_twin.fault(429, when=lambda request: False); client.ask()",
            "the fault 'rate-limited' was never shown: *",
        ),
    ],
)
def test_what_a_test_has_no_use_of_fails_it(project: Project, body: str, told: str) -> None:
    """Unless the ini file or its marker says otherwise."""
    project.tests(f"""
        def test_unused(usage_twin):
            {body}

        @pytest.mark.usage_twin(unused="off")
        def test_meant(usage_twin):
            {body}
    """)

    result = project.run(*STRICT)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines([told, "  try   *", "unused=*"])


@pytest.mark.parametrize(
    "body",
    [
        "client.ask()",
        "usage_twin.assert_not_called()",
        "assert usage_twin.calls == 0",
        "assert usage_twin.requests == ()",
        "usage_twin.fault('reset', chance=0.0); client.ask()",
        "pytest.skip('not today')",
    ],
)
def test_what_is_used_or_meant_passes(project: Project, body: str) -> None:
    """A test that looks knows."""
    project.tests(f"""
        def test_used(usage_twin):
            {body}
    """)

    assert project.run(*STRICT).ret == 0
