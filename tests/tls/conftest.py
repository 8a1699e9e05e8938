"""An authority that these tests believe or not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from usagetwin.tls.kept import Kept, kept
from usagetwin_checker.redirect.authority import Authority


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Give the authority of all these tests."""
    return Authority()


@pytest.fixture
def authority_kept(tmp_path: Path) -> Kept:
    """Give an authority that is kept in a folder."""
    return kept(tmp_path / "kept", datetime.now(UTC))
