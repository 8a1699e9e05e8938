"""What was noticed, as a page: by hand-made results of tests, and of one command."""

from typing import Final

from tests.checker.reporting.page.reading import Page
from tests.leading.test_found import FOUND, HARMLESS, HIDDEN, LOST, NOTICED, SLOW, UNNOTICED
from tests.noticing.test_noticed import FAULT, LEGAL, OTHER, noticed
from tests.noticing.test_noticed import HIDDEN as NEVER
from usagetwin_checker.noticing.noticed import Noticed
from usagetwin_checker.noticing.noticed_page import MOST_TESTS, noticed_page
from usagetwin_checker.noticing.words import of_command

NAMES: Final = (FAULT, OTHER, NEVER, LEGAL)
PAGE: Final = Page(noticed_page(noticed(), NAMES))
OF_COMMAND: Final = (NOTICED, UNNOTICED, HIDDEN, LOST, SLOW, HARMLESS)
COMMAND: Final = Page(noticed_page(FOUND.noticed, OF_COMMAND, of_command(("npm", "test")), FOUND.problems))


def test_what_no_test_noticed_comes_first() -> None:
    """With what it does, how to see it, and how many tests had it in front of them."""
    assert "1 fault that no test noticed" in PAGE.words
    assert "3 tests called the twin and ran again, with 3 faults and 1 legal variation." in PAGE.words
    assert "metadata-missing, shown to 3 tests A 200 has no `metadata`." in PAGE.words
    assert '@pytest.mark.usage_twin(faults="metadata-missing")' in PAGE.words


def test_each_deviation_has_its_result_with_counts_and_the_first_failure() -> None:
    """Of a variation a failure is no merit."""
    for row in (
        "counts-are-strings fault noticed 2 1 a: assert '3' == 3",
        "metadata-missing fault not noticed 3 0",
        "json-as-text fault never shown 0 0",
        "sparse legal variation broke something 2 2 a: KeyError: 5",
    ):
        assert row in PAGE.words


def test_results_are_drawn_by_kind() -> None:
    """And only those that there are."""
    traces = {trace["name"]: trace["x"] for trace in PAGE.charts["results"]["traces"]}

    assert traces == {
        "not noticed": [1, 0],
        "noticed": [1, 0],
        "broke something": [0, 1],
        "never shown": [1, 0],
    }


def test_each_test_is_a_row_of_fields() -> None:
    """Grey, passed or failed, by test and deviation."""
    (trace,) = PAGE.charts["tests"]["traces"]

    assert trace["x"] == list(NAMES)
    assert trace["y"] == ["a", "b", "c"]
    assert trace["z"] == [[2, 1, 0, 2], [1, 1, 0, 2], [0, 1, 0, 0]]
    assert "c not shown passed not shown not shown" in PAGE.words


def test_of_very_many_tests_the_first_are_drawn_and_all_are_counted() -> None:
    """A page is no place for ten thousand rows."""
    many = Noticed(tests={f"test_{number}": {OTHER: False} for number in range(500)})
    page = Page(noticed_page(many, [OTHER]))

    assert len(page.charts["tests"]["traces"][0]["y"]) == MOST_TESTS
    assert "440 more tests are counted in the table of all." in page.words
    assert "metadata-missing fault not noticed 500 0" in page.words


def test_a_command_has_words_of_its_own_and_no_chart_of_tests() -> None:
    """What is not known of it is named with the reason."""
    assert COMMAND.charts.keys() == {"results"}
    assert "1 fault that it did not notice" in COMMAND.words
    assert "usagetwin run --fault metadata-missing -- npm test" in COMMAND.words
    assert "Nothing is known of error-is-a-page: the twin failed: why" in COMMAND.words
    assert "error-is-a-page fault unknown 0 0" in COMMAND.words
    assert "descending legal variation broke something 1 1 stopped, as it had not ended" in COMMAND.words


def test_what_was_left_out_is_named() -> None:
    """Tests that fail without a deviation, and those with subtests; with no test nothing is drawn."""
    page = Page(noticed_page(Noticed(unrepeatable={"a": "it is Monday"}, with_subtests=["b"]), NAMES))

    assert "No test that passed called the twin, so nothing is known." in page.words
    assert "Left out, as these fail when they run again without any: a: it is Monday" in page.words
    assert "Left out, as these have subtests: b" in page.words
    assert len(page.executed) == 1


def test_names_and_reasons_are_text() -> None:
    """A test is named by who writes it, and what fails it may quote anything."""
    text = "<zevil onload=zevil()>\u202e"
    shown = Noticed(
        tests={f"t[{text}]": {OTHER: True}, "b": {OTHER: True}},
        reasons={f"t[{text}]": {OTHER: text}},
        unrepeatable={text: text},
    )
    page = Page(noticed_page(shown, [OTHER], problems={}))

    assert not [tag for tag, _ in page.elements if "zevil" in tag]
    assert not [part for _, found in page.elements for part in found.items() if "zevil" in f"{part}"]
    assert "\u202e" not in page.source
    assert page.charts["tests"]["traces"][0]["y"][0].startswith("t[&lt;zevil")
