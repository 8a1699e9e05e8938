"""How a place is given another value, and its own back."""

import os
from types import SimpleNamespace
from typing import Final

import pytest

from usagetwin_checker.redirect.slots import MISSING, Attribute, Replacement, Variable

OURS: Final = object()
THEIRS: Final = object()
THEIRS_TOO: Final = object()
VARIABLE: Final = "USAGETWIN_TEST_OF_SLOTS"


class _Parent:
    shared = "the parent's"


class _Child(_Parent):
    own = "the child's"


def test_an_inherited_attribute_is_inherited_again() -> None:
    """The class itself holds nothing afterwards."""
    replacement = Replacement(Attribute(_Child, "shared"), _Child.shared, OURS)

    replacement.make()
    during = _Child.shared, _Parent.shared
    done = replacement.undo()

    assert during == (OURS, "the parent's")
    assert done
    assert "shared" not in vars(_Child)


def test_an_attribute_of_its_own_is_put_back() -> None:
    """By identity."""
    original = vars(_Child)["own"]
    replacement = Replacement(Attribute(_Child, "own"), original, OURS)

    replacement.make()
    done = replacement.undo()

    assert done
    assert vars(_Child)["own"] is original


def test_it_is_undone_once() -> None:
    """A second time finds the original, and leaves it."""
    place = SimpleNamespace(name="original")
    replacement = Replacement(Attribute(place, "name"), place.name, OURS)
    replacement.make()

    assert (replacement.undo(), replacement.undo()) == (True, True)
    assert place.name == "original"


def test_what_covers_ours_stays_until_it_is_gone() -> None:
    """Then ours is taken away."""
    place = SimpleNamespace(name="original")
    replacement = Replacement(Attribute(place, "name"), place.name, OURS)
    replacement.make()

    place.name = THEIRS
    covered = [replacement.undo(), replacement.undo()]
    kept = place.name
    place.name = OURS
    uncovered = replacement.undo()

    assert (covered, kept) == ([False, False], THEIRS)
    assert uncovered
    assert place.name == "original"


def test_what_is_covered_by_yet_another_is_given_up() -> None:
    """Or each patch of a long session would be remembered for ever."""
    place = SimpleNamespace(name="original")
    replacement = Replacement(Attribute(place, "name"), place.name, OURS)
    replacement.make()
    place.name = THEIRS
    covered = replacement.undo()
    place.name = THEIRS_TOO

    assert (covered, replacement.undo()) == (False, True)
    assert place.name is THEIRS_TOO


@pytest.mark.parametrize("value", [None, "", "before"])
def test_a_variable_is_put_back(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    """Or removed again."""
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    replacement = Replacement(Variable(VARIABLE), None, "ours")

    replacement.make()
    during = os.environ[VARIABLE]
    done = replacement.undo()

    assert (during, done, os.environ.get(VARIABLE)) == ("ours", True, value)


def test_a_variable_that_another_has_set_stays() -> None:
    """As with attributes."""
    replacement = Replacement(Variable(VARIABLE), None, "ours")
    replacement.make()

    os.environ[VARIABLE] = "theirs"
    done = replacement.undo()
    found = os.environ.pop(VARIABLE)

    assert (done, found) == (False, "theirs")


def test_an_empty_place_reads_as_missing() -> None:
    """Whatever its kind."""
    assert Attribute(SimpleNamespace(), "name").read() is MISSING
    assert Variable(VARIABLE).read() is MISSING


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        (Attribute(os, "getcwd"), "os.getcwd"),
        (Attribute(SimpleNamespace, "name"), "types.SimpleNamespace.name"),
        (Variable("NO_PROXY"), "$NO_PROXY"),
    ],
)
def test_a_place_is_named_as_one_writes_it(slot: Attribute | Variable, text: str) -> None:
    """For those who look for whoever patched it."""
    assert str(slot) == text
