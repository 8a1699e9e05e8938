"""What there is to show, and the twins that are asked for it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.acme import NOW
from tests.stage.records import acme
from usagetwin.deviations import faults
from usagetwin.page import staged
from usagetwin.page.staged import Shown, Staged
from usagetwin.settings import Settings
from usagetwin.stage.served import first_setup

if TYPE_CHECKING:
    import pytest


def test_the_twins_of_the_plays_that_were_asked_last_are_kept(monkeypatch: "pytest.MonkeyPatch") -> None:
    """One that remembers what it was asked is the same again, as long as few others are asked between."""
    monkeypatch.setattr(staged, "MOST_TWINS", 2)
    setup = first_setup(Settings(now=NOW), acme())
    setup = replace(setup, settings=replace(setup.settings, deviation=min(faults())))
    shown = Staged(setup, None, "closed")
    one, two, three = (Shown(number, "", setup) for number in "123")

    first = shown.twin(one)

    assert shown.twin(two) is not first
    assert shown.twin(one) is first
    shown.twin(three)
    assert shown.twin(one) is first
    shown.twin(two)
    shown.twin(three)
    assert shown.twin(one) is not first
