"""What the pods run is run: commands, variables, files and probes, with as few rights, in a network apart."""

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.apart import Apart, NotPossibleError, apart
from tests.deploy.manifests import EXAMPLE, container, made, one, pods
from tests.project.containers import OURS, Container
from tests.redis_server import PROGRAM
from tests.served import Twin

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

pytestmark = pytest.mark.no_cover  # whole processes, whose code others reach

TOKEN: Final = "of-these-tests"
TWIN: Final = "usagetwin"
REDIS: Final = "usagetwin-redis"
ASKED: Final = (
    "GET /api/v2/usage/observability/sessions HTTP/1.0\r\nHost: usagetwin\r\nAuthorization: any\r\n"
)
SAY: Final = (
    "import socket, sys; "
    "link = socket.create_connection((sys.argv[1], int(sys.argv[2])), 30); "
    "link.sendall(sys.argv[3].encode() + b'\\r\\n'); "
    "print(b''.join(iter(lambda: link.recv(9999), b'')).decode())"
)


class Pod:
    """One deployment's pod, as a container that can be started and looked at in a network."""

    def __init__(self, name: str, network: Apart, volumes: Path) -> None:
        """Take what the example makes of it."""
        manifests = made(EXAMPLE)
        self.spec = container(manifests, name)
        self._maps = {each["metadata"]["name"]: each for each in manifests if each["kind"] == "ConfigMap"}
        mounts = {mount["name"]: mount for mount in self.spec["volumeMounts"]}
        files = [volume for volume in pods(manifests)[name]["volumes"] if "configMap" in volume]
        service = {
            "image": OURS if name == TWIN else self.spec["image"],
            "command": [*self.spec["command"], *self.spec["args"]],
            "environment": self._variables(),
            "volumes": [f"{each['name']}:{mounts[each['name']]['mountPath']}:ro" for each in files],
            "tmpfs": [mount["mountPath"] for mount in mounts.values() if mount["mountPath"] == "/tmp"],  # noqa: S108 -- in the pod
            "read_only": self.spec["securityContext"]["readOnlyRootFilesystem"],
        }
        for volume in files:
            (volumes / volume["name"]).mkdir(exist_ok=True)
            for file, words in self._maps[volume["configMap"]["name"]]["data"].items():
                (volumes / volume["name"] / file).write_text(words)
        self.container = Container(service, "docker-compose.yml", volumes, network)

    def _variables(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for source in self.spec.get("envFrom", ()):
            found |= self._maps[source["configMapRef"]["name"]]["data"]
        return found | {each["name"]: each["value"] for each in self.spec.get("env", ()) if "value" in each}


@contextmanager
def running(pod: Pod, **variables: str) -> "Iterator[subprocess.Popen[str]]":
    """Start a pod, and end it with everything in it."""
    with pod.container.start(**variables) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Apart]":
    """Have a network in which the names of the services lead to this machine, or skip the test."""
    if PROGRAM is None:
        pytest.skip("there is no redis-server on this machine (Debian: apt-get install redis-server)")
    try:
        with apart(tmp_path_factory.mktemp("network"), [TWIN, REDIS]) as place:
            yield place
    except NotPossibleError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def twin(network: Apart, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Pod]":
    """Run the example's Redis and one of its twins, each with what its pod gives it."""
    volumes = tmp_path_factory.mktemp("volumes")
    pod = Pod(TWIN, network, volumes)
    with (
        running(Pod(REDIS, network, volumes)),
        running(pod, USAGETWIN_CONTROL_TOKEN=TOKEN) as process,
    ):
        Twin(process)
        yield pod


def said(pod: Pod, name: str, port: int, words: str) -> str:
    """Say something to a service of the network, and give its answer."""
    ended = pod.container.run("python", "-c", SAY, name, str(port), words)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("probe", ["startupProbe", "livenessProbe", "readinessProbe"])
def test_a_probe_finds_the_twin_well(twin: Pod, probe: str) -> None:
    """As the kubelet asks: without a token, at the path and the port of the manifest."""
    asked = twin.spec[probe]["httpGet"]
    (port,) = [each for each in twin.spec["ports"] if each["name"] == asked["port"]]

    answer = said(twin, TWIN, port["containerPort"], f"GET {asked['path']} HTTP/1.0\r\nHost: usagetwin\r\n")

    assert answer.startswith("HTTP/1.1 200 "), answer


def test_a_prometheus_finds_what_the_twin_has_counted(twin: Pod) -> None:
    """Where the annotations of the pod lead it, from another machine and without a token."""
    told = one(made(EXAMPLE), "Deployment")["spec"]["template"]["metadata"]["annotations"]
    where = {name.partition("/")[2]: value for name, value in told.items()}

    answer = said(twin, TWIN, int(where["port"]), f"GET {where['path']} HTTP/1.0\r\nHost: usagetwin\r\n")

    assert where["scrape"] == "true"
    assert "usagetwin_requests_total" in answer


def test_the_account_of_the_example_answers_at_its_instant(twin: Pod) -> None:
    """From the mounted file, under the variables of the settings."""
    ended = twin.container.run(
        "usagetwin",
        "control",
        "--url",
        "http://usagetwin:8080",
        "world",
        USAGETWIN_CONTROL_TOKEN=TOKEN,
    )

    assert "example" in ended.stdout, ended.stderr


def test_the_twin_counts_in_the_redis_of_its_network(twin: Pod) -> None:
    """By the name of its service; before a request there is nothing in it."""
    port = one(made(EXAMPLE), "Service", REDIS)["spec"]["ports"][0]["port"]
    before = said(twin, REDIS, port, "KEYS LIMITS:*\r\nQUIT")

    said(twin, TWIN, 8080, ASKED)

    assert before.split()[0] == "*0"
    assert "LIMITS:usagetwin/" in said(twin, REDIS, port, "KEYS LIMITS:*\r\nQUIT")
