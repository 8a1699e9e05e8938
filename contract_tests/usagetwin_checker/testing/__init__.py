"""The twin inside a test: a server for the session, and what one test says to it and asks of it.

Importing this package is light: each name loads what it needs on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from usagetwin_checker.testing.asserting import BrokenRequestsError
    from usagetwin_checker.testing.consumer import RequestFinding
    from usagetwin_checker.testing.control import UsageTwin
    from usagetwin_checker.testing.expected import Expected, InvalidQueryError
    from usagetwin_checker.testing.faults import PredicateError
    from usagetwin_checker.testing.journal import Recorded
    from usagetwin_checker.testing.layers import Change
    from usagetwin_checker.testing.server import TwinServer
    from usagetwin_checker.testing.setup import Setup
    from usagetwin_checker.testing.stage import Play, Stage

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
    "BrokenRequestsError": "asserting",
    "Change": "layers",
    "Expected": "expected",
    "InvalidQueryError": "expected",
    "Play": "stage",
    "PredicateError": "faults",
    "Recorded": "journal",
    "RequestFinding": "consumer",
    "Setup": "setup",
    "Stage": "stage",
    "TwinServer": "server",
    "UsageTwin": "control",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- the module protocol (PEP 562) is untyped
    """Load a public name on first use."""
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
