"""The checker: it holds any target to the contract and the ledger."""
