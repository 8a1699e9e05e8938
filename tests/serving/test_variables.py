"""Settings from the environment: what is wrong is said of the variable, and a service link is no port."""

from typing import TYPE_CHECKING

import pytest

from tests.acme import NOW, assert_default_answer
from tests.inprocess import ask
from tests.served import run, served
from tests.serving.test_serve import TARGET
from tests.siblings import ERRORS, IDS, KINDS, LOGS, written
from tests.wire import request, send
from usagetwin import create_app
from usagetwin.errors import UsageTwinError

if TYPE_CHECKING:
    from pathlib import Path

WRONG = [
    ("USAGETWIN_NOW", "soon"),
    ("USAGETWIN_NOW", "20260401"),
    ("USAGETWIN_WORLD", "idel"),
    ("USAGETWIN_WORLD", "/no/such/world.csv"),
    ("USAGETWIN_PROFILE", "real"),
    ("USAGETWIN_POLICY", "beta"),
    ("USAGETWIN_DOCUMENT", "/no/such/openapi.yaml"),
    ("USAGETWIN_OPERATION", "getObservabilityErrorsUsage"),
    ("USAGETWIN_POLICY", "error_id=on betta=required"),
]


@pytest.mark.parametrize(
    ("variable", "value"),
    [*WRONG, ("USAGETWIN_PORT", "http"), ("USAGETWIN_PORT", "70000"), ("USAGETWIN_HOST", "\u00fc..x")],
)
def test_a_wrong_variable_is_named_and_no_option(variable: str, value: str) -> None:
    """Who set it looks for the variable, not for an option that was never typed."""
    given = {"USAGETWIN_PORT": "0", variable: value}

    ended = run("serve", environment=given)

    assert ended.returncode == 2
    assert variable in ended.stderr
    assert value.rsplit(maxsplit=1)[-1] in ended.stderr or "betta" in ended.stderr
    assert f"'--{variable.removeprefix('USAGETWIN_').lower()}'" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_wrong_store_is_named_by_its_variable() -> None:
    """Whether or not something is counted in it."""
    ended = run("serve", "--port", "0", environment={"USAGETWIN_STORE": "disk://"})

    assert ended.returncode == 2
    assert ended.stderr.startswith("usagetwin: USAGETWIN_STORE: ")


@pytest.mark.parametrize(("option", "value"), [("--port", "http"), ("--now", "soon"), ("--world", "idel")])
def test_a_wrong_option_is_not_said_of_a_variable(option: str, value: str) -> None:
    """Even where the variable is set beside it."""
    ended = run("serve", option, value, environment={f"USAGETWIN_{option[2:].upper()}": "0"})

    assert ended.returncode == 2
    assert "USAGETWIN_" not in ended.stderr


@pytest.mark.parametrize(("variable", "value"), WRONG)
def test_another_servers_twin_names_the_variable_too(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """`usagetwin:create_app` has no options at all."""
    monkeypatch.setenv(variable, value)

    with pytest.raises(UsageTwinError) as caught:
        create_app()

    assert str(caught.value).startswith(f"{variable}: ")


@pytest.mark.parametrize("link", ["tcp://10.0.0.1:8080", "udp://[fd00::1]:53"])
def test_a_service_link_of_kubernetes_is_passed_over(link: str, acme_file: str) -> None:
    """A service called usagetwin sets it in every container beside it; the default port counts then."""
    with served("--world", acme_file, "--now", NOW, environment={"USAGETWIN_PORT": link}) as twin:
        assert_default_answer(send(twin.url, request(TARGET)))

    ended = run("serve", "--host", "\u00fc..x", environment={"USAGETWIN_PORT": link})
    assert "port 8080" in ended.stderr


def test_a_file_that_is_wrong_is_named_with_its_line_and_the_variable(tmp_path: "Path") -> None:
    """Place and source in one line."""
    file = tmp_path / "own.yaml"
    file.write_text("name: own\nabot: x\n", encoding="utf-8")

    ended = run("serve", "--port", "0", environment={"USAGETWIN_WORLD": str(file)})

    assert ended.stderr.startswith(f"usagetwin: USAGETWIN_WORLD: {file}:2: ")


def test_another_server_s_twin_has_the_operations_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, acme_file: str, tmp_path: "Path"
) -> None:
    """All that fit, or those that are named with spaces between."""
    monkeypatch.setenv("USAGETWIN_WORLD", acme_file)
    monkeypatch.setenv("USAGETWIN_NOW", NOW)
    monkeypatch.setenv("USAGETWIN_DOCUMENT", written(tmp_path))
    all_of_them = create_app()
    monkeypatch.setenv("USAGETWIN_OPERATION", f"{IDS[ERRORS]} {LOGS}")
    two = create_app()

    assert [ask(all_of_them, path=path).status for path in KINDS] == [200] * len(KINDS)
    assert [path for path in KINDS if ask(two, path=path).status == 200] == [ERRORS, LOGS]
