"""The command `usagetwin`, as `python -m contract_tests`."""

from usagetwin_checker.commands.main import main

if __name__ == "__main__":
    main(prog_name="usagetwin")
