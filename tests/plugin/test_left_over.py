"""What a test leaves behind: later tests are not charged with its requests, and the run tells of them."""

from tests.plugin.project import Project


def test_a_thread_of_an_earlier_test_is_not_charged_to_a_later_one(project: Project) -> None:
    """It polls on, through a test with the twin and one without; its requests are told of at the end."""
    project.tests("""
        import queue, threading, requests

        todo, done, threads = queue.Queue(), queue.Queue(), []

        def poll():
            while todo.get(timeout=20):
                try:
                    done.put(client.ask().status_code)
                except requests.RequestException as error:
                    done.put(type(error).__name__)

        def poll_once():
            todo.put("once")
            return done.get(timeout=20)

        def test_starts(usage_twin):
            threads.append(threading.Thread(target=poll, name="the poller"))
            threads[0].start()
            assert poll_once() == 200

        def test_later(usage_twin):
            assert poll_once() == "ConnectionError"
            assert usage_twin.calls == 0
            assert client.ask().ok

        def test_without():
            assert poll_once() == "ConnectionError"
            todo.put("")
            threads[0].join()
    """)

    result = project.run()

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "*usage twin: requests after their test*",
            "the thread 'the poller' goes on after its test, test_project.py::test_starts: its request to *",
            "  try   an end of it in that test",
        ]
    )
