"""The image, and the check of the compose file, run what the wheel's own test runs."""

import json
import re
import shlex

from tests.project.checkout import ROOT, text
from tests.project.containers import services
from tools import wheel_test


def stages() -> list[list[tuple[str, str]]]:
    """Give the instructions of the Dockerfile, stage by stage."""
    lines = text("Dockerfile").replace("\\\n", " ").splitlines()
    pairs = [tuple(line.split(maxsplit=1)) for line in lines if line and not line.startswith("#")]
    found: list[list[tuple[str, str]]] = []
    for name, rest in pairs:
        if name == "FROM":
            found.append([])
        found[-1].append((name, rest))
    return found


def values(name: str) -> list[str]:
    """Give the arguments of an instruction in the stage that becomes the image."""
    return [rest for found, rest in stages()[-1] if found == name]


def test_the_image_installs_as_the_wheel_test_does() -> None:
    """The lock with its hashes, then the wheel alone."""
    installs = [line for line in values("RUN") if line.startswith("pip install")]

    assert installs == [wheel_test.INSTALL_LOCK, wheel_test.INSTALL_WHEEL]


def test_the_image_serves_as_the_wheel_test_does() -> None:
    """The last command of the image is the one that was tried."""
    (command,) = values("CMD")

    assert json.loads(command) == shlex.split(wheel_test.SERVE)


def test_the_image_asks_for_health_as_the_wheel_test_does() -> None:
    """Its health check is the command that was tried."""
    (check,) = values("HEALTHCHECK")

    assert json.loads(check.partition("CMD ")[2]) == shlex.split(wheel_test.HEALTH)


def test_compose_checks_the_twin_once_it_is_healthy() -> None:
    """The contract service waits for the twin, and its exit status is the verdict."""
    twin, contract = services("docker-compose.yml")["twin"], services("docker-compose.yml")["contract"]

    assert contract["command"] == shlex.split(wheel_test.CHECK)
    assert contract["depends_on"] == {"twin": {"condition": "service_healthy"}}
    assert (contract["build"], contract["image"]) == (twin["build"], twin["image"])


def test_the_image_does_not_run_as_root() -> None:
    """Everything that runs in the image runs as its own user."""
    assert values("USER") == ["twin"]
    order = [name for name, _ in stages()[-1]]
    assert order.index("USER") < order.index("CMD")


def test_the_image_is_built_from_files_that_the_builder_gets() -> None:
    """What the Dockerfile copies from the checkout exists, and `.dockerignore` lets it through."""
    copies = [rest for stage in stages() for name, rest in stage if name == "COPY" and "--from" not in rest]
    sources = {source for copy in copies for source in shlex.split(copy)[:-1]}
    let_through = set(re.findall(r"^!(.+)$", text(".dockerignore"), re.MULTILINE))

    assert {source for source in sources if not (ROOT / source).exists()} == set()
    assert {source.split("/")[0] for source in sources} == let_through


def test_no_layer_of_the_image_gets_a_key() -> None:
    """An authority is made when a twin is served, not when the image is built; and files of keys stay out."""
    steps = [rest for stage in stages() for name, rest in stage if name == "RUN"]
    made = [step for step in steps if re.search(r"(^|[;&|(]\s*)usagetwin\b", step)]

    assert made == []
    assert text(".dockerignore").splitlines()[-1] == "**/*.pem"
