"""Run `usagetwin` as a process whose streams, variables and signals a test chooses."""

import os
import subprocess
from typing import TYPE_CHECKING, Final

from tests.served import USAGETWIN, WITHIN_S

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FULL: Final = "/dev/full"


def shell(
    redirections: str,
    *arguments: str,
    environment: "Mapping[str, str] | None" = None,
    cwd: "Path | None" = None,
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command with redirections in the words of a shell."""
    return subprocess.run(
        ["/bin/bash", "-c", f'"$@" {redirections}', "bash", *USAGETWIN, *arguments],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=WITHIN_S,
        env={**os.environ, **(environment or {})},
        cwd=cwd,
    )
