"""The suite itself: what `pytest --pyargs usagetwin_checker.suite` collects."""

from usagetwin_checker.suite.contract_suite import ContractSuite


class TestContract(ContractSuite):
    """Hold the target of `--usage-twin-target` to the contract."""
