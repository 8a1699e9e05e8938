"""The ledger oracle: holds all facts of a conversation against one unknown ledger.

Every value that a target gives is one equation `S(P, end) - S(P, start) = value` about the prefix sums
of one filter. `facts` breaks answers into such equations, `graph` finds the ones that no ledger fulfils,
`sums`, `filters` and `presence` name the rules that they break.
"""
