"""What `kubectl apply -k` would send: the manifests of `deploy/kubernetes`, as kustomize makes them."""

import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.project.checkout import ROOT

FOLDER: Final = ROOT / "deploy" / "kubernetes"
BASE: Final = FOLDER / "base"
EXAMPLE: Final = FOLDER / "overlays" / "example"
NAME: Final = "app.kubernetes.io/name"

Manifest = dict[str, Any]


def written() -> list[Manifest]:
    """Give the manifests of the base as they are written, which takes no program."""
    names = yaml.safe_load((BASE / "kustomization.yaml").read_text("utf-8"))["resources"]
    return [found for name in names for found in _documents((BASE / name).read_text("utf-8"))]


def made(folder: Path) -> list[Manifest]:
    """Give what kustomize makes of a folder; the test is skipped where there is no kubectl."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("there is no kubectl on this machine, whose kustomize makes the manifests")
    command = [kubectl, "kustomize", str(folder)]
    return _documents(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def one(manifests: list[Manifest], kind: str, name: str = "usagetwin") -> Manifest:
    """Give the manifest of this kind and name."""
    (found,) = [each for each in manifests if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def pods(manifests: list[Manifest]) -> dict[str, Manifest]:
    """Give the specification of each deployment's pods."""
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]
        for each in manifests
        if each["kind"] == "Deployment"
    }


def container(manifests: list[Manifest], name: str = "usagetwin") -> Manifest:
    """Give the one container of a deployment's pods."""
    (found,) = pods(manifests)[name]["containers"]
    return dict(found)


def _documents(text: str) -> list[Manifest]:
    return [each for each in yaml.safe_load_all(text) if each]
