"""The manifests keep the API's own schemas, fit one another, and say what the image and the twin have."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.abuse.stops import BOUND_S
from tests.deploy.manifests import EXAMPLE, NAME, Manifest, container, made, one, pods, written
from tests.project.checkout import text
from tests.project.test_image import values
from usagetwin.control.probes import LIVE, READY
from usagetwin.settings import CONTROL_VARIABLE

DEPLOYMENTS = ["usagetwin", "usagetwin-redis"]
SELECTORS = {  # where a manifest says which pods it is about
    "Service": ("spec", "selector"),
    "Deployment": ("spec", "selector", "matchLabels"),
    "PodDisruptionBudget": ("spec", "selector", "matchLabels"),
    "NetworkPolicy": ("spec", "podSelector", "matchLabels"),
}


@pytest.mark.parametrize("version", ["1.30", "1.37"])
@pytest.mark.parametrize("folder", [EXAMPLE, None], ids=["example", "as written"])
def test_every_manifest_keeps_the_schema_of_the_api(folder: Path | None, version: str) -> None:
    """Of the oldest Kubernetes that knows all of it and of the newest; with nothing that it does not know."""
    schemas = pytest.importorskip("kubernetes_validate", reason="the schemas are installed on Linux alone")
    manifests = made(folder) if folder else written()

    assert len(manifests) >= 8
    for manifest in manifests:
        schemas.validate(manifest, version, strict=True)


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_pod_may_do_as_little_as_the_restricted_standard_lets_it(name: str) -> None:
    """No root, no capability, no file but in memory, no token of the cluster, and bounds."""
    pod, inside = pods(written())[name], container(written(), name)

    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert inside["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(inside["resources"]["requests"]) == {"cpu", "memory"}
    assert "memory" in inside["resources"]["limits"]
    assert all(set(volume) == {"name", "emptyDir"} for volume in pod["volumes"])
    assert all("sizeLimit" in volume["emptyDir"] for volume in pod["volumes"])


def test_the_twins_are_of_the_user_and_port_of_the_image() -> None:
    """By number, since Kubernetes knows no names in an image."""
    (user,) = re.findall(r"useradd .*--uid (\d+)", text("Dockerfile"))
    pod, inside = pods(written())["usagetwin"], container(written())

    assert pod["securityContext"]["runAsUser"] == int(user)
    assert [str(port["containerPort"]) for port in inside["ports"]] == values("EXPOSE")
    assert f"--port={values('EXPOSE')[0]}" in inside["args"]


def test_every_selector_finds_the_pods_of_one_deployment() -> None:
    """A selector that finds none is no error to Kubernetes."""
    manifests = written()
    labelled = {
        each["spec"]["template"]["metadata"]["labels"][NAME]
        for each in manifests
        if each["kind"] == "Deployment"
    }

    for manifest in manifests:
        found: Any = manifest
        for key in SELECTORS.get(manifest["kind"], ()):
            found = found[key]
        if manifest["kind"] in SELECTORS:
            assert found == {NAME: manifest["metadata"]["name"]}
            assert found[NAME] in labelled


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_service_and_its_policy_name_the_port_of_the_container(name: str) -> None:
    """By its name, so that the number stands in one place."""
    manifests = written()
    (port,) = container(manifests, name)["ports"]
    (service,) = one(manifests, "Service", name)["spec"]["ports"]
    (ingress,) = one(manifests, "NetworkPolicy", name)["spec"]["ingress"]

    assert service["targetPort"] == port["name"]
    assert [each["port"] for each in ingress["ports"]] == [port["name"]]


def test_the_redis_is_reached_by_the_twins_alone() -> None:
    """And reaches nothing itself."""
    rules = one(written(), "NetworkPolicy", "usagetwin-redis")["spec"]

    assert rules["policyTypes"] == ["Ingress", "Egress"]
    assert rules["egress"] == []
    assert [rule["from"] for rule in rules["ingress"]] == [
        [{"podSelector": {"matchLabels": {NAME: "usagetwin"}}}]
    ]


def test_a_node_can_be_emptied_while_the_fewest_twins_run() -> None:
    """A budget as large as the number of pods would let nobody take one away."""
    manifests = written()
    fewest = one(manifests, "HorizontalPodAutoscaler")["spec"]["minReplicas"]

    assert one(manifests, "PodDisruptionBudget")["spec"]["minAvailable"] < fewest


def test_the_deployment_leaves_its_number_to_the_autoscaler() -> None:
    """A number there would be set again by every `kubectl apply`."""
    deployment = one(written(), "Deployment")
    scaled = one(written(), "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]

    assert "replicas" not in deployment["spec"]
    assert scaled == {
        "apiVersion": deployment["apiVersion"],
        "kind": deployment["kind"],
        "name": deployment["metadata"]["name"],
    }


def test_a_twin_has_the_time_that_it_may_take_to_end() -> None:
    """After the wait in which it is taken from the service; and none ends before another is ready."""
    deployment = one(written(), "Deployment")
    pod, inside = pods(written())["usagetwin"], container(written())
    waits_s = inside["lifecycle"]["preStop"]["sleep"]["seconds"]

    assert pod["terminationGracePeriodSeconds"] >= waits_s + BOUND_S + 5
    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_a_twin_starts_without_the_secret() -> None:
    """Its control API answers nobody then, as on any address that is not this machine's own."""
    (secret,) = [each for each in container(written())["env"] if "valueFrom" in each]

    assert secret["name"] == CONTROL_VARIABLE
    assert secret["valueFrom"]["secretKeyRef"]["optional"] is True


def test_a_twin_that_stops_is_not_ready_and_yet_alive() -> None:
    """Else it would be started again while it answers what it has been asked."""
    inside = container(written())

    assert inside["livenessProbe"]["httpGet"]["path"] == LIVE
    assert inside["readinessProbe"]["httpGet"]["path"] == READY


def test_another_account_replaces_the_twins() -> None:
    """The settings' name has a digest of them, and the pods name it; so do they the account's file."""
    manifests = made(EXAMPLE)
    settings = {each["metadata"]["name"] for each in manifests if each["kind"] == "ConfigMap"}
    pod, inside = pods(manifests)["usagetwin"], container(manifests)
    mounted = [volume["configMap"]["name"] for volume in pod["volumes"] if "configMap" in volume]

    named = {*mounted, *(each["configMapRef"]["name"] for each in inside["envFrom"])}

    assert named == settings
    assert all(re.fullmatch(r"usagetwin(-account)?-[a-z0-9]{10}", name) for name in settings)


def test_the_example_enforces_the_restricted_standard() -> None:
    """In its namespace, where everything of it is."""
    manifests: list[Manifest] = made(EXAMPLE)
    space = one(manifests, "Namespace", "usage-tests")

    assert space["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert {each["metadata"].get("namespace") for each in manifests if each is not space} == {"usage-tests"}
