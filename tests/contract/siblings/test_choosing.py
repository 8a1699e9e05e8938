"""Which operations a command is about."""

from pathlib import Path

import pytest

from tests.siblings import ERRORS, IDS, KINDS, LOGS, METRICS_ID, brought, written
from usagetwin.contract.operation import ONLY_SESSIONS
from usagetwin.contract.siblings import chosen
from usagetwin.errors import ContractError, SettingError


def test_without_a_document_it_is_the_vendored_operation() -> None:
    """And an id alone leads nowhere."""
    assert chosen(None) == ONLY_SESSIONS
    with pytest.raises(
        SettingError, match="--operation 'x' names an operation of a document, and none is given"
    ):
        chosen(None, ["x"])


def test_without_a_name_it_is_all_that_keep_the_contract(tmp_path: Path) -> None:
    """In the order of the document."""
    assert [each.path for each in chosen(written(tmp_path))] == list(KINDS)


def test_an_operation_has_two_names(tmp_path: Path) -> None:
    """Its id and its path; whoever gives both means one."""
    found = chosen(written(tmp_path), [LOGS, IDS[ERRORS], ERRORS])

    assert [each.path for each in found] == [LOGS, ERRORS]


def test_an_id_of_two_operations_is_refused(tmp_path: Path) -> None:
    """Each has a path of its own."""
    file = Path(written(tmp_path))
    file.write_text(file.read_text("utf-8").replace(IDS[ERRORS], IDS[LOGS]), "utf-8")

    with pytest.raises(ContractError) as caught:
        chosen(str(file), [IDS[LOGS]])

    assert f"has 2 operations with the id '{IDS[LOGS]}'" in str(caught.value)
    assert [each.path for each in chosen(str(file), [LOGS])] == [LOGS]


def test_one_that_differs_is_refused_with_its_differences(tmp_path: Path) -> None:
    """By its name, and with where to see the others."""
    file = written(tmp_path)

    with pytest.raises(ContractError) as caught:
        chosen(file, [METRICS_ID])

    said = str(caught.value)
    assert f"{METRICS_ID}: differs from the contract, so it can be neither served nor checked:" in said
    assert "\n    its parameter aggregationType says 'Valid values: `month_to_date`, `average`.'" in said
    assert f"usagetwin contract --document {file}" in said


def test_one_of_no_such_shape_is_refused_with_the_first_differences(tmp_path: Path) -> None:
    """All of them would be some forty lines."""
    with pytest.raises(ContractError) as caught:
        chosen(written(tmp_path), ["getCallerIdentity"])

    assert "\n    it takes no from\n" in str(caught.value)
    assert " differences more\n" in str(caught.value)


def test_an_unknown_name_names_the_nearest(tmp_path: Path) -> None:
    """Of those that have the contract's parameters."""
    with pytest.raises(ContractError) as caught:
        chosen(written(tmp_path), ["getObservabilityErrorUsage"])

    assert "has no GET operation 'getObservabilityErrorUsage'\n  try   getObservabilityErrorsUsage" in str(
        caught.value
    )


def test_a_document_in_which_nothing_fits_says_what_was_looked_at(tmp_path: Path) -> None:
    """Those that differ, if there are any."""
    root = brought()
    root["paths"] = {path: item for path, item in root["paths"].items() if path not in KINDS}
    without = brought()
    without["paths"] = {}

    with pytest.raises(ContractError, match=f"keeps the contract:\n    {METRICS_ID} differs"):
        chosen(written(tmp_path, root, "metrics.json"))
    with pytest.raises(ContractError, match="has no operation that keeps the contract\n"):
        chosen(written(tmp_path, without, "none.json"))
    with pytest.raises(ContractError, match="has no GET operation 'x'"):
        chosen(written(tmp_path, without, "none.json"), ["x"])
