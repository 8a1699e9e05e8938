"""The locks are tried with the oldest pip, which not every Python runs; `make locks-install` tries them."""

import sys

import pytest

from tools import install_locks


def test_a_python_that_cannot_run_the_oldest_pip_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence names the one that can."""
    monkeypatch.setattr(sys, "version_info", (3, 12, 1, "final", 0))

    status = install_locks.main()

    assert status == 1
    assert capsys.readouterr().out == (
        "install_locks: pip 22.3 runs on Python 3.11: make locks-install PYTHON=python3.11\n"
    )
