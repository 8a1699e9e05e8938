"""The checker as pytest tests, one for each rule.

`pytest --pyargs usagetwin_checker.suite --usage-twin-target TARGET` runs them. A project checks a mock of its
own in a file of its own: a class derived from `ContractSuite`, and a fixture `usage_twin_check` that gives
a `Check`.
"""

from usagetwin_checker.suite.check import Check
from usagetwin_checker.suite.contract_suite import ContractSuite

__all__ = ["Check", "ContractSuite"]
