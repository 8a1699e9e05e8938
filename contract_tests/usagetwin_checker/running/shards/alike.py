"""What makes processes draw alike, whatever else is loaded and runs in them.

Hypothesis draws constants out of the modules that happen to be loaded, and that are no installed packages: of
ours where they run from a checkout, and there a worker has loaded others than the command has.
"""

import warnings
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_OTHER_THREADS: Final = "Do not use the `random` module inside strategies"  # Dask's do, beside our draws
PACKAGES: Final = ("usagetwin", "usagetwin_checker")
INSTALLED: Final = ("site-packages", "dist-packages")
ONE_AT_A_TIME: Final = Lock()  # threads of a worker would share what Hypothesis draws with


@contextmanager
def drawing_alike() -> "Iterator[None]":
    """Draw within this as in any other process, one thread at a time."""
    with ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=OF_OTHER_THREADS)
        _load_all_of_ours()
        yield


@cache
def _load_all_of_ours() -> None:
    """Load every module of ours that may be loaded, once; nothing where we are an installed package."""
    for package in PACKAGES:
        module = import_module(package)
        if any(folder in (module.__file__ or "") for folder in INSTALLED):
            return
        for found in walk_packages(module.__path__, f"{package}.", onerror=lambda _name: None):
            _load(found.name)


def _load(name: str) -> None:
    if name.endswith("__main__") or find_spec(name) is None:
        return
    try:
        import_module(name)
    except ImportError:  # of an extra that is not installed
        return
