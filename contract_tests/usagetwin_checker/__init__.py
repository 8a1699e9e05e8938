"""The checker: it holds any target to the contract and the ledger.

PYTEST_DONT_REWRITE: a Python that is led to a twin has this package before pytest begins, which would warn.
"""
