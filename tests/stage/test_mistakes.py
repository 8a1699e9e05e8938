"""The table of rules that a consumer's requests are held to."""

import pytest

from usagetwin.contract import About, rules
from usagetwin.errors import SettingError
from usagetwin.stage.mistakes import MISTAKES, NO_MISTAKES, checked


def test_every_rule_about_requests_is_decided_once() -> None:
    """Each is a consumer's mistake, or has a reason not to be; all ids are in the catalogue."""
    about_requests = {rule.id for rule in rules().values() if rule.about is About.REQUEST}

    assert about_requests <= MISTAKES.keys() | NO_MISTAKES.keys()
    assert not MISTAKES.keys() & NO_MISTAKES.keys()
    assert MISTAKES.keys() | NO_MISTAKES.keys() <= rules().keys()


def test_a_rule_to_allow_is_one_that_requests_are_held_to() -> None:
    """Any other id is refused, and the message tells an unknown one from one that is not judged."""
    assert checked("window-not-inverted") == "window-not-inverted"
    with pytest.raises(SettingError, match="no rule 'window-inverted'\n  try   window-not-inverted"):
        checked("window-inverted")
    with pytest.raises(SettingError, match="not held to the rule 'unknown-project-not-found'"):
        checked("unknown-project-not-found")
