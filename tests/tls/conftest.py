"""An authority that these tests believe or not."""

import pytest

from usagetwin_checker.redirect.authority import Authority


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Give the authority of all these tests."""
    return Authority()
