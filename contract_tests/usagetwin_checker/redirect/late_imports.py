"""How a module that is imported later is met at the end of its import.

A module that a process may never use should not be imported only to be changed.
"""

import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    Imported = Callable[[str], None]


class Watch(MetaPathFinder):
    """Calls `imported` with the name of each of these modules that is imported while it watches."""

    def __init__(self, names: "Iterable[str]", imported: "Imported") -> None:
        self._names: Final = frozenset(names)
        self._imported: Final = imported
        self._asking: Final[set[str]] = set()

    def start(self) -> None:
        """Watch from here on."""
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """Watch no longer; a second call does nothing."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self,
        fullname: str,
        path: "Sequence[str] | None" = None,  # noqa: ARG002 -- the import system's signature
        target: "ModuleType | None" = None,  # noqa: ARG002 -- the import system's signature
    ) -> "ModuleSpec | None":
        """Find a watched module as all the others find it, and load it through us."""
        if fullname not in self._names or fullname in self._asking:
            return None
        self._asking.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._asking.discard(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Announcing(spec.loader, self._imported)
        return spec


class _Announcing(Loader):
    """Loads as another loader does, leaves no trace in the module, and says so at the end."""

    def __init__(self, inner: Loader, imported: "Imported") -> None:
        self._inner: Final = inner
        self._imported: Final = imported

    def create_module(self, spec: "ModuleSpec") -> "ModuleType | None":
        return self._inner.create_module(spec)

    def exec_module(self, module: "ModuleType") -> None:
        module.__loader__ = self._inner
        if module.__spec__ is not None:
            module.__spec__.loader = self._inner
        self._inner.exec_module(module)
        self._imported(module.__name__)
