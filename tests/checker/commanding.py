"""Run `usagetwin check` in this process."""

from click.testing import CliRunner, Result

from usagetwin_checker.commands.main import main


def check(*arguments: str, token: str = "") -> Result:
    """Run the command with this access token in its environment."""
    return CliRunner().invoke(main, ["check", *arguments], env={"USAGETWIN_TOKEN": token})
