"""How commands are run in this process, with their output and their errors apart."""

from inspect import signature
from typing import Any, Final

from click.testing import CliRunner

APART: Final[dict[str, Any]] = (  # click before 8.2 mixes output and errors, unless it is told
    {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
)
