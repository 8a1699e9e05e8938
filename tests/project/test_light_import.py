"""Importing the package is light: frameworks load on first use."""

import subprocess
import sys

import pytest

HEAVY = ["connexion", "httpx", "hypothesis", "openapi_core", "pytest", "requests", "starlette", "uvicorn"]
LOADED = "import sys, {module}; print(*sorted(set({heavy!r}) & set(sys.modules)))"


def loaded_by(module: str) -> list[str]:
    """Import a module in a process of its own, and list the heavy packages that came with it."""
    program = LOADED.format(module=module, heavy=HEAVY)
    return subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout.split()


@pytest.mark.parametrize("module", ["usagetwin", "usagetwin_checker"])
def test_importing_a_package_imports_no_framework(module: str) -> None:
    """Neither package's import brings in Connexion, openapi-core, Hypothesis, an HTTP client or pytest."""
    assert loaded_by(module) == []


def test_the_probe_sees_a_heavy_import() -> None:
    """The probe itself is no empty promise: it names what a module does import."""
    assert loaded_by("requests") == ["requests"]
