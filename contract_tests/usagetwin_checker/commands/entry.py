"""The process `usagetwin`: its signals and streams stand before anything else is imported.

Rule: nothing that takes time is imported at the head of this file, and of ours nothing at all.
"""

import os
import signal
import sys


def main() -> None:
    """Run the command that the arguments name, and end the process with its status."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # without a trace, until what says a line is imported
    from usagetwin.commands.signals import STATUSES, end_at_once
    from usagetwin.commands.streams import make_lenient, problem_of_output

    end_at_once()
    make_lenient()
    import warnings

    warnings.simplefilter("ignore")  # of libraries, whatever PYTHONWARNINGS says: nobody here can act on them
    from usagetwin_checker.commands.main import main as command

    status: object = 0
    try:
        command(prog_name="usagetwin")
    except SystemExit as ended:
        status = ended.code
    problem = problem_of_output()
    if problem is not None:
        sys.stderr.write(f"usagetwin: not all output could be written: {problem.strerror}\n")
    sys.stderr.flush()
    if status in STATUSES:
        os._exit(int(str(status)))  # whatever a thread still waits for, such as a name of the network
    sys.exit(0 if status is None else int(str(status)))
