"""A test tells of a request that was about to go past the twin, also where its client swallowed the error."""

from tests.plugin.project import Project, text_of


def test_a_request_that_was_stopped_fails_its_test(project: Project) -> None:
    """The proxy is one that nothing of ours knows, and the code takes it for a bad day of the API."""
    project.tests("""
        import contextlib, socket

        def test_swallowed(usage_twin):
            with socket.create_server(("127.0.0.1", 0)) as proxy:
                with contextlib.suppress(OSError), socket.create_connection(proxy.getsockname()) as link:
                    link.sendall(b"CONNECT app.launchdarkly.com:443 HTTP/1.1\\r\\n\\r\\n")

        def test_next(usage_twin):
            assert client.ask().ok
    """)

    result = project.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "a request to 'app.launchdarkly.com' was on its way past the twin to 127.0.0.1:*, and was *",
            "  try   a client that uses no proxy for this host, or the twin's own base URL (usage_twin.url)",
        ]
    )


def test_the_variables_for_programs_may_be_used_in_the_test_itself(project: Project) -> None:
    """Their proxy is a door to the twin."""
    project.tests("""
        import urllib.request

        def test_by_our_proxy(usage_twin, monkeypatch):
            for name, value in usage_twin.environment().items():
                monkeypatch.setenv(name, value)
            request = urllib.request.Request(client.URL, headers={"Authorization": "api-1"})
            assert urllib.request.urlopen(request, timeout=10).status == 200
            assert usage_twin.calls == 1
    """)

    result = project.run()

    assert result.ret == 0, text_of(result)
