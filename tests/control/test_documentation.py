"""What docs/control.md says of the API is what the API is."""

import re
from pathlib import Path

from tests.control.controlled import controlled
from usagetwin.control.front import LARGEST_BODY
from usagetwin.data import openapi_folder
from usagetwin.stage.plays import MIB, Limits
from usagetwin.yaml_reader import typed

PAGE = (Path(__file__).parents[2] / "docs" / "control.md").read_text(encoding="utf-8")


def test_every_operation_is_in_the_table() -> None:
    """And nothing else is."""
    document = typed((openapi_folder() / "control.yaml").read_text(encoding="utf-8"))
    operations = [
        f"{method.upper()} {path.replace('{play}', 'PLAY').replace('{fault}', 'FAULT')}"
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    ]

    assert sorted(re.findall(r"^\| `([A-Z]+ /\S*)` \|", PAGE, re.MULTILINE)) == sorted(operations)


def test_the_limits_are_those_of_the_code() -> None:
    """In the units that people use."""
    limits = Limits()

    assert f"for {limits.idle_s / 60:g} minutes" in PAGE
    assert f"at most {limits.plays} plays" in PAGE
    assert f"newest {limits.requests:,} requests".replace(",", " ") in PAGE
    assert f"within {limits.journal_bytes // MIB} MiB, and {limits.all_bytes // MIB} MiB for all" in PAGE
    assert f"{LARGEST_BODY // MIB} MiB each and {limits.world_bytes // MIB} MiB together" in PAGE


def test_the_bodies_of_the_page_are_taken() -> None:
    """Each by the operation that it stands beside, and each command's."""
    twin = controlled()
    made = re.findall(r"-X (\S+) .*-d '(.*)' http://127.0.0.1:8080/__twin__(\S+)", PAGE)
    rows = re.findall(r"^\| `([A-Z]+) (/\S+)` \| (.*) \|$", PAGE, re.MULTILINE)
    told = [(method, body, path) for method, path, text in rows for body in re.findall(r"`(\{.*?\})`", text)]

    assert len(made) == 3
    assert len(told) == 9
    for method, body, path in (*made, *told):
        target = path.replace("PLAY", "1")
        content = body.encode()
        headers = (("host", "localhost"), ("content-type", "application/json"))
        answer = twin.raw(method, target, content, *headers)
        assert answer.status in {200, 201}, (target, body, answer)
