"""The twin of LaunchDarkly's observability-sessions usage API.

Importing this package is light: the app, and the libraries behind it, load on first use.

PYTEST_DONT_REWRITE: a Python that is led to a twin has this package before pytest begins, which would warn.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from usagetwin.app import create_app
    from usagetwin.settings import Settings

__all__ = ["Settings", "__version__", "create_app"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- the module protocol (PEP 562) is untyped
    """Load a public name on first use, so that importing the package imports no framework."""
    if name == "create_app":
        from usagetwin.app import create_app

        return create_app
    if name == "Settings":
        from usagetwin.settings import Settings

        return Settings
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
