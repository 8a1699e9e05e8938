"""What a recording by a tool is held to: its verdict, and the account that it becomes."""

from typing import TYPE_CHECKING, Final

from click.testing import CliRunner

from tests.checker.commanding import check
from usagetwin.replay.tape import load
from usagetwin_checker.commands.main import main

if TYPE_CHECKING:
    from pathlib import Path

TOKEN: Final = "api-22222222-2222-4222-8222-2222222255ec"


def assert_passes(file: "Path", requests: int) -> None:
    """Hold a recording to the verdict and the number of its requests; nothing shows the token."""
    result = check(str(file))

    assert result.exit_code == 0, result.output
    assert f"{requests} requests, recorded at http://127.0.0.1:" in result.output
    assert TOKEN not in result.output


def assert_answers(file: "Path", requests: int) -> None:
    """Hold what a recording becomes to it: all is replayed, and a twin of its world gives all, and passes."""
    made = file.with_name(f"{file.name}.yaml")

    result = CliRunner().invoke(main, ["world", str(file), "-o", str(made)])

    assert result.exit_code == 0, result.output
    assert "recorded, which the twin gives; 0 that it gives otherwise" in result.output
    assert load(str(file)).replies == requests
    assert TOKEN not in made.read_text(encoding="utf-8")
    served = check("twin", "--world", str(made))
    assert served.exit_code == 0, served.output
