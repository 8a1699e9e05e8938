"""The checker as pytest tests, one for each rule.

`pytest --pyargs contract_tests.suite --usage-twin-target TARGET` runs them. A project checks a mock of its
own in a file of its own: a class derived from `ContractSuite`, and a fixture `usage_twin_check` that gives
a `Check`.
"""

from contract_tests.suite.check import Check
from contract_tests.suite.contract_suite import ContractSuite

__all__ = ["Check", "ContractSuite"]
