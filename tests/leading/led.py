"""Run a command under `usagetwin run` or `blind-spots`, as a process of its own that always ends."""

import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import pytest

from tests.served import USAGETWIN, WITHIN_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

URL: Final = "https://app.launchdarkly.com/api/v2/usage/observability/sessions"
NO_CALLS: Final = (
    "usagetwin: no request to app.launchdarkly.com, app.launchdarkly.us or app.eu.launchdarkly.com\n"
    "  try   a client that heeds HTTPS_PROXY, or USAGETWIN_URL as its base URL (docs/run.md)\n"
)
KEPT: Final = "usagetwin: 1 request to app.launchdarkly.com, which keeps the contract\n"


def long(*values: object) -> object:
    """Give a row of a table that is tried in the long version alone."""
    return pytest.param(*values, marks=pytest.mark.proof)


def led(
    *command: str, options: tuple[str, ...] = (), environment: "Mapping[str, str] | None" = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [*USAGETWIN, "run", *options, "--", *command],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=WITHIN_S,
        env={**os.environ, **(environment or {})},
    )


def looked(
    *arguments: str, environment: "Mapping[str, str] | None" = None, cwd: "Path | None" = None
) -> "subprocess.CompletedProcess[str]":
    """Look for blind spots to the end."""
    return subprocess.run(
        [*USAGETWIN, "blind-spots", *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=5 * WITHIN_S,
        env={**os.environ, **(environment or {})},
        cwd=cwd,
    )


def python(program: str) -> tuple[str, ...]:
    """Give the command that runs a program in Python."""
    return (sys.executable, "-c", program)


@contextmanager
def leading(*command: str) -> "Iterator[subprocess.Popen[str]]":
    """Start a command, and give the process of usagetwin once the command has written a line: `ready`."""
    process = subprocess.Popen(
        [*USAGETWIN, "run", "--", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.communicate(timeout=WITHIN_S)
