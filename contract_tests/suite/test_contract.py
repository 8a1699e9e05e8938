"""The suite itself: what `pytest --pyargs contract_tests.suite` collects."""

from contract_tests.suite.contract_suite import ContractSuite


class TestContract(ContractSuite):
    """Hold the target of `--usage-twin-target` to the contract."""
