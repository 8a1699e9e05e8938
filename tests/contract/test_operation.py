"""The names of the operation are those of the contract, of the document and the overlay."""

from usagetwin.contract import effective_contract
from usagetwin.contract.document import document
from usagetwin.contract.operation import (
    DOCUMENTED,
    LISTED,
    METHODS,
    PARAMETERS,
    PATH,
    REPEATABLE,
    operation_of,
    schemas_of,
)


def test_the_document_has_the_path_and_the_method_and_nothing_else() -> None:
    """One path, and one method on it, before and after the overlay."""
    for contract in (document(), effective_contract()):
        assert {path: list(methods) for path, methods in contract["paths"].items()} == {PATH: ["get"]}
    assert METHODS == ("GET", "HEAD")


def test_the_parameters_are_those_of_the_document_in_its_order() -> None:
    """The query's; the document also lists the header Authorization."""
    assert tuple(schemas_of(document())) == PARAMETERS
    assert tuple(schemas_of(effective_contract())) == PARAMETERS


def test_one_parameter_may_be_repeated() -> None:
    """The effective contract has it as a list, and says of no other that it is one."""
    lists = [name for name, schema in schemas_of(effective_contract()).items() if schema["type"] == "array"]

    assert lists == [REPEATABLE]


def test_the_listed_values_are_the_contract_s() -> None:
    """Each parameter that takes one of a few values, with all of them in the contract's order."""
    schemas = schemas_of(effective_contract())

    assert {name: tuple(each["enum"]) for name, each in schemas.items() if "enum" in each} == LISTED


def test_the_documented_statuses_are_the_document_s() -> None:
    """Not the overlay's, which names two that the document leaves out."""
    assert {int(status) for status in operation_of(document())["responses"]} == DOCUMENTED
    added = {int(status) for status in operation_of(effective_contract())["responses"]} - DOCUMENTED
    assert added == {405, 500}
