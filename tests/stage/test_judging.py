"""What the requests of a play broke, in a journal that keeps all of them or the newest."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Final

from tests.stage.records import recorded
from usagetwin.stage.consumer import Terms
from usagetwin.stage.journal import Journal
from usagetwin.stage.judging import MOST_KEPT, Judging

TERMS: Final = Terms(keys=frozenset({"web", "app"}))
UNNAMED: Final = "undocumented-parameters-ignored"


def test_a_request_is_held_to_the_terms_that_it_came_under() -> None:
    """Whatever holds when the findings are read."""
    journal = Journal()
    journal.add(recorded("page=1"))
    judging = Judging(journal, TERMS)
    journal.add(recorded("page=2"))
    judging.follow(Terms(allowed=frozenset({"undocumented-parameters-ignored"})))
    journal.add(recorded("page=3"))
    judging.follow(TERMS)
    journal.add(recorded("page=4"))

    assert [finding.request.query_string for finding in judging.findings] == ["page=1", "page=2", "page=4"]


def test_what_left_the_journal_was_judged_before() -> None:
    """By the terms that it came under."""
    journal = Journal(most=2)
    judging = Judging(journal, TERMS)
    for number in range(1, 6):
        journal.add(recorded(f"page={number}"))
        judging.follow(Terms(allowed=frozenset({UNNAMED}) if number == 2 else frozenset()))

    found = [(finding.request.number, finding.request.query_string) for finding in judging.findings]

    assert found == [(1, "page=1"), (2, "page=2"), (4, "page=4"), (5, "page=5")]
    assert judging.by_rule == {UNNAMED: 4}


def test_many_findings_are_counted_and_the_first_are_kept() -> None:
    """So that a client which errs all day takes no more memory than one that erred for an hour."""
    journal = Journal(most=1)
    judging = Judging(journal, TERMS)
    for number in range(MOST_KEPT + 10):
        journal.add(recorded("page=1" if number % 2 else "page=1&projectKey="))

    assert len(judging.findings) == MOST_KEPT + 1
    assert judging.by_rule == {UNNAMED: MOST_KEPT + 10, "project-key-not-empty": (MOST_KEPT + 10) // 2}


def test_changes_without_a_request_between_them_leave_nothing_behind() -> None:
    """Nor do those whose requests have left the journal."""
    journal = Journal(most=3)
    judging = Judging(journal, TERMS)
    for _ in range(20):
        journal.add(recorded("page=1"))
        for _ in range(5):
            judging.follow(TERMS)

    assert len(judging.terms) <= 5


def test_a_cleared_journal_has_no_findings() -> None:
    """Neither of what it kept nor of what had left it."""
    journal = Journal(most=1)
    judging = Judging(journal, TERMS)
    for _ in range(3):
        journal.add(recorded("page=1"))

    journal.clear()
    judging.clear()
    journal.add(recorded("page=2"))

    assert [finding.request.query_string for finding in judging.findings] == ["page=2"]
    assert judging.by_rule == {UNNAMED: 1}


def test_a_finding_has_the_record_of_its_request_as_it_is() -> None:
    """Also when the request was judged before its answer came."""
    journal = Journal(most=1)
    judging = Judging(journal, TERMS)
    journal.add(recorded("page=1"))
    assert [finding.request.status for finding in judging.findings] == [None]

    journal.note(1, status=200)
    assert [finding.request.status for finding in judging.findings] == [200]

    journal.add(recorded("page=2"))
    assert [(finding.request.number, finding.request.status) for finding in judging.findings] == [
        (1, 200),
        (2, None),
    ]


def test_some_requests_are_asked_for_alone() -> None:
    """Each with its findings as they are; one that broke nothing has none."""
    journal = Journal()
    judging = Judging(journal, TERMS)
    for query in ("page=1", "", "page=3"):
        journal.add(recorded(query))
    journal.note(3, status=200)
    kept = journal.requests

    found = judging.of(kept[1:])

    assert [(number, len(each)) for number, each in found.items()] == [(2, 0), (3, 1)]
    assert found[3][0].request.status == 200
    assert judging.of(kept)[1] == judging.findings[:1]


def test_requests_that_come_and_leave_while_others_are_judged_count_once() -> None:
    """Whoever asks, and however often."""
    journal = Journal(most=50)
    judging = Judging(journal, TERMS)
    done = Event()

    def ask() -> None:
        while not done.is_set():
            assert len(judging.findings) <= journal.last_number

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(2)]
        for number in range(900):
            journal.add(recorded(f"page={number}"))
        done.set()
        for each in asking:
            each.result()

    assert [finding.request.number for finding in judging.findings] == list(range(1, 901))
    assert judging.by_rule == {UNNAMED: 900}
