"""The command `usagetwin`, as `python -m usagetwin`.

Rule: this alone names the checker, whose command group has the twin's commands in it.
"""

from usagetwin_checker.commands.entry import main

if __name__ == "__main__":
    main()
