"""What a signal does before there is a program, while one starts, and after it."""

import signal
import subprocess

import pytest

from tests.served import WITHIN_S
from usagetwin_checker.leading.forwarding import Forwarding


def test_a_signal_before_a_program_ends_the_run_where_that_would_start() -> None:
    """With a shell's status; what is under way until then is not disturbed."""
    with Forwarding() as forwarding:
        signal.raise_signal(signal.SIGTERM)

        with pytest.raises(SystemExit) as ended:
            forwarding.starting()

    assert ended.value.code == 128 + signal.SIGTERM


def test_a_second_signal_ends_it_at_once() -> None:
    """Whatever is under way."""
    with Forwarding():
        signal.raise_signal(signal.SIGTERM)

        with pytest.raises(SystemExit) as ended:
            signal.raise_signal(signal.SIGINT)

    assert ended.value.code == 128 + signal.SIGINT


def test_a_signal_while_a_program_starts_is_kept_for_it() -> None:
    """And one that comes after its end is for nobody."""
    with Forwarding() as forwarding:
        forwarding.starting()
        signal.raise_signal(signal.SIGTERM)
        with subprocess.Popen(["sleep", "600"], process_group=0) as program:  # noqa: S607 -- any
            forwarding.started(program.pid)
            status = program.wait(WITHIN_S)
        forwarding.over()
        signal.raise_signal(signal.SIGTERM)

    assert status == -signal.SIGTERM
