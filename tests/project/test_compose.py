"""The compose files keep their schema, and their services do what they are for.

No engine of containers is needed: what the containers would run is run in namespaces, by the names, ports,
volumes, variables and privileges that the files give.
"""

import os
import re
import shutil
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.apart import Apart, NotPossibleError, apart
from tests.project.checkout import assert_keeps, text
from tests.project.containers import Container, names, services
from tests.served import Twin
from usagetwin.hosts import HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.no_cover  # whole processes, whose code others reach

TWIN = "docker-compose.yml"
EXAMPLE = "examples/compose/docker-compose.yml"
NOW = "2026-03-03T15:20:00Z"
REAL = f"https://{HOSTS[0]}"
TOKEN = "of-these-tests"


@pytest.mark.parametrize("file", [TWIN, EXAMPLE])
def test_a_compose_file_keeps_its_published_schema(file: str) -> None:
    """Compose would accept it."""
    assert_keeps("vendor.compose-spec", file)


def test_the_real_hostnames_lead_to_the_twin() -> None:
    """All three, for every service on the network."""
    assert names(services(TWIN)["twin"]) == list(HOSTS)


def test_the_key_is_mounted_by_the_twin_alone_and_the_certificate_read_only_by_others() -> None:
    """A volume of the key's, and another of the certificate's; the names of both are declared."""
    mounted = {
        (file, name): service.get("volumes", [])
        for file in (TWIN, EXAMPLE)
        for name, service in services(file).items()
    }
    own = mounted.pop((TWIN, "twin"))

    assert own == ["authority:/var/lib/usagetwin", "ca:/run/usagetwin"]
    assert list(yaml.safe_load(text(TWIN))["volumes"]) == ["authority", "ca"]
    for volumes in mounted.values():
        assert [volume for volume in volumes if not volume.endswith(":ro")] == []
        assert [volume for volume in volumes if volume.startswith("authority")] == []


def test_the_example_includes_the_twin_and_waits_for_it() -> None:
    """Volumes and services of the included file are as its own."""
    assert yaml.safe_load(text(EXAMPLE))["include"] == ["../../docker-compose.yml"]
    assert services(EXAMPLE)["report"]["depends_on"] == {"twin": {"condition": "service_healthy"}}


def test_the_service_of_the_guide_is_that_of_the_example() -> None:
    """But for what lets it change nothing."""
    (shown,) = re.findall(r"```yaml\n(.*?)```", text("docs/containers.md"), re.DOTALL)
    ((name, service),) = yaml.safe_load(shown)["services"].items()
    whole = services(EXAMPLE)[name]
    whole["environment"].pop("LAUNCHDARKLY_TOKEN")

    assert service == {key: whole[key] for key in service}
    assert set(whole) - set(service) == {"user", "read_only", "cap_drop", "security_opt"}


@contextmanager
def networked(folder: "Path") -> "Iterator[Apart]":
    """Have the network of the compose file, or skip the test."""
    try:
        with apart(folder, ["twin", *names(services(TWIN)["twin"])]) as place:
            yield place
    except NotPossibleError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Apart]":
    """Have it for all that changes nothing about it."""
    with networked(tmp_path_factory.mktemp("network")) as place:
        yield place


@pytest.fixture(scope="module")
def volumes(tmp_path_factory: pytest.TempPathFactory) -> "Path":
    """Give the named volumes, with the modes that they take from the image."""
    folder = tmp_path_factory.mktemp("volumes")
    (folder / "authority").mkdir(mode=0o700)
    (folder / "ca").mkdir(mode=0o755)
    return folder


@pytest.fixture(scope="module")
def twin(network: Apart, volumes: "Path") -> "Iterator[Container]":
    """Start the twin as its container would, and wait until it is ready."""
    container = Container(services(TWIN)["twin"], TWIN, volumes, network)
    with container.start(USAGETWIN_NOW=NOW, USAGETWIN_CONTROL_TOKEN=TOKEN) as process:
        try:
            Twin(process)
            yield container
        finally:
            os.killpg(process.pid, signal.SIGTERM)


@pytest.fixture
def contract(network: Apart, volumes: "Path") -> Container:
    """Give the service that checks the twin."""
    return Container(services(TWIN)["contract"], TWIN, volumes, network)


@pytest.fixture
def report(network: Apart, volumes: "Path") -> Container:
    """Give the client of the example."""
    return Container(services(EXAMPLE)["report"], EXAMPLE, volumes, network)


def test_the_twin_is_healthy_by_the_real_hostname(twin: Container) -> None:
    """Over TLS on port 443, which it has without a capability, believing the published certificate alone."""
    ended = twin.health()

    assert (ended.returncode, ended.stdout) == (0, f"{REAL} is well\n"), ended.stderr


def test_its_key_is_in_its_own_volume_alone(twin: Container, volumes: "Path") -> None:
    """The other has what may be read by all."""
    assert twin.health().returncode == 0

    assert sorted(path.name for path in (volumes / "authority").iterdir()) == ["authority.pem", "ca.pem"]
    assert sorted(path.name for path in (volumes / "ca").iterdir()) == ["bundle.pem", "ca.pem"]
    assert b"PRIVATE" not in b"".join(path.read_bytes() for path in (volumes / "ca").iterdir())
    assert {path.stat().st_mode & 0o777 for path in (volumes / "ca").iterdir()} == {0o644}


def test_the_check_of_the_contract_passes(twin: Container, contract: Container) -> None:
    """It asks by the name of the service."""
    assert twin.health().returncode == 0

    ended = contract.run()

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js to run the client with")
def test_the_client_of_the_example_speaks_to_the_twin(twin: Container, report: Container) -> None:
    """Unchanged, by the real hostname; its page shows what it prints on the day that its page names."""
    assert twin.health().returncode == 0
    page = text("examples/compose/README.md")

    ended = report.run()

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("2026-03-01  4255\n2026-03-02  28418\n")  # as the README's first answer
    assert f"$ USAGETWIN_NOW={NOW} docker compose run --rm report\n{ended.stdout}$ " in page


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js to run the client with")
def test_a_client_without_the_certificate_does_not_believe_the_twin(
    twin: Container, report: Container
) -> None:
    """So it is TLS that is spoken, and the volume that makes it believed."""
    assert twin.health().returncode == 0

    ended = report.run(NODE_EXTRA_CA_CERTS="")

    assert ended.returncode == 1
    assert "UNABLE_TO_VERIFY_LEAF_SIGNATURE" in ended.stderr or "self-signed" in ended.stderr


def test_a_client_sees_no_key_and_changes_nothing(twin: Container, report: Container) -> None:
    """Its mount of the certificate is read-only, and it has no other."""
    assert twin.health().returncode == 0

    found = report.run("find", "/run", "/srv", "/var/lib", "-type", "f")
    written = report.run("sh", "-c", "echo mine > /run/usagetwin/ca.pem")

    files = ["/run/usagetwin/bundle.pem", "/run/usagetwin/ca.pem", "/srv/report.mjs"]
    assert sorted(found.stdout.split()) == files
    assert "Read-only file system" in written.stderr


def test_services_of_the_network_tell_the_twin_things(twin: Container, contract: Container) -> None:
    """With the token that the twin has from the environment; without it nobody does."""
    assert twin.health().returncode == 0
    ask = ("usagetwin", "control", "--url", "http://twin:8080", "plays")

    told = contract.run(*ask, USAGETWIN_CONTROL_TOKEN=TOKEN)
    refused = contract.run(*ask)

    assert told.returncode == 0, told.stderr
    assert refused.returncode == 2
    assert "USAGETWIN_CONTROL_TOKEN" in refused.stderr


def test_without_the_setting_of_the_file_port_443_takes_root(tmp_path: "Path", volumes: "Path") -> None:
    """As in engines that do not set it themselves; the twin says what is wrong."""
    service = services(TWIN)["twin"] | {"sysctls": {}}

    with networked(tmp_path) as network:
        ended = Container(service, TWIN, volumes, network).run()

    assert ended.returncode == 2
    assert "can't listen on 0.0.0.0, port 443: " in ended.stderr
