"""The twin inside a test: a server for the session, and what one test says to it and asks of it.

Importing this package is light: each name loads what it needs on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from usagetwin.stage.consumer import RequestFinding
    from usagetwin.stage.faults import PredicateError
    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.play import Play
    from usagetwin.stage.setup import Setup
    from usagetwin.stage.stage import Stage
    from usagetwin_checker.testing.asserting import BrokenRequestsError
    from usagetwin_checker.testing.control import UsageTwin
    from usagetwin_checker.testing.expected import Expected, InvalidQueryError
    from usagetwin_checker.testing.layers import Change
    from usagetwin_checker.testing.server import TwinServer

__all__ = [
    "BrokenRequestsError",
    "Change",
    "Expected",
    "InvalidQueryError",
    "Play",
    "PredicateError",
    "Recorded",
    "RequestFinding",
    "Setup",
    "Stage",
    "TwinServer",
    "UsageTwin",
]

_MODULES: Final = {  # where each public name lives
    "BrokenRequestsError": "usagetwin_checker.testing.asserting",
    "Change": "usagetwin_checker.testing.layers",
    "Expected": "usagetwin_checker.testing.expected",
    "InvalidQueryError": "usagetwin_checker.testing.expected",
    "Play": "usagetwin.stage.play",
    "PredicateError": "usagetwin.stage.faults",
    "Recorded": "usagetwin.stage.journal",
    "RequestFinding": "usagetwin.stage.consumer",
    "Setup": "usagetwin.stage.setup",
    "Stage": "usagetwin.stage.stage",
    "TwinServer": "usagetwin_checker.testing.server",
    "UsageTwin": "usagetwin_checker.testing.control",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- the module protocol (PEP 562) is untyped
    """Load a public name on first use."""
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
