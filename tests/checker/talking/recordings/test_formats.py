"""Tests of the formats that are read: each by a file that its own tool has written of some requests."""

import json
import random
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest

from tests.acme import MAR_3
from usagetwin.errors import UsageTwinError
from usagetwin.recordings.entries import Entry, Head
from usagetwin.recordings.formats import entries
from usagetwin.recordings.json_streams import NotReadError
from usagetwin_checker.exchanges import Credential
from usagetwin_checker.findings import Verdict
from usagetwin_checker.running.recorded import report_of
from usagetwin_checker.running.report import Options
from usagetwin_checker.talking.recordings.loading import load
from usagetwin_checker.talking.recordings.scrubbing import Scrubber

SAMPLES: Final = Path(__file__).parent / "samples"
NAMES: Final = sorted(file.name for file in SAMPLES.iterdir())
OF_A_CLIENT: Final = [200, 200, 200, 200, 404]  # what a twin of the world acme answered, stopped at its time
STATUSES: Final = {
    "mitmproxy.flows": [*OF_A_CLIENT, 401, 405],
    "mitmproxy.har": [*OF_A_CLIENT, 401, 405],
    "schemathesis.har": [200, 400, 200],
    "schemathesis.ndjson": [200, 400, 200],
    "schemathesis.yaml": [200, 400, 200],
    "vcrpy.json": [*OF_A_CLIENT, 401],
    "vcrpy.yaml": [*OF_A_CLIENT, 401],
}
MUTANTS: Final = 40
DAMAGE: Final = (
    b"",
    b"\0",
    b'"',
    b"]",
    b"}",
    b"9",
    b"9" * 30,
    b"null",
    b"\xff",
    b": ",
    b"[[",
    b"&a *a",
    b"\n",
)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_tool_recorded_is_read_and_passes(name: str) -> None:
    """Mitmproxy 11, VCR.py 9 and Schemathesis 4 wrote it; the twin that they asked is as it should be."""
    loaded = load(str(SAMPLES / name), Scrubber())
    report = report_of(loaded, Options())

    assert [exchange.status for exchange in loaded.exchanges] == STATUSES[name]
    assert report.verdict is Verdict.PASS, report.findings
    assert report.knowledge.now is not None
    assert report.knowledge.now.earliest_s == MAR_3
    assert all(exchange.at_s > MAR_3 for exchange in loaded.exchanges)


@pytest.mark.parametrize("name", NAMES)
def test_no_token_of_a_recording_is_kept(name: str) -> None:
    """Though most tools write it down."""
    loaded = load(str(SAMPLES / name), Scrubber())

    assert "api-2222" not in repr(loaded.exchanges)
    assert {exchange.ask.credential for exchange in loaded.exchanges} == {Credential.TOKEN}


@pytest.mark.parametrize("name", NAMES)
def test_any_part_of_a_recording_loads_or_is_refused(name: str, tmp_path: Path) -> None:
    """As it may be cut off anywhere: never with more than the whole has."""
    content = (SAMPLES / name).read_bytes()
    whole = len(load(str(SAMPLES / name), Scrubber()).exchanges)
    file = tmp_path / name

    for at in range(0, len(content), len(content) // MUTANTS):
        file.write_bytes(content[:at])
        try:
            found = len(load(str(file), Scrubber()).exchanges)
        except UsageTwinError:
            continue
        assert found <= whole


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_recording_loads_or_is_refused(name: str) -> None:
    """Whatever is wrong with it, nothing else is raised."""
    content = (SAMPLES / name).read_bytes()
    chance = random.Random(name)  # noqa: S311 -- damage, not a secret
    refused: list[str] = []

    for _ in range(MUTANTS):
        damaged = bytearray(content)
        for _ in range(chance.randrange(1, 9)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randrange(4)] = chance.choice(DAMAGE)
        try:
            for found in entries(BytesIO(bytes(damaged)), Head()):
                assert found is not None
        except NotReadError as error:
            refused.append(str(error))
    assert all(map(str.isprintable, refused))


def test_an_empty_file_is_cut_off() -> None:
    """Nothing but space is, too."""
    head = Head()

    assert list(entries(BytesIO(b" \n"), head)) == []
    assert head.cut


def test_a_text_after_another_is_read_as_well() -> None:
    """As NDJSON has it."""
    response = {"status_code": 200, "content": {"$base64": "e30="}}
    of_it = {"request": {"method": "GET", "uri": "x"}, "response": response, "timestamp": 7.5}
    line = json.dumps({"ScenarioFinished": {"recorder": {"interactions": {"a": of_it}}}}).encode() + b"\n"

    found = list(entries(BytesIO(b'{"Initialize": {}}\n' + line * 2), Head()))

    assert found == [Entry("GET", "x", {}, 200, {}, b"{}", at_s=7.5)] * 2
